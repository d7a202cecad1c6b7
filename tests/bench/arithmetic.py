"""Percentiles, ratios and verdicts of the bench: pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from statistics import median

from aios_gui.selfcheck.targets.model import TARGETS, TargetComparison, TargetUnit

_SCALES = {TargetUnit.MS: 1e6, TargetUnit.SHARE: 100.0, TargetUnit.MB: 1e6, TargetUnit.RATIO: 1.0}


class Verdict(StrEnum):
    """What a row says of its goal."""

    PASS = "pass"
    FAIL = "fail"
    NONE = "n.a."
    """There is no goal, or it could not be measured."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit in the row's unit; ``at_least`` turns it round."""

    limit: float
    at_least: bool = False

    @classmethod
    def of(cls, target: str) -> Goal:
        """The goal of this target of the program, in ns, percent or bytes; KeyError where there is none.

        The bench counts a million bytes to the MB, so of memory its goal is the stricter one.
        """
        found = next(each for each in TARGETS if each.name == target)
        return cls(found.goal * _SCALES[found.unit], found.comparison is TargetComparison.AT_LEAST)

    def verdict(self, value: float | None) -> Verdict:
        """Whether ``value`` reaches the limit; the limit itself does."""
        if value is None:
            return Verdict.NONE
        reached = value >= self.limit if self.at_least else value <= self.limit
        return Verdict.PASS if reached else Verdict.FAIL


@dataclass(frozen=True, slots=True)
class Figures:
    """Percentiles of ``count`` values, in their unit; None where there are no values."""

    count: int
    p50: float | None
    p99: float | None
    maximum: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> Figures:
        """The figures of ``values``."""
        if not values:
            return cls(0, None, None, None)
        return cls(len(values), percentile(values, 0.5), percentile(values, 0.99), max(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (over 0, to 1) of the values do not exceed (nearest rank).

    ValueError where there are none. Of fewer than 100 values the 99th percentile is the greatest.
    """
    if not values:
        raise ValueError("there are no values")
    if not 0 < share <= 1:
        raise ValueError(f"{share} is no share")
    return sorted(values)[ceil(share * len(values)) - 1]


def middle(values: Sequence[float]) -> float | None:
    """The median; None where there are no values."""
    return median(values) if values else None


def ratio(upper: float | None, lower: float | None) -> float | None:
    """``upper`` over ``lower``; None where either is unknown or the lower is not positive."""
    if upper is None or lower is None or lower <= 0:
        return None
    return upper / lower
