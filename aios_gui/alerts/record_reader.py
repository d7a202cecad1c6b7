"""Reads incidents and mutes from the record."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import msgspec

from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.model.command_lines import of_older_record
from aios_gui.alerts.model.incident import (
    Culprit,
    Finding,
    FindingKind,
    HiccupFinding,
    Incident,
    Mute,
    Silence,
)
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.record import HICCUP_FINDING_COLUMNS, INCIDENT_COLUMNS, MUTES
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.decode import (
    TEXT_CHARACTERS,
    Fact,
    Facts,
    Figure,
    Row,
    Text,
    WallUs,
    decode_row,
    known,
)
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.ready_type import ready


def incidents(reader: RecordReader, start_ns: int, end_ns: int, newest: int = -1) -> list[Incident]:
    """Incidents that touch the span, oldest first; only this many of the newest where that is not negative.

    Levels of a newer program are passed over. StoreError where the record cannot be read.
    """
    query = (
        f"SELECT {_columns(reader)} FROM incident WHERE started_us < ? AND "
        "(cleared_us IS NULL OR cleared_us >= ?) ORDER BY started_us DESC, id DESC LIMIT ?"
    )
    return reader.read("incident", incident_of, query, end_ns // 1000, start_ns // 1000, newest)[::-1]


def _columns(reader: RecordReader) -> str:
    return reader.columns("incident", INCIDENT_COLUMNS)


def all_incidents(reader: RecordReader) -> list[Incident]:
    """Every incident, oldest first; otherwise as ``incidents``."""
    return incidents(reader, 0, END_OF_TIME_NS)


def incident(reader: RecordReader, number: int) -> Incident | None:
    """The incident of that number; None where there is none, StoreError where its row does not decode."""
    query = f"SELECT {_columns(reader)} FROM incident WHERE id = ?"
    found = reader.row("incident", query, number) if abs(number) < 2**63 else None
    return decode_row("incident", incident_of, found) if found is not None else None


def hiccup_findings(reader: RecordReader, start_ns: int, end_ns: int) -> dict[int, Finding]:
    """What was found of the hiccups of a span, by the wall time of each (ns, whole µs); StoreError as above."""
    query = (
        f"SELECT {HICCUP_FINDING_COLUMNS} FROM hiccup_finding WHERE at_us >= ? AND at_us < ? ORDER BY at_us"
    )
    found = reader.read("hiccup_finding", hiccup_finding_of, query, start_ns // 1000, end_ns // 1000)
    return {each.wall_ns: each.finding for each in found}


def mutes(reader: RecordReader) -> list[Mute]:
    """Rules that are muted, or were."""
    return reader.read("mute", mute_of, MUTES)


def _ns(wall_us: int | None) -> int | None:
    return None if wall_us is None else wall_us * 1000


_Culprits = Annotated[tuple[Culprit, ...], msgspec.Meta(max_length=100)]
"""Of each list; a diagnosis names a handful."""


_Ns = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]


@ready
class _Result(msgspec.Struct):
    action: Text
    state: Text
    detail: Text = ""
    at_ns: int = 0
    undo: str = ""


@ready
class _Finding(msgspec.Struct):
    kind: Text
    facts: dict[Text, Fact] = {}
    culprits: _Culprits = ()
    movers: _Culprits = ()
    evidence: dict[Text, Fact] = {}
    took_ns: int = 0
    partial: bool = False


@ready
class _ReadFacts(msgspec.Struct):
    """What of an incident is JSON: words that a newer program may have written are texts still."""

    actions: Annotated[tuple[_Result, ...], msgspec.Meta(max_length=1_000)] = ()
    silence: Text = ""
    finding: _Finding | None = None
    over_ns: _Ns | None = None
    last_over_ns: _Ns | None = None
    settling: bool = False


@ready
class _IncidentRow(msgspec.Struct, array_like=True):
    id: int
    rule: Text
    level: Text
    measure: Text
    started_us: WallUs
    cleared_us: WallUs | None
    peak: Figure
    limit: Figure
    count: int
    acknowledged_us: WallUs | None
    note: Text
    facts: Facts
    seen_count: int | None


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
        facts.over_ns,
        facts.last_over_ns,
        facts.settling and found.cleared_us is None,
        found.seen_count or 0,
    )


def _finding_of(found: _Finding) -> Finding:
    culprits, movers = (tuple(map(_culprit_of, each)) for each in (found.culprits, found.movers))
    return Finding(
        FindingKind(found.kind) if found.kind in tuple(FindingKind) else FindingKind.UNKNOWN,
        known(found.facts),
        culprits,
        movers,
        known(found.evidence),
        found.took_ns,
        found.partial,
    )


def _culprit_of(found: Culprit) -> Culprit:
    texts = (found.name, found.command, found.command_line or "", found.parent, *found.unread)
    if max(map(len, texts)) > TEXT_CHARACTERS:
        raise ValueError("a text of a culprit is too long")
    if found.command_line is not None or not found.command:
        return found
    command, line = of_older_record(found.command)
    return replace(found, command=command, command_line=line)


@ready
class _HiccupFindingRow(msgspec.Struct, array_like=True):
    at_us: int
    seq: int | None
    facts: Facts


def hiccup_finding_of(row: Row) -> HiccupFinding:
    """What was found of a hiccup, out of a row in the order of its columns; ValueError where it is none."""
    found = msgspec.convert(row, _HiccupFindingRow)
    return HiccupFinding(
        found.at_us * 1000, found.seq, _finding_of(msgspec.json.decode(found.facts, type=_Finding))
    )


@ready
class _MuteRow(msgspec.Struct, array_like=True):
    rule: Text
    until_us: WallUs


def mute_of(row: Row) -> Mute:
    """The mute of a row rule, until_us; ValueError where it is none."""
    found = msgspec.convert(row, _MuteRow)
    return Mute(found.rule, found.until_us * 1000)
