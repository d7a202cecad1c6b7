"""Turns rows of the buffer into the points of a line that is interrupted where there were no beats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_USUAL_STEPS = 3


def _no_moments() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows to draw: times, and minimum and maximum of each quantity in the order of the panel.

    Neighbours are not joined with a moment of ``broken_at_s`` between, nor where they are three times as far apart as
    the rows around them, which beat by the interval of their time; ``hole_s`` is how far where no rows around tell.
    """

    times: Floats
    lows: tuple[Floats, ...]
    highs: tuple[Floats, ...]
    bucketed: bool = False
    hole_s: float = np.inf
    least_hole_s: float = 0.0
    broken_at_s: Floats = field(default_factory=_no_moments)

    def largest(self, index: int) -> float:
        """The greatest value of a quantity; −inf where there is none."""
        return float(np.fmax.reduce(self.highs[index], initial=-np.inf))

    def smallest(self, index: int) -> float:
        """The least value of a quantity; inf where there is none."""
        return float(np.fmin.reduce(self.lows[index], initial=np.inf))

    def smallest_positive(self, index: int) -> float:
        """The least value over zero; inf where there is none."""
        low = self.lows[index]
        return float(np.fmin.reduce(np.where(low > 0, low, np.inf), initial=np.inf))

    def breaks(self) -> npt.NDArray[np.bool_]:
        """For each row, whether the line starts again there."""
        broken = np.append(np.ones(min(1, len(self.times)), dtype=bool), self._holes())
        at = np.searchsorted(self.times, self.broken_at_s)
        broken[at[at < len(self.times)]] = True
        return broken

    def _holes(self) -> npt.NDArray[np.bool_]:
        """For each row after the first, whether it is too far from the one before."""
        steps = np.diff(self.times)
        # The smaller of two steps, so that one hole beside another does not pass for the usual step.
        edge = np.full(2, np.nan)
        around = np.concatenate((edge, steps, edge))
        count = len(steps)
        before = np.fmin(around[:count], around[1 : count + 1])
        after = np.fmin(around[3 : count + 3], around[4 : count + 4])
        unknown_s = self.hole_s / _USUAL_STEPS
        usual = np.fmax(*(np.where(np.isnan(side), unknown_s, side) for side in (before, after)))
        holes: npt.NDArray[np.bool_] = steps > np.fmax(_USUAL_STEPS * usual, self.least_hole_s)
        return holes


@dataclass(frozen=True, eq=False)
class Layout:
    """Where rows lie among the points of a line: each row once or twice, a NaN before each break."""

    x: Floats
    first_at: npt.NDArray[np.intp]
    second_at: npt.NDArray[np.intp]

    @classmethod
    def of(cls, times: Floats, broken: npt.NDArray[np.bool_], width: int, dash_s: Floats) -> Layout:
        """``width``: points a row, 1 or 2; ``dash_s``: how far the second lies to the right of the first."""
        count = len(times)
        before = np.cumsum(broken)
        first_at = np.arange(count) * width + before
        x = np.full(count * width + (int(before[-1]) if count else 0), np.nan)
        x[first_at] = times
        x[first_at + (width - 1)] = times + dash_s
        return cls(x, first_at, first_at + (width - 1))

    def y(self, first: Floats, second: Floats) -> Floats:
        """The points' heights, NaN at breaks."""
        y = np.full(len(self.x), np.nan)
        y[self.first_at] = first
        y[self.second_at] = second
        return y


@dataclass(frozen=True, eq=False)
class Curve:
    """How rows are drawn, the same for all quantities: a line through the maxima and, where a row is a bucket of
    many beats, a paler body from the minima up to it.
    """

    line: Layout
    body: Layout | None

    @classmethod
    def of(cls, rows: Rows, pixel_s: float) -> Curve:
        """Lay out ``rows``; a row that stands alone becomes a dash of one pixel, or it would not be seen."""
        broken = rows.breaks()
        alone = broken & np.append(broken[1:], True)[: len(broken)]
        dash_s = np.where(alone, pixel_s, 0.0)
        line = Layout.of(rows.times, broken, 2 if alone.any() else 1, dash_s)
        body = Layout.of(rows.times, broken, 2, np.zeros(len(rows.times))) if rows.bucketed else None
        return cls(line, body)
