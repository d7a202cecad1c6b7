"""How autostart stands as a whole: what the settings wish for, which way is meant, and what is to be offered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model.autostart import Program, Status, Wish, with_doubles
from aios_gui.autostart.model.setup import Advice, advise
from aios_gui.autostart.place import place_of
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.settings.model import Settings

AUTO = "auto"


def wish_of(settings: Settings) -> Wish:
    """What the settings say of how the program is to be started."""
    return Wish(
        LaunchMode(settings["autostart.face"]),
        settings["autostart.delay_s"],
        settings["autostart.spread_s"],
        settings["autostart.on_battery"],
        settings["autostart.time_limit_min"],
        settings["autostart.nice"],
    )


def choose(mechanisms: Sequence[Mechanism], key: str, wish: Wish) -> Mechanism | None:
    """The mechanism of this key; for `auto` the one made for the face that is wished for, else the first that can.

    None where this system has none of that key, or none for the face.
    """
    if key != AUTO:
        return next((each for each in mechanisms if each.key == key), None)
    fitting = [each for each in mechanisms if wish.face in each.faces]
    return next(
        (each for each in sorted(fitting, key=lambda each: len(each.faces)) if each.is_available()), None
    )


def statuses(mechanisms: Sequence[Mechanism], wish: Wish) -> list[Status]:
    """How every mechanism stands, a second one that is on marked as a double. Asks the system: slow for a GUI."""
    return with_doubles([mechanism.status(wish) for mechanism in mechanisms])


def advice(
    mechanisms: Sequence[Mechanism], program: Program, wish: Wish, environ: Mapping[str, str] = os.environ
) -> tuple[Advice, ...]:
    """What is to be offered at a start; asks the system, as ``statuses`` does."""
    path = program.command(wish)[0]
    return advise(statuses(mechanisms, wish), path, place_of(path, environ))
