"""Seals hours of the record: the rows of an hour that is over become its page, in small steps.

Nothing but the transaction at the end of an hour changes the record, and it does all or nothing: a beat is a row or in
its page, never both or neither.
"""

from __future__ import annotations

import logging
import sqlite3
from array import array
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aios_gui.record.model.columns import PackedError, finish
from aios_gui.record.model.envelope import Envelope, open_envelope
from aios_gui.record.model.histogram import Histogram, HistogramError, body_of
from aios_gui.record.model.page import HOUR_US, BeatColumns, Page, Row, no_beats, ordering, packing_beats
from aios_gui.record.part import Seal, part_id
from aios_gui.record.store import rows
from aios_gui.record.store.opening import transaction

log = logging.getLogger(__name__)
OPEN_HOURS = 2
"""This many hours that are over stay rows, for what looks at the last hour beat by beat."""
DAY_HOURS = 24
HOUR_MINUTES = 60
_MINUTE_US = HOUR_US // HOUR_MINUTES
_ROWS_AT_ONCE = 250
BEATS_AT_ONCE = 4_000
"""In one transaction, so that it takes some milliseconds and little memory, which Python keeps.

An hour of one beat a second is one piece; one of more becomes its page piece by piece.
"""
_TIMES = ("duration_ns", "lateness_ns")
_ROUNDED = {"start_offset_ns", "unrehearsed_ns"}
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1
"""What a column can hold."""
SUMMARY_COLUMNS = "beats, missed, first_us, last_us, envelope, duration, lateness"
"""Of a page and of a day, in the order of a ``Summary``."""
_PAGE_COLUMNS = f"hour, first_session, first_seq, last_session, packed, {SUMMARY_COLUMNS}"
_DAY_COLUMNS = f"day, hours, {SUMMARY_COLUMNS}"
_READ = (
    f"SELECT {rows.BEAT_COLUMNS} FROM beat WHERE at_us > ? AND at_us < ? ORDER BY at_us LIMIT {_ROWS_AT_ONCE}"
)
_REMOVE = "DELETE FROM beat WHERE at_us >= ? AND at_us <= ?"
_WHOLE_PAGE = f"SELECT {_PAGE_COLUMNS} FROM page WHERE hour = ?"
_PAGE = f"SELECT first_session, first_seq, packed, {SUMMARY_COLUMNS} FROM page WHERE hour = ?"
_PUT_PAGE = f"INSERT OR REPLACE INTO page ({_PAGE_COLUMNS}) VALUES ({rows.places_of(_PAGE_COLUMNS)})"
_DAY = f"SELECT hours, {SUMMARY_COLUMNS} FROM day WHERE day = ?"
_PAGES_OF_DAY = f"SELECT hour, {SUMMARY_COLUMNS} FROM page WHERE hour >= ? AND hour < ?"
_PUT_DAY = f"INSERT OR REPLACE INTO day ({_DAY_COLUMNS}) VALUES ({rows.places_of(_DAY_COLUMNS)})"
_DAYS = f"SELECT DISTINCT hour / {DAY_HOURS} FROM page"
PUT_PART = "INSERT OR REPLACE INTO page_part (id, packed) VALUES (?,?)"


class NotSealed(Exception):
    """An hour stays as it is for now; the message says why."""


class Summary(NamedTuple):
    """What the beats of an hour or a day add up to: all that is known of them without the beats themselves."""

    beats: int
    missed: int
    first_us: int
    last_us: int
    envelope: Envelope
    duration: Histogram
    lateness: Histogram

    def plus(self, other: Summary, into: int | None = None) -> Summary:
        """Together with another one, which goes slot by slot, or all of it ``into`` one slot."""
        for mine, more in ((self.duration, other.duration), (self.lateness, other.lateness)):
            mine.merge(more)
        self.envelope.merge(other.envelope, into)
        return self._replace(
            beats=_bounded(self.beats + other.beats),
            missed=_bounded(self.missed + other.missed),
            first_us=min(self.first_us, other.first_us),
            last_us=max(self.last_us, other.last_us),
        )

    def row(self) -> tuple[int | bytes, ...]:
        """The values of ``SUMMARY_COLUMNS``."""
        return *self[:4], self.envelope.pack(), self.duration.encode(), self.lateness.encode()


