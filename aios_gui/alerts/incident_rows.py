"""Incidents and mutes to rows of the record and back."""

from __future__ import annotations

import json
import math
import sqlite3
from dataclasses import asdict, dataclass, fields
from typing import Any

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

COLUMNS = (
    "id, rule, level, measure, started_us, cleared_us, peak, limit_value, count, acknowledged_us, note, facts"
)
_UPSERT = f"INSERT OR REPLACE INTO incident ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
_MARK = "UPDATE incident SET acknowledged_us = coalesce(?, acknowledged_us), note = coalesce(?, note) WHERE id = ?"
_MUTE = "INSERT OR REPLACE INTO mute (rule, until_us) VALUES (?,?)"


@dataclass(frozen=True, slots=True)
class KeptAlerts:
    """What goes on from an earlier run: the open incidents, the last one of each rule, the mutes.

    ``highest`` is the greatest number that an incident has, 0 where there is none.
    """

    incidents: tuple[Incident, ...] = ()
    highest: int = 0
    mutes: tuple[Mute, ...] = ()


def kept_alerts(connection: sqlite3.Connection) -> KeptAlerts:
    """What goes on from an earlier run."""
    query = (
        f"SELECT {COLUMNS} FROM incident WHERE cleared_us IS NULL "
        "OR id IN (SELECT max(id) FROM incident GROUP BY rule) ORDER BY id"
    )
    found = [incident_of(row) for row in connection.execute(query)]
    highest = connection.execute("SELECT max(id) FROM incident").fetchone()[0]
    mutes = [Mute(rule, until_us * 1000) for rule, until_us in connection.execute("SELECT * FROM mute")]
    incidents = tuple(incident for incident in found if incident is not None)
    return KeptAlerts(incidents, int(highest or 0), tuple(mutes))


def write(connection: sqlite3.Connection, item: Incident | IncidentMark | Mute) -> None:
    """Write one of them, over what there was of it; sqlite3.Error as it comes."""
    if isinstance(item, Incident):
        connection.execute(_UPSERT, incident_row(item))
    elif isinstance(item, IncidentMark):
        connection.execute(_MARK, (_us(item.acknowledged_ns), item.note, item.id))
    elif item.until_ns:
        connection.execute(_MUTE, (item.rule, item.until_ns // 1000))
    else:
        connection.execute("DELETE FROM mute WHERE rule = ?", (item.rule,))


def _us(wall_ns: int | None) -> int | None:
    return None if wall_ns is None else wall_ns // 1000


def _ns(wall_us: int | None) -> int | None:
    return None if wall_us is None else wall_us * 1000


def incident_row(incident: Incident) -> tuple[Any, ...]:
    """The row of an incident, in the order of ``COLUMNS``."""
    facts: dict[str, Any] = {"actions": [asdict(each) for each in incident.actions]}
    if incident.silence:
        facts["silence"] = incident.silence
    if incident.finding is not None:
        facts["finding"] = asdict(incident.finding)
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
        json.dumps(_finite(facts), ensure_ascii=True),
    )


def _finite(value: Any) -> Any:
    """``value`` without figures that JSON has no words for."""
    if isinstance(value, dict):
        return {str(name): _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def incident_of(row: tuple[Any, ...]) -> Incident | None:
    """The incident of a row in the order of ``COLUMNS``; None where a newer program wrote a level not known here."""
    number, rule, level, measure, started, cleared, peak, limit, count, acknowledged, note, text = row
    facts = json.loads(text)
    if level not in tuple(Level):
        return None
    silence = facts.get("silence", "")
    return Incident(
        number,
        rule,
        measure,
        Level(level),
        started * 1000,
        peak,
        limit,
        _ns(cleared),
        count,
        Silence(silence) if silence in tuple(Silence) else Silence.MUTED,
        _finding_of(facts.get("finding")),
        tuple(_result_of(each) for each in facts.get("actions", ()) if each["state"] in tuple(ActionState)),
        _ns(acknowledged),
        note,
    )


def _known(kind: type, facts: dict[str, Any]) -> dict[str, Any]:
    """``facts`` without what a newer program added."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in facts.items() if name in names}


def _finding_of(facts: dict[str, Any] | None) -> Finding | None:
    if facts is None:
        return None
    found = _known(Finding, facts)
    found["kind"] = FindingKind(found["kind"]) if found["kind"] in tuple(FindingKind) else FindingKind.UNKNOWN
    for name in ("culprits", "movers"):
        found[name] = tuple(_culprit_of(each) for each in found.get(name, ()))
    return Finding(**found)


def _culprit_of(facts: dict[str, Any]) -> Culprit:
    found = _known(Culprit, facts)
    found["unread"] = tuple(found.get("unread", ()))
    return Culprit(**found)


def _result_of(facts: dict[str, Any]) -> ActionResult:
    found = _known(ActionResult, facts)
    found["state"] = ActionState(found["state"])
    return ActionResult(**found)
