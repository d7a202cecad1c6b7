"""A span as smoke: what is usual in each stretch of it, and how far it reaches; and the days of a whole record."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.history.model.distribution import Band


def _column() -> array[float]:
    return array("d")


@dataclass(frozen=True, slots=True)
class Puff:
    """One measure: for each bucket its percentiles and its maximum, float64, NaN where nothing was measured."""

    p5: array[float] = field(default_factory=_column)
    p25: array[float] = field(default_factory=_column)
    p50: array[float] = field(default_factory=_column)
    p75: array[float] = field(default_factory=_column)
    p95: array[float] = field(default_factory=_column)
    max: array[float] = field(default_factory=_column)


@dataclass(frozen=True, slots=True)
class Smoke:
    """A span from ``start_ns`` to ``end_ns`` in equal buckets of ``bucket_ns``; those without beats are in it, as NaN.

    ``time_s`` is where each begins, seconds since the Unix epoch, a multiple of its length; the first begins at or
    before the span, and only beats of the span count. Times in ns, shares in percent. Percentiles of times are of
    beats; those of CPU and memory are too for a day, else of the means of minutes, from two weeks on of hours. Each
    maximum is that of all beats.
    """

    start_ns: int
    end_ns: int
    bucket_ns: int
    time_s: array[float] = field(default_factory=_column)
    duration: Puff = field(default_factory=Puff)
    lateness: Puff = field(default_factory=Puff)
    cpu: Puff = field(default_factory=Puff)
    memory: Puff = field(default_factory=Puff)
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class DayMark:
    """A UTC day of the record from ``start_ns`` on; days without a beat between others are in the record's marks too.

    ``band`` is what at most one beat in a hundred is worse than, by duration or by lateness, whichever is worse; None
    without beats. A few long stalls do not change it. ``coverage`` is the share of the day with beats, 0 to
    1; ``hiccups`` counts stalls.
    """

    start_ns: int
    band: Band | None
    coverage: float
    hiccups: int
    beats: int
