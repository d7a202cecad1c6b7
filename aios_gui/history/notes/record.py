"""Notes in the record: their table, which is never emptied by age."""

from __future__ import annotations

import sqlite3

from aios_gui.history.notes.model import Note, NoteEdit, NoteRemoval
from aios_gui.record.part import RecordPart

NOTE_COLUMNS = "id, start_us, end_us, written_us, text"


def _add(connection: sqlite3.Connection, note: Note) -> None:
    values = note.start_ns // 1000, note.end_ns // 1000, note.written_ns // 1000, note.text
    connection.execute("INSERT INTO note (start_us, end_us, written_us, text) VALUES (?,?,?,?)", values)


def _edit(connection: sqlite3.Connection, edit: NoteEdit) -> None:
    start_us, length_us = (None if each is None else each // 1000 for each in (edit.start_ns, edit.length_ns))
    # Of what there is by then, since another edit may just have been made.
    connection.execute(
        "UPDATE note SET text = coalesce(?, text), start_us = coalesce(?, start_us), "
        "end_us = coalesce(?, start_us) + coalesce(?, end_us - start_us) WHERE id = ?",
        (edit.text, start_us, start_us, length_us, edit.id),
    )


def _remove(connection: sqlite3.Connection, removal: NoteRemoval) -> None:
    connection.execute("DELETE FROM note WHERE id = ?", (removal.id,))


NOTES = RecordPart(
    {
        11: """
CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    written_us INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX note_start ON note (start_us);
""",
    },
    write={Note: _add, NoteEdit: _edit, NoteRemoval: _remove},
)
