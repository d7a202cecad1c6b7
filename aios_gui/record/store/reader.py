"""Reads the record: ranges of beats, gaps, events, and series ready to draw."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from heapq import merge, nlargest
from itertools import chain, groupby, islice
from math import inf
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from aios_gui.heartbeat.model.gap import Gap, GapKind, without_recorded
from aios_gui.heartbeat.model.items import (
    ContextSample,
    Event,
    EventKind,
    RecordedBeat,
    hiccup_length_ns,
)
from aios_gui.record.model.hiccups import MOST_EVENTS, Hiccups
from aios_gui.record.model.intervals import Intervals
from aios_gui.record.model.page import HOUR_US, BeatColumns, beats_of
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store import rows
from aios_gui.record.store.decode import (
    Row,
    beat_of,
    context_of,
    decode_rows,
    event_of,
    gap_of,
    session_interval_of,
    whole_beat,
)
from aios_gui.record.store.errors import NotOurs, StoreError, is_endless
from aios_gui.record.store.opening import STEP, Allowance, open_connection
from aios_gui.record.store.sealed import LATEST_US, SealedHours
from aios_gui.record.store.series import count_open
from aios_gui.record.store.tables import Table, read_tables
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)
_BUSY_TIMEOUT_S = 1.0
_NOTED_ROWS = 100
_ROWS_TOGETHER = 2048
_SIZES = ("page_count", "page_size")
_BEGIN_OF_FACTS = '{"lateness_ns":'
"""With this the facts of any stall begin; to read all of them out of thousands would take too long."""
_HICCUPS = f"""
SELECT id, at_us, CASE WHEN substr(facts, 1, {len(_BEGIN_OF_FACTS)}) = '{_BEGIN_OF_FACTS}'
                  THEN CAST(substr(facts, {len(_BEGIN_OF_FACTS) + 1}) AS INTEGER) ELSE 0 END
