"""A span of the record as columns ready to draw: raw beats, or the extremes of equal buckets."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.record.model.hiccups import Hiccups


def _column() -> array[float]:
    return array("d")


@dataclass(frozen=True, slots=True)
class Series:
    """Beats from ``start_ns`` to ``end_ns`` (wall clock), one row a bucket of ``bucket_ns``, or a beat if that is 0.

    All columns are float64 arrays of one length. ``time_s`` (seconds since the Unix epoch) grows; it lies in the
    bucket, which begins at a multiple of its length, and not after its first beat. NaN where nothing was measured.
    Durations and latenesses in ns, shares in percent.
    The ``own_`` columns have a length of their own, with ``own_time_s``.
    """

    start_ns: int
    end_ns: int
    bucket_ns: int
    time_s: array[float] = field(default_factory=_column)
    duration_min_ns: array[float] = field(default_factory=_column)
    duration_max_ns: array[float] = field(default_factory=_column)
    lateness_min_ns: array[float] = field(default_factory=_column)
    lateness_max_ns: array[float] = field(default_factory=_column)
    cpu_min_percent: array[float] = field(default_factory=_column)
    cpu_max_percent: array[float] = field(default_factory=_column)
    memory_min_percent: array[float] = field(default_factory=_column)
    memory_max_percent: array[float] = field(default_factory=_column)
    own_time_s: array[float] = field(default_factory=_column)
    own_cpu_percent: array[float] = field(default_factory=_column)
    own_memory_percent: array[float] = field(default_factory=_column)
    gaps: tuple[Gap, ...] = ()
    hiccups: Hiccups = field(default_factory=Hiccups)
