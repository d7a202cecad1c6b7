"""Reads a span of the record into columns: beat by beat, or the extremes of equal buckets."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable
from math import nan
from typing import Any

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.record.model.hiccups import Hiccups
from aios_gui.record.model.series import Series

_RAW = """
SELECT at_us, duration_ns, duration_ns, lateness_ns, lateness_ns,
       cpu_hundredths, cpu_hundredths, memory_hundredths, memory_hundredths
FROM beat WHERE at_us >= ? AND at_us < ? ORDER BY at_us
"""
_BUCKET = """
SELECT min(at_us), min(duration_ns), max(duration_ns), min(lateness_ns), max(lateness_ns),
       min(cpu_hundredths), max(cpu_hundredths), min(memory_hundredths), max(memory_hundredths)
FROM beat WHERE at_us >= ? AND at_us < ?
"""
_OWN = """
SELECT at_us, own_cpu_hundredths, own_memory_bytes, memory_total_bytes
FROM context WHERE at_us >= ? AND at_us < ? ORDER BY at_us
"""

_NUMBERS = (int, float)
Finish = Callable[[tuple[Gap, ...], Hiccups], Series]


def read_series(connection: sqlite3.Connection, start_ns: int, end_ns: int, buckets: int) -> Finish:
    """Read the columns; returns what makes the series once its gaps and hiccups are known.

    Each bucket is asked for on its own: beats lie in the order of time, so that one pass over them serves, where
    grouping would sort them all first.
    """
    start_us, end_us = start_ns // 1000, end_ns // 1000
    count: int = connection.execute(
        "SELECT count(*) FROM beat WHERE at_us >= ? AND at_us < ?", (start_us, end_us)
    ).fetchone()[0]
    if count <= buckets:
        bucket_us, found = 0, connection.execute(_RAW, (start_us, end_us)).fetchall()
    else:
        bucket_us = max(1, -(-(end_us - start_us) // buckets))
        found = []
        for first_us in range(start_us // bucket_us * bucket_us, end_us, bucket_us):
            bounds = max(first_us, start_us), min(first_us + bucket_us, end_us)
            row = connection.execute(_BUCKET, bounds).fetchone()
            if row[0] is not None:
                found.append(row)
    own = connection.execute(_OWN, (start_us, end_us)).fetchall()

    def finish(gaps: tuple[Gap, ...], hiccups: Hiccups) -> Series:
        return Series(
            start_ns,
            end_ns,
            bucket_us * 1000,
            time_s=_column(found, 0, 1e-6),
            duration_min_ns=_column(found, 1, 1.0),
            duration_max_ns=_column(found, 2, 1.0),
            lateness_min_ns=_column(found, 3, 1.0),
            lateness_max_ns=_column(found, 4, 1.0),
            cpu_min_percent=_column(found, 5, 0.01),
            cpu_max_percent=_column(found, 6, 0.01),
            memory_min_percent=_column(found, 7, 0.01),
            memory_max_percent=_column(found, 8, 0.01),
            own_time_s=_column(own, 0, 1e-6),
            own_cpu_percent=_column(own, 1, 0.01),
            own_memory_percent=array("d", map(_own_memory_percent, own)),
            gaps=gaps,
            hiccups=hiccups,
        )

    return finish


def _column(found: list[tuple[Any, ...]], place: int, scale: float) -> array[float]:
    # What is no number, as in a file that another program wrote into, is unknown too.
    return array("d", [row[place] * scale if isinstance(row[place], _NUMBERS) else nan for row in found])


def _own_memory_percent(row: tuple[Any, ...]) -> float:
    own, total = row[2:4]
    return own / total * 100 if isinstance(own, int) and isinstance(total, int) and total else nan
