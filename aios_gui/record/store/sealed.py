"""Reads the sealed hours of a record: what stands in the row of a page or a day, and the beats of a page."""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import starmap
from typing import Any, NamedTuple, TypeVar

from aios_gui.record.model.columns import UNKNOWN, PackedError
from aios_gui.record.model.envelope import Envelope
from aios_gui.record.model.histogram import HistogramError
from aios_gui.record.model.page import HOUR_US, BeatColumns, Page, Row
from aios_gui.record.part import PARTS, part_id
from aios_gui.record.store.context_part import CONTEXT_NAMES, CONTEXT_PART, context_rows
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.sealing import DAY_HOURS, HOUR_MINUTES, SUMMARY_COLUMNS, Summary, summary_of

MINUTE_US = HOUR_US // HOUR_MINUTES
_DAY_US = DAY_HOURS * HOUR_US
_TIMES = "duration", "lateness"
SLOTS = {"page": HOUR_MINUTES, "day": DAY_HOURS}
"""Of the envelopes in a table."""
_KEYS = {"page": "hour", "day": "day", "page_part": "id"}
LATEST_US = (2**63 - 1) // 1000
"""The last moment that can be told in ns, in 2262."""
_UNPACKED = 2
"""Pages that are kept unpacked, for those whose beats were made before and after others."""
T = TypeVar("T")


class Sealed(NamedTuple):
    """What the row of a page says of its hour, which is counted since 1970 in UTC.

    ``first_session`` and ``first_seq`` are of the beat that was made first; ``first_us`` and ``last_us`` are of the
    earliest and the latest by the wall clock.
    """

    hour: int
    beats: int
    missed: int
    first_us: int
    last_us: int
    first_session: int
    first_seq: int

    def is_within(self, start_us: int, end_us: int) -> bool:
        """Whether all its beats lie in a span."""
        return _lies_within(self, start_us, end_us)


class SealedDay(NamedTuple):
    """What the row of a day says; the day is counted since 1970 in UTC. ``hours`` has a bit for each that is in it."""

    day: int
    hours: int
    beats: int
    missed: int
    first_us: int
    last_us: int

    def is_within(self, start_us: int, end_us: int) -> bool:
        """Whether all its beats lie in a span."""
        return _lies_within(self, start_us, end_us)

    def hour_numbers(self) -> list[int]:
        """The hours that are in it, counted since 1970."""
        return [self.day * DAY_HOURS + slot for slot in range(DAY_HOURS) if self.hours >> slot & 1]