FROM event WHERE at_us >= ? AND at_us < ? AND kind = ? ORDER BY at_us
"""
_SET_BACK = f"SELECT id FROM gap WHERE kind = '{GapKind.CLOCK_JUMP}' AND end_us < start_us LIMIT 1"
_FIRST_SESSION = "SELECT started_us FROM session ORDER BY id LIMIT 1"
_LAST_BEAT = "SELECT at_us FROM beat ORDER BY session DESC, seq DESC LIMIT 1"
_LEAST_ROW_BYTES = 6
_LEAST_INTERVAL_NS = 1_000_000
"""No beats are closer together; by one of a nanosecond, millions would be missing beside each that was late."""
_TEXTS = str, bytes
_MOST_TEXT_BYTES = 256 << 20
"""Of all texts in one answer."""
T = TypeVar("T")


class RecordReader:
    """A read-only view of the record, for one thread. A record that does not exist yet is empty.

    Opened with the first question. Every method raises StoreError where the record cannot be read. A row or a page that
    does not decode is passed over, logged and counted. Sealed hours and those that still stand in rows are read as one.
    What a feature keeps is read by functions of that feature, by ``read``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._allowance: Allowance | None = None
        self._tables: dict[str, Table] = {}
        self._tables_version = -1
        self._file_id = (0, 0)
        self._beat_columns, self._context_columns = rows.BEAT_COLUMNS, rows.CONTEXT_COLUMNS
        self._unreadable: set[str] = set()
        self._questions = 0
        """How many are being answered: they all see the record as it was when the first of them was asked."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a later question opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._questions = 0

    def look_at(self, path: Path) -> None:
        """From now on read the record there, as after it was moved."""
        if path != self.path:
            self.close()
            self.path = path

    @property
    def unreadable(self) -> int:
        """How many rows and pages, at least, did not decode so far, and are missing from what was read."""
        return len(self._unreadable)

    @property
    def schema_version(self) -> int:
        """The version of the tables; 0 for an empty record."""
        with self._guarded(any_tables=True) as connection:
            return (
                int(connection.execute("PRAGMA user_version").fetchone()[0]) if connection is not None else 0
            )

    def check(self) -> str:
        """What SQLite's integrity check says: "ok", or what is wrong."""
        return "; ".join(str(row[0]) for row in self._ask("PRAGMA integrity_check(5)", left=inf)) or "ok"

    def span(self) -> tuple[int, int] | None:
        """Wall time of the first and the last beat, ns; None where there are none."""
        with self.at_once() as (connection, sealed):
            if connection is None:
                return None
            query = (
                "SELECT (SELECT min(at_us) FROM beat WHERE at_us >= 0), "
                f"(SELECT max(at_us) FROM beat WHERE at_us <= {LATEST_US})"
            )
            open_span = connection.execute(query).fetchone()
            found = [each for each in (open_span, sealed and sealed.span()) if each and None not in each]
        return (min(found)[0] * 1000, max(each[1] for each in found) * 1000) if found else None

    def count(self, start_ns: int, end_ns: int) -> int:
        """How many beats began from ``start_ns`` to before ``end_ns``."""
        span_us = start_ns // 1000, end_ns // 1000
        with self.at_once() as (connection, sealed):
            if connection is None:
                return 0
            return count_open(connection, *span_us) + (0 if sealed is None else sealed.count(*span_us))

    def open_hours(self, table: str, start_ns: int, end_ns: int) -> set[int]:
        """The hours of UTC, counted since 1970, of which a table has rows in the span that are still to be sealed."""
        query = f"SELECT DISTINCT at_us / {HOUR_US} FROM {table} WHERE at_us >= ? AND at_us < ?"
        return set(self.read(table, itemgetter(0), query, start_ns // 1000, end_ns // 1000))

    def beats(self, start_ns: int, end_ns: int) -> Iterator[RecordedBeat]:
        """Beats of the span in the order they were made, whatever the wall clock did meanwhile."""
        span_us = start_ns // 1000, end_ns // 1000
        with self.at_once() as (connection, sealed):
            if connection is None:
                return
            open_rows = self._open_beats(connection, span_us)
            ordered = open_rows if sealed is None else sealed.in_order(*span_us, open_rows)
            yield from decode_rows("beat", beat_of, ordered, self._pass_over)

    def beat_columns(self, start_ns: int, end_ns: int) -> Iterator[BeatColumns]:
        """The same beats in the same order as columns, at most some thousand at a time."""
        span_us = max(0, start_ns) // 1000, min(end_ns, END_OF_TIME_NS) // 1000
        with self.at_once() as (connection, sealed):
            if connection is None:
                return
            open_rows = self._open_beats(connection, span_us)
            parts = open_rows if sealed is None else sealed.parts_in_order(*span_us, open_rows)
            for are_sealed, some in groupby(parts, lambda part: isinstance(part, BeatColumns)):
                if are_sealed:
                    yield from chain.from_iterable(BeatColumns(*part).parts() for part in some)
                else:
                    while together := list(islice(some, _ROWS_TOGETHER)):
                        yield beats_of(together)

    def _open_beats(self, connection: sqlite3.Connection, span_us: tuple[int, int]) -> Iterator[Row]:
        """The rows of beats that are not sealed yet, in the order they were made: whole, so that they can be merged."""
        query = f"SELECT {self._beat_columns} FROM beat WHERE at_us >= ? AND at_us < ? ORDER BY session, seq"
        found = self._bounded(connection, connection.execute(query, span_us))
        return decode_rows("beat", whole_beat, found, self._pass_over)

    def gaps(self, start_ns: int, end_ns: int) -> list[Gap]:
        """Spans without beats that touch the span, in the order they were found, also where a clock was set back.

        What was recorded of their time before that, or after, is no part of them. Kinds of a newer program are passed
        over.
        """
        with self.at_once():
            if self.row("gap", _SET_BACK) is None:
                return self.gaps_as_found(start_ns, end_ns)
            found = self.gaps_as_found(-END_OF_TIME_NS, END_OF_TIME_NS)
            first, last = self.row("session", _FIRST_SESSION), self.row("beat", _LAST_BEAT)
            for gap in found[-1:] if last is None else ():
                for beats in self.beat_columns(gap.end_ns, END_OF_TIME_NS):
                    last = (beats.at_us[-1],)
        edges = [row[0] * 1000 if row is not None and isinstance(row[0], int) else 0 for row in (first, last)]
        return [
            gap
            for gap in without_recorded(found, *edges)
            if max(gap.start_ns, gap.end_ns) >= start_ns and min(gap.start_ns, gap.end_ns) < end_ns
        ]

    def gaps_as_found(self, start_ns: int, end_ns: int) -> list[Gap]:
        """Gaps that touch the span as they were found, whatever the clock did before and after."""
        query = (
            f"SELECT {rows.GAP_COLUMNS} FROM gap "
            "WHERE max(start_us, end_us) >= ? AND min(start_us, end_us) < ? ORDER BY id"
        )
        return self.read("gap", gap_of, query, start_ns // 1000, end_ns // 1000)

    def events(self, start_ns: int, end_ns: int, kind: EventKind | None = None) -> list[Event]:
        """Events of the span, of one kind or of all, oldest first. Kinds of a newer program are passed over."""
        return list(self._events(start_ns, end_ns, kind))

    def _events(self, start_ns: int, end_ns: int, kind: EventKind | None) -> Iterator[Event]:
        query = (
            f"SELECT {rows.EVENT_COLUMNS} FROM event "
            "WHERE at_us >= ? AND at_us < ? AND (? = '' OR kind = ?) ORDER BY at_us"
        )
        span, word = (start_ns // 1000, end_ns // 1000), str(kind or "")
        return self._read("event", event_of, query, *span, word, word)

    def hiccups(self, start_ns: int, end_ns: int) -> Hiccups:
        """The hiccups of a span; of many, the events of the longest of each stretch of it."""
        span_us = start_ns // 1000, end_ns // 1000
        with self.at_once() as (connection, _sealed):
            if connection is None:
                return Hiccups()
            found = connection.execute(_HICCUPS, (*span_us, str(EventKind.HICCUP))).fetchall()
            if len(found) <= MOST_EVENTS:
                return Hiccups(self._events(start_ns, end_ns, EventKind.HICCUP))
            stretch_us = (found[-1][1] - found[0][1]) // (MOST_EVENTS // 2) + 1
            numbers: list[int] = []
            last, most = -1, 0
            for number, at_us, length_ns in found:
                stretch = (at_us - found[0][1]) // stretch_us
                if stretch != last:
                    numbers.append(number)
                elif length_ns > most:
                    numbers[-1] = number
                else:
                    continue
                last, most = stretch, length_ns
            events = self._numbered(connection, numbers)
            return Hiccups(events, [at_us * 1000 for _id, at_us, _length_ns in found])

    def longest_hiccups(
        self, start_ns: int, end_ns: int, most: int, kind: EventKind = EventKind.HICCUP
    ) -> list[Event]:
        """This many hiccups of a span at most, or stalls of another ``kind``, the longest first."""
        with self.at_once() as (connection, _sealed):
            if connection is None:
                return []
            span_us = start_ns // 1000, end_ns // 1000
            found = self._bounded(connection, connection.execute(_HICCUPS, (*span_us, str(kind))))
            numbers = [row[0] for row in nlargest(most, found, key=itemgetter(2))]
            return sorted(self._numbered(connection, numbers), key=hiccup_length_ns, reverse=True)

    def _numbered(self, connection: sqlite3.Connection, numbers: list[int]) -> Iterator[Event]:
        """The events of these numbers, by time."""
        places = ",".join("?" * len(numbers))
        query = f"SELECT {rows.EVENT_COLUMNS} FROM event WHERE id IN ({places}) ORDER BY at_us"
        return decode_rows("event", event_of, connection.execute(query, numbers), self._pass_over)

    def hiccup_lengths(self, start_ns: int, end_ns: int) -> list[tuple[int, int]]:
        """When each hiccup of a span ended (µs) and how long it was (ns, 0 where that is not known), by time."""
        with self.at_once() as (connection, _sealed):
            if connection is None:
                return []
            found = connection.execute(_HICCUPS, (start_ns // 1000, end_ns // 1000, str(EventKind.HICCUP)))
            return [row[1:] for row in self._bounded(connection, found)]

    def hiccup_beside(self, at_ns: int, later: bool) -> int | None:
        """When the next hiccup after a moment was, or the last one before it (wall, ns); None where there is none."""
        way, order = (">", "") if later else ("<", "DESC")
        # A microsecond apart at least, since the record keeps no finer time.
        edge_us = at_ns // 1000 if later else -(-at_ns // 1000)
        query = f"SELECT at_us FROM event WHERE kind = ? AND at_us {way} ? ORDER BY at_us {order} LIMIT 1"
        found = self.row("event", query, str(EventKind.HICCUP), edge_us)
        return None if found is None else int(found[0]) * 1000

    def contexts(self, start_ns: int, end_ns: int) -> list[ContextSample]:
        """Context samples of the span, oldest first; of a sealed hour one a minute."""
        span_us = start_ns // 1000, end_ns // 1000
        with self.at_once() as (connection, sealed):
            if connection is None:
                return []
            query = (
                f"SELECT {self._context_columns} FROM context WHERE at_us >= ? AND at_us < ? ORDER BY at_us"
            )
            found = self._bounded(connection, connection.execute(query, span_us))
            if sealed is not None:
                found = merge(sealed.contexts(*span_us), found, key=_at_us)
            return list(decode_rows("context", context_of, found, self._pass_over))

    def column(self, table: str, column: str, start_ns: int, end_ns: int) -> Iterator[tuple[int, int, int]]:
        """Time (µs), beats missed and one column of ``beat`` or ``context``, as stored, where it is known, by time."""
        span_us = start_ns // 1000, end_ns // 1000
        with self.at_once() as (connection, sealed):
            if connection is None:
                return
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            shown = rows.columns_of(column, version)
            missed = "missed" if table == "beat" else "0"
            query = (
                f"SELECT at_us, {missed}, {shown} FROM {table} "
                f"WHERE at_us >= ? AND at_us < ? AND typeof({shown}) IN ('integer', 'real') ORDER BY at_us"
            )
            found = self._bounded(connection, connection.execute(query, span_us))
            if sealed is None:
                yield from found
            elif table == "beat":
                yield from merge(sealed.column(column, *span_us), found)
            else:
                samples = ((at_us, 0, value) for at_us, value in sealed.contexts(*span_us, ("at_us", column)))
                yield from merge((row for row in samples if row[2] is not None), found)

    def intervals(self) -> Intervals:
        """From beat to beat: the interval at any moment, as far as sessions and events tell it."""
        query = "SELECT id, started_us, facts FROM session"
        known = self.read("session", session_interval_of, query)
        for event in self._events(0, END_OF_TIME_NS, EventKind.INTERVAL_CHANGED):
            interval_ns = event.facts.get("interval_ns")
            if isinstance(interval_ns, int):
                known.append((event.wall_ns, interval_ns))
        return Intervals((at_ns, each if each >= _LEAST_INTERVAL_NS else 0) for at_ns, each in known)

    def last_mode(self, session: int = 0) -> str:
        """Who ran a session that is known, else the last one, as ``Mode`` has it; "" where there was none."""
        found = self._ask("SELECT mode FROM session ORDER BY id = ? DESC, id DESC LIMIT 1", session)
        return str(found[0][0]) if found else ""

    def read(self, table: str, decode: Callable[[Row], T | None], query: str, *values: int | str) -> list[T]:
        """What the rows of a query on ``table`` decode to; each row begins with its number.

        Where ``decode`` gives None it is left out. A record of a version without that table has none.
        """
        return list(self._read(table, decode, query, *values))

    def _read(
        self, table: str, decode: Callable[[Row], T | None], query: str, *values: int | str
    ) -> Iterator[T]:
        with self._guarded() as connection:
            if connection is None or table not in self._tables:
                return
            found = self._bounded(connection, connection.execute(query, values))
            yield from decode_rows(table, decode, found, self._pass_over)

    def columns(self, table: str, names: str) -> str:
        """Columns for a query, with nothing in those that a record of an older version lacks."""
        with self._guarded():  # opened first, since that tells which columns there are
            known = self._tables.get(table)
        if known is None:
            return names
        there = {column.name for column in known.columns}
        return ", ".join(name if name in there else "NULL" for name in names.split(", "))

    def row(self, table: str, query: str, *values: int | str) -> Row | None:
        """The first row of a query on ``table``; None where there is none."""
        with self._guarded() as connection:
            if connection is None or table not in self._tables:
                return None
            found: Row | None = connection.execute(query, values).fetchone()
            return found

    def _pass_over(self, error: StoreError) -> None:
        if str(error) not in self._unreadable and len(self._unreadable) < _NOTED_ROWS:
            self._unreadable.add(str(error))
            log.warning("%s, so it is left out (%s)", error, self.path)

    def _ask(self, query: str, *values: int | str, left: float = STEP) -> list[tuple[Any, ...]]:
        with self._guarded() as connection:
            if connection is None:
                return []
            if self._allowance is not None:
                self._allowance.left = left
            return connection.execute(query, values).fetchall()

    def _bounded(self, connection: sqlite3.Connection, found: Iterable[Row]) -> Iterator[Row]:
        """The rows of an answer, as they are read, as far as the file can hold them."""
        allowance = self._allowance
        assert allowance is not None
        (pages,), (page_bytes,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in _SIZES)
        rows_left, text_left = pages * page_bytes // _LEAST_ROW_BYTES, _MOST_TEXT_BYTES
        allowance.left = STEP
        for row in found:
            yield row
            allowance.left = STEP
            rows_left -= 1
            for value in row:
                if isinstance(value, _TEXTS):
                    text_left -= len(value)
            if rows_left < 0 or text_left < 0:
                raise StoreError(
                    f"the record {self.path} cannot be read: there is more in it than fits into the file"
                )

    @contextmanager
    def at_once(self) -> Iterator[tuple[sqlite3.Connection | None, SealedHours | None]]:
        """The connection, None where there is no record yet; its sealed hours, None where it has no tables for them.

        All that is asked within sees the record as it was at one moment: no hour is sealed in between, and none is
        read twice or not at all. SQLite's errors become StoreError.
        """
        with self._guarded() as connection:
            if connection is None:
                yield None, None
            else:
                has_pages = "page" in self._tables
                yield connection, SealedHours(connection, self._pass_over) if has_pages else None

    @contextmanager
    def _guarded(self, any_tables: bool = False) -> Iterator[sqlite3.Connection | None]:
        """The connection, or None where there is no record yet; SQLite's errors become StoreError.

        With ``any_tables`` it does not matter what is in the file.
        """
        try:
            connection = self._open() if not any_tables else self._connect()
            if connection is None:
                yield None
                return
            self._questions += 1
            if self._questions == 1:
                connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection is self._connection:
                    self._questions -= 1
                    if self._questions == 0:
                        connection.execute("COMMIT")
        except (sqlite3.Error, OSError, NotOurs) as error:
            self.close()
            reason: object = error
            if is_endless(error):
                reason = "it takes too long, as where it is damaged"
            elif isinstance(error, sqlite3.DataError):
                reason = "it holds a text or row that is larger than any of this program"
            raise StoreError(f"the record {self.path} cannot be read: {plain(reason, 400)}") from error

    def _connect(self) -> sqlite3.Connection | None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self.close()
            return None
        if self._connection is not None and (status.st_dev, status.st_ino) != self._file_id:
            # Deleted or set aside meanwhile: what is asked for is in the new file.
            self.close()
        if self._connection is None:
            if not status.st_size:
                return None
            self._file_id = status.st_dev, status.st_ino
            self._connection, self._allowance = open_connection(
                self.path, is_read_only=True, busy_timeout_s=_BUSY_TIMEOUT_S
            )
            self._tables_version = -1
        return self._connection

    def _open(self) -> sqlite3.Connection | None:
        connection = self._connect()
        if connection is None:
            return None
        tables_version = connection.execute("PRAGMA schema_version").fetchone()[0]
        if tables_version != self._tables_version:
            self._tables = read_tables(connection)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            self._beat_columns = rows.columns_of(rows.BEAT_COLUMNS, version)
            self._context_columns = rows.columns_of(rows.CONTEXT_COLUMNS, version)
            self._tables_version = tables_version
        if self._allowance is not None:
            self._allowance.left = STEP
        return connection if "event" in self._tables else None


def _at_us(row: Row) -> int:
    at_us = row[0]
    return at_us if isinstance(at_us, int) else 0
