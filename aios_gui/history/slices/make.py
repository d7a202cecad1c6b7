"""Makes a slice: a record of its own that holds one span, sealed as every record is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from aios_gui.history.slices.contents import CONTENTS, SEALED, Names, SealedPart
from aios_gui.history.stretches import HOUR_NS
from aios_gui.record.model.page import BeatColumns, no_beats
from aios_gui.record.part import part_id
from aios_gui.record.store.encode import encode
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.schema import RecordSchema
from aios_gui.record.store.sealed import without_hours
from aios_gui.record.store.sealing import (
    BEATS_AT_ONCE,
    PUT_PART,
    WholePage,
    put_beats,
    put_page,
    sealing,
    sum_up_days,
    whole_page,
)
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
                spans, contents.counts[name] = [(start_ns, end_ns)], 0
                if (sealed := SEALED.get(name)) is not None:
                    spans, contents.counts[name] = _take_parts(reader, writer, names, sealed, *spans[0])
                for span in spans:
                    for some in _some(map(names.pass_on, read(reader, *span))):
                        contents.counts[name] += len(some)
                        writer.write(some, 0)
            for _step in sealing(writer.connection, schema.seal, _FAR_US, set()):
                pass
            sum_up_days(writer.connection)
        finally:
            writer.close()
    _finish(file)
    contents.names = dict(names.found.most_common())
    contents.size_bytes = file.stat().st_size
    return contents


def _write_beats(reader: RecordReader, writer: SqliteWriter, names: Names, start_ns: int, end_ns: int) -> int:
    """Write the beats and the sessions of the span; how many beats there are."""
    count, first, last = 0, _FAR_US, -1
    for hour, beats in _by_hour(reader, start_ns, end_ns):
        if isinstance(beats, WholePage):
            put_page(writer.connection, beats)
            count += beats.beats
            sessions = beats.first_session, beats.last_session
        else:
            put_beats(writer.connection, hour, beats)
            count += beats.length
            sessions = min(beats.session), max(beats.session)
        first, last = min(first, sessions[0]), max(last, sessions[1])
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


def _by_hour(
    reader: RecordReader, start_ns: int, end_ns: int
) -> Iterator[tuple[int, WholePage | BeatColumns]]:
    """The beats of each hour of UTC: its page as it is where all of it is wanted, or else some thousand at a time."""
    with reader.at_once() as (connection, sealed):
        if connection is None:
            return
        open_hours = reader.open_hours("beat", start_ns, end_ns)
        pages = [] if sealed is None else sealed.hour_numbers(start_ns // 1000, end_ns // 1000)
        for hour in sorted({*pages, *open_hours}):
            span = max(start_ns, hour * HOUR_NS), min(end_ns, (hour + 1) * HOUR_NS)
            is_whole = span[1] - span[0] == HOUR_NS and hour not in open_hours
            if is_whole and (page := whole_page(connection, hour)) is not None:
                yield hour, page
                continue
            beats = no_beats()
            for part in reader.beat_columns(*span):
                beats.add(part)
                if beats.length >= BEATS_AT_ONCE:
                    yield hour, beats
                    beats = no_beats()
            if beats.length:
                yield hour, beats


def _take_parts(
    reader: RecordReader, writer: SqliteWriter, names: Names, part: SealedPart, start_ns: int, end_ns: int
) -> tuple[list[tuple[int, int]], int]:
    """Take over parts of pages, packed as they are; the spans in which there may be more, and how many items were."""
    taken, count = [], 0
    for hour, packed in _parts(reader, part, -(-start_ns // HOUR_NS), end_ns // HOUR_NS):
        try:
            passed, items = part.pass_on(packed, names)
        except (ValueError, TypeError):
            continue  # it is damaged, which is told when the rest is read
        writer.connection.execute(PUT_PART, (part_id(hour, part.number), passed))
        taken.append(hour)
        count += items
    left = without_hours(start_ns // 1000, end_ns // 1000, taken)
    return [(from_us * 1000, until_us * 1000) for from_us, until_us in left], count


def _parts(reader: RecordReader, part: SealedPart, first: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The parts of the hours from ``first`` to before ``end`` of which all is sealed."""
    with reader.at_once() as (_connection, sealed):
        if sealed is not None:
            open_hours = reader.open_hours(part.table, first * HOUR_NS, end * HOUR_NS)
            for hour, packed in sealed.parts(part.number, first, end):
                if hour not in open_hours:
                    yield hour, packed


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
