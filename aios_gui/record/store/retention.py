"""What leaves the record: beats that are too old, and the oldest while the file is too large."""

from __future__ import annotations

import sqlite3

_SLICE_BEATS = 5_000
_VACUUM_PAGES = 256
_DAY_US = 86_400_000_000


def used_bytes(connection: sqlite3.Connection) -> int:
    """Bytes in pages that hold something."""
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    free: int = connection.execute("PRAGMA freelist_count").fetchone()[0]
    size: int = connection.execute("PRAGMA page_size").fetchone()[0]
    return (pages - free) * size


def trim(connection: sqlite3.Connection, now_ns: int, raw_days: int, limit_bytes: int) -> bool:
    """Remove one slice of what is too old or too much and give back its pages; True when there is more to do.

    Slices are small, so that the recorder is never away for long. Beats and context samples go by age; gaps,
    events and incidents that are over only with the beats that they lie among.
    """
    oldest_kept_us = now_ns // 1000 - raw_days * _DAY_US
    removed = _remove_before(connection, oldest_kept_us)
    if removed < _SLICE_BEATS and used_bytes(connection) > limit_bytes:
        row = connection.execute(
            "SELECT at_us FROM beat ORDER BY at_us LIMIT 1 OFFSET ?", (_SLICE_BEATS,)
        ).fetchone()
        if row is not None:
            removed = _remove_before(connection, row[0])
    connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
    return (
        removed >= _SLICE_BEATS or connection.execute("PRAGMA freelist_count").fetchone()[0] > _VACUUM_PAGES
    )


def _remove_before(connection: sqlite3.Connection, moment_us: int) -> int:
    removed: int = connection.execute(
        "DELETE FROM beat WHERE at_us IN (SELECT at_us FROM beat WHERE at_us < ? ORDER BY at_us LIMIT ?)",
        (moment_us, _SLICE_BEATS),
    ).rowcount
    if removed < _SLICE_BEATS:
        connection.execute("DELETE FROM context WHERE at_us < ?", (moment_us,))
        connection.execute("DELETE FROM gap WHERE end_us < ?", (moment_us,))
        connection.execute("DELETE FROM event WHERE at_us < ?", (moment_us,))
        connection.execute("DELETE FROM incident WHERE cleared_us < ?", (moment_us,))
    return removed
