"""How the times of a span are distributed: as they were measured, and with what no beat was there to measure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from aios_gui.record.model.histogram import HIGHEST_NS, Histogram, highest_of, index_of

LARGEST_ERROR = 1 / 128
"""By how much of itself a percentile may be too long, if it is over ``LEAST_ERROR_NS``; it is never too short."""
LEAST_ERROR_NS = 16


class Band(StrEnum):
    """How good a time is, the best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    ACCEPTABLE = "acceptable"
    POOR = "poor"


BAND_LIMITS_NS = (5_000_000, 10_000_000, 50_000_000)
"""Where a time stops being excellent, good and acceptable."""


def band_of(time_ns: float) -> Band:
    """The band of a time."""
    return list(Band)[bisect_right(BAND_LIMITS_NS, time_ns)]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Times in ns. ``least_ns``, ``most_ns`` and ``total_ns`` are exact, 0 where there is none."""

    histogram: Histogram = field(default_factory=Histogram)
    least_ns: int = 0
    most_ns: int = 0
    total_ns: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return self.histogram.total

    @property
    def mean_ns(self) -> float | None:
        """Their mean; None where there is none."""
        return self.total_ns / self.count if self.count else None

    def at(self, share: float) -> int:
        """The percentile at a share of 0 to 1 by the nearest rank, ns; 0 where there is none."""
        return max(self.least_ns, min(self.most_ns, self.histogram.at(share)))

    def bands(self) -> dict[Band, float]:
        """The share of each band, 0 to 1; nothing where there is no time. Exact to the grain of the histogram."""
        if not self.count:
            return {}
        below = [0, *map(self.histogram.below, BAND_LIMITS_NS), self.count]
        return {
            band: (upper - lower) / self.count
            for band, lower, upper in zip(Band, below, below[1:], strict=False)
        }

    def with_omitted(self, late: Iterable[tuple[int, int]]) -> Distribution:
        """The same with the beats that a long one kept from being made; ``late`` has times and their intervals.

        HdrHistogram's correction for coordinated omission: for a time v at an interval i there are also v - i,
        v - 2i and so on down to the last one that is not shorter than i.
        """
        histogram, added_ns = Histogram(self.histogram.counts), 0
        for value_ns, interval_ns in late:
            if interval_ns > 0:
                omitted = range(value_ns - interval_ns, interval_ns - 1, -interval_ns)[::-1]
                _add_series(histogram, omitted)
                added_ns += (omitted[0] + omitted[-1]) * len(omitted) // 2 if omitted else 0
        return Distribution(histogram, self.least_ns, self.most_ns, self.total_ns + added_ns)


def _add_series(histogram: Histogram, values: range) -> None:
    """Count values that grow by equal steps, those that count as one together: there may be a million."""
    place = 0
    while place < len(values):
        index = index_of(min(values[place], HIGHEST_NS))
        highest_ns = values[-1] if values[place] >= HIGHEST_NS else highest_of(index)
        together = min(len(values) - place, (highest_ns - values[place]) // values.step + 1)
        histogram.counts[index] += together
        place += together


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one measure as they were recorded, and corrected for coordinated omission."""

    raw: Distribution
    corrected: Distribution


@dataclass(frozen=True, slots=True)
class Distributions:
    """Duration and lateness of the beats of a span."""

    duration: Timing
    lateness: Timing
