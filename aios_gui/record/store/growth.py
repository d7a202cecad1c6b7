"""How large the record is, how much it grows, and what of it is still to be sealed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aios_gui.record.model.page import HOUR_US
from aios_gui.record.model.retention import Growth
from aios_gui.record.part import PARTS
from aios_gui.record.store.sealing import DAY_HOURS, OPEN_HOURS

_WEEK_HOURS = 7 * DAY_HOURS
_PAGES = (
    "SELECT count(*), min(hour), max(hour), "
    "total(length(packed) + length(envelope) + length(duration) + length(lateness)) "
    f"FROM page WHERE hour > (SELECT max(hour) FROM page) - {_WEEK_HOURS}"
)
_PARTS = "SELECT total(length(packed)) FROM page_part WHERE id >= ? AND id < ?"
_ROWS = "SELECT (SELECT min(at_us) FROM beat WHERE at_us >= 0), (SELECT max(at_us) FROM beat)"

Ask = Callable[..., tuple[Any, ...] | None]
"""The first row of a query with its values; None where there is none."""


def size_of(record: Path) -> int:
    """Bytes of a record and all files beside it; 0 for one that has just gone, as the log does with the last reader."""
    size = 0
    for each in record.parent.glob(f"{record.name}*"):
        with suppress(OSError):
            size += each.stat().st_size
    return size


def growth_of(ask: Ask) -> Growth:
    """What the pages of the last week and the rows that are left tell."""
    first_us, last_us = ask(_ROWS) or (None, None)
    unsealed = 0
    if isinstance(first_us, int) and isinstance(last_us, int):
        unsealed = last_us // HOUR_US - OPEN_HOURS - first_us // HOUR_US
    return Growth(_bytes_a_day(ask), unsealed if unsealed > OPEN_HOURS else 0)


def _bytes_a_day(ask: Ask) -> float:
    count, first, last, size = ask(_PAGES) or (0, 0, 0, 0.0)
    if not count:
        return 0.0
    parts = ask(_PARTS, first * PARTS, (last + 1) * PARTS)
    # In the first day by the hours that there are, then by the clock, since no machine runs all the time.
    hours = count if last - first < DAY_HOURS else last - first + 1
    return float((size + (parts[0] if parts else 0)) / hours * DAY_HOURS)
