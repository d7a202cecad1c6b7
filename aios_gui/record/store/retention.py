"""What leaves the record: what is too old, and the oldest while the file is too large."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

_SLICE_ROWS = 5_000
_VACUUM_PAGES = 256
_DAY_US = 86_400_000_000
_BEAT_BYTES = 64
"""What a beat takes in the file at most, with its share of a page."""
_END_US = 2**63 - 1


def used_bytes(connection: sqlite3.Connection) -> int:
    """Bytes in pages that hold something."""
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    return (pages - _free_pages(connection)) * int(connection.execute("PRAGMA page_size").fetchone()[0])


def _free_pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA freelist_count").fetchone()[0])


def trim(
    connection: sqlite3.Connection, tables: Mapping[str, str], now_ns: int, raw_days: int, limit_bytes: int
) -> bool:
    """Remove one slice of what is too old or too much and give back its pages; True when there is more to do.

    ``tables`` have the column (µs) that tells the age of their rows. Slices are small, so that the recorder is never
    away for long. By size the oldest rows of all tables go together. The last day of beats stays, unless they alone
    would fill half of what is allowed.
    """
    removed = _remove_before(connection, tables, now_ns // 1000 - raw_days * _DAY_US)
    more = removed >= _SLICE_ROWS
    if not more and used_bytes(connection) > limit_bytes:
        removed = _remove_oldest(connection, tables, limit_bytes)
        more = removed > 0 and used_bytes(connection) > limit_bytes
    connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
    return more or _free_pages(connection) > _VACUUM_PAGES


def _remove_before(connection: sqlite3.Connection, tables: Mapping[str, str], moment_us: int) -> int:
    """Remove at most a slice of each table; the most that went of one."""
    return max(
        connection.execute(
            f"DELETE FROM {table} WHERE rowid IN "
            f"(SELECT rowid FROM {table} WHERE {column} < ? ORDER BY {column} LIMIT ?)",
            (moment_us, _SLICE_ROWS),
        ).rowcount
        for table, column in tables.items()
    )


def _remove_oldest(connection: sqlite3.Connection, tables: Mapping[str, str], limit_bytes: int) -> int:
    """Remove a slice from the old end, the same span of time in every table; the most that went of one."""
    moment_us = min(_slice_end_us(connection, *each) for each in tables.items())
    newest_us = connection.execute("SELECT max(at_us) FROM beat").fetchone()[0]
    last_day_us = newest_us - _DAY_US if newest_us is not None else _END_US
    if moment_us <= last_day_us:
        return _remove_before(connection, tables, moment_us)
    removed = _remove_before(connection, tables, last_day_us)
    if removed:
        return removed
    beats = connection.execute("SELECT count(*) FROM beat WHERE at_us >= ?", (last_day_us,)).fetchone()[0]
    if 2 * beats * _BEAT_BYTES <= limit_bytes:
        # It is something else that fills the file.
        tables = {table: column for table, column in tables.items() if table != "beat"}
    return _remove_before(connection, tables, moment_us)


def _slice_end_us(connection: sqlite3.Connection, table: str, column: str) -> int:
    """Before which moment the oldest slice of a table lies; the end of time where it has no more than that."""
    row = connection.execute(
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column} LIMIT 1 OFFSET ?",
        (_SLICE_ROWS,),
    ).fetchone()
    return row[0] if row is not None and isinstance(row[0], int) else _END_US
