"""The record's own tables, and the ordered list of migrations, out of all parts, that make a record."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from aios_gui.record.part import PARTS, RecordPart, Seal, Write
from aios_gui.record.store.context_part import CONTEXT_PART, CONTEXT_SEAL
from aios_gui.record.store.errors import NewerStoreError
from aios_gui.record.store.tables import Table, check_tables, read_tables

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

_DISK_BUSY = "ALTER TABLE context ADD COLUMN disk_busy_hundredths INTEGER;"

# Hours and days are counted from 1970 in UTC. What is read most comes first: the rest of a long row lies apart.
# ``envelope`` is by the minute in a page, by the hour in a day; ``hours`` has a bit for each hour that is in the day.
# ``first_session`` and ``first_seq`` are of the beat that was made first. ``duration`` and ``lateness`` are histograms.
# The parts of a page have their number by ``part_id``.
_PAGES = """
CREATE TABLE page (
    hour INTEGER PRIMARY KEY,
    beats INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    first_session INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_session INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    duration BLOB NOT NULL,
    lateness BLOB NOT NULL,
    packed BLOB NOT NULL
);
CREATE TABLE page_part (
    id INTEGER PRIMARY KEY,
    packed BLOB NOT NULL
);
CREATE TABLE day (
    day INTEGER PRIMARY KEY,
    hours INTEGER NOT NULL,
    beats INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    duration BLOB NOT NULL,
    lateness BLOB NOT NULL
);
"""

OWN = RecordPart(
    # 3, 4 and 6 came with measurements and alerts; 4 and 6 also gave ``context`` columns.
    {1: _FIRST, 2: _UNREHEARSED, 5: _DISK_BUSY, 7: _PAGES},
    age_out={"beat": "at_us", "context": "at_us"},
    seal={CONTEXT_PART: CONTEXT_SEAL},
)


class RecordSchema:
    """The tables of a record with all its parts. ValueError where their versions are not one list without a gap."""

    def __init__(self, *parts: RecordPart) -> None:
        migrations: dict[int, str] = {}
        self.writers: dict[type, Write] = {}
        self.age_out: dict[str, str] = {}
        self.goes_first: dict[str, str] = {}
        self.seal: dict[int, Seal] = {}
        for part in (OWN, *parts):
            for known, new in ((migrations, part.migrations), (self.writers, part.write)):
                _join(known, new)
            _join(self.age_out, part.age_out)
            _join(self.goes_first, part.goes_first)
            _join(self.seal, part.seal)
        if not all(0 <= number < PARTS for number in self.seal):
            raise ValueError(f"the parts of a page have numbers below {PARTS}")
        self.version = len(migrations)
        missing = [number for number in range(1, self.version + 1) if number not in migrations]
        if missing:
            raise ValueError(f"no part of the record brings version {missing[0]}")
        self.migrations = tuple(script for _number, script in sorted(migrations.items()))

    def found_version(self, connection: sqlite3.Connection) -> int:
        """The version of the tables, 0 where there are none; NewerStoreError where a newer program made them."""
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > self.version:
            raise NewerStoreError(
                f"the record has version {found}, this program knows {self.version}: "
                "use the newer program or move the file"
            )
        return found

    def check(self, connection: sqlite3.Connection) -> None:
        """NotOurs where the record has not exactly the tables of its version; NewerStoreError; sqlite3.Error."""
        expected = self.tables(self.found_version(connection))
        check_tables(read_tables(connection), expected)

    def tables(self, version: int) -> dict[str, Table]:
        """The tables of a record of this version."""
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript("".join(self.migrations[: max(0, version)]))
            return read_tables(connection)

    def migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the tables to the newest form, each step whole or not at all.

        NewerStoreError where the file is of a newer version; sqlite3.Error as SQLite gives it.
        """
        found = self.found_version(connection)
        for number, script in enumerate(self.migrations[found:], start=found + 1):
            connection.executescript(f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;")


def _join(known: dict[Any, Any], new: Mapping[Any, Any]) -> None:
    for key, value in new.items():
        if key in known:
            raise ValueError(f"two parts of the record bring {key}")
        known[key] = value
