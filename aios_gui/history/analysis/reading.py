"""Reads a span for its analysis, some days at a time: what is kept of its hours, local days and hours of the week."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from aios_gui.history.analysis.stretches import (
    DAY_US,
    KNOWN,
    MOST,
    Stretches,
    beats_of,
    read_stretches,
    summed,
)
from aios_gui.history.analysis.tallies import NO_TALLY, Floats, Ints, of_dense
from aios_gui.history.model.distribution import Distribution
from aios_gui.record.model.histogram import MOST_COUNTS, Histogram
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.sealed import MINUTE_US, SealedHours

DAYS_AT_ONCE = 16
WEEK_HOURS = 7 * 24
DAY_SHARES, HOUR_SHARES = (0.5, 0.95, 0.99), (0.5, 0.99)


def local_days(start_us: int, end_us: int) -> tuple[list[date], list[int]]:
    """The local days of a span, and where each begins (µs), with the end of the last one."""
    first = datetime.fromtimestamp(start_us // 1_000_000).date()
    dates: list[date] = []
    bounds: list[int] = []
    day = first
    while True:
        begin_us = round(datetime.combine(day, datetime.min.time()).timestamp() * 1_000_000)
        bounds.append(begin_us)
        if begin_us >= end_us:
            return dates, bounds
        dates.append(day)
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Table:
    """A span by its stretches, local days and hours of the week; times in ns.

    Of the stretches, ``day`` is the place of their local day and ``week_hour`` that of the local hour of the week,
    Monday first, -1 for whole days. ``of_days`` and ``of_hours`` have a row for each of the two times and each of
    ``DAY_SHARES`` or ``HOUR_SHARES``, ``of_week`` for the two times P99 alone.
    """

    dates: list[date]
    bounds_us: list[int]
    stretches: Stretches
    day: Ints
    week_hour: Ints
    of_days: Floats
    of_hours: Floats
    of_week: Floats
    late: tuple[list[tuple[int, int]], list[tuple[int, int]]]
    """For each of the two times those that kept other beats from being made: when (µs) and how long."""
    whole: tuple[Distribution, Distribution]

    def summed(self, values: Ints) -> Ints:
        """What a figure of the stretches adds up to on each day."""
        return summed(self.day, values, len(self.dates))


def read_table(
    connection: sqlite3.Connection,
    sealed: SealedHours | None,
    start_us: int,
    end_us: int,
    suspect_ns: int,
    step: Callable[[float], None],
) -> Table:
    """The span as a table; ``step`` is told the share that is read. Times from ``suspect_ns`` on are listed singly."""
    dates, bounds = local_days(start_us, end_us)
    parts: list[Stretches] = []
    day_rows, hour_rows = [], []
    of_week = np.zeros((2, WEEK_HOURS + 1, MOST_COUNTS), np.int64)  # the last row, -1, is of whole days
    late: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    week_hours: list[Ints] = []
    for first in range(0, len(dates), DAYS_AT_ONCE):
        last = min(first + DAYS_AT_ONCE, len(dates))
        begin_us, finish_us = max(start_us, bounds[first]), min(end_us, bounds[last])
        found = read_stretches(connection, sealed, begin_us, finish_us, bounds[first : last + 1])
        day = _places(found, bounds[first : last + 1])
        week_hour = _week_hours(found)
        rows = []
        for place, tally in enumerate((found.duration, found.lateness)):
            hour_rows.append(tally.percentiles(found.size, *HOUR_SHARES))
            rows.append(tally.regrouped(day, last - first).percentiles(last - first, *DAY_SHARES))
            np.add.at(
                of_week[place].reshape(-1), (week_hour * MOST_COUNTS)[tally.group] + tally.index, tally.count
            )
            late[place].extend(_late(connection, sealed, found, place, suspect_ns, (begin_us, finish_us)))
        day_rows.append(np.array(rows))
        hour_rows[-2:] = [np.array(hour_rows[-2:])]
        week_hours.append(week_hour)
        parts.append(found._replace(duration=NO_TALLY, lateness=NO_TALLY))
        step(last / len(dates))
    joined = _joined(parts)
    week = [of_dense(counts[:-1]).percentiles(WEEK_HOURS, 0.99)[0] for counts in of_week]
    duration, lateness = (_distribution(of_week[place].sum(0), joined, place) for place in range(2))
    return Table(
        dates,
        bounds,
        joined,
        _places(joined, bounds),
        np.concatenate(week_hours),
        np.concatenate(day_rows, axis=2),
        np.concatenate(hour_rows, axis=2),
        np.array(week),
        late,
        (duration, lateness),
    )


def _joined(parts: list[Stretches]) -> Stretches:
    """All stretches without their histograms, which are not needed any more."""
    start_us, hours, beats, missed, sums = (
        np.concatenate([getattr(each, name) for each in parts], axis=-1) for name in Stretches._fields[:5]
    )
    return parts[-1]._replace(start_us=start_us, hours=hours, beats=beats, missed=missed, sums=sums)


def _distribution(counts: Ints, stretches: Stretches, measure: int) -> Distribution:
    known, least, most, total = stretches.sums[:, measure]
    if not known.any():
        return Distribution()
    places = np.flatnonzero(counts)
    histogram = Histogram(dict(zip(places.tolist(), counts[places].tolist(), strict=True)))
    is_known = known > 0
    return Distribution(
        histogram, int(least[is_known].min()), int(most[is_known].max()), sum(total[is_known].tolist())
    )


def _places(found: Stretches, bounds_us: Sequence[int]) -> Ints:
    """Of each stretch the place of its day: by its middle, since a day of UTC may lie in two."""
    middle_us = found.start_us + np.where(found.hours == 24, DAY_US // 2, 0)
    return np.clip(np.searchsorted(np.array(bounds_us), middle_us, "right") - 1, 0, len(bounds_us) - 2)


def _week_hours(found: Stretches) -> Ints:
    """Of each stretch its local hour of the week, by its middle where it is a whole hour; -1 for days."""
    moments = (found.start_us + np.where(found.hours == 1, HOUR_US // 2, 0)) // 1_000_000
    local = map(time.localtime, moments.tolist())
    hours = np.array([each.tm_wday * 24 + each.tm_hour for each in local], np.int64)
    return np.where(found.hours == 24, -1, hours)


def _late(
    connection: sqlite3.Connection,
    sealed: SealedHours | None,
    found: Stretches,
    measure: int,
    suspect_ns: int,
    span_us: tuple[int, int],
) -> list[tuple[int, int]]:
    """The times of a measure from ``suspect_ns`` on: when (µs), and how long.

    Where the extremes tell of all of them, as they nearly always do, no beat is read.
    """
    late: list[tuple[int, int]] = []
    read: set[int] = set()
    suspects = np.flatnonzero((found.sums[KNOWN, measure] > 0) & (found.sums[MOST, measure] >= suspect_ns))
    if not len(suspects):
        return late
    tally = found.duration if measure == 0 else found.lateness
    counts = tally.from_on(suspect_ns, found.size)
    for place in suspects.tolist():
        begin_us, most_ns = int(found.start_us[place]), int(found.sums[MOST, measure, place])
        if counts[place] == 1:
            late.append((begin_us, most_ns))
            continue
        if found.hours[place] == 1 and sealed is not None:
            envelope = sealed.envelope(begin_us // HOUR_US)
            column = [] if envelope is None else list(envelope.measures.values())[measure].most
            longest = [
                (begin_us + slot * MINUTE_US, each) for slot, each in enumerate(column) if each >= suspect_ns
            ]
            if len(longest) == counts[place]:
                late += longest
                continue
        if begin_us not in read:
            read.add(begin_us)
            hours = max(1, int(found.hours[place]))
            after = int(np.searchsorted(found.start_us, begin_us, "right"))
            ends = (
                (begin_us // HOUR_US + hours) * HOUR_US,
                span_us[1],
                *map(int, found.start_us[after : after + 1]),
            )
            beats = beats_of(connection, sealed, max(begin_us, span_us[0]), min(ends))
            is_late = beats[measure + 1] >= suspect_ns
            late += zip(beats[0, is_late].tolist(), beats[measure + 1, is_late].tolist(), strict=True)
    return late
