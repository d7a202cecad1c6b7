"""Measurements that were made on request, as a benchmark: what they are, and their table in the record."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aios_gui.record.part import RecordPart
from aios_gui.record.store.encode import encode


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
