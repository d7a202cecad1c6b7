"""Who ran, in the record: a row for each sample of the hours that are still open, and a part of each page."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import suppress
from dataclasses import astuple
from typing import Any

from aios_gui.history.who_ran.codec import TICK_NS, pack, unpack
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.record.part import RecordPart, Seal
from aios_gui.record.store.encode import encode

log = logging.getLogger(__name__)
WHO_RAN_PART = 0
"""Its number in a page."""
_MOST_CHARACTERS, _MOST_PROGRAMS, _MOST_TEXT = 200_000, 100, 1_000
_HIGHEST = 2**63
"""No figure of a program comes near it; what JSON can write goes on to infinity."""
_TEXTS, _COUNTS, _FIGURES = (0, 2, 3, 8), (1, 4), (5, 6, 7)
"""Where in the list of a program these stand."""


def _write(connection: sqlite3.Connection, sample: WhoRan) -> None:
    # The moment as a page has it, so that it is the same before and after the hour is sealed.
    at_us = sample.wall_ns // TICK_NS * TICK_NS // 1000
    values = at_us, round(sample.seconds * 1000), encode([astuple(each) for each in sample.programs])
    connection.execute("INSERT OR REPLACE INTO who_ran (at_us, length_ms, programs) VALUES (?,?,?)", values)


def sample_of(row: tuple[Any, ...]) -> WhoRan:
    """The sample of a row at_us, length_ms, programs; ValueError, TypeError or RecursionError where it is none.

    By hand: who only beats and writes never loads what the other rows are decoded with.
    """
    at_us, length_ms, text = row
    if not 0 <= at_us < 2**63 // 1000 or not 0 <= length_ms < 2**40 or len(text) > _MOST_CHARACTERS:
        raise ValueError("it is out of reach")
    programs = json.loads(text)
    if (
        not isinstance(programs, list)
        or len(programs) > _MOST_PROGRAMS
        or not all(map(_is_program, programs))
    ):
        raise ValueError("its programs are not what they should be")
    return WhoRan(at_us * 1000, length_ms / 1000, tuple(Ran(*each) for each in programs))


def _is_program(found: object) -> bool:
    if not isinstance(found, list) or len(found) != 9:
        return False
    return (
        all(isinstance(found[place], str) and len(found[place]) <= _MOST_TEXT for place in _TEXTS)
        and all(type(found[place]) is int and 0 <= found[place] < 2**40 for place in _COUNTS)
        and all(
            found[each] is None or (type(found[each]) in (int, float) and 0 <= found[each] < _HIGHEST)
            for each in _FIGURES
        )
    )


def _seal(connection: sqlite3.Connection, begin_us: int, end_us: int, already: bytes | None) -> bytes | None:
    """What the page of an hour has of who ran, with the rows of that hour; what cannot be read is left out."""
    samples: dict[int, WhoRan] = {}
    if already is not None:
        with suppress(ValueError):
            samples = {each.wall_ns: each for each in unpack(already)}
    query = "SELECT at_us, length_ms, programs FROM who_ran WHERE at_us >= ? AND at_us < ?"
    for row in connection.execute(query, (begin_us, end_us)):
        try:
            sample = sample_of(row)
        except (ValueError, TypeError, RecursionError) as error:
            log.warning("row %s of who_ran is left out: %s", row[0], error)
            continue
        samples[sample.wall_ns] = sample
    return pack([samples[at_ns] for at_ns in sorted(samples)]) if samples else None


WHO_RAN = RecordPart(
    {
        9: """
CREATE TABLE who_ran (
    at_us INTEGER PRIMARY KEY,
    length_ms INTEGER NOT NULL,
    programs TEXT NOT NULL
);
""",
    },
    write={WhoRan: _write},
    age_out={"who_ran": "at_us"},
    seal={WHO_RAN_PART: Seal(_seal, {"who_ran": "at_us"})},
)
