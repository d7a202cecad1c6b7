"""Makes a slice: a record of its own that holds one span, sealed as every record is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from aios_gui.history.slices.contents import CONTENTS, Names
from aios_gui.record.store.encode import encode
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.schema import RecordSchema
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter

APPLICATION_ID = 0x41494F53
"""Tells a slice from any other SQLite file: "AIOS"."""
_ITEMS_AT_ONCE = 10_000
_FAR_US = 1 << 60
_SESSIONS = (
    "SELECT id, id, started_us, ended_us, mode, facts FROM session "
    "WHERE id >= ? AND id <= ? OR started_us < ? AND coalesce(ended_us, started_us) >= ?"
)
_INSERT_SESSION = "INSERT OR IGNORE INTO session (id, started_us, ended_us, mode, facts) VALUES (?,?,?,?,?)"


class NothingInIt(Exception):
    """The record has no beat in that span."""


@dataclass(slots=True)
class SliceContents:
    """What a slice holds: how many of each kind, and the names in it with how often each is there.

    ``start_ns`` to ``end_ns`` is what was asked for, cut to where the record begins and ends.
    """

    start_ns: int
    end_ns: int
    beats: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    are_names_hidden: bool = False
    size_bytes: int = 0


def make_slice(
    record: Path, schema: RecordSchema, file: Path, start_ns: int, end_ns: int, hide_names: bool = False
) -> SliceContents:
    """Write a span of ``record`` (wall clock) into ``file``, which is new; ``hide_names`` replaces all names in it.

    ``NothingInIt``; StoreError where the record cannot be read, OSError or sqlite3.Error where there is no room.
    """
    names = Names(hide_names)
    contents = SliceContents(start_ns, end_ns, are_names_hidden=hide_names)
    writer = SqliteWriter(file, schema, own_folder=False, checked=True)
    with RecordReader(record) as reader:
        if (whole := reader.span()) is not None:
            contents.start_ns, contents.end_ns = max(start_ns, whole[0]), min(end_ns, whole[1] + 1000)
        writer.open()
        try:
            contents.beats = _write_beats(reader, writer, names, start_ns, end_ns)
            for name, read in CONTENTS.items():
                contents.counts[name] = 0
                for some in _some(map(names.pass_on, read(reader, start_ns, end_ns))):
                    contents.counts[name] += len(some)
                    writer.write(some, 0)
            for _step in sealing(writer.connection, schema.seal, _FAR_US, set()):
                pass
        finally:
            writer.close()
    _finish(file)
    contents.names = dict(names.found.most_common())
    contents.size_bytes = file.stat().st_size
    return contents


def _write_beats(reader: RecordReader, writer: SqliteWriter, names: Names, start_ns: int, end_ns: int) -> int:
    """Write the beats and the sessions of the span; how many beats there are."""
    count, first, last = 0, _FAR_US, -1
    for session, beats in groupby(reader.beats(start_ns, end_ns), attrgetter("session")):
        first, last = min(first, session), max(last, session)
        for some in _some(beats):
            writer.write(some, session)
            count += len(some)
    if not count:
        raise NothingInIt
    found = reader.read("session", tuple, _SESSIONS, first, last, end_ns // 1000, start_ns // 1000)
    intervals = reader.intervals()
    for _row, number, started_us, ended_us, mode, text in found:
        facts = {}
        with suppress(ValueError, TypeError, RecursionError):
            facts = json.loads(text)
            if interval_ns := intervals.at(max(started_us * 1000, start_ns)):
                facts["interval_ns"] = interval_ns  # of the changes before the span the slice tells nothing
        row = number, started_us, ended_us, mode, encode(names.pass_on(facts))
        writer.connection.execute(_INSERT_SESSION, row)
    return count


def _some(items: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(items, _ITEMS_AT_ONCE)):
        yield some


def _finish(file: Path) -> None:
    """One file, of which nothing else is needed."""
    # Opened plainly: a record's own connection may attach nothing, by which SQLite makes the file small.
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
