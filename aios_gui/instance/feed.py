"""What a window follows: the latest items and the snapshot, of this process or of another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Protocol

from aios_gui.heartbeat.model.items import LiveItem
from aios_gui.instance.model.snapshot import Snapshot

RECENT_ITEMS = 4096


class Feed(Protocol):
    """What is new since a reader last looked. Reading costs no lock and never blocks."""

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot; frozen, replaced as a whole."""
        ...

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """Items after ``cursor`` (0 at first) in the order they happened, and the cursor to ask with next.

        None instead of a list when more has happened than is kept: read the record again.
        """
        ...


class _LazySnapshot:
    """A snapshot that is made when a reader first asks for it. Two that ask at once may both make it."""

    __slots__ = ("_make", "_snapshot")

    def __init__(self, make: Callable[[], Snapshot]) -> None:
        self._make = make
        self._snapshot: Snapshot | None = None

    def look(self) -> Snapshot:
        found = self._snapshot
        if found is None:
            found = self._snapshot = self._make()
        return found


class RecentItems:
    """A feed: one thread publishes, any thread reads, and the publisher never waits.

    ``amend`` is given each snapshot that is asked for, on the thread of the reader, and may give back another.
    """

    def __init__(
        self, capacity: int = RECENT_ITEMS, amend: Callable[[Snapshot], Snapshot] = lambda snapshot: snapshot
    ) -> None:
        self._amend = amend
        self._items: deque[tuple[int, LiveItem]] = deque(maxlen=capacity)
        self._published = (0, _LazySnapshot(Snapshot))

    @property
    def snapshot(self) -> Snapshot:
        """The latest snapshot."""
        return self._amend(self._published[1].look())

    def publish(self, items: Iterable[LiveItem], snapshot: Callable[[], Snapshot]) -> None:
        """Add what happened and swap the snapshot.

        ``snapshot`` makes it, on the thread of the first that asks; where none looks, it is never made.
        """
        count = self._published[0]
        for item in items:
            count += 1
            self._items.append((count, item))
        self._published = (count, _LazySnapshot(snapshot))

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """Items after ``cursor`` and the next cursor; None where some are no longer kept."""
        count = self._published[0]
        if cursor == count:
            return count, []
        kept = self._items.copy()
        if cursor > count or (kept and kept[0][0] > cursor + 1):
            return count, None
        # The publisher may have added more since the count was read: those come with the next question.
        wanted = [item for number, item in islice(reversed(kept), kept[-1][0] - cursor) if number <= count]
        return count, wanted[::-1]

    def kept(self) -> list[LiveItem]:
        """All that is still kept, oldest first."""
        return [item for _, item in self._items.copy()]
