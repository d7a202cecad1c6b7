"""The tables of the record and the ordered list of migrations that make them."""

from __future__ import annotations

import sqlite3

from aios_gui.record.store.errors import NewerStoreError

# The rowid of a beat is its time: 36 bytes a beat where an id and an index on time would take 60. Fractions are
# kept as whole hundredths, causes and flags as small numbers, for the same reason.
_FIRST = """
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    started_us INTEGER NOT NULL,
    ended_us INTEGER,
    mode TEXT NOT NULL,
    facts TEXT NOT NULL
);
CREATE TABLE beat (
    at_us INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    lateness_ns INTEGER NOT NULL,
    start_offset_ns INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    breached INTEGER NOT NULL,
    cpu_hundredths INTEGER,
    memory_hundredths INTEGER
);
CREATE TABLE context (
    at_us INTEGER PRIMARY KEY,
    own_cpu_hundredths INTEGER,
    own_memory_bytes INTEGER,
    own_threads INTEGER,
    memory_total_bytes INTEGER,
    swap_hundredths INTEGER,
    disk_read_bytes_per_s INTEGER,
    disk_written_bytes_per_s INTEGER,
    network_received_bytes_per_s INTEGER,
    network_sent_bytes_per_s INTEGER
);
CREATE TABLE gap (
    id INTEGER PRIMARY KEY,
    start_us INTEGER NOT NULL,
    end_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    unrecorded_beats INTEGER NOT NULL
);
CREATE INDEX gap_end ON gap (end_us);
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    session INTEGER,
    seq INTEGER,
    facts TEXT NOT NULL
);
CREATE INDEX event_at ON event (at_us);
"""

_UNREHEARSED = "ALTER TABLE beat ADD COLUMN unrehearsed_ns INTEGER;"

_MEASUREMENT = """
CREATE TABLE measurement (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    facts TEXT NOT NULL
);
"""

# An incident has the number that the watch gave it, so that what it becomes later finds its row.
_INCIDENT = """
CREATE TABLE incident (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    level TEXT NOT NULL,
    measure TEXT NOT NULL,
    started_us INTEGER NOT NULL,
    cleared_us INTEGER,
    peak REAL NOT NULL,
    limit_value REAL NOT NULL,
    count INTEGER NOT NULL,
    acknowledged_us INTEGER,
    note TEXT NOT NULL,
    facts TEXT NOT NULL
);
CREATE INDEX incident_started ON incident (started_us);
CREATE TABLE mute (
    rule TEXT PRIMARY KEY,
    until_us INTEGER NOT NULL
);
ALTER TABLE context ADD COLUMN disk_free_hundredths INTEGER;
"""

_DISK_BUSY = "ALTER TABLE context ADD COLUMN disk_busy_hundredths INTEGER;"

MIGRATIONS: tuple[str, ...] = (_FIRST, _UNREHEARSED, _MEASUREMENT, _INCIDENT, _DISK_BUSY)
VERSION = len(MIGRATIONS)


def found_version(connection: sqlite3.Connection) -> int:
    """The version of the tables, 0 where there are none; NewerStoreError where it is one of a newer program."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise NewerStoreError(
            f"the record has version {found}, this program knows {VERSION}: use the newer program or move the file"
        )
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest form, each step whole or not at all.

    NewerStoreError where the file is of a newer version; sqlite3.Error as SQLite gives it.
    """
    found = found_version(connection)
    for number, script in enumerate(MIGRATIONS[found:], start=found + 1):
        connection.executescript(f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;")
