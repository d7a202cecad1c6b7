"""Reads a span of the record as stretches: an hour, part of one, or a day, each summed up with its histograms."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aios_gui.history.analysis.tallies import Ints, Tally, decoded, of_values
from aios_gui.history.analysis.unpacking import beats_of_page, envelopes
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.record.model.envelope import MEASURES, SUMS
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.sealed import MINUTE_US, Sealed, SealedDay, SealedHours, without_hours
from aios_gui.record.store.sealing import DAY_HOURS
from aios_gui.record.store.series import Row, open_beats

DAY_US = DAY_HOURS * HOUR_US
DURATION, LATENESS, CPU, MEMORY = range(len(MEASURES))
"""Rows of a measure's columns."""
SCALES = (1.0, 1.0, 0.01, 0.01)
"""From the columns of the record to nanoseconds and percent, in the order of ``MEASURES``."""
KNOWN, LEAST, MOST, TOTAL = range(4)
"""Of each measure: how many beats know it, the least, the most, and the sum; 0 where none knows it."""
_SUMS = 4
_Sums = NDArray[np.int64]
_NONE = np.zeros(0, np.int64)
_NO_BEATS = np.zeros((len(MEASURES) + 2, 0), np.int64)
_NO_SUMS = np.zeros((_SUMS, len(MEASURES), 0), np.int64)


class Stretches(NamedTuple):
    """Stretches of a span, each with at least one beat, by time. A time may be there twice.

    ``start_us`` is where it begins, ``hours`` 1 for a whole hour of UTC, 24 for a day of UTC, 0 for part of an hour.
    ``sums`` has a table for each of ``KNOWN``, ``LEAST``, ``MOST`` and ``TOTAL``, in which each of ``MEASURES`` has a
    row, in the units of the record. The groups of ``duration`` and ``lateness`` are the stretches by their place.
    ``fine`` has the sums of the minutes of hours, or of the hours of days, where that was asked for; each begins at
    ``fine_us``.
    """

    start_us: Ints
    hours: Ints
    beats: Ints
    missed: Ints
    sums: Ints
    fine_us: Ints
    fine: Ints
    duration: Tally
    lateness: Tally

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.start_us)


def read_stretches(
    connection: sqlite3.Connection,
    sealed: SealedHours | None,
    start_us: int,
    end_us: int,
    cuts: Sequence[int] = (),
    by_day: bool = False,
    by_minute: bool = False,
    only_times: bool = False,
) -> Stretches:
    """The beats from ``start_us`` to before ``end_us``; no stretch goes over one of ``cuts`` (µs, in order).

    Hours are whole where they lie within, else their beats are read. With ``by_day`` whole days are one stretch, with
    their hours as ``fine``; else only days of which hours are no longer kept. With ``by_minute`` hours have their
    minutes as ``fine``. With ``only_times`` there may be no sums. sqlite3.Error as it comes.
    """
    parts = [_of_beats(_open_beats(connection, start_us, end_us), cuts)]
    if sealed is not None:
        days = _days(sealed, start_us, end_us, by_day)
        whole, cut = _hours(sealed, start_us, end_us, cuts, [day for day, *_times in days])
        parts += [_of_hours(sealed, whole, by_minute, only_times), _of_days(sealed, days, only_times)]
        beats = [_beats_of_hour(sealed, hour, start_us, end_us) for hour in cut]
        parts.append(_of_beats(np.hstack(beats) if beats else _NO_BEATS, cuts))
    return _joined([each for each in parts if each.size])


def beats_of(
    connection: sqlite3.Connection, sealed: SealedHours | None, start_us: int, end_us: int
) -> NDArray[np.int64]:
    """The beats of a span, as a column each of the time (µs), the measures, and how many were missed."""
    hours = [] if sealed is None else sealed.hours(start_us, end_us)
    parts = [_beats_of_hour(sealed, each.hour, start_us, end_us) for each in hours if sealed is not None]
    return np.hstack([*parts, _open_beats(connection, start_us, end_us)])


