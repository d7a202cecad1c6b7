"""The hiccups of a span, of which a record may have any number: when each was, and the events of the longest."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable

from aios_gui.heartbeat.model.items import Event, hiccup_length_ns

MOST_EVENTS = 1000
"""As many as a plot can mark. An event takes half a kilobyte, the time of a hiccup eight bytes."""
_PARTS = MOST_EVENTS // 2
_SAME_NS = 1000
"""The record keeps microseconds: a live hiccup closer than this to a stored one is the same."""


class Hiccups:
    """Hiccups by time. ``events`` are all, up to ``MOST_EVENTS``; of more, the longest of each stretch of time."""

    __slots__ = ("_times_ns", "events")

    def __init__(self, events: Iterable[Event] = (), times_ns: Iterable[int] = ()) -> None:
        """Those of ``events``, or where ``times_ns`` tell of more, in their order, those with as many of the events."""
        self._times_ns = array("q")
        self.events: list[Event] = []
        for event in events:
            self.add(event)
        self._times_ns = array("q", times_ns) or self._times_ns

    def __len__(self) -> int:
        """How many there are, also without their events."""
        return len(self._times_ns)

    def copy(self) -> Hiccups:
        """The same, to be added to."""
        other = Hiccups()
        other._times_ns, other.events = self._times_ns[:], self.events.copy()
        return other

    def add(self, event: Event) -> bool:
        """Take in a hiccup; False where it is here already."""
        at = bisect_right(self._times_ns, event.wall_ns - _SAME_NS)
        if at < len(self._times_ns) and self._times_ns[at] < event.wall_ns + _SAME_NS:
            return False
        self._times_ns.insert(at, event.wall_ns)
        insort(self.events, event, key=_wall_ns)
        if len(self.events) > MOST_EVENTS:
            self._thin_out()
        return True

    def trim(self, start_ns: int) -> None:
        """Forget those before ``start_ns``."""
        del self._times_ns[: bisect_left(self._times_ns, start_ns)]
        del self.events[: bisect_left(self.events, start_ns, key=_wall_ns)]

    def count(self, start_ns: int, end_ns: int) -> int:
        """How many there are from ``start_ns`` to ``end_ns``, both included."""
        return bisect_right(self._times_ns, end_ns) - bisect_left(self._times_ns, start_ns)

    def _thin_out(self) -> None:
        first_ns = self.events[0].wall_ns
        part_ns = (self.events[-1].wall_ns - first_ns) // _PARTS + 1
        longest: dict[int, Event] = {}
        for event in self.events:
            part = (event.wall_ns - first_ns) // part_ns
            if part not in longest or hiccup_length_ns(event) > hiccup_length_ns(longest[part]):
                longest[part] = event
        self.events = list(longest.values())


def _wall_ns(event: Event) -> int:
    return event.wall_ns
