"""Reads what still stands in rows of a span for the eye: beats, the extremes of equal stretches, the own share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

Row = tuple[Any, ...]
_ROWS_AT_ONCE = 4096
_BEATS = """
SELECT at_us, duration_ns, lateness_ns, cpu_hundredths, memory_hundredths{more}
FROM beat WHERE at_us >= ? AND at_us < ? ORDER BY at_us
"""
_EXTREMES = """
SELECT min(at_us), min(duration_ns), min(lateness_ns), min(cpu_hundredths), min(memory_hundredths),
       max(duration_ns), max(lateness_ns), max(cpu_hundredths), max(memory_hundredths)
FROM beat WHERE at_us >= ? AND at_us < ?
"""
_COUNT = "SELECT count(*) FROM beat WHERE at_us >= ? AND at_us < ?"
_MISSED = (
    "SELECT count(*), total(missed) FILTER (WHERE typeof(missed) = 'integer') "
    "FROM beat WHERE at_us >= ? AND at_us < ?"
)
_ENDS = "SELECT min(at_us), max(at_us) FROM beat WHERE at_us >= ? AND at_us < ?"
OWN_COLUMNS = "at_us", "own_cpu_hundredths", "own_memory_bytes", "memory_total_bytes"
_OWN = f"SELECT {', '.join(OWN_COLUMNS)} FROM context WHERE at_us "
_OWN_FIRST = f"""
WITH RECURSIVE step(from_us, to_us) AS (
  SELECT :start, :start + :step UNION ALL SELECT to_us, min(to_us + :step, :end) FROM step WHERE to_us < :end
)
{_OWN} IN (SELECT (SELECT min(at_us) FROM context WHERE at_us >= from_us AND at_us < to_us) FROM step) ORDER BY at_us
"""


def count_open(connection: sqlite3.Connection, start_us: int, end_us: int) -> int:
    """How many beats there are."""
    return int(connection.execute(_COUNT, (start_us, end_us)).fetchone()[0])


def open_missed(connection: sqlite3.Connection, start_us: int, end_us: int) -> tuple[int, int]:
    """How many beats there are, and how many were missed."""
    made, missed = connection.execute(_MISSED, (start_us, end_us)).fetchone()
    return int(made), int(missed)


def open_beats(connection: sqlite3.Connection, start_us: int, end_us: int, *more: str) -> Iterator[list[Row]]:
    """Time (µs), duration, lateness, CPU and memory of beats, and more columns by their names, by time.

    In lists of some thousands: the rows of three hours of ten beats a second would take 30 MB at once.
    """
    query = _BEATS.format(more="".join(f", {name}" for name in more))
    found = connection.execute(query, (start_us, end_us))
    return iter(lambda: found.fetchmany(_ROWS_AT_ONCE), [])


def open_extremes(connection: sqlite3.Connection, start_us: int, end_us: int, stretch_us: int) -> list[Row]:
    """For each stretch that has beats, its first time (µs), and the least and then the most of the measures.

    Stretches begin at multiples of their length. Each is asked for on its own: beats lie in the order of time, so that
    one pass over them serves, where grouping would sort them all first.
    """
    first_us, last_us = connection.execute(_ENDS, (start_us, end_us)).fetchone()
    found: list[Row] = []
    if first_us is None:
        return found
    for at_us in range(first_us // stretch_us * stretch_us, last_us + 1, stretch_us):
        bounds = max(at_us, start_us), min(at_us + stretch_us, end_us)
        row = connection.execute(_EXTREMES, bounds).fetchone()
        if row[0] is not None:
            found.append(row)
    return found


def own_share(connection: sqlite3.Connection, start_us: int, end_us: int, most: int) -> list[Row]:
    """Time (µs), own CPU, own memory and memory of the machine of context samples by time, about ``most`` of them."""
    if end_us - start_us <= most * 1_000_000:
        query = _OWN + ">= ? AND at_us < ? ORDER BY at_us"
        return connection.execute(query, (start_us, end_us)).fetchall()
    step_us = (end_us - start_us) // most
    # In one question: each of hundreds would be won back from a window that paints.
    return connection.execute(_OWN_FIRST, {"start": start_us, "step": step_us, "end": end_us}).fetchall()
