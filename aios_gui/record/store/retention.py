"""What leaves the record: what is too old, and the oldest while the file is too large."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import starmap
from types import MappingProxyType
from typing import NamedTuple

from aios_gui.record.model.page import HOUR_US
from aios_gui.record.model.retention import DAY_US, oldest_to_keep_us
from aios_gui.record.part import PARTS

_SLICE_ROWS = 5_000
_SLICE_PAGES = 24
_VACUUM_PAGES = 256
_BEAT_BYTES = 64
"""What a beat takes in the file at most, with its share of a page."""
_BEGIN_US, _END_US = -(2**63), 2**63 - 1


class Dated(NamedTuple):
    """A table of which the oldest rows go: the column that tells the moment, and how many rows go at once.

    ``an_hour`` is by how much the column grows in an hour where it counts hours; 0 where it has microseconds.
    """

    table: str
    column: str
    an_hour: int = 0
    at_once: int = _SLICE_ROWS

    def least(self, after_us: int) -> int:
        """The column is more than this for all that begins after a moment."""
        return (after_us // HOUR_US + 1) * self.an_hour - 1 if self.an_hour else after_us

    def until(self, before_us: int) -> int:
        """The column is less than this for all that ends before a moment."""
        return before_us // HOUR_US * self.an_hour if self.an_hour else before_us

    def moment_us(self, value: int) -> int:
        """The moment that the column tells."""
        return value // self.an_hour * HOUR_US if self.an_hour else value


_PAGE_UNTIL = (
    "SELECT min(last_us, :at) FROM page WHERE hour <= :hour AND first_us <= :at ORDER BY hour DESC LIMIT 1"
)
_PAGE_AFTER = (
    "SELECT max(first_us, :at + 1) FROM page WHERE hour >= :hour AND last_us > :at ORDER BY hour LIMIT 1"
)
_ROW_SESSION = "SELECT at_us, session FROM beat WHERE at_us > :at ORDER BY at_us LIMIT 1"
_PAGE_SESSION = "SELECT first_us, first_session FROM page WHERE hour > :hour ORDER BY hour LIMIT 1"
_PAGES = (Dated("page", "hour", 1, _SLICE_PAGES), Dated("page_part", "id", PARTS, _SLICE_PAGES * PARTS))


def used_bytes(connection: sqlite3.Connection) -> int:
    """Bytes in pages that hold something."""
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    return (pages - _free_pages(connection)) * int(connection.execute("PRAGMA page_size").fetchone()[0])


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])


def trim(
    connection: sqlite3.Connection,
    age_out: Mapping[str, str],
    newest_us: int | None,
    raw_days: int,
    limit_bytes: int,
    goes_first: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Remove one slice of what is too old or too much and give back its pages; True when there is more to do.

    ``age_out`` are tables with the column (µs) that tells the moment of their rows; pages of sealed hours go with them.
    ``newest_us`` is the moment that was recorded last: age is counted back from there along the record, so that no
    clock makes anything old. What is dated later was recorded before the clock was set back; it goes by size alone, or
    once the clock has got there.

    Slices are small, so that the recorder is never away for long. By size ``goes_first``, tables as of ``age_out``,
    goes before anything else; then the oldest rows of all tables go together. The last day of beats stays, unless it
    alone would fill half of what is allowed.
    """
    tables = (*starmap(Dated, age_out.items()), *_PAGES)
    more = False
    oldest_us = _oldest_to_keep_us(connection, newest_us, raw_days)
    if oldest_us is not None:
        more = _remove(connection, tables, _BEGIN_US, oldest_us) >= 1
    if not more and used_bytes(connection) > limit_bytes:
        first = [Dated(table, column, 0, _SLICE_PAGES) for table, column in goes_first.items()]
        removed = _remove(connection, first, _BEGIN_US, _END_US) if first else 0
        removed = removed or _remove_oldest(connection, tables, newest_us, limit_bytes)
        more = removed > 0 and used_bytes(connection) > limit_bytes
    # A script is carried out to its end, where a statement that brings no rows would give back a single page.
    connection.executescript(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})")
    return more or _free_pages(connection) > _VACUUM_PAGES


