"""Incidents and mutes in the record: their tables, and writing them."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

from aios_gui.alerts.model.incident import AllSeen, HiccupFinding, Incident, IncidentMark, Mute
from aios_gui.record.part import RecordPart
from aios_gui.record.store.encode import encode

INCIDENT_COLUMNS = (
    "id, rule, level, measure, started_us, cleared_us, peak, limit_value, count, acknowledged_us, note, facts, "
    "seen_count"
)
_UPSERT = f"INSERT OR REPLACE INTO incident ({INCIDENT_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
_MARK = (
    "UPDATE incident SET acknowledged_us = nullif(coalesce(?, acknowledged_us), 0), note = coalesce(?, note) "
    "WHERE id = ?"
)
_MUTE = "INSERT OR REPLACE INTO mute (rule, until_us) VALUES (?,?)"
HICCUP_FINDING_COLUMNS = "at_us, seq, facts"
_FIND = f"INSERT OR REPLACE INTO hiccup_finding ({HICCUP_FINDING_COLUMNS}) VALUES (?,?,?)"
MUTES = "SELECT rule, until_us FROM mute"


def _us(wall_ns: int | None) -> int | None:
    return None if wall_ns is None else wall_ns // 1000


def incident_row(incident: Incident) -> tuple[int | float | str | None, ...]:
    """The row of an incident, in the order of its columns."""
    return (
        incident.id,
        incident.rule,
        str(incident.level),
        incident.measure,
        _us(incident.started_ns),
        _us(incident.cleared_ns),
        incident.peak,
        incident.limit,
        incident.count,
        _us(incident.acknowledged_ns),
        incident.note,
        encode(_facts(incident)),
        incident.seen_count,
    )


def _facts(incident: Incident) -> dict[str, Any]:
    """What of an incident is JSON."""
    facts: dict[str, Any] = {"actions": [asdict(each) for each in incident.actions]}
    if incident.silence:
        facts["silence"] = incident.silence
    if incident.over_ns is not None:
        facts |= {
            "over_ns": incident.over_ns,
            "last_over_ns": incident.last_over_ns,
            "settling": incident.settling,
        }
    if incident.finding is not None:
        facts["finding"] = asdict(incident.finding)
    return facts


def _find(connection: sqlite3.Connection, found: HiccupFinding) -> None:
    connection.execute(_FIND, (found.wall_ns // 1000, found.seq, encode(asdict(found.finding))))


def _write(connection: sqlite3.Connection, incident: Incident) -> None:
    connection.execute(_UPSERT, incident_row(incident))


def _mark(connection: sqlite3.Connection, mark: IncidentMark) -> None:
    connection.execute(_MARK, (_us(mark.acknowledged_ns), mark.note, mark.id))


def _note_seen(connection: sqlite3.Connection, _seen: AllSeen) -> None:
    connection.execute("UPDATE incident SET seen_count = count WHERE coalesce(seen_count, 0) < count")


def _mute(connection: sqlite3.Connection, mute: Mute) -> None:
    if mute.until_ns:
        connection.execute(_MUTE, (mute.rule, mute.until_ns // 1000))
    else:
        connection.execute("DELETE FROM mute WHERE rule = ?", (mute.rule,))


# An incident has the number that the watch gave it, so that what it becomes later finds its row. The last statements
# gave the rules on free disk space and on stalled time their figures. What was found of a hiccup lies at the very µs of
# its event.
ALERTS = RecordPart(
    {
        4: """
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
""",
        6: """
CREATE TABLE hiccup_finding (
    at_us INTEGER PRIMARY KEY,
    seq INTEGER,
    facts TEXT NOT NULL
);
ALTER TABLE context ADD COLUMN cpu_stalled_hundredths INTEGER;
ALTER TABLE context ADD COLUMN io_stalled_hundredths INTEGER;
ALTER TABLE context ADD COLUMN memory_stalled_hundredths INTEGER;
""",
        10: """
ALTER TABLE incident ADD COLUMN seen_count INTEGER;
UPDATE incident SET seen_count = count;
""",
    },
    write={
        Incident: _write,
        IncidentMark: _mark,
        Mute: _mute,
        AllSeen: _note_seen,
        HiccupFinding: _find,
    },
)
