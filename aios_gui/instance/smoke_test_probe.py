"""Asks the instance of a test start over its channel and its lock."""

from __future__ import annotations

from datetime import datetime

from aios_gui.autostart.smoke_test import TriedBeat, TriedInstance
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest, Quit
from aios_gui.instance.lock import is_locked, read_instance
from aios_gui.system.paths import Paths


class ChannelProbe:
    """See ``InstanceProbe``."""

    def is_running(self, paths: Paths) -> bool:
        """By the lock, which an instance takes before it answers."""
        return is_locked(paths)

    def instance(self, paths: Paths) -> TriedInstance | None:
        """By the note that an instance leaves."""
        info = read_instance(paths)
        return None if info is None else TriedInstance(info.pid, info.mode is Mode.SERVICE)

    def beat(self, paths: Paths) -> TriedBeat | None:
        """The latest, by the channel."""
        try:
            latest = ChannelClient(paths).execute(GetLatest())
        except ChannelError:
            return None
        if not latest.beat:
            return None
        at_ns = round(datetime.fromisoformat(latest.beat["at"]).timestamp() * 1e6) * 1000
        return TriedBeat(at_ns, latest.shown)

    def quit(self, paths: Paths) -> bool:
        """By the channel."""
        try:
            return ChannelClient(paths).execute(Quit()).done
        except ChannelError:
            return False
