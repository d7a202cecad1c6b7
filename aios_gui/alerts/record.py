"""Incidents and mutes in the record: their tables, their rows, and reading them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

import msgspec

from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.incident import (
    Culprit,
    Finding,
    FindingKind,
    Incident,
    IncidentMark,
    Mute,
    Silence,
)
from aios_gui.alerts.model.rules import Level
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.part import RecordPart
from aios_gui.record.store.decode import (
    TEXT_CHARACTERS,
    Fact,
    Facts,
    Row,
    Text,
    decode_row,
    decode_rows,
    encode,
    known,
)
from aios_gui.record.store.reader import History

_COLUMNS = (
    "id, rule, level, measure, started_us, cleared_us, peak, limit_value, count, acknowledged_us, note, facts"
)
_UPSERT = f"INSERT OR REPLACE INTO incident ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_MARK = "UPDATE incident SET acknowledged_us = coalesce(?, acknowledged_us), note = coalesce(?, note) WHERE id = ?"
_MUTE = "INSERT OR REPLACE INTO mute (rule, until_us) VALUES (?,?)"
_MUTES = "SELECT rule, until_us FROM mute"
_MINUTE_NS = 60_000_000_000


# Reading


def incidents(history: History, start_ns: int, end_ns: int, newest: int = -1) -> list[Incident]:
    """Incidents that touch the span, oldest first; only this many of the newest where that is not negative.

    Levels of a newer program are passed over. StoreError where the record cannot be read.
    """
    query = (
        f"SELECT {_COLUMNS} FROM incident WHERE started_us < ? AND "
        "(cleared_us IS NULL OR cleared_us >= ?) ORDER BY started_us DESC, id DESC LIMIT ?"
    )
    return history.read("incident", incident_of, query, end_ns // 1000, start_ns // 1000, newest)[::-1]


def all_incidents(history: History) -> list[Incident]:
    """Every incident, oldest first; otherwise as ``incidents``."""
    return incidents(history, 0, END_OF_TIME_NS)


def incident(history: History, number: int) -> Incident | None:
    """The incident of that number; None where there is none, StoreError where its row does not decode."""
    query = f"SELECT {_COLUMNS} FROM incident WHERE id = ?"
    found = history.rows("incident", query, number) if abs(number) < 2**63 else []
    return decode_row("incident", incident_of, found[0]) if found else None


def mutes(history: History) -> list[Mute]:
    """Rules that are muted, or were."""
    return history.read("mute", mute_of, _MUTES)


@dataclass(frozen=True, slots=True)
class KeptAlerts:
    """What goes on from an earlier run: the open incidents, the last one of each rule, the mutes.

    ``highest`` is the greatest number that an incident has, 0 where there is none.
    """

    incidents: tuple[Incident, ...] = ()
    highest: int = 0
    mutes: tuple[Mute, ...] = ()


def kept_alerts(connection: sqlite3.Connection) -> KeptAlerts:
    """What goes on from an earlier run, as far as its rows decode; sqlite3.Error as it comes."""
    query = (
        f"SELECT {_COLUMNS} FROM incident WHERE cleared_us IS NULL "
        "OR id IN (SELECT max(id) FROM incident GROUP BY rule) ORDER BY id"
    )
    highest = connection.execute("SELECT max(id) FROM incident").fetchone()[0]
    return KeptAlerts(
        tuple(decode_rows("incident", incident_of, connection.execute(query))),
        int(highest or 0),
        tuple(decode_rows("mute", mute_of, connection.execute(_MUTES))),
    )


def firings(connection: sqlite3.Connection, start_ns: int, end_ns: int) -> Counter[int]:
    """How often rules fired, without silent incidents, by the minute of the wall clock in which the incident began."""
    query = f"SELECT {_COLUMNS} FROM incident WHERE started_us >= ? AND started_us < ?"
    found: Counter[int] = Counter()
    span = start_ns // 1000, end_ns // 1000
    for each in decode_rows("incident", incident_of, connection.execute(query, span)):
        if not each.silence:
            found[each.started_ns // _MINUTE_NS] += each.count
    return found


# Rows


def _us(wall_ns: int | None) -> int | None:
    return None if wall_ns is None else wall_ns // 1000


def _ns(wall_us: int | None) -> int | None:
    return None if wall_us is None else wall_us * 1000


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
        encode(_WrittenFacts(incident.actions, str(incident.silence), incident.finding)),
    )


class _WrittenFacts(msgspec.Struct, omit_defaults=True):
    """What of an incident is JSON."""

    actions: tuple[ActionResult, ...]
    silence: str = ""
    finding: Finding | None = None


class _Result(msgspec.Struct):
    action: Text
    state: Text
    detail: Text = ""
    at_ns: int = 0
    undo: str = ""


class _Finding(msgspec.Struct):
    kind: Text
    facts: dict[Text, Fact] = {}
    culprits: tuple[Culprit, ...] = ()
    movers: tuple[Culprit, ...] = ()
    evidence: dict[Text, Fact] = {}
    took_ns: int = 0
    partial: bool = False


class _ReadFacts(msgspec.Struct):
    """The same as it is read: words that a newer program may have written are texts still."""

    actions: tuple[_Result, ...] = ()
    silence: Text = ""
    finding: _Finding | None = None


class _IncidentRow(msgspec.Struct, array_like=True):
    id: int
    rule: Text
    level: Text
    measure: Text
    started_us: int
    cleared_us: int | None
    peak: float
    limit: float
    count: int
    acknowledged_us: int | None
    note: Text
    facts: Facts


def incident_of(row: Row) -> Incident | None:
    """The incident of a row in the order of its columns; ValueError where it is none.

    None where a newer program wrote a level not known here.
    """
    found = msgspec.convert(row, _IncidentRow)
    facts = msgspec.json.decode(found.facts, type=_ReadFacts)
    if found.level not in tuple(Level):
        return None
    return Incident(
        found.id,
        found.rule,
        found.measure,
        Level(found.level),
        found.started_us * 1000,
        found.peak,
        found.limit,
        _ns(found.cleared_us),
        found.count,
        Silence(facts.silence) if facts.silence in tuple(Silence) else Silence.MUTED,
        _finding_of(facts.finding) if facts.finding is not None else None,
        tuple(
            ActionResult(each.action, ActionState(each.state), each.detail, each.at_ns, each.undo)
            for each in facts.actions
            if each.state in tuple(ActionState)
        ),
        _ns(found.acknowledged_us),
        found.note,
    )


def _finding_of(found: _Finding) -> Finding:
    for each in (*found.culprits, *found.movers):
        if max(map(len, (each.name, each.command, each.parent, *each.unread))) > TEXT_CHARACTERS:
            raise ValueError("a text of a culprit is too long")
    return Finding(
        FindingKind(found.kind) if found.kind in tuple(FindingKind) else FindingKind.UNKNOWN,
        known(found.facts),
        found.culprits,
        found.movers,
        known(found.evidence),
        found.took_ns,
        found.partial,
    )


class _MuteRow(msgspec.Struct, array_like=True):
    rule: Text
    until_us: int


def mute_of(row: Row) -> Mute:
    """The mute of a row rule, until_us; ValueError where it is none."""
    found = msgspec.convert(row, _MuteRow)
    return Mute(found.rule, found.until_us * 1000)


# Writing


def _write(connection: sqlite3.Connection, incident: Incident) -> None:
    connection.execute(_UPSERT, incident_row(incident))


def _mark(connection: sqlite3.Connection, mark: IncidentMark) -> None:
    connection.execute(_MARK, (_us(mark.acknowledged_ns), mark.note, mark.id))


def _mute(connection: sqlite3.Connection, mute: Mute) -> None:
    if mute.until_ns:
        connection.execute(_MUTE, (mute.rule, mute.until_ns // 1000))
    else:
        connection.execute("DELETE FROM mute WHERE rule = ?", (mute.rule,))


# An incident has the number that the watch gave it, so that what it becomes later finds its row. The last statement
# gave the rule on free disk space its figure.
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
"""
    },
    write={Incident: _write, IncidentMark: _mark, Mute: _mute},
    age_out={"incident": "cleared_us"},
)
