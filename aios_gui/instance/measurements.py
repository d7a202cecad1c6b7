"""Brings a finished measurement into the record: by the instance that writes it, or here where none runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from aios_gui.instance.submit import PATIENCE_S, bring_into_record
from aios_gui.record.model.measurement import Measurement, MeasurementKind
from aios_gui.system.paths import Paths

LARGEST_BYTES = 64 * 1024
_LAST_MOMENT_NS = 2**62


def measurement_to(measurement: Measurement) -> dict[str, Any]:
    """``measurement`` as plain values for the channel."""
    return {"kind": str(measurement.kind), "wall_ns": measurement.wall_ns, "facts": measurement.facts}


def measurement_from(plain: Any) -> Measurement:
    """The measurement of such values; ValueError, in words, where they are none or too much."""
    if not isinstance(plain, dict):
        raise ValueError("a measurement is one JSON object")
    kind, wall_ns, facts = plain.get("kind"), plain.get("wall_ns"), plain.get("facts")
    if kind not in list(MeasurementKind):
        raise ValueError(f"there is no kind of measurement {str(kind)[:40]!r}")
    if type(wall_ns) is not int or not 0 <= wall_ns < _LAST_MOMENT_NS:
        raise ValueError("the moment of a measurement is a number of nanoseconds")
    if not isinstance(facts, dict):
        raise ValueError("the facts of a measurement are one JSON object")
    try:
        size_bytes = len(json.dumps(facts, allow_nan=False))
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"the facts of a measurement are plain JSON: {error}") from error
    if size_bytes > LARGEST_BYTES:
        raise ValueError(f"a measurement has at most {LARGEST_BYTES} bytes, this one {size_bytes}")
    return Measurement(MeasurementKind(kind), wall_ns, facts)


def accept(request: dict[str, Any], keep: Callable[[Measurement], object], problem: str) -> dict[str, Any]:
    """Answer a caller of the channel that wants a measurement kept; ``problem`` says what is wrong with the record."""
    try:
        keep(measurement_from(request.get("measurement")))
    except ValueError as error:
        return {"error": str(error)}
    return {"done": True, "problem": problem}


def keep(paths: Paths, measurement: Measurement, patience_s: float = PATIENCE_S) -> str:
    """Put it into the record; as ``bring_into_record``."""
    request = {"op": "keep", "measurement": measurement_to(measurement)}
    return bring_into_record(paths, request, measurement, measurement.wall_ns, patience_s)
