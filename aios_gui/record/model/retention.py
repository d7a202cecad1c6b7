"""How old what was recorded is: counted along the record, not by what the clock says now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DAY_US = 86_400_000_000
LONGEST_PAUSE_US = DAY_US
"""A hole of this length at most, as a night, counts as time. A longer one may be a clock that was wrong."""

Seek = Callable[[int], int | None]


def oldest_to_keep_us(newest_us: int, span_us: int, last_until: Seek, first_after: Seek) -> int | None:
    """The moment before which everything is too old, µs; None while less than ``span_us`` was recorded.

    Counts back from ``newest_us``, the moment that was recorded last. ``last_until`` finds the newest moment on record
    up to and with the one it is given, ``first_after`` the oldest one after it; None where there is none.
    """
    at_us, left_us = newest_us, span_us
    while True:
        edge_us = at_us - LONGEST_PAUSE_US
        first_us = first_after(edge_us)
        first_us = at_us if first_us is None else min(at_us, first_us)
        before_us = last_until(edge_us)
        is_hole = before_us is None or first_us - before_us > LONGEST_PAUSE_US
        counted_to_us = first_us if is_hole or before_us is None else before_us
        if at_us - counted_to_us >= left_us:
            return at_us - left_us
        if before_us is None:
            return None
        left_us -= at_us - counted_to_us
        at_us = before_us


@dataclass(frozen=True, slots=True)
class Growth:
    """What a day took of late, 0 while nothing tells, and how many hours should have been sealed long ago."""

    bytes_a_day: float = 0.0
    unsealed_hours: int = 0

    def days_until(self, limit_bytes: int, raw_days: int) -> int | None:
        """After how many days a limit is reached, where that is sooner than beats are too old; else None."""
        is_sooner = self.bytes_a_day * raw_days > limit_bytes
        return int(limit_bytes / self.bytes_a_day) if is_sooner else None
