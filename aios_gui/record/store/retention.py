"""What leaves the record: what is too old, and the oldest while the file is too large."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from aios_gui.record.model.retention import DAY_US, oldest_to_keep_us

_SLICE_ROWS = 5_000
_VACUUM_PAGES = 256
_BEAT_BYTES = 64
"""What a beat takes in the file at most, with its share of a page."""
_BEGIN_US, _END_US = -(2**63), 2**63 - 1


def used_bytes(connection: sqlite3.Connection) -> int:
    """Bytes in pages that hold something."""
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    return (pages - _free_pages(connection)) * int(connection.execute("PRAGMA page_size").fetchone()[0])


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])


def trim(
    connection: sqlite3.Connection,
    tables: Mapping[str, str],
    newest_us: int | None,
    raw_days: int,
    limit_bytes: int,
) -> bool:
    """Remove one slice of what is too old or too much and give back its pages; True when there is more to do.

    ``tables`` have the column (µs) that tells the moment of their rows. ``newest_us`` is the moment that was recorded
    last: age is counted back from there along the record, so that no clock makes anything old. What is dated later
    was recorded before the clock was set back; it goes by size alone, or once the clock has got there.

    Slices are small, so that the recorder is never away for long. By size the oldest rows of all tables go together.
    The last day of beats stays, unless they alone would fill half of what is allowed.
    """
    removed = 0
    oldest_us = _oldest_to_keep_us(connection, newest_us, raw_days)
    if oldest_us is not None:
        removed = _remove(connection, tables, _BEGIN_US, oldest_us)
    more = removed >= _SLICE_ROWS
    if not more and used_bytes(connection) > limit_bytes:
        removed = _remove_oldest(connection, tables, newest_us, limit_bytes)
        more = removed > 0 and used_bytes(connection) > limit_bytes
    connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
    return more or _free_pages(connection) > _VACUUM_PAGES


def _oldest_to_keep_us(connection: sqlite3.Connection, newest_us: int | None, raw_days: int) -> int | None:
    if newest_us is None:
        return None

    def seek(condition: str, moment_us: int) -> int | None:
        found = connection.execute(f"SELECT {condition}", (moment_us,)).fetchone()[0]
        return found if isinstance(found, int) else None

    return oldest_to_keep_us(
        newest_us,
        raw_days * DAY_US,
        lambda moment_us: seek("max(at_us) FROM beat WHERE at_us <= ?", moment_us),
        lambda moment_us: seek("min(at_us) FROM beat WHERE at_us > ?", moment_us),
    )


def _remove(connection: sqlite3.Connection, tables: Mapping[str, str], after_us: int, before_us: int) -> int:
    """Remove at most a slice of each table, from its old end; the most that went of one."""
    return max(
        connection.execute(
            f"DELETE FROM {table} WHERE rowid IN "
            f"(SELECT rowid FROM {table} WHERE {column} > ? AND {column} < ? ORDER BY {column} LIMIT ?)",
            (after_us, before_us, _SLICE_ROWS),
        ).rowcount
        for table, column in tables.items()
    )


def _remove_oldest(
    connection: sqlite3.Connection, tables: Mapping[str, str], newest_us: int | None, limit_bytes: int
) -> int:
    """Remove a slice of what was recorded first, the same span of time in every table; the most that went of one."""
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
    beats = connection.execute("SELECT count(*) FROM beat WHERE at_us >= ?", (last_day_us,)).fetchone()[0]
    if 2 * beats * _BEAT_BYTES <= limit_bytes:
        # It is something else that fills the file.
        tables = {table: column for table, column in tables.items() if table != "beat"}
    return _remove_slice(connection, tables, _BEGIN_US, _END_US)


def _later_was_first(connection: sqlite3.Connection, next_day_us: int) -> bool:
    """Whether what is dated later than now is of an earlier session than what is dated first."""
    first = "SELECT session FROM beat WHERE at_us > ? ORDER BY at_us LIMIT 1"
    later, earliest = (
        connection.execute(first, (moment_us,)).fetchone() for moment_us in (next_day_us, _BEGIN_US)
    )
    return later is not None and earliest is not None and later[0] < earliest[0]


def _remove_slice(
    connection: sqlite3.Connection, tables: Mapping[str, str], after_us: int, before_us: int
) -> int:
    """Remove the oldest slice between two moments, the same span in every table."""
    ends_us = (_slice_end_us(connection, *each, after_us) for each in tables.items())
    return _remove(connection, tables, after_us, min(before_us, *ends_us))


def _slice_end_us(connection: sqlite3.Connection, table: str, column: str, after_us: int) -> int:
    """Before which moment the oldest slice of a table lies; the end of time where it has no more than that."""
    row = connection.execute(
        f"SELECT {column} FROM {table} WHERE {column} > ? ORDER BY {column} LIMIT 1 OFFSET ?",
        (after_us, _SLICE_ROWS),
    ).fetchone()
    return row[0] if row is not None and isinstance(row[0], int) else _END_US
