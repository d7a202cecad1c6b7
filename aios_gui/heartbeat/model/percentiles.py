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
    """The last ``capacity`` values, none older than ``age_ns`` (None: of any age), in order of age and of size.

    Percentiles are by the nearest-rank method: the smallest value that at least p % of the values do not exceed.
    """

    __slots__ = ("_age_ns", "_capacity", "_moments", "_order", "_ranked")

    def __init__(self, capacity: int, age_ns: int | None = None) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self._capacity, self._age_ns = capacity, age_ns
        self._moments: deque[int] = deque()
        self._order: deque[int] = deque()
        self._ranked: list[int] = []

    def add(self, value: int, at_ns: int = 0) -> None:
        """Take in a value of a moment; the oldest goes when the window is full, and all that are too old."""
        self._order.append(value)
        insort(self._ranked, value)
        if self._age_ns is not None:
            self._moments.append(at_ns)
            while abs(at_ns - self._moments[0]) > self._age_ns:  # also later, by a clock that was ahead
                self._drop()
        if len(self._order) > self._capacity:
            self._drop()

    def _drop(self) -> None:
        del self._ranked[bisect_left(self._ranked, self._order.popleft())]
        if self._moments:
            self._moments.popleft()

    def at(self, percent: float) -> int:
        """The value at ``percent`` (over 0, to 100); 0 where there are no values."""
        if not self._ranked:
            return 0
        return self._ranked[max(0, ceil(percent / 100 * len(self._ranked)) - 1)]

    def summary(self) -> Percentiles:
        """The figures of the status bar."""
        return Percentiles(len(self._ranked), self.at(50), self.at(95), self.at(99), self.at(100))
