"""The resident heartbeat: lock, engine, recorder and channel, put together once for window and service."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from aios_gui.core.beat_facts import beat_facts
from aios_gui.core.clock import Clock
from aios_gui.core.feed import Feed
from aios_gui.core.record import Event
from aios_gui.core.rehearsal import RehearsalMode
from aios_gui.core.settings import Settings
from aios_gui.core.snapshot import Snapshot
from aios_gui.core.states import Mode
from aios_gui.services.channel_server import ChannelServer
from aios_gui.services.clock import system_clock
from aios_gui.services.engine import HeartbeatEngine
from aios_gui.services.garbage import GarbagePolicy
from aios_gui.services.instance import InstanceInfo, InstanceLock
from aios_gui.services.keeper import SessionFacts, StoreKeeper, machine_facts
from aios_gui.services.options import engine_options, interval_ns_of, thresholds_of
from aios_gui.services.paths import Paths
from aios_gui.services.recorder import Recorder

log = logging.getLogger(__name__)
_MEGABYTE = 1024 * 1024
"""As sizes are shown everywhere else."""


class Resident:
    """The one instance of this user that beats.

    ``start`` takes the lock (AlreadyRunning, OSError) and starts recorder and channel; the caller then runs
    ``engine.run`` on the thread it chooses, and at the end stops the engine before ``shutdown``. ``on_raise`` and
    ``on_quit`` are called on the channel's thread when another start asks for the window, or for the lock.
    """

    def __init__(
        self, paths: Paths, settings: Settings, mode: Mode = Mode.WINDOW, clock: Clock | None = None
    ) -> None:
        self.paths = paths
        self.mode = mode
        self.clock = clock or system_clock()
        self.garbage = GarbagePolicy(collect_first=mode is Mode.SERVICE)
        self.engine = HeartbeatEngine(self.clock, engine_options(settings), garbage=self.garbage)
        session = SessionFacts(self.clock.wall_ns(), str(mode), machine_facts())
        self._keeper = StoreKeeper(paths.store, session, *_retention(settings))
        # In a window the GUI thread collects, since Qt's objects must die there.
        idle = self.garbage.collect_if_quiet if mode is Mode.SERVICE else None
        self._recorder = Recorder(self.engine, self._keeper, self.clock, mode, idle)
        self._lock = InstanceLock(paths)
        self._channel = ChannelServer(paths, self._handle)
        self.on_raise: Callable[[], None] | None = None
        self.on_quit: Callable[[], None] | None = None

    @property
    def feed(self) -> Feed:
        """What happens, for whoever follows it live."""
        return self._recorder.recent

    @property
    def snapshot(self) -> Snapshot:
        """The latest picture."""
        return self._recorder.recent.snapshot

    def start(self) -> None:
        """Become the resident; AlreadyRunning where there is one."""
        self._lock.take()
        if sys.platform == "win32":
            from aios_gui.services.windows_time import keep_full_speed

            keep_full_speed()
        try:
            self._channel.start()
            self._lock.announce(InstanceInfo(os.getpid(), self.mode, self._channel.address))
        except OSError:
            # The heartbeat matters more than being asked for it, as on a full disk.
            log.exception("the channel could not be opened: other starts cannot reach this instance")
        self._recorder.start()

    def apply(self, settings: Settings) -> None:
        """Beat and keep by changed settings, from the next beat on."""
        self.engine.set_interval_ns(interval_ns_of(settings))
        self.engine.set_thresholds(thresholds_of(settings))
        options = engine_options(settings)
        self.engine.set_rehearsal(options.rehearsal)
        self.engine.set_warm_up(options.warm_up)
        self._keeper.raw_days, self._keeper.limit_bytes = _retention(settings)

    def tell(self, event: Event) -> None:
        """Record an event that happened elsewhere, as damaged settings."""
        self._recorder.tell(event)

    def collect_garbage_if_quiet(self) -> bool:
        """In a window, called from a timer of the GUI thread."""
        return self.garbage.collect_if_quiet(self.engine.next_alarm_ns)

    def shutdown(self) -> None:
        """Stop what runs, commit what is left and give the lock back; again is harmless.

        The engine's thread must have ended or be about to.
        """
        self.engine.stop()
        self._channel.stop()
        self._recorder.stop()
        self.garbage.release()
        self._lock.release()

    def _handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer a caller of the channel."""
        operation = request.get("op")
        if operation == "latest":
            beat = self._recorder.last_beat
            facts = beat_facts(beat, "resident") if beat is not None else None
            return {"beat": facts, "state": str(self.engine.state), "pid": os.getpid()}
        if operation == "snapshot":
            from aios_gui.services.channel_codec import snapshot_to

            return {"snapshot": snapshot_to(self.snapshot)}
        if operation == "raise":
            return self._call(self.on_raise)
        if operation == "quit":
            return self._call(self.on_quit)
        if operation == "pause":
            return self._call(self.engine.pause)
        if operation == "resume":
            return self._call(self.engine.resume)
        if operation == "warm_up":
            return self._call(self.engine.warm_up)
        if operation == "cool_down":
            return self._call(self.engine.cool_down)
        if operation == "rehearse":
            mode = RehearsalMode(str(request.get("mode")))
            return self._call(lambda: self.engine.set_rehearsal(mode))
        if operation == "keep":
            from aios_gui.services.measurements import accept

            return accept(request, self._recorder.keep, self.snapshot.store.error)
        return {"error": f"unknown request {operation!r}"}

    def _call(self, action: Callable[[], None] | None) -> dict[str, Any]:
        if action is None:
            return {"done": False, "mode": str(self.mode)}
        action()
        return {"done": True, "mode": str(self.mode)}


def _retention(settings: Settings) -> tuple[int, int]:
    return settings["record.raw_days"], settings["record.size_limit_mb"] * _MEGABYTE
