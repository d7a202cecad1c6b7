"""Reads notes from the record."""

from __future__ import annotations

import msgspec

from aios_gui.history.notes.model import Note
from aios_gui.history.notes.record import NOTE_COLUMNS
from aios_gui.record.store.decode import Row, Text, WallUs
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.ready_type import ready

_OF_SPAN = f"SELECT {NOTE_COLUMNS} FROM note WHERE start_us < ? AND end_us >= ? ORDER BY start_us DESC, id DESC LIMIT ?"


def notes(reader: RecordReader, start_ns: int, end_ns: int, most: int = -1) -> list[Note]:
    """Notes that touch the span, oldest first; only ``most`` of the newest where that is not negative; StoreError."""
    return reader.read("note", _note_of, _OF_SPAN, -(-end_ns // 1000), start_ns // 1000, most)[::-1]


def note(reader: RecordReader, number: int) -> Note | None:
    """The note of that number; None where there is none, StoreError where the record cannot be read."""
    return _one(reader, "id", number)


def note_written(reader: RecordReader, written_ns: int) -> Note | None:
    """The note that was written at that very moment; None where there is none, StoreError as above."""
    return _one(reader, "written_us", written_ns // 1000)


def _one(reader: RecordReader, column: str, value: int) -> Note | None:
    query = f"SELECT {NOTE_COLUMNS} FROM note WHERE {column} = ? ORDER BY id DESC LIMIT 1"
    found = reader.read("note", _note_of, query, value) if abs(value) < 2**63 else []
    return found[0] if found else None


@ready
class _NoteRow(msgspec.Struct, array_like=True):
    id: int
    start_us: WallUs
    end_us: WallUs
    written_us: WallUs
    text: Text


def _note_of(row: Row) -> Note:
    found = msgspec.convert(row, _NoteRow)
    end_us = max(found.start_us, found.end_us)
    return Note(found.start_us * 1000, end_us * 1000, found.text, found.written_us * 1000, found.id)
