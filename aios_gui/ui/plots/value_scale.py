"""Chooses the range of a value axis in round steps that stand still, and the ticks upon it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

_STEPS = (1.0, 2.0, 4.0, 6.0, 10.0)
_HEADROOM = 1.05
_SHRINK_HEADROOM = 1.5
_DURATION_UNITS = ((1e3, "µs"), (1e6, "ms"), (1e9, "s"))
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line: where it lies on the axis (0 bottom, 1 top), and what is written beside it."""

    share: float
    label: str


class ValueScale(Protocol):
    """A value axis. Ranges change only when the data asks for it, never with each sample."""

    def fit(self, smallest: float, largest: float) -> bool:
        """Make the range hold positive values from ``smallest`` to ``largest``; whether it changed."""
        ...

    def reset(self) -> None:
        """Forget the range, so that the next ``fit`` starts afresh."""
        ...

    def shares(self, values: Floats) -> Floats:
        """Where values lie on the axis, 0 at its bottom and 1 at its top; NaN stays NaN."""
        ...

    def ticks(self) -> tuple[Tick, ...]:
        """The grid lines, top first."""
        ...


def nice_top(value: float) -> float:
    """The smallest of 1, 2, 4, 6, 10 × 10ⁿ that is at least ``value``, whose half is a round figure too."""
    if not math.isfinite(value) or value <= 0:
        return 1.0
    decade = 10.0 ** math.floor(math.log10(value))
    # Dividing may land a hair above the step that was meant, as 0.6 / 0.1 does.
    return next((step * decade for step in _STEPS if step * decade >= value * (1 - 1e-12)), 10 * decade)


class LinearScale:
    """From 0 to a round top. Grows at once; shrinks when the data fits into a third of it."""

    def __init__(self, least_top: float) -> None:
        self._least = least_top
        self.top = 0.0

    def reset(self) -> None:
        self.top = 0.0

    def fit(self, smallest: float, largest: float) -> bool:
        before = self.top
        wanted = nice_top(max(largest * _HEADROOM, self._least))
        calm = nice_top(max(largest * _SHRINK_HEADROOM, self._least))
        if largest > self.top or self.top == 0.0:
            self.top = wanted
        elif calm <= self.top / 2:
            self.top = calm
        return self.top != before

    def shares(self, values: Floats) -> Floats:
        return values / (self.top or 1.0)

    def ticks(self) -> tuple[Tick, ...]:
        top = self.top or self._least
        one, unit = _unit_of(top)
        return (
            Tick(1.0, f"{top / one:g} {unit}"),
            Tick(0.5, f"{top / 2 / one:g}"),
            Tick(0.0, "0"),
        )


class PercentScale:
    """Always 0 to 100 %, so that a quiet machine looks quiet."""

    def reset(self) -> None:
        """Nothing to forget."""

    def fit(self, smallest: float, largest: float) -> bool:
        return False

    def shares(self, values: Floats) -> Floats:
        return values / 100.0

    def ticks(self) -> tuple[Tick, ...]:
        return (Tick(1.0, "100 %"), Tick(0.5, "50"), Tick(0.0, "0"))


class LogScale:
    """Whole decades of ns. Zero and what is below the range lie on its bottom line.

    A decade is added at once when the data leaves the range, and given up when the data keeps a factor of two away.
    """

    def __init__(self, least: int, most: int) -> None:
        """``least`` and ``most``: the decades (powers of ten) that the range holds whatever the data."""
        self._least, self._most = least, most
        self.bottom, self.top = least, most
        self._fresh = True

    def reset(self) -> None:
        self._fresh = True

    def fit(self, smallest: float, largest: float) -> bool:
        before = (self.bottom, self.top)
        low = _decade_below(smallest, self._least)
        high = _decade_above(largest, self._most)
        if self._fresh:
            self.bottom, self.top, self._fresh = min(low, self._least), max(high, self._most), False
            return before != (self.bottom, self.top)
        if high > self.top:
            self.top = high
        elif self.top > self._most and largest * 2 < 10.0 ** (self.top - 1):
            self.top = max(self._most, _decade_above(largest * 2, self._most))
        if low < self.bottom:
            self.bottom = low
        elif self.bottom < self._least and smallest > 2 * 10.0 ** (self.bottom + 1):
            self.bottom = min(self._least, _decade_below(smallest / 2, self._least))
        return before != (self.bottom, self.top)

    def shares(self, values: Floats) -> Floats:
        raised = np.maximum(values, 10.0**self.bottom)
        return (np.log10(raised) - self.bottom) / (self.top - self.bottom)

    def ticks(self) -> tuple[Tick, ...]:
        decades = self.top - self.bottom
        step = max(1, math.ceil(decades / 3))
        return tuple(
            Tick((decade - self.bottom) / decades, decade_label(decade))
            for decade in range(self.top, self.bottom - 1, -step)
        )


def _decade_below(value: float, otherwise: int) -> int:
    # A hair of tolerance: the logarithm of a power of ten need not be whole.
    return math.floor(math.log10(value) + 1e-9) if math.isfinite(value) and value > 0 else otherwise


def _decade_above(value: float, otherwise: int) -> int:
    return math.ceil(math.log10(value) - 1e-9) if math.isfinite(value) and value > 0 else otherwise


def _unit_of(value_ns: float) -> tuple[float, str]:
    """The unit in which the axis up to ``value_ns`` is written."""
    return next((pair for pair in reversed(_DURATION_UNITS) if value_ns >= pair[0]), _DURATION_UNITS[0])


def decade_label(decade: int) -> str:
    """A power of ten of ns as it stands on an axis: ``10 µs``."""
    value = 10.0**decade
    one, unit = _unit_of(value)
    return f"{value / one:g} {unit}"
