"""Makes the series of a span out of what is known most coarsely and still keeps the extremes of every pixel."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from aios_gui.history.analysis.unpacking import beats_of_page, envelopes
from aios_gui.history.model.series import Series
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.record.model.envelope import EXTREMES, MEASURES
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.decode import Row
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealed import MINUTE_US, SLOTS, Sealed, SealedHours, without_hours
from aios_gui.record.store.sealing import DAY_HOURS, HOUR_MINUTES
from aios_gui.record.store.series import OWN_COLUMNS, count_open, open_beats, open_extremes, own_share

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_BOTH_SCALES = np.tile([1.0, 1.0, 0.01, 0.01], 2)[:, None]
"""From the columns of the record to nanoseconds and percent: of ``MEASURES`` the least, then the most."""
_COLUMNS = 1 + 2 * len(MEASURES)
_NOTHING = np.empty((_COLUMNS, 0))
_NUMBERS = (int, float)
_HOURS_FROM_US = HOUR_US * 2 // 5
"""From pixels of this width on, an hour is one bucket: to read hundreds of pages would take too long."""
_OWN_HOURS, _OWN_POINTS = 96, 600
"""This many sealed hours with context samples, and this many of these in rows, are enough for any span."""


def series_of(reader: RecordReader, start_ns: int, end_ns: int, pixels: int) -> Series:
    """The span as columns: every beat where there are at most ``pixels``, else the extremes of about that many buckets.

    From a minute a pixel on, the beats of an hour that the span cuts all count, rather than that its page is read.
    A bucket is a whole number of hours, or of minutes, where it can be, and then taken from the envelopes of days, or
    of pages. Where the span begins or ends within one, the beats there are read. StoreError as of the reader.
    """
    with reader.at_once() as (connection, sealed):
        if connection is None:
            return Series(start_ns, end_ns, 0)
        span = _Span(connection, sealed, start_ns // 1000, end_ns // 1000)
        points, bucket_us = span.points(pixels)
        own = span.own()
        gaps, hiccups = tuple(reader.gaps(start_ns, end_ns)), reader.hiccups(start_ns, end_ns)
    names = [f"{name.split('_')[0]}_{end}_{unit}" for end in ("min", "max") for name, unit in _UNITS.items()]
    columns = dict(zip(names, map(_array, points[1:]), strict=True))
    return Series(
        start_ns,
        end_ns,
        bucket_us * 1000,
        time_s=_array(points[0] / 1e6),
        **columns,
        own_time_s=array("d", [row[0] * 1e-6 for row in own]),
        own_cpu_percent=array("d", [row[1] / 100 if isinstance(row[1], _NUMBERS) else np.nan for row in own]),
        own_memory_percent=array("d", map(_own_memory_percent, own)),
        gaps=gaps,
        hiccups=hiccups,
    )


_UNITS = {name: "percent" if name.endswith("_hundredths") else "ns" for name in MEASURES}


class _Span:
    """A span of the record, as points: a column each of the time (µs), the least and then the most of each measure."""

    def __init__(
        self, connection: sqlite3.Connection, sealed: SealedHours | None, start_us: int, end_us: int
    ) -> None:
        self._connection = connection
        self._sealed = sealed
        self._start_us = start_us
        self._end_us = end_us

    @cached_property
    def _hours(self) -> list[Sealed]:
        return [] if self._sealed is None else self._sealed.hours(self._start_us, self._end_us)

    def points(self, pixels: int) -> tuple[Floats, int]:
        """The points by time, and the length of a bucket (µs), 0 where each is a beat."""
        wanted_us = max(1, -(-(self._end_us - self._start_us) // max(1, pixels)))
        open_count = count_open(self._connection, self._start_us, self._end_us)
        sealed = self._sealed
        sealed_count = 0 if sealed is None else sealed.most_beats(self._start_us, self._end_us, pixels)
        is_close = wanted_us < MINUTE_US or open_count + sealed_count <= pixels
        if is_close:
            found = [self._beats(each.hour, self._start_us, self._end_us) for each in self._hours]
            if open_count + sum(each.shape[1] for each in found) <= pixels:
                beats = open_beats(self._connection, self._start_us, self._end_us)
                return _by_time([*found, *map(_of_rows, beats)]), 0
            bucket_us = wanted_us
        elif wanted_us < _HOURS_FROM_US:
            bucket_us = wanted_us // MINUTE_US * MINUTE_US
            found = list(self._minutes(self._hours))
        else:
            bucket_us = max(1, wanted_us // HOUR_US) * HOUR_US
            found = self._of_days()
        rows = open_extremes(self._connection, self._start_us, self._end_us, bucket_us)
        return _bucketed(_by_time([*found, _of_rows(rows)]), bucket_us), bucket_us

    def own(self) -> list[Row]:
        """Time (µs), own CPU, own memory and memory of the machine of context samples, far fewer than beats."""
        found: list[Row] = []
        if self._sealed is not None:
            found += self._sealed.contexts(self._start_us, self._end_us, OWN_COLUMNS, _OWN_HOURS)
        found += own_share(self._connection, self._start_us, self._end_us, _OWN_POINTS)
        return sorted(found, key=lambda row: row[0])

    def _of_days(self) -> list[Floats]:
        """Points by the hour out of days; by the minute and the beat for hours that are cut or in no day yet."""
        if self._sealed is None:
            return []
        edges = [
            each
            for at_us in (self._start_us, self._end_us)
            for each in self._sealed.hours(at_us // HOUR_US * HOUR_US, (at_us // HOUR_US + 1) * HOUR_US)
        ]
        cut = [each.hour for each in edges if not each.is_within(self._start_us, self._end_us)]
        days = {day.day: day.hours for day in self._sealed.days(self._start_us, self._end_us)}
        numbers, slots = self._slots("day", days)
        hours = numbers[:, None] * DAY_HOURS + np.arange(DAY_HOURS)
        bits = np.array([days[number] for number in numbers.tolist()], np.int64)[:, None]
        is_taken = bits >> hours % DAY_HOURS & 1 > 0
        is_taken &= (
            (hours >= self._start_us // HOUR_US)
            & (hours < -(-self._end_us // HOUR_US))
            & ~np.isin(hours, cut)
        )
        rest = without_hours(self._start_us, self._end_us, hours[is_taken].tolist())
        pages = [each for part in rest for each in self._sealed.hours(*part)]
        return [_of_slots(hours * HOUR_US, slots, is_taken), *self._minutes(pages)]

    def _minutes(self, pages: Sequence[Sealed]) -> Iterator[Floats]:
        """The points of pages by the minute, and by the beat in minutes that lie only partly in the span."""
        begin_us, finish_us = (
            -(-self._start_us // MINUTE_US) * MINUTE_US,
            self._end_us // MINUTE_US * MINUTE_US,
        )
        within = {page.hour: page.is_within(self._start_us, self._end_us) for page in pages}
        for hour in (hour for hour, is_within in within.items() if not is_within):
            first_us, last_us = max(hour * HOUR_US, begin_us), min((hour + 1) * HOUR_US, finish_us)
            yield self._beats(hour, self._start_us, first_us)
            yield self._beats(hour, max(first_us, last_us), self._end_us)
        numbers, slots = self._slots("page", within)
        at_us = numbers[:, None] * HOUR_US + np.arange(HOUR_MINUTES) * MINUTE_US
        is_whole = np.array([within[number] for number in numbers.tolist()], np.bool_)[:, None]
        yield _of_slots(at_us, slots, is_whole | (at_us >= begin_us) & (at_us < finish_us))

    def _slots(self, table: str, numbers: Iterable[int]) -> tuple[Ints, Ints]:
        """The numbers of pages or days that are whole, and the columns of ``EXTREMES`` of each by their slots."""
        found = {} if self._sealed is None else envelopes(self._sealed, table, numbers, EXTREMES)
        columns = [*found.values()]
        nothing = np.zeros((0, len(EXTREMES), SLOTS[table]), np.int64)
        return np.array([*found], np.int64), np.stack(columns) if columns else nothing

    def _beats(self, hour: int, start_us: int, end_us: int) -> Floats:
        """A point a beat of a page, of those from ``start_us`` to before ``end_us``."""
        if self._sealed is None or start_us >= end_us:
            return _NOTHING
        found = beats_of_page(self._sealed, hour, *MEASURES)
        if found is None:
            return _NOTHING
        found = found[:, (found[0] >= start_us) & (found[0] < end_us)]
        values = np.where(found[1:] == UNKNOWN, np.nan, found[1:])
        return np.vstack([found[0], np.vstack([values, values]) * _BOTH_SCALES])


def _of_slots(at_us: Ints, slots: Ints, is_wanted: npt.NDArray[np.bool_]) -> Floats:
    """A point for each slot that has beats and is wanted, at its beginning."""
    is_there = is_wanted & (slots[:, 0] > 0)
    columns = slots.transpose(1, 0, 2)[:, is_there]
    known, least, most = (columns[first::3] for first in (1, 2, 3))
    measures = np.where(np.vstack([known, known]) == 0, np.nan, np.vstack([least, most]))
    return np.vstack([at_us[is_there], measures * _BOTH_SCALES])


def _of_rows(rows: list[Row]) -> Floats:
    """Points of rows with the time, and either the least and the most of each measure or one value of each."""
    if not rows:
        return _NOTHING
    # What is no number, as in a file that another program wrote into, is unknown too.
    found = np.array([[v if isinstance(v, _NUMBERS) else np.nan for v in row] for row in rows], np.float64).T
    if len(found) < _COLUMNS:
        found = np.vstack([found, found[1:]])
    found[1:] *= _BOTH_SCALES
    return found


def _by_time(points: list[Floats]) -> Floats:
    joined = np.hstack([_NOTHING, *points])
    if np.any(np.diff(joined[0]) < 0):
        joined = joined[:, np.argsort(joined[0], kind="stable")]
    return joined


def _bucketed(points: Floats, bucket_us: int) -> Floats:
    """The extremes of the points in each bucket."""
    if not points.shape[1]:
        return points
    numbers = points[0].astype(np.int64) // bucket_us
    firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    half = 1 + len(MEASURES)
    return np.vstack(
        [
            points[0, firsts],
            np.fmin.reduceat(points[1:half], firsts, axis=1),
            np.fmax.reduceat(points[half:], firsts, axis=1),
        ]
    )


def _array(values: Floats) -> array[float]:
    return array("d", np.ascontiguousarray(values).tobytes())


def _own_memory_percent(row: Row) -> float:
    own, total = row[2:4]
    return own / total * 100 if isinstance(own, int) and isinstance(total, int) and total else np.nan