def beats_by_hour(
    connection: sqlite3.Connection, sealed: SealedHours | None, start_us: int, end_us: int
) -> Iterator[NDArray[np.int64]]:
    """The same, an hour of UTC at a time: a day of ten beats a second would take 120 MB at once."""
    bounds_us = [start_us, *range((start_us // HOUR_US + 1) * HOUR_US, end_us, HOUR_US), end_us]
    return (beats_of(connection, sealed, *each) for each in pairwise(bounds_us))


def _beats_of_hour(sealed: SealedHours, hour: int, start_us: int, end_us: int) -> NDArray[np.int64]:
    found = beats_of_page(sealed, hour, *MEASURES, "missed")
    if found is None:
        return _NO_BEATS
    is_within = (found[0] >= start_us) & (found[0] < end_us)
    return found if is_within.all() else np.compress(is_within, found, axis=1)


def _open_beats(connection: sqlite3.Connection, start_us: int, end_us: int) -> NDArray[np.int64]:
    """What still stands in rows. What is no whole number, as another program may have written it, is not known."""
    return np.hstack([_NO_BEATS, *map(_of_rows, open_beats(connection, start_us, end_us, "missed"))])


def _of_rows(found: list[Row]) -> NDArray[np.int64]:
    try:
        rows = np.array(found, np.int64)
    except (TypeError, ValueError, OverflowError):
        rows = np.array(
            [[each if isinstance(each, int) else UNKNOWN for each in row] for row in found], np.int64
        )
    return rows.reshape(-1, len(MEASURES) + 2).T


def _days(
    sealed: SealedHours, start_us: int, end_us: int, by_day: bool
) -> list[tuple[SealedDay, bytes, bytes]]:
    """The days that are taken as a whole."""
    if by_day:
        return [
            each for each in sealed.days_with_times(start_us, end_us) if each[0].is_within(start_us, end_us)
        ]
    known: dict[int, int] = {}
    for hour in sealed.hour_numbers(start_us, end_us):
        known[hour // DAY_HOURS] = known.get(hour // DAY_HOURS, 0) | 1 << hour % DAY_HOURS
    gone = [
        day
        for day in sealed.days(start_us, end_us)
        if day.is_within(start_us, end_us) and day.hours & ~known.get(day.day, 0)
    ]
    return [
        each
        for day in gone
        for each in sealed.days_with_times(day.day * DAY_US, (day.day + 1) * DAY_US)
        if each[0].day == day.day
    ]


def _hours(
    sealed: SealedHours, start_us: int, end_us: int, cuts: Sequence[int], taken: list[SealedDay]
) -> tuple[list[tuple[Sealed, bytes, bytes]], list[int]]:
    """The hours that are whole, and the numbers of those whose beats are to be read."""
    whole, cut = [], []
    for hour, duration, lateness in _without_days(sealed, start_us, end_us, taken):
        is_cut = bisect_right(cuts, hour.first_us) != bisect_right(cuts, hour.last_us)
        if is_cut or not hour.is_within(start_us, end_us):
            cut.append(hour.hour)
        else:
            whole.append((hour, duration, lateness))
    return whole, cut


def _without_days(
    sealed: SealedHours, start_us: int, end_us: int, taken: list[SealedDay]
) -> Iterator[tuple[Sealed, bytes, bytes]]:
    """The hours that are in none of the days that are taken as a whole, which are the fewest where there are any."""
    hours = [number for day in taken for number in day.hour_numbers()]
    for part in without_hours(start_us, end_us, hours):
        yield from sealed.hours_with_times(*part)


def _of_hours(
    sealed: SealedHours, hours: list[tuple[Sealed, bytes, bytes]], by_minute: bool, only_times: bool
) -> Stretches:
    numbers = [hour.hour for hour, *_times in hours]
    starts = [number * HOUR_US for number in numbers]
    if only_times:
        return _sealed_stretches(sealed, hours, [_merged(None)] * len(hours), starts, [], 1)
    days: dict[int, _Sums] = {}
    if not by_minute:
        days = envelopes(sealed, "day", sorted({number // DAY_HOURS for number in numbers}), SUMS)
    of_days: dict[int, _Sums] = {}
    for number in numbers:
        day, slot = divmod(number, DAY_HOURS)
        if day in days and days[day][0, slot]:
            of_days[number] = days[day][1:, slot]
    of_hours = envelopes(sealed, "page", [number for number in numbers if number not in of_days], SUMS)
    sums = [of_days[number] if number in of_days else _merged(of_hours.get(number)) for number in numbers]
    fine = [(number * HOUR_US, each) for number, each in of_hours.items()] if by_minute else []
    return _sealed_stretches(sealed, hours, sums, starts, fine, 1)


def _of_days(sealed: SealedHours, days: list[tuple[SealedDay, bytes, bytes]], only_times: bool) -> Stretches:
    numbers = [day.day for day, *_times in days]
    known = {} if only_times else envelopes(sealed, "day", numbers, SUMS)
    sums, fine = (
        [_merged(known.get(day)) for day in numbers],
        [(day * DAY_US, each) for day, each in known.items()],
    )
    return _sealed_stretches(sealed, days, sums, [day * DAY_US for day in numbers], fine, DAY_HOURS)


def _sealed_stretches(
    sealed: SealedHours,
    found: Sequence[tuple[Sealed | SealedDay, bytes, bytes]],
    sums: list[_Sums],
    starts: list[int],
    fine: list[tuple[int, _Sums]],
    hours: int,
) -> Stretches:
    tallies = []
    for times in ([each[1] for each in found], [each[2] for each in found]):
        tally, faults = decoded(times)
        for at, error in faults.items():
            sealed.damaged("page" if hours == 1 else "day", starts[at] // (hours * HOUR_US), error)
        tallies.append(tally)
    slots = [(begin_us, each, np.flatnonzero(each[0])) for begin_us, each in fine]
    slot_us = MINUTE_US if hours == 1 else HOUR_US
    return Stretches(
        np.array(starts, np.int64),
        np.full(len(found), hours),
        np.array([each[0].beats for each in found], np.int64),
        np.array([each[0].missed for each in found], np.int64),
        _by_sum(np.array(sums, np.int64).reshape(len(found), len(MEASURES) * _SUMS).T),
        np.concatenate([_NONE, *(begin_us + places * slot_us for begin_us, _each, places in slots)]),
        np.concatenate([_NO_SUMS, *(_by_sum(each[1:, places]) for _begin_us, each, places in slots)], axis=2),
        tallies[0],
        tallies[1],
    )


def _by_sum(columns: _Sums) -> _Sums:
    """From the measures' columns, one after the other, to what ``Stretches`` has."""
    return columns.reshape(len(MEASURES), _SUMS, -1).transpose(1, 0, 2)


def _merged(sums: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """What all slots add up to, of each measure; nothing is known where there are none."""
    merged = np.zeros((len(MEASURES), _SUMS), np.int64)
    if sums is not None:
        known, least, most, total = _by_sum(sums[1:])
        is_known = known > 0
        merged[:, 0], merged[:, 3] = known.sum(1), total.sum(1)
        merged[:, 1] = np.where(is_known, least, np.iinfo(np.int64).max).min(1)
        merged[:, 2] = np.where(is_known, most, 0).max(1)
        merged[merged[:, 0] == 0, 1] = 0
    return merged.reshape(-1)


def summed(groups: Ints, figures: Ints, count: int) -> Ints:
    """What figures add up to in each of ``count`` groups; at most 2**62, since a row may hold any number."""
    return np.clip(np.bincount(groups, figures, count), -(2.0**62), 2.0**62).astype(np.int64)


def _of_beats(found: NDArray[np.int64], cuts: Sequence[int]) -> Stretches:
    """Beats as columns: the time (µs), the measures, and how many were missed."""
    if (np.diff(found[0]) < 0).any():
        found = found[:, np.argsort(found[0], kind="stable")]
    at_us, values, missed = found[0], found[1:-1], found[-1]
    hours = np.arange(at_us[0] // HOUR_US, at_us[-1] // HOUR_US + 1) if len(at_us) else _NONE
    bounds = np.union1d(np.array(cuts, np.int64), hours * HOUR_US)
    firsts = np.searchsorted(at_us, bounds)
    lengths = np.diff(firsts, append=len(at_us))
    bounds, firsts, lengths = (each[lengths > 0] for each in (bounds, firsts, lengths))
    count = len(firsts)
    group = np.repeat(np.arange(count), lengths)
    is_known = values != UNKNOWN
    filled, upwards = values, values
    if not is_known.all():
        filled, upwards = np.where(is_known, values, 0), np.where(is_known, values, np.iinfo(np.int64).max)

    def reduced(how: np.ufunc, filled: NDArray[np.int64]) -> NDArray[np.int64]:
        return how.reduceat(filled, firsts, axis=1) if count else np.zeros((len(values), 0), np.int64)

    known = reduced(np.add, is_known.astype(np.int64))
    least = reduced(np.minimum, upwards)
    return Stretches(
        bounds,
        np.zeros(count, np.int64),
        lengths,
        summed(group, missed, count),
        np.array(
            [
                known,
                np.where(known > 0, least, 0),
                reduced(np.maximum, filled),
                reduced(np.add, filled),
            ]
        ),
        _NONE,
        _NO_SUMS,
        of_values(group, values[DURATION], count),
        of_values(group, values[LATENESS], count),
    )


def _joined(parts: list[Stretches]) -> Stretches:
    if not parts:
        return _of_beats(_NO_BEATS, ())
    if len(parts) == 1:
        return parts[0]
    # In the order of time there is hardly anything to sort.
    parts = sorted(parts, key=lambda each: int(each.start_us[0]))
    starts = np.concatenate([each.start_us for each in parts])
    order = np.argsort(starts, kind="stable")

    def column(name: str) -> Ints:
        found: Ints = np.concatenate([getattr(each, name) for each in parts], axis=-1)
        return found

    def tally(name: str) -> Tally:
        found: list[Tally] = [getattr(each, name) for each in parts]
        lengths = np.concatenate(
            [np.diff(each.bounds(part.size)) for each, part in zip(found, parts, strict=True)]
        )
        return Tally.joined(found).reordered(lengths, order)

    return Stretches(
        starts[order],
        column("hours")[order],
        column("beats")[order],
        column("missed")[order],
        column("sums")[..., order],
        column("fine_us"),
        column("fine"),
        tally("duration"),
        tally("lateness"),
    )
