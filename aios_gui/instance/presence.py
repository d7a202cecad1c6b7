"""How others find what runs: its lock, its channel and its note, kept also where their folder is removed."""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress

from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.channel_server import ChannelServer, Handler
from aios_gui.instance.lock import AlreadyRunning, InstanceInfo, InstanceLock, read_instance
from aios_gui.system.paths import Paths
from aios_gui.system.supervised_thread import Supervisor
from aios_gui.text.os_reason import file_and_reason

log = logging.getLogger(__name__)
LOOK_S = 10.0
"""How often it looks whether channel and note are still there; at the lock it looks each time."""


class Presence:
    """There is one with these ``paths``; ``handle`` answers its callers. Not to be used from two threads at a time."""

    def __init__(
        self, paths: Paths, mode: Mode, handle: Handler, supervisor: Supervisor | None = None
    ) -> None:
        self._paths = paths
        self._mode = mode
        self._handle = handle
        self._supervisor = supervisor
        self._lock = InstanceLock(paths)
        self._channel = ChannelServer(paths, handle, supervisor)
        self._look_at_s = 0.0
        self._answers = False
        self.unreachable = ""
        """Why other processes cannot ask it for anything; "" where they can."""

    def take(self) -> None:
        """Take the lock; AlreadyRunning where another has it, OSError where there can be none."""
        self._lock.take()
        with suppress(OSError):  # what one that was killed left behind leads nowhere
            self._paths.instance_file.unlink(missing_ok=True)

    def answer_calls(self) -> None:
        """From now on be found by others. Where that fails, as on a full disk, it is logged and tried again."""
        self._answers = True
        self._become_reachable()

    def keep(self) -> AlreadyRunning | None:
        """Call it often: hold lock, channel and note that others find now. Returns the other one that has the lock.

        OSError where there can be no lock for now.
        """
        if not self._lock.is_in_place:
            try:
                self._lock.take_again()
            except AlreadyRunning as other:
                # With this process in the note it is a file system that gives one file several numbers.
                return other if other.pid != os.getpid() else None
            log.warning("the lock of this instance was removed or replaced, and is taken again")
            self._look_at_s = 0.0
        now_s = time.monotonic()
        if self._answers and now_s >= self._look_at_s:
            self._look_at_s = now_s + LOOK_S
            self._become_reachable()
        return None

    def stop_answering(self) -> None:
        """Close the channel; again is harmless."""
        self._answers = False
        self._channel.stop()

    def release(self) -> None:
        """Give the lock back; again is harmless."""
        self._channel.stop()
        self._lock.release()

    def _become_reachable(self) -> None:
        trouble = ""
        if not self._channel.can_be_found:
            self._channel.stop()
            self._channel = ChannelServer(self._paths, self._handle, self._supervisor)
            try:
                self._channel.start()
            except OSError as error:
                trouble = self._trouble("the channel could not be opened", error)
        info = InstanceInfo(os.getpid(), self._mode, self._channel.address)
        if read_instance(self._paths) != info:
            try:
                self._lock.announce(info)
            except OSError as error:
                trouble = trouble or self._trouble("the note could not be written", error)
        self.unreachable = trouble

    def _trouble(self, what: str, error: OSError) -> str:
        reason = file_and_reason(error)
        if reason != self.unreachable:
            log.error("%s, so that other starts cannot reach this instance", what, exc_info=error)
        return reason