class SealedHours:
    """The sealed hours as one connection sees them. A damaged page is told to ``pass_over`` and has nothing.

    sqlite3.Error as it comes. Use it within one transaction, so that no hour is sealed between two questions.
    """

    def __init__(self, connection: sqlite3.Connection, pass_over: Callable[[StoreError], object]) -> None:
        self._connection = connection
        self._pass_over = pass_over

    def span(self) -> tuple[int, int] | None:
        """The earliest and the latest beat, µs, also those of which only the day is kept."""
        found = [
            self._connection.execute(
                f"SELECT {edge}_us FROM {table} ORDER BY {_KEYS[table]} {way} LIMIT 1"
            ).fetchone()
            for table in ("page", "day")
            for edge, way in (("first", ""), ("last", "DESC"))
        ]
        # By damage it may be anything, and a mark is made for each day up to there.
        known = [
            row[0]
            for row in found
            if row is not None and isinstance(row[0], int) and 0 <= row[0] <= LATEST_US
        ]
        return (min(known), max(known)) if known else None

    def hours(self, start_us: int, end_us: int) -> list[Sealed]:
        """The hours that have beats from ``start_us`` to before ``end_us``, or may have, in the order of time."""
        return list(starmap(Sealed, self._touching("page", Sealed._fields, start_us, end_us)))

    def hours_with_times(self, start_us: int, end_us: int) -> Iterator[tuple[Sealed, bytes, bytes]]:
        """The same, each with its encoded histograms of duration and lateness."""
        for row in self._touching("page", (*Sealed._fields, *_TIMES), start_us, end_us):
            yield Sealed(*row[:-2]), row[-2], row[-1]

    def hour_numbers(self, start_us: int, end_us: int) -> list[int]:
        """The hours that have a page and lie in a span or touch it."""
        span = start_us // HOUR_US, (end_us - 1) // HOUR_US
        found = self._connection.execute(
            "SELECT hour FROM page WHERE hour >= ? AND hour <= ? ORDER BY hour", span
        )
        return [row[0] for row in found]

    def most_beats(self, start_us: int, end_us: int, enough: int) -> int:
        """How many sealed beats there are at most, by the hours that lie in a span or touch it; or above ``enough``."""
        # Each of them has a beat at least, so that this many hours tell.
        span = start_us // HOUR_US, (end_us - 1) // HOUR_US, enough + 1
        query = (
            "SELECT total(beats) FILTER (WHERE typeof(beats) = 'integer') "
            "FROM (SELECT beats FROM page WHERE hour >= ? AND hour <= ? LIMIT ?)"
        )
        return int(self._connection.execute(query, span).fetchone()[0])

    def days(self, start_us: int, end_us: int) -> list[SealedDay]:
        """The days that have beats from ``start_us`` to before ``end_us``, or may have, in the order of time."""
        return list(starmap(SealedDay, self._touching("day", SealedDay._fields, start_us, end_us)))

    def days_with_times(self, start_us: int, end_us: int) -> Iterator[tuple[SealedDay, bytes, bytes]]:
        """The same, each with its encoded histograms of duration and lateness."""
        for row in self._touching("day", (*SealedDay._fields, *_TIMES), start_us, end_us):
            yield SealedDay(*row[:-2]), row[-2], row[-1]

    def _touching(
        self, table: str, columns: Sequence[str], start_us: int, end_us: int
    ) -> Iterator[tuple[Any, ...]]:
        key, unit_us = _KEYS[table], HOUR_US if table == "page" else _DAY_US
        found = self._connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} "
            f"WHERE {key} >= ? AND {key} <= ? AND last_us >= ? AND first_us < ? ORDER BY {key}",
            (start_us // unit_us, (end_us - 1) // unit_us, start_us, end_us),
        )
        numbers = len({*columns} - {*_TIMES})
        for row in found:
            if all(isinstance(each, int) for each in row[:numbers]):
                yield row
            else:
                self.damaged(table, row[0], TypeError("a column that is to hold whole numbers does not"))

    def columns(self, hour: int, *names: str) -> tuple[array[int], ...] | None:
        """Columns of the beats of a page, in the order in which they were made."""
        return self.unpacked(hour, lambda page: tuple(map(page.column, names)))

    def unpacked(self, hour: int, unpack: Callable[[Page], T]) -> T | None:
        """What is unpacked of the beats of a page."""
        row = self._row("packed", "page", hour)
        if row is None:
            return None
        try:
            return unpack(Page(row[0]))
        except (PackedError, TypeError) as error:
            self.damaged("page", hour, error)
            return None

    def envelope(self, hour: int) -> Envelope | None:
        """The beats of a page by the minute, with their sums."""
        for _hour, packed in self.packed_envelopes("page", (hour,)):
            try:
                return Envelope.unpack(packed, HOUR_MINUTES)
            except (PackedError, TypeError) as error:
                self.damaged("page", hour, error)
        return None

    def packed_envelopes(self, table: str, numbers: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """The beats of pages by the minute, or of days by the hour, as they are packed, with the numbers of these."""
        for number in numbers:
            if (row := self._row("envelope", table, number)) is not None:
                yield number, row[0]

    def summary(self, hour: int) -> Summary | None:
        """All that is known of a page without its beats."""
        return self._summary("page", hour)

    def summary_of_day(self, day: int) -> Summary | None:
        """All that is known of a day without its beats."""
        return self._summary("day", day)

    def _summary(self, table: str, number: int) -> Summary | None:
        row = self._row(SUMMARY_COLUMNS, table, number)
        try:
            return None if row is None else summary_of(row, SLOTS[table])
        except (PackedError, HistogramError) as error:
            self.damaged(table, number, error)
            return None

    def _row(self, columns: str, table: str, number: int) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT {columns} FROM {table} WHERE {_KEYS[table]} = ?", (number,)
        ).fetchone()
        return found

    def damaged(self, table: str, number: int, error: Exception) -> None:
        """Tell that a page or a day cannot be read."""
        self._pass_over(StoreError(f"{table} {number} cannot be read: {str(error)[:200]}"))

    def contexts(
        self, start_us: int, end_us: int, names: Sequence[str] = CONTEXT_NAMES, most_hours: int = 0
    ) -> Iterator[Row]:
        """Columns of sealed context samples, by time; those of about ``most_hours`` where there are far more."""
        span = part_id(start_us // HOUR_US, 0), part_id((end_us - 1) // HOUR_US + 1, 0)
        query = f"SELECT id FROM page_part WHERE id >= ? AND id < ? AND id % {PARTS} = {CONTEXT_PART}"
        numbers = [row[0] for row in self._connection.execute(query, span)]
        for number in numbers[:: max(1, len(numbers) // most_hours)] if most_hours else numbers:
            row = self._row("packed", "page_part", number)
            try:
                found = context_rows(row[0], names) if row is not None else []
            except (PackedError, TypeError) as error:
                self.damaged("page_part", number, error)
                continue
            yield from (each for each in found if each[0] is not None and start_us <= each[0] < end_us)

    def parts(self, part: int, first: int, end: int) -> Iterator[tuple[int, bytes]]:
        """The parts of this number of the pages of hours from ``first`` to before ``end``, as they are packed."""
        query = f"SELECT id / {PARTS}, packed FROM page_part WHERE id >= ? AND id < ? AND id % {PARTS} = ?"
        return iter(self._connection.execute(query, (part_id(first, 0), part_id(end, 0), part)))

    # Beats

    def count(self, start_us: int, end_us: int) -> int:
        """How many sealed beats there are from ``start_us`` to before ``end_us``."""
        total = 0
        for each in self.hours(start_us, end_us):
            if each.is_within(start_us, end_us):
                total += each.beats
            elif (columns := self.columns(each.hour, "at_us")) is not None:
                total += sum(1 for at_us in columns[0] if start_us <= at_us < end_us)
        return total

    def column(self, name: str, start_us: int, end_us: int) -> Iterator[tuple[int, int, int]]:
        """Time (µs), beats missed and one column, where it is known, by time."""
        for each in self.hours(start_us, end_us):
            columns = self.columns(each.hour, "at_us", "missed", name)
            if columns is None:
                continue
            found = [row for row in zip(*columns, strict=True) if row[2] != UNKNOWN]
            if not each.is_within(start_us, end_us):
                found = [row for row in found if start_us <= row[0] < end_us]
            found.sort()
            yield from found

    def in_order(self, start_us: int, end_us: int, rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
        """The rows of the beats of a span, sealed and open ones, in the order in which they were made.

        ``rows`` has the open ones in that order.
        """
        for part in self.parts_in_order(start_us, end_us, rows):
            if isinstance(part, BeatColumns):
                yield from part.rows()
            else:
                yield part

    def parts_in_order(
        self, start_us: int, end_us: int, rows: Iterator[tuple[Any, ...]]
    ) -> Iterator[BeatColumns | Row]:
        """As ``in_order``, with the sealed beats that follow each other together.
        A page is unpacked when its first beat is next; where the clock was
        set back, what was made later of it waits, packed again, until it is next.
        """
        waiting = [
            (each.first_session, each.first_seq, each.hour, 0) for each in self.hours(start_us, end_us)
        ]
        heapify(waiting)
        # Here and not in an attribute: that would be a cycle, and hold all of this until a collection.
        all_columns = lru_cache(_UNPACKED)(lambda hour: self.columns(hour, *BeatColumns._fields))
        row = next(rows, None)
        while waiting:
            if row is not None and row[1:3] < waiting[0][:2]:
                yield row
                row = next(rows, None)
                continue
            *_key, hour, start = heappop(waiting)
            columns = all_columns(hour)
            if columns is None:
                continue
            beats = BeatColumns(*columns)
            end = _end_before(beats, start, [each[:2] for each in waiting[:1]] + ([row[1:3]] if row else []))
            part = beats.part(start, end)
            if start_us <= min(part.at_us) and max(part.at_us) < end_us:
                yield part
            else:
                yield part.at(place for place, at_us in enumerate(part.at_us) if start_us <= at_us < end_us)
            if end < beats.length:
                heappush(waiting, (beats.session[end], beats.seq[end], hour, end))
        if row is not None:
            yield row
        yield from rows


def without_hours(start_us: int, end_us: int, hours: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The parts of a span that lie in none of some hours, which are in order, counted since 1970."""
    for hour in hours:
        until_us = min(hour * HOUR_US, end_us)
        if start_us < until_us:
            yield start_us, until_us
        start_us = max(start_us, (hour + 1) * HOUR_US)
    if start_us < end_us:
        yield start_us, end_us


def _lies_within(row: Sealed | SealedDay, start_us: int, end_us: int) -> bool:
    return start_us <= row.first_us and row.last_us < end_us


def _end_before(beats: BeatColumns, start: int, others: list[tuple[int, int]]) -> int:
    """Up to which beat they come before all others; one at least, whatever a damaged page says."""
    if not others:
        return beats.length
    places = range(beats.length)
    end = bisect_left(
        places, min(others), lo=start, key=lambda place: (beats.session[place], beats.seq[place])
    )
    return max(start + 1, end)
