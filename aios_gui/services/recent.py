"""The latest items of a run, kept in memory for whoever follows it live."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice

from aios_gui.core.feed import LiveItem
from aios_gui.core.snapshot import Snapshot

RECENT_ITEMS = 4096


class RecentItems:
    """A feed: one thread publishes, any thread reads, nobody waits."""

    def __init__(self, capacity: int = RECENT_ITEMS) -> None:
        self._items: deque[LiveItem] = deque(maxlen=capacity)
        self._published = (0, Snapshot())

    @property
    def snapshot(self) -> Snapshot:
        """The latest picture."""
        return self._published[1]

    def publish(self, items: Iterable[LiveItem], snapshot: Snapshot) -> None:
        """Add what happened and swap the picture."""
        count = self._published[0]
        for item in items:
            self._items.append(item)
            count += 1
        self._published = (count, snapshot)

    def since(self, cursor: int) -> tuple[int, list[LiveItem] | None]:
        """Items after ``cursor`` and the next cursor; None where some are no longer kept."""
        count = self._published[0]
        wanted = count - cursor
        if wanted == 0:
            return count, []
        kept = list(self._items.copy())
        # The publisher may have added more since the count was read: those come with the next question.
        if not 0 < wanted <= len(kept):
            return count, None
        newest_first = islice(reversed(kept), wanted)
        return count, list(newest_first)[::-1]

    def kept(self) -> list[LiveItem]:
        """All that is still kept, oldest first."""
        return list(self._items.copy())
