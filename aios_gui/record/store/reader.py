"""Reads the record: ranges of beats, gaps, events, and series ready to draw."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.record.model.series import Series
from aios_gui.record.store import rows
from aios_gui.record.store.decode import Row, beat_of, context_of, decode_rows, event_of, gap_of
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.series import read_series

log = logging.getLogger(__name__)
_BUSY_TIMEOUT_S = 1.0
_NOTED_ROWS = 100
T = TypeVar("T")


class History:
    """A read-only view of the record, for one thread. A record that does not exist yet is empty.

    Opened with the first question. Every method raises StoreError where the record cannot be read. A row that does
    not decode is passed over and logged. What a feature keeps is read by functions of that feature, by ``read``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
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
        rows_found = self._ask("PRAGMA user_version")
        return int(rows_found[0][0]) if rows_found else 0

    def check(self) -> str:
        """What SQLite's integrity check says: "ok", or what is wrong."""
        return "; ".join(str(row[0]) for row in self._ask("PRAGMA integrity_check(5)")) or "ok"

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
            yield from decode_rows("beat", beat_of, found, self._pass_over)

    def gaps(self, start_ns: int, end_ns: int) -> list[Gap]:
        """Gaps that touch the span, in the order they were found. Kinds of a newer program are passed over."""
        query = (
            f"SELECT {rows.GAP_COLUMNS} FROM gap "
            "WHERE max(start_us, end_us) >= ? AND min(start_us, end_us) < ? ORDER BY id"
        )
        return self.read("gap", gap_of, query, start_ns // 1000, end_ns // 1000)

    def events(self, start_ns: int, end_ns: int, kind: EventKind | None = None) -> list[Event]:
        """Events of the span, of one kind or of all, oldest first. Kinds of a newer program are passed over."""
        query = (
            f"SELECT {rows.EVENT_COLUMNS} FROM event "
            "WHERE at_us >= ? AND at_us < ? AND (? = '' OR kind = ?) ORDER BY at_us"
        )
        span, word = (start_ns // 1000, end_ns // 1000), str(kind or "")
        return self.read("event", event_of, query, *span, word, word)

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
            yield from connection.execute(query, (start_ns // 1000, end_ns // 1000))

    def last_mode(self) -> str:
        """Who ran the last session, as ``Mode`` has it; "" where there was none."""
        found = self._ask("SELECT mode FROM session ORDER BY id DESC LIMIT 1")
        return str(found[0][0]) if found else ""

    def read(self, table: str, decode: Callable[[Row], T | None], query: str, *values: int | str) -> list[T]:
        """What the rows of a query on ``table`` decode to; each row begins with its number.

        Where ``decode`` gives None it is left out. A record of a version without that table has none.
        """
        return list(decode_rows(table, decode, self.rows(table, query, *values), self._pass_over))

    def rows(self, table: str, query: str, *values: int | str) -> list[Row]:
        """The rows of a query on ``table``; none where the record is of a version without it."""
        known = self._ask("SELECT 1 FROM sqlite_master WHERE name = ?", table)
        return self._ask(query, *values) if known else []

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
        return columns(gaps, tuple(self.events(start_ns, end_ns, EventKind.HICCUP)))

    def _ask(self, query: str, *values: int | str) -> list[tuple[Any, ...]]:
        with self._guarded() as connection:
            return connection.execute(query, values).fetchall() if connection is not None else []

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection | None]:
        """The connection, or None where there is no record yet; SQLite's errors become StoreError."""
        try:
            yield self._open()
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise StoreError(f"the record {self.path} cannot be read: {error}") from error

    def _open(self) -> sqlite3.Connection | None:
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
            address = "file:" + quote(str(self.path)) + "?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, timeout=_BUSY_TIMEOUT_S)
            self._connection.execute("PRAGMA query_only = ON")
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            self._beat_columns = rows.columns_of(rows.BEAT_COLUMNS, version)
            self._context_columns = rows.columns_of(rows.CONTEXT_COLUMNS, version)
        found = self._connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'event'").fetchone()
        return self._connection if found[0] else None
