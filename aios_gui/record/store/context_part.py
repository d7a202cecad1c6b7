"""Context samples of sealed hours: one a minute, as a part of the page."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby

from aios_gui.record.model.columns import UNKNOWN, Packed, PackedError, finish, packing
from aios_gui.record.model.page import Row
from aios_gui.record.part import Seal
from aios_gui.record.store.rows import CONTEXT_COLUMNS

CONTEXT_NAMES = tuple(CONTEXT_COLUMNS.split(", "))
CONTEXT_PART = 1
"""Its number in a page."""
_MINUTE_US = 60_000_000
_QUERY = f"SELECT {CONTEXT_COLUMNS} FROM context WHERE at_us >= ? AND at_us < ? ORDER BY at_us"


def context_rows(packed: bytes, names: Sequence[str] = CONTEXT_NAMES) -> list[Row]:
    """The rows of the samples in a part, by default of all ``CONTEXT_COLUMNS``; PackedError where it is damaged.

    Columns that came after it was packed are unknown.
    """
    found = Packed(packed)
    places = map(CONTEXT_NAMES.index, names)
    columns = [found.column(place) if place < found.width else (UNKNOWN,) * found.count for place in places]
    return [
        tuple(None if each == UNKNOWN else each for each in row) if UNKNOWN in row else row
        for row in zip(*columns, strict=True)
    ]


def _pack(connection: sqlite3.Connection, start_us: int, end_us: int, earlier: bytes | None) -> bytes | None:
    samples: dict[int, Row] = {row[0] or 0: row for row in _known(earlier)}
    for row in connection.execute(_QUERY, (start_us, end_us)):
        if all(each is None or isinstance(each, int) for each in row):
            samples[row[0]] = row
    by_minute = groupby(sorted(samples), key=lambda at_us: at_us // _MINUTE_US)
    minutes = [_middle_of([samples[at_us] for at_us in moments]) for _minute, moments in by_minute]
    if not minutes:
        return None
    return finish(packing([array("q", column) for column in zip(*minutes, strict=True)]))


def _known(earlier: bytes | None) -> list[Row]:
    try:
        return context_rows(earlier) if earlier is not None else []
    except PackedError:
        return []


def _middle_of(rows: list[Row]) -> list[int]:
    """One row for several, at the moment of the last one."""
    moments, *columns = zip(*rows, strict=True)
    return [moments[-1], *map(_mean, columns)]


def _mean(values: Iterable[int | None]) -> int:
    known = [each for each in values if each is not None]
    return sum(known) // len(known) if known else UNKNOWN


CONTEXT_SEAL = Seal(_pack, {"context": "at_us"})
