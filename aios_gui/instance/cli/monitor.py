"""`monitor`: the heartbeat live in the terminal, of the instance that runs or of one started for it."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.instance.cli.common import FINE
from aios_gui.instance.cli.service import add_timing, summary
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.terminal.output import complain

if TYPE_CHECKING:
    from aios_gui.instance.feed import Feed
    from aios_gui.instance.terminal_view import MonitorView

_LOOK_S = 0.25
_JOIN_S = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `monitor`."""
    add_timing(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the heartbeat until it is stopped; on a terminal in place, elsewhere a line a beat."""
    from aios_gui.instance.terminal_view import draw
    from aios_gui.system.termination import Termination
    from aios_gui.text.terminal.screen import Screen, is_screen, style_of

    ended = threading.Event()
    with Termination(ended.set), _followed(arguments.interval, ended) as (feed, source):
        watch = _Watch(feed, source, ended, arguments.duration)
        if is_screen(sys.stdout):
            with Screen(sys.stdout) as screen:
                watch.follow(lambda _new: screen.show(draw(watch.picture(), style_of(sys.stdout))))
        else:
            complain(source)
            watch.follow(_print_lines)
    print(summary(feed.snapshot))
    return FINE


class _Watch:
    """Follows a feed: keeps what is drawn, and ends with the time asked for."""

    def __init__(self, feed: Feed, source: str, ended: threading.Event, duration: float | None) -> None:
        from aios_gui.instance.model.snapshot import STRIP_CELLS

        self._feed, self._source, self._ended = feed, source, ended
        self._until = None if duration is None else time.monotonic() + duration * 60
        self._beats: deque[RecordedBeat] = deque(maxlen=STRIP_CELLS)
        self._cursor = 0

    def follow(self, show: Callable[[list[RecordedBeat]], object]) -> None:
        """Call ``show`` with what is new, several times a second, until the end."""
        while not self._ended.is_set():
            show(self._new_beats())
            left = _LOOK_S if self._until is None else min(_LOOK_S, self._until - time.monotonic())
            if left <= 0:
                return
            self._ended.wait(left)

    def _new_beats(self) -> list[RecordedBeat]:
        self._cursor, items = self._feed.since(self._cursor)
        new = [item for item in items or () if isinstance(item, RecordedBeat)]
        self._beats.extend(new)
        return new

    def picture(self) -> MonitorView:
        """What is to be drawn now."""
        from aios_gui.instance.terminal_view import MonitorView

        durations = [beat.duration_ns for beat in self._beats]
        latenesses = [beat.lateness_ns for beat in self._beats]
        return MonitorView(self._feed.snapshot, durations, latenesses, self._source, time.time_ns())


def _print_lines(beats: list[RecordedBeat]) -> None:
    from aios_gui.instance.terminal_view import beat_line

    for beat in beats:
        print(beat_line(beat))
    sys.stdout.flush()


@contextmanager
def _followed(interval_s: float | None, ended: threading.Event) -> Iterator[tuple[Feed, str]]:
    """A feed and where it comes from: the instance that runs, or one that beats and records until the end."""
    from aios_gui.instance.cli.residence import close_resident, last_resort, start_resident
    from aios_gui.instance.lock import AlreadyRunning

    try:
        resident = start_resident(interval_s)
    except AlreadyRunning as error:
        with _remote(error.pid, interval_s) as feed:
            yield feed
        return
    resident.on_quit = ended.set
    thread = threading.Thread(target=resident.engine.run, name="engine")
    thread.start()
    try:
        yield resident.feed, _("Beating and recording here; Ctrl-C ends it.")
    finally:
        resort = last_resort()
        resort.arm()
        resident.engine.stop()
        thread.join(_JOIN_S)
        close_resident(resident)
        resort.disarm()


@contextmanager
def _remote(pid: int, interval_s: float | None) -> Iterator[tuple[Feed, str]]:
    from aios_gui.instance.remote import RemoteFeed
    from aios_gui.system.paths import find_paths

    source = _("Following the instance that is already beating (process {pid}); Ctrl-C ends the view.")
    if interval_s is not None:
        source = _(
            "Following the instance that is already beating (process {pid}), at its own interval; "
            "Ctrl-C ends the view."
        )
    feed = RemoteFeed(find_paths())
    feed.start()
    try:
        yield feed, source.format(pid=pid or "?")
    finally:
        feed.stop()
