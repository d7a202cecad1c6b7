"""Follows the heartbeat of another process: its snapshot by the channel, its beats from the record."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aios_gui.heartbeat.model.items import ContextSample, Event, LiveItem, RecordedBeat
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient, Client, ask_to_end
from aios_gui.instance.commands import Command, GetSnapshot
from aios_gui.instance.feed import RECENT_ITEMS, RecentItems
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from aios_gui.system.supervised_thread import SupervisedThread, Supervisor

log = logging.getLogger(__name__)
_POLL_S = 1.0
_AFTER_SENDING_S = 0.2
"""What was asked for is done by then, and is shown."""
_SET_BACK_NS = 2_000_000_000
SILENT_S = 15.0
"""A look that takes longer, as at a disk that hangs, means that the other instance is out of reach."""
PART = "remote-feed"
_STOP_S = 1.0


class RemoteFeed:
    """A feed of the instance that beats elsewhere. Polls on a thread of its own; readers never wait."""

    def __init__(
        self, paths: Paths, client: Client | None = None, each_look: Callable[[], object] = lambda: None
    ) -> None:
        self._paths = paths
        self._each_look = each_look
        self._client = client or ChannelClient(paths)
        self.on_refused: Callable[[str], None] | None = None
        """Called on this feed's thread, with the reason, where the other instance does not do what it is asked to."""
        self.tray_notifies = False
        """The tray of this window notifies of what fires."""
        self._recent = RecentItems(amend=self._amended)
        self._last = Snapshot()
        self._commands: deque[Command[Any]] = deque()
        self._wanted = threading.Event()
        self._stopping = False
        self._looked_s = time.monotonic()
        self._seen_ns = self._looked_ns = time.time_ns()
        self._others_seen_ns = self._seen_ns
        self._session_seq = (0, -1)
        self._supervisor = Supervisor()
        self._thread = SupervisedThread(self._supervisor, PART, self._run)

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot; its state is ``LOST`` while the other instance cannot be reached."""
        return self._recent.snapshot

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """As of every feed."""
        return self._recent.since(cursor)

    def start(self) -> None:
        """Begin to follow; the first snapshot is asked for at once."""
        self._looked_s = time.monotonic()
        self._thread.start()

    def leave(self) -> None:
        """Stop following, without waiting for the thread to end."""
        self._stopping = True
        self._wanted.set()
        self._thread.finish(0.0)

    def stop(self) -> None:
        """Stop following, without waiting long for a look that hangs; again is harmless."""
        self.leave()
        self._thread.finish(_STOP_S)

    def send(self, command: Command[Any]) -> None:
        """Ask the other instance to do something soon; returns at once."""
        self._commands.append(command)
        self._wanted.set()

    def take_over(self) -> bool:
        """Ask the other instance to end and wait until its lock is free; blocks up to 10 s. True when it is."""
        return ask_to_end(self._paths, self._wanted.wait)

    def _run(self) -> None:
        with RecordReader(self._paths.store) as reader:
            while not self._stopping:
                reader.look_at(self._paths.store)
                self._supervisor.guard("place", self._each_look)
                sent = self._send_commands()
                self._publish(self._new_items(reader), self._snapshot())
                self._looked_s = time.monotonic()
                self._supervisor.well(PART)
                self._wanted.wait(_AFTER_SENDING_S if sent else _POLL_S)
                self._wanted.clear()

    def _send_commands(self) -> bool:
        """Send what was asked for, in order; whether there was anything."""
        sent = False
        while self._commands and not self._stopping:
            sent = True
            try:
                self._client.execute(self._commands.popleft())
            except ChannelError as error:
                log.warning("the other instance did not do what it was asked to: %s", error)
                if self.on_refused is not None:
                    self.on_refused(str(error))
        return sent

    def _publish(self, items: list[LiveItem], snapshot: Snapshot) -> None:
        self._recent.publish(items, lambda: snapshot)

    def _amended(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with what this thread cannot tell: that it has stopped looking. On any thread."""
        broken = self._supervisor.broken
        if not self._stopping and time.monotonic() - self._looked_s > SILENT_S:
            snapshot = replace(snapshot, state=EngineState.LOST)
        elif snapshot.state is EngineState.RUNNING and snapshot.beat is not None and self._is_late(snapshot):
            snapshot = replace(snapshot, no_beat_since_ns=snapshot.beat.wall_ns)
        if broken:
            parts = tuple(BrokenPart(each.part, each.error) for each in broken)
            snapshot = replace(snapshot, broken_parts=(*snapshot.broken_parts, *parts))
        return snapshot

    def _is_late(self, snapshot: Snapshot) -> bool:
        late_ns = 3 * snapshot.interval_ns + 2_000_000_000
        return not self._stopping and (time.monotonic() - self._looked_s) * 1e9 > late_ns

    def _snapshot(self) -> Snapshot:
        try:
            self._last = self._client.execute(GetSnapshot(self.tray_notifies)).snapshot
        except ChannelError as error:
            log.debug("no snapshot of the other instance: %s", error)
            # Not as it is amended: what is broken would be added to it again with each look.
            self._last = replace(self._last, state=EngineState.LOST)
        return self._last

    def _new_items(self, reader: RecordReader) -> list[LiveItem]:
        """What the record gained since the last look."""
        now_ns = time.time_ns()
        if now_ns < self._looked_ns:
            # The wall clock was set back: what happens now lies before what was seen.
            self._seen_ns = self._others_seen_ns = now_ns - _SET_BACK_NS
        self._looked_ns = now_ns
        try:
            # Of more than a feed keeps, as after a day without the record, no reader is given any.
            new = filter(self._is_new, reader.beats(self._seen_ns, now_ns))
            beats = list(deque(new, RECENT_ITEMS + 1))
            others = self._new_others(reader, now_ns)
        except StoreError as error:
            log.debug("the record could not be followed: %s", error)
            return []
        if beats:
            self._session_seq = (beats[-1].session, beats[-1].seq)
            self._seen_ns = beats[-1].wall_ns
        return [*beats, *others]

    def _is_new(self, beat: RecordedBeat) -> bool:
        """Whether a beat was not seen yet; a new record counts its sessions from 1 again."""
        session, seq = self._session_seq
        return beat.seq > seq if beat.session == session else beat.wall_ns > self._seen_ns

    def _new_others(self, reader: RecordReader, now_ns: int) -> list[LiveItem]:
        since_ns = self._others_seen_ns
        gaps = [gap for gap in reader.gaps_as_found(since_ns, now_ns) if gap.end_ns > since_ns]
        moments: list[Event | ContextSample] = [
            *reader.events(since_ns + 1000, now_ns),
            *reader.contexts(since_ns + 1000, now_ns),
        ]
        self._others_seen_ns = max(
            [since_ns, *(gap.end_ns for gap in gaps), *(each.wall_ns for each in moments)]
        )
        return [*gaps, *moments]
