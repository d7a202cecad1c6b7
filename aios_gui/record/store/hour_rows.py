"""Sums over an hour of recorded beats, by the minute, as score and health take them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace

from aios_gui.record.model.hour import MINUTE_NS, Hour, Tally
from aios_gui.record.store.sealed import SealedHours

log = logging.getLogger(__name__)
_MINUTE_US = 60_000_000
_FAST = "breached = 0 AND NOT flags & 2"
_BEATS = f"""
SELECT at_us / {_MINUTE_US}, count(*), sum(missed), sum(flags & 2 != 0), sum(breached != 0 OR lateness_ns >= ?),
       sum(breached != 0), sum(duration_ns), sum({_FAST}), sum(({_FAST}) * duration_ns),
       count(cpu_hundredths), total(cpu_hundredths) / 100, count(memory_hundredths), total(memory_hundredths) / 100
FROM beat WHERE at_us >= ? AND at_us < ? GROUP BY 1
"""

Firings = Callable[[sqlite3.Connection, int, int], Mapping[int, int]]
"""How often rules fired, without silent incidents, by the minute, from one moment to before another (wall, ns)."""


def read_minutes(
    connection: sqlite3.Connection, start_ns: int, end_ns: int, hiccup_ns: int, firings: Firings
) -> list[tuple[int, Hour]]:
    """The sums of each minute of the wall clock that has beats; sqlite3.Error as it comes."""
    fired = firings(connection, start_ns, end_ns)
    span = start_ns // 1000, end_ns // 1000
    # What damaged rows add up to may be nothing.
    whole = (row for row in connection.execute(_BEATS, (hiccup_ns, *span)) if None not in row)
    sums = {row[0]: Tally(Hour(*row[1:])) for row in whole}
    sealed = SealedHours(connection, log.warning)
    if sealed.hours(*span):  # as a rule the last hours are still rows
        from aios_gui.record.store.decode import beat_of, decode_rows

        for beat in decode_rows("beat", beat_of, sealed.in_order(*span, iter(()))):
            sums.setdefault(beat.wall_ns // MINUTE_NS, Tally()).add_beat(beat, hiccup_ns)
    nothing = Tally()
    return [
        (minute, replace(tally.plus(nothing), firings=fired.get(minute, 0)))
        for minute, tally in sorted(sums.items())
    ]
