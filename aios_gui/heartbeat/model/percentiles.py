"""Exact percentiles over a sliding window of beats."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Percentiles:
    """P50, P95, P99 and the maximum of ``count`` values, in their unit; zeros where there are none."""

    count: int = 0
    p50: int = 0
    p95: int = 0
    p99: int = 0
    maximum: int = 0


class SlidingPercentiles:
    """The last ``capacity`` values, kept in order of age and of size.

    Percentiles are by the nearest-rank method: the smallest value that at least p % of the values do not exceed.
    """

    __slots__ = ("_capacity", "_order", "_ranked")

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._capacity = capacity
        self._order: deque[int] = deque()
        self._ranked: list[int] = []

    def add(self, value: int) -> None:
        """Take in one value; the oldest goes when the window is full."""
        self._order.append(value)
        insort(self._ranked, value)
        if len(self._order) > self._capacity:
            del self._ranked[bisect_left(self._ranked, self._order.popleft())]

    def at(self, percent: float) -> int:
        """The value at ``percent`` (over 0, to 100); 0 where there are no values."""
        if not self._ranked:
            return 0
        return self._ranked[max(0, ceil(percent / 100 * len(self._ranked)) - 1)]

    def summary(self) -> Percentiles:
        """The figures of the status bar."""
        return Percentiles(len(self._ranked), self.at(50), self.at(95), self.at(99), self.at(100))
