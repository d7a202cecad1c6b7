"""What a feature brings to the record: its tables, its rows, and what of it goes with age."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Write = Callable[[sqlite3.Connection, Any], object]
"""Writes one item over what there was of it; sqlite3.Error as it comes."""

Pack = Callable[[sqlite3.Connection, int, int, bytes | None], bytes | None]
"""Given begin and end of an hour (µs) and what the part has of it already: what it has with the rows of that hour.

None where there is nothing. It reads and changes nothing, and takes a few milliseconds at most.
"""
PARTS = 64
"""The most parts of an hour, numbered from 0."""


@dataclass(frozen=True, slots=True)
class Seal:
    """How the rows of an hour become a part of its page.

    ``tables`` have the column (µs) that tells the moment of their rows: those of the hour, from its begin to before its
    end, are removed in the transaction in which what ``pack`` made of them is kept.
    """

    pack: Pack
    tables: Mapping[str, str]


def part_id(hour: int, number: int) -> int:
    """The ``id`` in the table ``page_part`` of a part of the page of an hour, counted since 1970 in UTC."""
    return hour * PARTS + number


@dataclass(frozen=True, slots=True)
class RecordPart:
    """Declared once by each feature that keeps something; the composition collects them into a ``RecordSchema``.

    ``migrations`` are scripts by the version of the record that they lead to: no two parts have the same one.
    ``write`` has a function for each type of item. ``age_out`` has the tables whose rows go with age, each with the
    column (µs) that tells the age; where that is null the row stays, as does all in a table that is not named.
    ``goes_first`` has, likewise, the tables whose oldest rows go before anything else, a few at a time, where the
    record is too large; age does not matter to them. ``seal`` has what is sealed with each hour, by its number as a
    part of the page: no two parts have the same one, and it is never given to anything else, since records have it.
    """

    migrations: Mapping[int, str]
    write: Mapping[type, Write] = field(default_factory=dict)
    age_out: Mapping[str, str] = field(default_factory=dict)
    goes_first: Mapping[str, str] = field(default_factory=dict)
    seal: Mapping[int, Seal] = field(default_factory=dict)