class WholePage(NamedTuple):
    """The row of a page."""

    hour: int
    first_session: int
    first_seq: int
    last_session: int
    packed: bytes
    beats: int
    missed: int
    first_us: int
    last_us: int
    envelope: bytes
    duration: bytes
    lateness: bytes


def summary_of(row: Sequence[Any], slots: int) -> Summary:
    """What the values of ``SUMMARY_COLUMNS`` tell; PackedError or HistogramError where they are damaged."""
    beats, missed, first_us, last_us, envelope, duration, lateness = row
    try:
        times = Histogram.decode(duration), Histogram.decode(lateness)
        return Summary(beats, missed, first_us, last_us, Envelope.unpack(envelope, slots), *times)
    except TypeError as error:
        raise PackedError(str(error)) from error


def nothing(slots: int) -> Summary:
    """The sum of no beats."""
    return Summary(0, 0, _HIGHEST, 0, Envelope(slots), Histogram(), Histogram())


def summing(beats: BeatColumns, hour: int) -> Generator[None, None, Summary]:
    """The sum of beats of an hour, in steps."""
    summary = nothing(HOUR_MINUTES)
    yield from summary.envelope.adding(beats, hour * HOUR_US, _MINUTE_US)
    for part in beats.parts():
        summary.duration.add(part.duration_ns)
        yield
        summary.lateness.add(part.lateness_ns)
        yield
    missed = _bounded(sum(summary.envelope.counts.missed))
    return summary._replace(
        beats=beats.length, missed=missed, first_us=min(beats.at_us), last_us=max(beats.at_us)
    )


def _bounded(number: int) -> int:
    return max(_LOWEST, min(number, _HIGHEST))


def sealing(
    connection: sqlite3.Connection, parts: Mapping[int, Seal], newest_us: int, left_out: set[int]
) -> Iterator[None]:
    """Seal all hours that ended two hours before ``newest_us``, the oldest first, in steps of a millisecond or two.

    Between two steps anything else may be done with the connection. sqlite3.Error as it comes; then, or if it is not
    gone on with, nothing of the hour that it was at has changed. Hours that can never be sealed are put into
    ``left_out``, and are passed over from then on.
    """
    hour, until = -1, newest_us // HOUR_US - OPEN_HOURS
    while (found := oldest_hour(connection, parts, hour + 1)) is not None and found < until:
        hour = found
        yield
        if hour in left_out:
            continue
        try:
            while (yield from _sealing_beats(connection, hour)):
                yield
            for number, seal in parts.items():
                _seal_part(connection, hour, number, seal)
                yield
        except NotSealed as error:
            log.info("hour %d is not sealed for now: %s", hour, error)
        except sqlite3.Error:
            raise
        except Exception:
            left_out.add(hour)
            log.exception("hour %d cannot be sealed", hour)


