"""From beat to beat: what the interval was at any moment of the record."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise


class Intervals:
    """Which interval (ns) held from which moment (wall, ns) on; 0 where it is not known."""

    def __init__(self, changes: Iterable[tuple[int, int]]) -> None:
        """``changes``: a moment, and the interval from there on."""
        known = sorted(changes)
        self._from_ns = [at_ns for at_ns, _interval_ns in known]
        self._interval_ns = [interval_ns for _at_ns, interval_ns in known]

    @property
    def shortest_ns(self) -> int:
        """The shortest of all; 0 where one is not known, or none is."""
        return min(self._interval_ns, default=0)

    def at(self, wall_ns: int) -> int:
        """The interval at a moment."""
        place = bisect_right(self._from_ns, wall_ns) - 1
        return self._interval_ns[place] if place >= 0 else 0

    def parts(self, start_ns: int, end_ns: int) -> list[tuple[int, int, int]]:
        """A span by its intervals: from when to when (wall, ns), and which."""
        first, last = bisect_right(self._from_ns, start_ns), bisect_left(self._from_ns, end_ns)
        edges = [start_ns, *self._from_ns[first:last], end_ns]
        return [(begin, end, self.at(begin)) for begin, end in pairwise(edges)]

    def throughout(self, start_ns: int, end_ns: int) -> int:
        """The interval of a span; 0 where it changed within it, or is not known."""
        first, last = bisect_right(self._from_ns, start_ns), bisect_right(self._from_ns, end_ns)
        found = {self.at(start_ns), *self._interval_ns[first:last]}
        return found.pop() if len(found) == 1 else 0
