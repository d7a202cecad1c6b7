"""Imported beats in the record: tables of their own, so that nothing that is said of this machine can contain them."""

from __future__ import annotations

import sqlite3

from aios_gui.record.importing.model import ImportedPages, ImportSource, RemoveImported
from aios_gui.record.part import RecordPart
from aios_gui.record.store.encode import encode

PAGE_COLUMNS = "hour, beats, first_us, last_us, results, packed"
_SOURCE = "SELECT id FROM imported_source WHERE digest = ?"
_NEW_SOURCE = "INSERT INTO imported_source (digest, name, at_us, facts) VALUES (?,?,?,?)"
_KNOWN = "SELECT 1 FROM imported_page WHERE hour = ? AND source = ? AND checksum = ? LIMIT 1"
_FREE = "SELECT 1 FROM imported_page WHERE at_us = ?"
_NEW_PAGE = f"INSERT INTO imported_page (at_us, source, checksum, {PAGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"


def _write(connection: sqlite3.Connection, item: ImportedPages) -> None:
    """Keep the pages that are not there yet."""
    source = _number_of(connection, item.source)
    for page in item.pages:
        if connection.execute(_KNOWN, (page.hour, source, page.checksum)).fetchone() is None:
            values = (page.hour, page.beats, page.first_us, page.last_us, page.results, page.packed)
            at_us = page.first_us
            while connection.execute(_FREE, (at_us,)).fetchone() is not None:
                at_us += 1
            connection.execute(_NEW_PAGE, (at_us, source, page.checksum, *values))


def _number_of(connection: sqlite3.Connection, source: ImportSource) -> int:
    found = connection.execute(_SOURCE, (source.digest,)).fetchone()
    if found is not None:
        return int(found[0])
    facts = encode({"reader": source.reader, "size_bytes": source.size_bytes})
    row = (source.digest, source.name, source.at_ns // 1000, facts)
    return int(connection.execute(_NEW_SOURCE, row).lastrowid or 0)


def _remove(connection: sqlite3.Connection, item: RemoveImported) -> None:
    connection.execute("DELETE FROM imported_page WHERE source = ?", (item.number,))
    connection.execute("DELETE FROM imported_source WHERE id = ?", (item.number,))


# A page has the time of its first beat for its number, a little later where another has that. As they can be imported
# again, they are the first to go where the record is larger than it may be.
IMPORTED = RecordPart(
    {
        12: """
CREATE TABLE imported_source (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    name TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    facts TEXT NOT NULL
);
CREATE TABLE imported_page (
    at_us INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    beats INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    results TEXT NOT NULL,
    packed BLOB NOT NULL
);
CREATE INDEX imported_page_hour ON imported_page (hour);
CREATE INDEX imported_page_source ON imported_page (source);
"""
    },
    write={ImportedPages: _write, RemoveImported: _remove},
    goes_first={"imported_page": "at_us"},
)
