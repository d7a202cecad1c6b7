"""Beats that stand out: by the median and what is usual around it, and by three times the mean."""

from __future__ import annotations

import sqlite3

import numpy as np

from aios_gui.history.analysis.model.analysis import MAD_FACTOR, Anomalies, LimitsApart, Outlier, Timed
from aios_gui.history.analysis.stretches import MOST, Stretches, beats_of
from aios_gui.history.analysis.tallies import highest_of
from aios_gui.history.model.distribution import Distribution
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.sealed import SealedHours

_SIGMA = 1.4826
"""Of a bell curve the standard deviation is this many times the median distance from the median."""
_MEAN_FACTOR = 3
_ALIKE = 1.25
_WORST = 5


def anomalies_of(
    connection: sqlite3.Connection,
    sealed: SealedHours | None,
    found: Stretches,
    timed: Timed,
    times: Distribution,
) -> Anomalies | None:
    """What stands out of the times of a span; None where there are none. sqlite3.Error as it comes."""
    counts = times.histogram.counts
    if not times.count or times.mean_ns is None:
        return None
    index = np.array(sorted(counts), np.int64)
    count = np.array([counts[each] for each in index.tolist()], np.int64)
    median_ns = times.at(0.5)
    apart = np.abs(highest_of(index) - median_ns)
    order = np.argsort(apart, kind="stable")
    middle = np.searchsorted(np.cumsum(count[order]), max(1, (times.count + 1) // 2))
    mad_ns = int(apart[order][middle])
    limit_ns = median_ns + round(MAD_FACTOR * _SIGMA * mad_ns)
    mean_limit_ns = round(_MEAN_FACTOR * times.mean_ns)
    over, mean_over = (times.count - times.histogram.below(limit + 1) for limit in (limit_ns, mean_limit_ns))
    ratio = mean_limit_ns / max(1, limit_ns)
    way = LimitsApart.ALIKE
    if ratio > _ALIKE:
        is_raised = times.mean_ns > _ALIKE * median_ns
        way = LimitsApart.OUTLIERS_RAISE_MEAN if is_raised else LimitsApart.NARROW_SPREAD
    elif ratio < 1 / _ALIKE:
        way = LimitsApart.WIDE_SPREAD
    return Anomalies(
        timed,
        median_ns,
        mad_ns,
        limit_ns,
        over,
        over / times.count,
        times.mean_ns,
        mean_limit_ns,
        mean_over,
        mean_over / times.count,
        way,
        _worst(connection, sealed, found, timed, limit_ns),
    )


def _worst(
    connection: sqlite3.Connection, sealed: SealedHours | None, found: Stretches, timed: Timed, limit_ns: int
) -> tuple[Outlier, ...]:
    """The longest of each stretch, of those where it is longest."""
    measure = 0 if timed is Timed.DURATION else 1
    most = found.sums[MOST, measure]
    longest = [
        place for place in np.argsort(-most, kind="stable")[:_WORST].tolist() if most[place] > limit_ns
    ]
    worst = []
    for place in longest:
        begin_us, value_ns = int(found.start_us[place]), int(most[place])
        at_us = begin_us
        if found.hours[place] < 24:
            beats = beats_of(connection, sealed, begin_us, (begin_us // HOUR_US + 1) * HOUR_US)
            same = np.flatnonzero(beats[measure + 1] == value_ns)
            at_us = int(beats[0, same[0]]) if len(same) else begin_us
        worst.append(Outlier(at_us * 1000, value_ns))
    return tuple(worst)
