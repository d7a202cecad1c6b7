"""What a comparison of two spans says: measures with interval and noise, a verdict, and how many hours it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What can be said; the words are part of ``--json``. Each applies to a measure and to the whole."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no_difference"
    UNRESOLVED = "unresolved"
    NOT_ENOUGH = "not_enough"
    NOT_COMPARABLE = "not_comparable"


class Measure(StrEnum):
    """What is compared: durations and latenesses in ns, hiccups for each 100 hours of beats. More is worse in all."""

    DURATION_P50 = "duration.p50"
    DURATION_P99 = "duration.p99"
    LATENESS_P50 = "lateness.p50"
    LATENESS_P99 = "lateness.p99"
    LATENESS_P99_9 = "lateness.p99_9"
    HICCUPS = "hiccups_per_100h"
    WORST_STALL = "worst_stall"


TESTED = tuple(measure for measure in Measure if measure is not Measure.WORST_STALL)
"""The worst stall is one value: it is shown, and says nothing about the next one."""


class Condition(StrEnum):
    """What must be the same in both spans."""

    INTERVAL = "interval"
    MODE = "mode"
    SAMPLER = "sampler"
    POWER = "power"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """One measure of both spans. Unknown figures are None.

    ``ratio`` is B ÷ A over hours of the same kind, with its 95 % interval ``low`` to ``high``, widened for the number
    of measures. ``noise`` is how far two spans of this length differ here without any change, as a factor over 1.
    ``cliffs_delta`` is the chance that a beat of B has the larger value less the chance of the reverse.
    """

    measure: Measure
    a: float | None
    b: float | None
    ratio: float | None
    low: float | None
    high: float | None
    noise: float | None
    verdict: Verdict
    cliffs_delta: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two spans compared. ``differing`` says why they cannot be.

    ``hours_needed`` is how many matched hours a span must have for a change by ``RESOLUTION`` in the P99 of duration
    and lateness to be seen, or where there are too few to tell, for anything to be said; None where that is not known.
    ``seed`` gives the same figures again. ``left_out_hours`` were less than half covered, ``unmatched_hours`` of a kind
    that only one of the spans has, ``shared_hours`` in both spans, where they overlap.
    """

    verdict: Verdict
    measures: tuple[MeasureResult, ...] = ()
    differing: tuple[Condition, ...] = ()
    matched_hours: tuple[int, int] = (0, 0)
    left_out_hours: tuple[int, int] = (0, 0)
    unmatched_hours: tuple[int, int] = (0, 0)
    shared_hours: int = 0
    noise_pairs: int = 0
    hours_needed: int | None = None
    seed: int = 0


RESOLUTION = 1.1
"""The change that a span of ``hours_needed`` hours would show, as a factor."""


def overall(results: tuple[MeasureResult, ...]) -> Verdict:
    """The verdict on the whole: unresolved where medians and tails, or two measures, point in different directions."""
    found = {each.verdict for each in results}
    if Verdict.WORSE in found and Verdict.BETTER in found:
        return Verdict.UNRESOLVED
    for verdict in (Verdict.WORSE, Verdict.BETTER, Verdict.NO_DIFFERENCE):
        if verdict in found:
            return verdict
    return Verdict.NOT_ENOUGH
