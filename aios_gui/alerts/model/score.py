"""The score: how well the machine did over the last hour, from 0 to 1, out of four parts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aios_gui.record.model.hour import Hour

FEWEST_BEATS = 60
"""With fewer a single beat would move the score too far."""
GOAL = 0.7
DEGRADED_BELOW = 0.5
FULL_MS, NOTHING_MS = 100.0, 1000.0
"""A mean duration up to the one costs nothing, from the other on all of the part."""


FREE_SHARE, FREE_OF_BEATS = 0.01, 600
"""This many beats over a limit cost nothing: a single one tells of nothing, least of all while there are few."""


def allowance(hour: Hour) -> float:
    """How many beats of an hour may be over a limit and cost nothing."""
    return FREE_SHARE * max(hour.beats, FREE_OF_BEATS)


class Part(StrEnum):
    """What the score is made of."""

    SUCCESS = "success"
    """Beats made, with figures, of those that were due."""
    LATENCY = "latency"
    STABILITY = "stability"
    """Falls by ten times the share of beats with a hiccup, or over a limit beyond what costs nothing."""
    MARGIN = "margin"
    """Half where CPU or memory were over a limit in more beats than costs nothing."""


WEIGHTS = {Part.SUCCESS: 0.4, Part.LATENCY: 0.2, Part.STABILITY: 0.2, Part.MARGIN: 0.2}


@dataclass(frozen=True, slots=True)
class Score:
    """Each part from 0 to 1, and the sums that it was made from."""

    success: float
    latency: float
    stability: float
    margin: float
    hour: Hour

    @property
    def value(self) -> float:
        """The parts by their weights, 0 to 1."""
        # Rounded, since 0.4 + 0.2 + 0.1 would be over 0.7.
        return round(sum(weight * self.part(part) for part, weight in WEIGHTS.items()), 9)

    @property
    def is_degraded(self) -> bool:
        """Whether it is so low that a beat's result says so."""
        return self.value < DEGRADED_BELOW

    def part(self, part: Part) -> float:
        """One of the parts, 0 to 1."""
        return {
            Part.SUCCESS: self.success,
            Part.LATENCY: self.latency,
            Part.STABILITY: self.stability,
            Part.MARGIN: self.margin,
        }[part]


def score_of(hour: Hour) -> Score | None:
    """The score of an hour; None where it has too few beats to tell."""
    mean_ns = hour.mean_ns
    if hour.beats < FEWEST_BEATS or mean_ns is None:
        return None
    free = allowance(hour)
    latency = 1 - (mean_ns / 1e6 - FULL_MS) / (NOTHING_MS - FULL_MS)
    return Score(
        success=(hour.beats - hour.failed) / hour.due,
        latency=min(1.0, max(0.0, latency)),
        stability=max(0.0, 1 - 10 * (hour.alerting - min(hour.over, free)) / hour.beats),
        margin=0.5 if hour.over > free else 1.0,
        hour=hour,
    )
