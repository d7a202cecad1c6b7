"""Measurements that were made on request, as a benchmark: what they are, and their table in the record."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from aios_gui.record.part import RecordPart
from aios_gui.record.store.decode import Facts, Row, Text, encode
from aios_gui.record.store.reader import History


class MeasurementKind(StrEnum):
    """What can be measured on request; the words are stored."""

    BENCHMARK = "benchmark"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured, when it was done (ns since the Unix epoch), and what it found, as plain JSON values.

    ``number`` is its place in the record, 0 before it is there.
    """

    kind: MeasurementKind
    wall_ns: int
    facts: dict[str, Any]
    number: int = field(default=0, compare=False)


def measurements(history: History, kind: MeasurementKind) -> list[Measurement]:
    """All measurements of a kind, newest last; a record of a version that knew none has none. StoreError."""
    query = "SELECT id, at_us, kind, facts FROM measurement WHERE kind = ? ORDER BY at_us, id"
    return history.read("measurement", measurement_of, query, str(kind))


class _MeasurementRow(msgspec.Struct, array_like=True):
    id: int
    at_us: int
    kind: Text
    facts: Facts


def measurement_of(row: Row) -> Measurement:
    """The measurement of a row id, at_us, kind, facts; ValueError where it is none."""
    found = msgspec.convert(row, _MeasurementRow)
    facts = msgspec.json.decode(found.facts, type=dict[str, Any])
    return Measurement(MeasurementKind(found.kind), found.at_us * 1000, facts, found.id)


def measurement_row(measurement: Measurement) -> tuple[int, str, str]:
    """at_us, kind, facts."""
    return measurement.wall_ns // 1000, str(measurement.kind), encode(measurement.facts)


def _write(connection: sqlite3.Connection, measurement: Measurement) -> None:
    statement = "INSERT INTO measurement (at_us, kind, facts) VALUES (?,?,?)"
    connection.execute(statement, measurement_row(measurement))


# Kept for ever: they are few, and the progress of years is their point.
MEASUREMENTS = RecordPart(
    {
        3: """
CREATE TABLE measurement (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    facts TEXT NOT NULL
);
"""
    },
    write={Measurement: _write},
)
