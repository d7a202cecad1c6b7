"""Turns rows of the buffer into the points of a line that is interrupted where there were no beats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def _no_moments() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to draw: times, and minimum and maximum of each quantity in the order of the panel.

    Neighbours further apart than ``hole_s``, or with a moment of ``broken_at_s`` between, are not joined.
    """

    times: Floats
    lows: tuple[Floats, ...]
    highs: tuple[Floats, ...]
    bucketed: bool = False
    hole_s: float = np.inf
    broken_at_s: Floats = field(default_factory=_no_moments)

    def largest(self, index: int) -> float:
        """The greatest value of a quantity; −inf where there is none."""
        return float(np.fmax.reduce(self.highs[index], initial=-np.inf))

    def smallest_positive(self, index: int) -> float:
        """The least value over zero; inf where there is none."""
        low = self.lows[index]
        return float(np.fmin.reduce(np.where(low > 0, low, np.inf), initial=np.inf))

    def breaks(self) -> npt.NDArray[np.bool_]:
        """For each row, whether the line starts anew there."""
        broken = np.diff(self.times, prepend=-np.inf) > self.hole_s
        at = np.searchsorted(self.times, self.broken_at_s)
        broken[at[at < len(self.times)]] = True
        return broken


@dataclass(frozen=True, eq=False)
class Curve:
    """How rows become points: one a beat, two a bucket, NaN at each break; shared by all quantities."""

    x: Floats
    low_at: npt.NDArray[np.intp]
    high_at: npt.NDArray[np.intp]

    @classmethod
    def of(cls, rows: Rows, pixel_s: float) -> Curve:
        """Lay out ``rows``; a row that stands alone becomes a dash of one pixel, or it would not be seen."""
        count = len(rows.times)
        broken = rows.breaks()
        alone = broken & np.append(broken[1:], True)[:count]
        width = 2 if rows.bucketed or alone.any() else 1
        before = np.cumsum(broken)
        low_at = np.arange(count) * width + before
        high_at = low_at + (width - 1)
        x = np.full(count * width + (int(before[-1]) if count else 0), np.nan)
        x[low_at] = rows.times
        x[high_at] = rows.times + np.where(alone, pixel_s, 0.0)
        return cls(x, low_at, high_at)

    def y(self, low: Floats, high: Floats) -> Floats:
        """The points' heights for one quantity, NaN at breaks."""
        y = np.full(len(self.x), np.nan)
        y[self.low_at] = low
        y[self.high_at] = high
        return y
