"""`service`: the resident heartbeat without a window."""

from __future__ import annotations

import argparse
import threading
import time
from typing import TYPE_CHECKING

from aios_gui.instance.arguments import add_start, minutes, value_of, with_range
from aios_gui.instance.cli.common import FAILURE, FINE
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain, say

if TYPE_CHECKING:
    from aios_gui.instance.model.snapshot import Snapshot
    from aios_gui.instance.resident import Resident

_LOOK_S = 0.005


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `service`."""
    add_timing(parser)
    add_start(parser)
    parser.add_argument(
        "--take-over",
        action="store_true",
        help=_("end the instance that runs, window or service, and go on recording in its place"),
    )


def add_timing(parser: argparse.ArgumentParser) -> None:
    """How often and how long."""
    from aios_gui.heartbeat.settings import BEAT

    interval = BEAT["interval_s"]
    parser.add_argument(
        "--interval",
        type=value_of(interval),
        metavar="S",
        help=with_range(
            _("seconds from beat to beat, {low} to {high} (default: as in the settings)"), interval
        ),
    )
    parser.add_argument(
        "--duration",
        type=minutes,
        metavar="MIN",
        help=_("minutes until it stops, fractions allowed (default: until it is stopped)"),
    )


def run(arguments: argparse.Namespace) -> int:
    """Beat and record until stopped; the last line on stdout says beats made and due."""
    from aios_gui.autostart.login_start import LoginStart
    from aios_gui.instance.cli.residence import become_resident, close_resident, last_resort
    from aios_gui.instance.service_manager import ManagedService
    from aios_gui.instance.start_options import wait_to_start
    from aios_gui.system.linux.memory import share_heaps
    from aios_gui.system.termination import Termination
    from aios_gui.text import figures

    began_ns = time.time_ns()
    if not wait_to_start(arguments.after, arguments.spread):
        return FINE
    login_start = LoginStart(began_ns, time.time_ns()) if arguments.at_login else None
    share_heaps()
    resident = become_resident(arguments.interval, login_start, arguments.take_over)
    engine = resident.engine
    resort = last_resort()

    def stop() -> None:
        resort.arm()
        engine.stop()

    resident.on_quit = stop
    with Termination(stop):
        try:
            every = figures.interval(engine.options.interval_ns)
            say(_("Beating every {interval}; Ctrl-C stops it.").format(interval=every))
            with _Limit(resident, arguments.duration), ManagedService(engine):
                engine.run()
        finally:
            resort.arm()
            close_resident(resident, lambda: say(summary(resident.snapshot)))
            resort.disarm()
    snapshot = resident.snapshot
    say(summary(snapshot))
    return _status(snapshot) if resident.yielded_to is None else FAILURE


def summary(snapshot: Snapshot) -> str:
    """The line that scripts read: beats made, beats due, missed, availability."""
    from aios_gui.text.figures import availability

    share = availability(snapshot.availability).replace(" ", "")
    return f"beats={snapshot.made} due={snapshot.due} missed={snapshot.missed} availability={share}"


def _status(snapshot: Snapshot) -> int:
    if snapshot.store.recording:
        return FINE
    from aios_gui.instance.words import store_sentence

    complain(store_sentence(snapshot.store))
    return FAILURE


class _Limit:
    """Stops the engine ``duration`` minutes after its first beat; never where that is None."""

    def __init__(self, resident: Resident, duration: float | None) -> None:
        self._engine = resident.engine
        self._duration = duration
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="duration", daemon=True)

    def __enter__(self) -> None:
        if self._duration is not None:
            self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        if self._duration is not None:
            self._thread.join()

    def _watch(self) -> None:
        # The warm-up is no part of the time asked for.
        while not self._engine.due:
            if self._ended.wait(_LOOK_S):
                return
        # Half an interval before the beat that would be one too many.
        half_s = self._engine.options.interval_ns / 2e9
        assert self._duration is not None
        if not self._ended.wait(max(0.0, self._duration * 60 - half_s)):
            self._engine.stop()
