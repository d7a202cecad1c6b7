"""Looks at how the program is started at log-in, and changes it, for whoever has a thread to wait on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from aios_gui.autostart.login_start import LoginStart, last_login_start
from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model.autostart import AutostartError, Option, Plan, Program, State, Status, Wish
from aios_gui.autostart.model.setup import (
    ALLOW_STEPS,
    Advice,
    Finding,
    FindingKind,
    SetupResult,
    SetupStep,
    advise,
)
from aios_gui.autostart.model.verdict import REGISTERING, Mend, Verdict, judge_all
from aios_gui.autostart.place import place_of
from aios_gui.autostart.setup import Setup, remove
from aios_gui.autostart.standing import AUTO, choose, statuses, wish_of
from aios_gui.autostart.steps import Steps, Tell
from aios_gui.autostart.trial import Trial
from aios_gui.autostart.tryout import try_out
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _

_IS_THERE = (State.ON, State.CHANGED, State.OTHER_PROGRAM, State.PROGRAM_GONE, State.DISABLED)


@dataclass(frozen=True, slots=True)
class Way:
    """A way of this system, and what it can be told; ``why_not`` is what the system said where it is not available."""

    key: str
    options: frozenset[Option]
    faces: frozenset[LaunchMode]
    is_available: bool = True
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """How autostart stands, as just read back, and what setting it up would write.

    ``chosen`` is the way that setting it up would take, "" for none; ``plan`` is None where nothing can be written,
    and ``refused`` then says why. ``other`` is a way that could be taken instead, "" for none.
    """

    verdict: Verdict
    wish: Wish
    ways: tuple[Way, ...] = ()
    chosen: str = ""
    other: str = ""
    plan: Plan | None = None
    refused: str = ""
    advice: tuple[Advice, ...] = ()
    last_start: LoginStart | None = None

    @property
    def way(self) -> Way | None:
        """The way that setting it up would take."""
        return next((each for each in self.ways if each.key == self.chosen), None)


class Clerk:
    """Every method asks the system anew, and may wait for it: nothing for the thread of a window.

    ``make_trial`` makes a test start of a mechanism.
    """

    def __init__(
        self,
        paths: Paths,
        program: Program,
        mechanisms: Sequence[Mechanism],
        environ: Mapping[str, str] = os.environ,
        make_trial: Callable[[Mechanism], Trial] = Trial,
    ) -> None:
        self._paths = paths
        self._program = program
        self._mechanisms = mechanisms
        self._environ = environ
        self._make_trial = make_trial

    def look(self, settings: Settings) -> Picture:
        """How it stands, compared with the settings."""
        wish = wish_of(settings)
        found = statuses(self._mechanisms, wish)
        ways = tuple(
            Way(each.key, each.options, each.faces, status.state is not State.UNAVAILABLE, status.detail)
            for each, status in zip(self._mechanisms, found, strict=True)
        )
        mechanism = self._chosen(settings, wish, found)
        chosen = mechanism.key if mechanism is not None else ""
        other = next(
            (way.key for way in ways if way.is_available and wish.face in way.faces and way.key != chosen), ""
        )
        is_explicit = settings["autostart.mechanism"] != AUTO
        verdict = judge_all(found, chosen, is_explicit, other)
        path = self._program.command(wish)[0]
        picture = self._with_plan(Picture(verdict, wish, ways, chosen, other), mechanism)
        if picture.plan is None and verdict.mend in REGISTERING:
            mend = Mend.OTHER_WAY if other else Mend.IMPOSSIBLE
            picture = replace(picture, verdict=replace(verdict, mend=mend))
        return replace(
            picture,
            advice=advise(found, path, place_of(path, self._environ)),
            last_start=last_login_start(self._paths),
        )

    def set_up(
        self, settings: Settings, tell: Tell, cancelled: threading.Event, key: str = ""
    ) -> SetupResult:
        """Register as the settings say, by the way named or else the one they choose; AutostartError for no way."""
        wish = wish_of(settings)
        mechanism = self._of(key) or self._chosen(settings, wish, statuses(self._mechanisms, wish))
        if mechanism is None:
            raise AutostartError(_("this system has no such way"))
        trial = self._make_trial(mechanism)
        setup = Setup(self._program, mechanism, wish, self._mechanisms, trial, self._environ)
        return setup.run(tell, cancelled)

    def allow(self, settings: Settings, tell: Tell, cancelled: threading.Event, key: str) -> SetupResult:
        """Switch the way named on again in the system's own list, and register anew what then is not as chosen."""
        wish = wish_of(settings)
        mechanism = self._of(key)
        if mechanism is None:
            raise AutostartError(_("this system has no such way"))
        steps = Steps(ALLOW_STEPS, tell)
        if steps.do(SetupStep.ALLOW, lambda: _allowed(mechanism)):
            if mechanism.status(wish).state in (State.CHANGED, State.PROGRAM_GONE, State.OFF):
                return self.set_up(settings, tell, cancelled, key if wish.face in mechanism.faces else "")
            steps.do(SetupStep.VERIFY, lambda: _read_back(mechanism, wish))
        return SetupResult(steps.reports, mechanism.status(wish))

    def try_out(self, settings: Settings, tell: Tell, cancelled: threading.Event, key: str) -> SetupResult:
        """Start what is registered by the way named, until it beats."""
        mechanism = self._of(key)
        if mechanism is None:
            raise AutostartError(_("this system has no such way"))
        status = mechanism.status(wish_of(settings))
        return try_out(self._make_trial(mechanism), status, tell, cancelled)

    def remove(self, tell: Tell) -> SetupResult:
        """Remove every registration."""
        if not self._mechanisms:
            raise AutostartError(_("this system has no such way"))
        return remove(self._mechanisms, self._paths, tell)

    def _of(self, key: str) -> Mechanism | None:
        return next((each for each in self._mechanisms if each.key == key), None)

    def _chosen(self, settings: Settings, wish: Wish, found: Sequence[Status]) -> Mechanism | None:
        """The way that was named; else the best, or one that is there already and as good."""
        key = settings["autostart.mechanism"]
        best = choose(self._mechanisms, key, wish)
        if key != AUTO or best is None:
            return best
        as_good = (
            mechanism
            for mechanism, status in zip(self._mechanisms, found, strict=True)
            if status.state in _IS_THERE
            and wish.face in mechanism.faces
            and len(mechanism.faces) == len(best.faces)
        )
        return next(as_good, best)

    def _with_plan(self, picture: Picture, mechanism: Mechanism | None) -> Picture:
        way = picture.way
        if mechanism is None or way is None or picture.wish.face not in way.faces:
            return picture
        try:
            return replace(picture, plan=mechanism.plan(picture.wish))
        except AutostartError as error:
            return replace(picture, refused=str(error))


def clerk_of_system(paths: Paths) -> Clerk:
    """For this copy of the program and the ways of this system."""
    from aios_gui.autostart.mechanisms import mechanisms, this_program

    program = this_program()
    return Clerk(paths, program, mechanisms(program))


def _allowed(mechanism: Mechanism) -> list[Finding]:
    return [Finding(FindingKind.ALLOWED, mechanism.allow().where)]


def _read_back(mechanism: Mechanism, wish: Wish) -> list[Finding]:
    status = mechanism.status(wish)
    if status.state in (State.ON, State.OTHER_PROGRAM):
        return [Finding(FindingKind.READ_BACK, status.command)]
    from aios_gui.autostart.words import state_sentence

    raise AutostartError(state_sentence(status))
