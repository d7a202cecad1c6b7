"""A measurement that was made on request, as a benchmark: kept in the record for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aios_gui.alerts.model.incident import Incident, IncidentMark, Mute
from aios_gui.heartbeat.model.items import LiveItem


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


RecordItem = LiveItem | Measurement | Incident | IncidentMark | Mute
"""All that the record takes in."""
