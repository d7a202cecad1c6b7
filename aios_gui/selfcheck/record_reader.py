"""Reads measurements from the record, and what machine it is of."""

from __future__ import annotations

from typing import Any

import msgspec

from aios_gui.record.store.decode import Facts, Row, Text, WallUs
from aios_gui.record.store.reader import RecordReader
from aios_gui.selfcheck.benchmark.model import Machine
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.system.ready_type import ready


def measurements(reader: RecordReader, kind: MeasurementKind) -> list[Measurement]:
    """All measurements of a kind, newest last; a record of a version that knew none has none. StoreError."""
    query = "SELECT id, at_us, kind, facts FROM measurement WHERE kind = ? ORDER BY at_us, id"
    return reader.read("measurement", measurement_of, query, str(kind))


@ready
class _MeasurementRow(msgspec.Struct, array_like=True):
    id: int
    at_us: WallUs
    kind: Text
    facts: Facts


def measurement_of(row: Row) -> Measurement:
    """The measurement of a row id, at_us, kind, facts; ValueError where it is none."""
    found = msgspec.convert(row, _MeasurementRow)
    facts = msgspec.json.decode(found.facts, type=dict[str, Any])
    return Measurement(MeasurementKind(found.kind), found.at_us * 1000, facts, found.id)


@ready
class _SessionFacts(msgspec.Struct):
    version: Text = ""
    python: Text = ""
    system: Text = ""
    release: Text = ""
    machine: Text = ""
    cores: int | None = None


def recorded_machine(reader: RecordReader) -> Machine:
    """The machine of the last session in the record, as far as that is known; StoreError."""
    query = "SELECT id, facts FROM session ORDER BY id DESC LIMIT 1"
    found = next(iter(reader.read("session", _session_facts_of, query)), _SessionFacts())
    system = "-".join(filter(None, (found.system, found.release, found.machine)))
    return Machine(system, "", found.cores, found.python, found.version)


def _session_facts_of(row: Row) -> _SessionFacts:
    return msgspec.json.decode(msgspec.convert(row[1], Facts), type=_SessionFacts)