def _oldest_to_keep_us(connection: sqlite3.Connection, newest_us: int | None, raw_days: int) -> int | None:
    if newest_us is None:
        return None

    def seek(best: Callable[[list[int]], int], query: str, in_pages: str, moment_us: int) -> int | None:
        values = {"at": moment_us, "hour": moment_us // HOUR_US}
        found = [row[0] for each in (query, in_pages) for row in connection.execute(each, values)]
        known = [each for each in found if isinstance(each, int) and each >= 0]  # none is of before 1970
        return best(known) if known else None

    return oldest_to_keep_us(
        newest_us,
        raw_days * DAY_US,
        partial(seek, max, "SELECT max(at_us) FROM beat WHERE at_us <= :at", _PAGE_UNTIL),
        partial(seek, min, "SELECT min(at_us) FROM beat WHERE at_us > :at", _PAGE_AFTER),
    )


def _remove(connection: sqlite3.Connection, tables: Iterable[Dated], after_us: int, before_us: int) -> float:
    """Remove at most a slice of each table, from its old end; how many slices at most went of one."""
    return max(
        connection.execute(
            f"DELETE FROM {each.table} WHERE rowid IN (SELECT rowid FROM {each.table} "
            f"WHERE {each.column} > ? AND {each.column} < ? ORDER BY {each.column} LIMIT ?)",
            (each.least(after_us), each.until(before_us), each.at_once),
        ).rowcount
        / each.at_once
        for each in tables
    )


def _remove_oldest(
    connection: sqlite3.Connection, tables: Sequence[Dated], newest_us: int | None, limit_bytes: int
) -> float:
    """Remove a slice of what was recorded first, the same span of time in every table; how much of one."""
    last_day_us = next_day_us = _END_US
    if newest_us is not None:
        last_day_us, next_day_us = newest_us - DAY_US, newest_us + DAY_US
    if _later_was_first(connection, next_day_us) and (
        removed := _remove_slice(connection, tables, next_day_us, _END_US)
    ):
        return removed
    for after_us, before_us in ((_BEGIN_US, last_day_us), (next_day_us, _END_US)):
        if removed := _remove_slice(connection, tables, after_us, before_us):
            return removed
    if 2 * _bytes_since(connection, last_day_us) <= limit_bytes:
        # It is something else that fills the file.
        tables = [each for each in tables if each.table not in ("beat", "page")]
    return _remove_slice(connection, tables, _BEGIN_US, _END_US)


def _bytes_since(connection: sqlite3.Connection, moment_us: int) -> int:
    """What the beats since a moment take."""
    beats: int = connection.execute("SELECT count(*) FROM beat WHERE at_us >= ?", (moment_us,)).fetchone()[0]
    query = "SELECT total(length(packed)) FROM page WHERE hour >= ?"
    pages: float = connection.execute(query, (moment_us // HOUR_US,)).fetchone()[0]
    return beats * _BEAT_BYTES + int(pages)


def _later_was_first(connection: sqlite3.Connection, next_day_us: int) -> bool:
    """Whether what is dated later than now is of an earlier session than what is dated first."""
    later, earliest = (_first_session(connection, moment_us) for moment_us in (next_day_us, _BEGIN_US))
    return later is not None and earliest is not None and later < earliest


def _first_session(connection: sqlite3.Connection, after_us: int) -> int | None:
    """The session of the oldest beat after a moment."""
    values = {"at": after_us, "hour": after_us // HOUR_US}
    found = [row for query in (_ROW_SESSION, _PAGE_SESSION) for row in connection.execute(query, values)]
    return min(found)[1] if found else None


def _remove_slice(
    connection: sqlite3.Connection, tables: Sequence[Dated], after_us: int, before_us: int
) -> float:
    """Remove the oldest slice between two moments, the same span in every table."""
    ends_us = (_slice_end_us(connection, each, after_us) for each in tables)
    return _remove(connection, tables, after_us, min(before_us, *ends_us))


def _slice_end_us(connection: sqlite3.Connection, of: Dated, after_us: int) -> int:
    """Before which moment the oldest slice of a table lies; the end of time where it has no more than that."""
    row = connection.execute(
        f"SELECT {of.column} FROM {of.table} WHERE {of.column} > ? ORDER BY {of.column} LIMIT 1 OFFSET ?",
        (of.least(after_us), of.at_once),
    ).fetchone()
    return of.moment_us(row[0]) if row is not None and isinstance(row[0], int) else _END_US