def oldest_hour(connection: sqlite3.Connection, parts: Mapping[int, Seal], since: int = 0) -> int | None:
    """The oldest hour from ``since`` on that has rows which are to be sealed."""
    tables = [("beat", "at_us"), *(pair for seal in parts.values() for pair in seal.tables.items())]
    oldest = (
        connection.execute(
            f"SELECT min({column}) FROM {table} WHERE {column} >= ?", (since * HOUR_US,)
        ).fetchone()[0]
        for table, column in tables
    )
    return min((each // HOUR_US for each in oldest if isinstance(each, int)), default=None)


def _sealing_beats(connection: sqlite3.Connection, hour: int) -> Generator[None, None, bool]:
    """Seal beats of an hour, as many as a transaction takes; whether there are more."""
    begin_us = hour * HOUR_US
    beats, read, last_us = yield from _reading(connection, begin_us)
    if not read:
        return False
    if not beats.are_in_order():
        beats = yield from ordering(beats)
    statements = (yield from _page_with(connection, hour, beats)) if beats.length else []
    with transaction(connection):
        for statement, values in statements:
            connection.execute(statement, values)
        if connection.execute(_REMOVE, (begin_us, last_us)).rowcount != read:
            raise NotSealed("beats of it came meanwhile")
    return read >= BEATS_AT_ONCE


def _reading(
    connection: sqlite3.Connection, begin_us: int
) -> Generator[None, None, tuple[BeatColumns, int, int]]:
    """The first beats of an hour, as many as a transaction takes; of how many rows, and when the last one was."""
    beats, read, last_us = no_beats(), 0, begin_us - 1
    end_us = begin_us + HOUR_US
    while read < BEATS_AT_ONCE and (found := connection.execute(_READ, (last_us, end_us)).fetchall()):
        last_us = found[-1][0]
        read += len(found)
        _take(beats, found, begin_us // HOUR_US)
        yield
    return beats, read, last_us


def _take(beats: BeatColumns, found: list[Row], hour: int) -> None:
    """Take in rows; those that are none of a beat are left out, as they are wherever rows are read.

    Times are kept to 10 ns, which is less than it takes to read a clock, and a tenth of a page.
    """
    start = beats.length
    try:
        beats.extend(found)
    except (TypeError, OverflowError):
        odd: list[Row] = []
        for row in found:
            try:
                beats.extend([row])
            except (TypeError, OverflowError):
                odd.append(row)
        log.warning("%d rows of hour %d hold what no beat has, and are left out: %.200r", len(odd), hour, odd)
    _round_times(beats, start)


def _round_times(beats: BeatColumns, start: int) -> None:
    for column in (beats.duration_ns, beats.lateness_ns):
        column[start:] = array("q", map(kept_time_ns, column[start:]))


def kept_time_ns(time_ns: int) -> int:
    """A duration or lateness as a page has it."""
    return min(time_ns + 5, _HIGHEST) // 10 * 10 if time_ns > 0 else time_ns


def _page_with(
    connection: sqlite3.Connection, hour: int, beats: BeatColumns
) -> Generator[None, None, list[tuple[str, tuple[Any, ...]]]]:
    """The statements that put beats, which are in order, into the page of their hour and into its day."""
    first_made, last_made, before, summary = beats.made(0), beats.made(-1), b"", nothing(HOUR_MINUTES)
    whole = beats
    if (earlier := _earlier(connection, hour)) is not None:
        made, before, last_before, summary = earlier
        first_made, last_made = min(first_made, made), max(last_made, last_before)
        yield
        if summary.last_us >= min(beats.at_us) or last_before >= beats.made(0):
            whole = yield from _unpacking(Page(before))
            before, beats = b"", _without(beats, whole)
            whole.add(beats)
            whole = yield from ordering(whole)
    if not beats.length:
        return []
    packed = yield from packing_beats(whole)
    yield from _checking(packed, whole)
    new = yield from summing(beats, hour)
    values = summary.plus(new).row()
    yield
    day = _day_of(connection, hour // DAY_HOURS)
    yield
    hours = day[0] | 1 << hour % DAY_HOURS
    sums = day[1].plus(new, hour % DAY_HOURS).row()
    return [
        (_PUT_PAGE, (hour, *first_made, last_made[0], before + packed, *values)),
        (_PUT_DAY, (hour // DAY_HOURS, hours, *sums)),
    ]


def _earlier(
    connection: sqlite3.Connection, hour: int
) -> tuple[tuple[int, int], bytes, tuple[int, int], Summary] | None:
    """What an hour has for a page: its first beat by session and number, what is packed, the last one, the sum."""
    row = connection.execute(_PAGE, (hour,)).fetchone()
    if row is None:
        return None
    session, seq, packed, *values = row
    try:
        return (session, seq), packed, Page(packed).last_made(), summary_of(values, HOUR_MINUTES)
    except (PackedError, HistogramError) as error:
        log.error("the page of hour %d is damaged (%s): the beats in it are lost", hour, error)
        return None


def _unpacking(page: Page) -> Generator[None, None, BeatColumns]:
    columns = []
    for name in BeatColumns._fields:
        columns.append(page.column(name))
        yield
    return BeatColumns(*columns)


def _without(beats: BeatColumns, known: BeatColumns) -> BeatColumns:
    """The beats that are not known yet, as those may be that were carried over or imported twice."""
    names = "at_us", "session", "seq", "duration_ns", "lateness_ns"
    there = set(zip(*(getattr(known, name) for name in names), strict=True))
    keys = zip(*(getattr(beats, name) for name in names), strict=True)
    places = [place for place, key in enumerate(keys) if key not in there]
    return beats.at(places)


def _checking(packed: bytes, beats: BeatColumns) -> Generator[None, None, None]:
    """PackedError unless the beats can be had again, since their rows are removed now."""
    page = Page(packed)
    for name in BeatColumns._fields:
        if name not in _ROUNDED and page.column(name) != getattr(beats, name):
            raise PackedError(f"the column {name} is not what was packed")
        yield


def _day_of(connection: sqlite3.Connection, day: int) -> tuple[int, Summary]:
    """The hours of a day that are sealed, a bit each, and their sum."""
    row = connection.execute(_DAY, (day,)).fetchone()
    try:
        return (row[0], summary_of(row[1:], DAY_HOURS)) if row is not None else (0, nothing(DAY_HOURS))
    except (PackedError, HistogramError) as error:
        log.error("day %d is damaged (%s), and is summed up from its pages", day, error)
    return _sum_of_pages(connection, day)


def _sum_of_pages(connection: sqlite3.Connection, day: int) -> tuple[int, Summary]:
    hours, summary = 0, nothing(DAY_HOURS)
    for hour, *values in connection.execute(_PAGES_OF_DAY, (day * DAY_HOURS, (day + 1) * DAY_HOURS)):
        try:
            summary = summary.plus(summary_of(values, HOUR_MINUTES), hour % DAY_HOURS)
            hours |= 1 << hour % DAY_HOURS
        except (PackedError, HistogramError):
            log.exception("the page of hour %d is damaged", hour)
    return hours, summary


def _seal_part(connection: sqlite3.Connection, hour: int, number: int, seal: Seal) -> None:
    """Seal what a feature has of an hour."""
    span = hour * HOUR_US, (hour + 1) * HOUR_US
    found = (
        connection.execute(
            f"SELECT 1 FROM {table} WHERE {column} >= ? AND {column} < ? LIMIT 1", span
        ).fetchone()
        for table, column in seal.tables.items()
    )
    if not any(found):
        return
    place = part_id(hour, number)
    earlier = connection.execute("SELECT packed FROM page_part WHERE id = ?", (place,)).fetchone()
    with transaction(connection):
        packed = seal.pack(connection, *span, earlier and earlier[0])
        if packed is not None:
            connection.execute(PUT_PART, (place, packed))
        for table, column in seal.tables.items():
            connection.execute(f"DELETE FROM {table} WHERE {column} >= ? AND {column} < ?", span)


# Sealed hours, and parts of them, put into another record, which none reads yet


def whole_page(connection: sqlite3.Connection, hour: int) -> WholePage | None:
    """The page of an hour, to be put into another record as it is; None where there is none, or it is damaged."""
    row = connection.execute(_WHOLE_PAGE, (hour,)).fetchone()
    if row is None:
        return None
    page = WholePage(*row)
    try:
        open_envelope(page.envelope, HOUR_MINUTES)
        for times in (page.duration, page.lateness):
            body_of(times)
        is_sound = (
            Page(page.packed).length == page.beats
            and all(isinstance(each, int) for each in (*page[:4], *page[5:9]))
            and hour * HOUR_US <= page.first_us <= page.last_us < (hour + 1) * HOUR_US
        )
    except (TypeError, PackedError, HistogramError):
        return None
    return page if is_sound else None


def put_page(connection: sqlite3.Connection, page: WholePage) -> None:
    """Put a page into a record that has none of its hour; to be followed by ``sum_up_days``."""
    connection.execute(_PUT_PAGE, page)


def put_beats(connection: sqlite3.Connection, hour: int, beats: BeatColumns) -> None:
    """Put beats of an hour, in the order in which they were made, into its page, which may have others."""
    _round_times(beats, 0)
    for statement, values in finish(_page_with(connection, hour, beats)):
        connection.execute(statement, values)


def sum_up_days(connection: sqlite3.Connection) -> None:
    """Sum up the days of all pages."""
    for (day,) in connection.execute(_DAYS).fetchall():
        hours, summary = _sum_of_pages(connection, day)
        connection.execute(_PUT_DAY, (day, hours, *summary.row()))
