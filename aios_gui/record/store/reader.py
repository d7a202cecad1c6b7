"""Reads the record: ranges of beats, gaps, events, and series ready to draw."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.record.model.hiccups import Hiccups
from aios_gui.record.model.series import Series
from aios_gui.record.store import rows
from aios_gui.record.store.decode import Row, beat_of, context_of, decode_rows, event_of, gap_of
from aios_gui.record.store.errors import NotOurs, StoreError, is_endless
from aios_gui.record.store.opening import STEP, Allowance, open_connection
from aios_gui.record.store.series import read_series
from aios_gui.record.store.tables import Table, read_tables
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)
_BUSY_TIMEOUT_S = 1.0
_NOTED_ROWS = 100
_SIZES = ("page_count", "page_size")
_LEAST_ROW_BYTES = 6
_MOST_TEXT_BYTES = 256 << 20
"""Of all texts in one answer."""
T = TypeVar("T")


class RecordReader:
    """A read-only view of the record, for one thread. A record that does not exist yet is empty.

    Opened with the first question. Every method raises StoreError where the record cannot be read. A row that does
    not decode is passed over and logged. What a feature keeps is read by functions of that feature, by ``read``.
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

    def look_at(self, path: Path) -> None:
        """From now on read the record there, as after it was moved."""
        if path != self.path:
            self.close()
            self.path = path

    @property
    def unreadable(self) -> int:
        """How many rows, at least, did not decode so far, and are missing from what was read."""
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
        for first, last in self._ask("SELECT (SELECT min(at_us) FROM beat), (SELECT max(at_us) FROM beat)"):
            if first is not None:
                return first * 1000, last * 1000
        return None

    def count(self, start_ns: int, end_ns: int) -> int:
        """How many beats began from ``start_ns`` to before ``end_ns``."""
        found = self._ask(
            "SELECT count(*) FROM beat WHERE at_us >= ? AND at_us < ?", start_ns // 1000, end_ns // 1000
        )
        return int(found[0][0]) if found else 0

    def beats(self, start_ns: int, end_ns: int) -> Iterator[RecordedBeat]:
        """Beats of the span in the order they were made, whatever the wall clock did meanwhile."""
        with self._guarded() as connection:
            if connection is None:
                return
            query = (
                f"SELECT {self._beat_columns} FROM beat WHERE at_us >= ? AND at_us < ? ORDER BY session, seq"
            )
            found = connection.execute(query, (start_ns // 1000, end_ns // 1000))
            yield from decode_rows("beat", beat_of, self._bounded(connection, found), self._pass_over)

    def gaps(self, start_ns: int, end_ns: int) -> list[Gap]:
        """Gaps that touch the span, in the order they were found. Kinds of a newer program are passed over."""
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

    def contexts(self, start_ns: int, end_ns: int) -> list[ContextSample]:
        """Context samples of the span, oldest first."""
        with self._guarded():  # opened first, since that tells which columns there are
            query = (
                f"SELECT {self._context_columns} FROM context WHERE at_us >= ? AND at_us < ? ORDER BY at_us"
            )
        return self.read("context", context_of, query, start_ns // 1000, end_ns // 1000)

    def column(self, table: str, column: str, start_ns: int, end_ns: int) -> Iterator[tuple[int, int, int]]:
        """Time (µs), beats missed and one column of ``beat`` or ``context``, as stored, where it is known, by time."""
        with self._guarded() as connection:
            if connection is None:
                return
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            shown = rows.columns_of(column, version)
            missed = "missed" if table == "beat" else "0"
            query = (
                f"SELECT at_us, {missed}, {shown} FROM {table} "
                f"WHERE at_us >= ? AND at_us < ? AND typeof({shown}) IN ('integer', 'real') ORDER BY at_us"
            )
            found = connection.execute(query, (start_ns // 1000, end_ns // 1000))
            yield from self._bounded(connection, found)

    def last_mode(self) -> str:
        """Who ran the last session, as ``Mode`` has it; "" where there was none."""
        found = self._ask("SELECT mode FROM session ORDER BY id DESC LIMIT 1")
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

    def series(self, start_ns: int, end_ns: int, buckets: int) -> Series:
        """The span as columns: every beat where there are at most ``buckets``, else the extremes of that many."""
        with self._guarded() as connection:
            if connection is None:
                return Series(start_ns, end_ns, 0)
            columns = read_series(connection, start_ns, end_ns, buckets)
        gaps = tuple(self.gaps(start_ns, end_ns))
        return columns(gaps, Hiccups(self._events(start_ns, end_ns, EventKind.HICCUP)))

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
                if isinstance(value, str | bytes):
                    text_left -= len(value)
            if rows_left < 0 or text_left < 0:
                raise StoreError(
                    f"the record {self.path} cannot be read: there is more in it than fits into the file"
                )

    @contextmanager
    def _guarded(self, any_tables: bool = False) -> Iterator[sqlite3.Connection | None]:
        """The connection, or None where there is no record yet; SQLite's errors become StoreError.

        With ``any_tables`` it does not matter what is in the file.
        """
        try:
            yield self._open() if not any_tables else self._connect()
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
