"""Changes in the record: their tables, which are kept for ever, and writing what a look found."""

from __future__ import annotations

import sqlite3

from aios_gui.history.changes.model import Change, Look
from aios_gui.record.part import RecordPart
from aios_gui.record.store.encode import encode

CHANGE_COLUMNS = "id, at_us, kind, source, subject, before, after, facts"
_KNOWN = (
    "SELECT 1 FROM change WHERE at_us = ? AND kind = ? AND source = ? AND subject = ? "
    "AND before IS ? AND after IS ? LIMIT 1"
)
_INSERT = "INSERT INTO change (at_us, kind, source, subject, before, after, facts) VALUES (?,?,?,?,?,?,?)"
_KEPT_AT = "SELECT max(at_us) FROM change_state WHERE source = ?"
_FORGET_STATE = "DELETE FROM change_state WHERE source = ?"
_KEEP_STATE = "INSERT INTO change_state (source, at_us, state) VALUES (?,?,?)"


def change_row(change: Change) -> tuple[int | str | None, ...]:
    """The row of a change, in the order of its columns but for the number."""
    return (
        change.at_ns // 1000,
        str(change.kind),
        change.source,
        change.subject,
        change.before,
        change.after,
        encode(change.facts),
    )


def _write(connection: sqlite3.Connection, look: Look) -> None:
    """Keep what is not there yet, whatever looked twice."""
    if look.state is not None:
        if connection.execute(_KEPT_AT, (look.source,)).fetchone()[0] != look.base_us:
            return  # another look was kept in the meantime
        connection.execute(_FORGET_STATE, (look.source,))
        connection.execute(_KEEP_STATE, (look.source, look.at_ns // 1000, encode(look.state)))
    for change in look.changes:
        row = change_row(change)
        if connection.execute(_KNOWN, row[:-1]).fetchone() is None:
            connection.execute(_INSERT, row)


CHANGES = RecordPart(
    {
        8: """
CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT,
    facts TEXT NOT NULL
);
CREATE INDEX change_at ON change (at_us);
CREATE TABLE change_state (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    state TEXT NOT NULL
);
"""
    },
    write={Look: _write},
)
