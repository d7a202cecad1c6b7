"""Brings a finished measurement into the record: by the instance that writes it, or here where none runs."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from aios_gui.core.measurement import Measurement, MeasurementKind
from aios_gui.core.record import Event, EventKind
from aios_gui.services.channel import ChannelError, NoResident, ask
from aios_gui.services.instance import AlreadyRunning, InstanceLock
from aios_gui.services.paths import Paths
from aios_gui.services.record_place import settle
from aios_gui.services.store.errors import StoreError
from aios_gui.services.store.writer import StoreWriter

LARGEST_BYTES = 64 * 1024
_LAST_MOMENT_NS = 2**62
_PATIENCE_S = 5.0
_BETWEEN_TRIES_S = 0.05


class NotKept(Exception):
    """The measurement is not in the record; the message says why."""


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


def keep(paths: Paths, measurement: Measurement, patience_s: float = _PATIENCE_S) -> str:
    """Put it into the record; returns where a damaged record was set aside to, "" as a rule.

    NotKept where it cannot be written, or only later.
    """
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            _hand_over(paths, measurement)
        except NoResident:
            pass
        except ChannelError as error:
            raise NotKept(str(error)) from error
        else:
            return ""
        try:
            return _write_here(paths, measurement)
        except AlreadyRunning as error:
            # An instance is just starting or ending.
            if time.monotonic() > deadline_s:
                raise NotKept(str(error)) from error
            time.sleep(_BETWEEN_TRIES_S)
        except (sqlite3.Error, OSError, StoreError) as error:
            raise NotKept(str(error)) from error


def _hand_over(paths: Paths, measurement: Measurement) -> None:
    """Give it to the instance that runs, which writes it within a second."""
    answer = ask(paths, {"op": "keep", "measurement": measurement_to(measurement)}, _PATIENCE_S)
    if answer.get("problem"):
        raise NotKept(f"the running instance keeps it until it can write again: {answer['problem']}")


def _write_here(paths: Paths, measurement: Measurement) -> str:
    """Be the one instance for the moment that it takes."""
    lock = InstanceLock(paths)
    lock.take()
    settle(paths)
    writer = StoreWriter(paths.store, own_folder=paths.record_folder == paths.data)
    try:
        opened = writer.open()
        items: list[Measurement | Event] = [measurement]
        if opened.set_aside_as:
            told: dict[str, int | float | str] = {
                "moved_to": opened.set_aside_as,
                "error": opened.damage[:200],
            }
            items.append(Event(EventKind.STORE_SET_ASIDE, measurement.wall_ns, None, told))
        writer.write(items, 0)
        return opened.set_aside_as
    finally:
        writer.close()
        lock.release()
