"""`beat`: the latest beat of the instance that runs, or one made here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aios_gui.instance.cli.common import ALERT, FAILURE, FINE, load_settings, print_json
from aios_gui.system.paths import find_paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    import argparse

    from aios_gui.heartbeat.model.options import EngineOptions
    from aios_gui.system.paths import Paths

_PATIENCE_S = 1.0
ASK_FOR_LATEST = b'{"op":"latest"}'
"""The bytes of ``instance.commands.GetLatest``, since to load what encodes it takes a third of the time of `beat`."""
_STATUS = {"HEARTBEAT_OK": FINE, "AIOS_AUTO_FIXED": FINE, "HEARTBEAT_ERROR": FAILURE}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beat`."""
    parser.add_argument("--json", action="store_true", help=_("print one object with all facts"))


def run(arguments: argparse.Namespace) -> int:
    """As ``run_plainly``, by parsed arguments."""
    return run_plainly(arguments.json)


def run_plainly(as_json: bool) -> int:
    """Print the beat; 0 when it is fine, 1 for an alert, 2 when CPU and memory could not be read, or it is too old."""
    paths = find_paths()
    facts = _of_resident(paths) or _made_here(paths)
    if as_json:
        print_json(facts)
    else:
        print(facts["text"])
    return _STATUS.get(str(facts["result"]), ALERT)


def _of_resident(paths: Paths) -> dict[str, object] | None:
    """The latest beat of the instance that runs; None where none runs, or it is paused or out of reach."""
    if not paths.instance_file.exists():
        return None
    import json

    from aios_gui.instance.channel import ChannelError, NoResident, exchange

    try:
        answer = json.loads(exchange(paths, ASK_FOR_LATEST, _PATIENCE_S))
        if "beat" not in answer:
            raise ChannelError(f"the running instance does not tell the latest beat: {str(answer)[:200]}")
    except NoResident:
        return None
    except (ChannelError, ValueError, TypeError) as error:
        load_settings(paths)
        complain(_("{error}; this beat was made here instead").format(error=error))
        return None
    facts: dict[str, object] | None = answer["beat"]
    # A beat from before a pause says nothing of the machine as it is now.
    if answer.get("state", "running") != "running":
        return None
    age_ms = float(answer.get("age_ms", 0.0))
    if answer.get("overdue"):
        return _overdue(paths, facts, age_ms)
    return facts | {"age_ms": age_ms} if facts is not None else None


def _overdue(paths: Paths, facts: dict[str, object] | None, age_ms: float) -> dict[str, object]:
    """What is told where the instance that runs has recorded no beat for too long."""
    from aios_gui.heartbeat.model.beat_facts import overdue_facts
    from aios_gui.text import figures

    load_settings(paths)
    sentence = _(
        "no beat was recorded for {span}; quit the running instance and start it again, or see `doctor`"
    )
    complain(sentence.format(span=figures.span(round(age_ms * 1e6))))
    return overdue_facts(facts, age_ms)


def _made_here(paths: Paths) -> dict[str, object]:
    """One beat on this thread, warmed first.

    A warm-up is too short to measure CPU over it, so the beat has no CPU figure rather than a wrong one.
    """
    from aios_gui.heartbeat.clock import system_clock
    from aios_gui.heartbeat.engine import HeartbeatEngine
    from aios_gui.heartbeat.model.beat_facts import beat_facts
    from aios_gui.heartbeat.model.options import EngineOptions

    # Without a file the engine beats by the defaults, so that neither settings nor rules need be loaded.
    options = _options(paths) if paths.settings.exists() else EngineOptions()
    engine = HeartbeatEngine(system_clock(), options)
    engine.begin()
    try:
        return beat_facts(engine.step(), "here")
    finally:
        engine.end()


def _options(paths: Paths) -> EngineOptions:
    from aios_gui.alerts.settings import thresholds_of
    from aios_gui.heartbeat.settings import engine_options

    settings = load_settings(paths)
    return engine_options(settings, thresholds_of(settings))
