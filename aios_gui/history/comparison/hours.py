"""Reads the hours of a span as a comparison takes them: whole hours, each with its beats by length."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np

from aios_gui.heartbeat.model.items import EventKind, hiccup_length_ns
from aios_gui.history.changes.model import ChangeKind
from aios_gui.history.changes.record_reader import changes
from aios_gui.history.comparison.verdict import Hours
from aios_gui.history.queries import History
from aios_gui.history.stretches import HOUR_NS, stretches
from aios_gui.record.model.histogram import Histogram, highest_of
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.decode import Facts, Row, Text, WallUs
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.ready_type import ready

_SESSIONS = "SELECT id, started_us, mode, facts FROM session ORDER BY started_us"
_PARTS_OF_DAY = 4


@dataclass(slots=True)
class _Hour:
    """What is known of one hour."""

    beats: int
    missed: int
    duration: Histogram
    lateness: Histogram
    hiccups: int = 0
    worst_stall_ns: int = 0


def read_hours(reader: RecordReader, *spans: TimeRange) -> tuple[Hours, ...]:
    """The whole hours of each span that have beats, all with the same bins; StoreError."""
    found = [_read(reader, span) for span in spans]
    conditions = _Conditions(reader)
    known: dict[tuple[object, ...], int] = {}
    bins = sorted({index for hours in found for hour in hours.values() for index in _indexes(hour)})
    places = {index: place for place, index in enumerate(bins)}
    made = [_table(hours, places, conditions, known) for hours in found]
    lower = np.array([highest_of(index - 1) + 1 if index else 0 for index in bins], np.float64)
    upper = np.array([highest_of(index) + 1 for index in bins], np.float64)
    return tuple(
        Hours(**columns, lower=lower, upper=upper, conditions=tuple(known) or ((),)) for columns in made
    )


def _indexes(hour: _Hour) -> set[int]:
    return {*hour.duration.counts, *hour.lateness.counts}


def _read(reader: RecordReader, span: TimeRange) -> dict[int, _Hour]:
    first, last = -(-span.start_ns // HOUR_NS), span.end_ns // HOUR_NS
    if first >= last:
        return {}
    start_ns, end_ns = first * HOUR_NS, last * HOUR_NS
    hours = {
        each.start_ns // HOUR_NS: _Hour(each.beats, each.missed, each.duration, each.lateness)
        for each in stretches(reader, TimeRange(start_ns, end_ns), HOUR_NS)
    }
    for event in reader.events(start_ns, end_ns, EventKind.HICCUP):
        if (number := event.wall_ns // HOUR_NS) in hours:
            hours[number].hiccups += 1
            hours[number].worst_stall_ns = max(hours[number].worst_stall_ns, hiccup_length_ns(event))
    return hours


def _table(
    hours: dict[int, _Hour],
    places: dict[int, int],
    conditions: _Conditions,
    known: dict[tuple[object, ...], int],
) -> dict[str, Any]:
    """The columns of ``Hours``; conditions that are new are added to those that are ``known``."""
    counts = {name: np.zeros((len(hours), len(places))) for name in ("duration", "lateness")}
    covered, condition = [], []
    for row, (number, hour) in enumerate(hours.items()):
        for name, table in counts.items():
            histogram: Histogram = getattr(hour, name)
            for index, count in histogram.counts.items():
                table[row, places[index]] = count
        covered_ns, found = conditions.of(number * HOUR_NS, hour.beats + hour.missed)
        covered.append(min(HOUR_NS, covered_ns or HOUR_NS) / 1e9)
        condition.append(known.setdefault(found, len(known)))
    return {
        "hour": np.array(list(hours), np.int64),
        "kind": np.array([_kind(number) for number in hours], np.int64),
        "condition": np.array(condition, np.int64),
        "covered_s": np.array(covered, np.float64),
        "hiccups": np.array([hour.hiccups for hour in hours.values()], np.float64),
        "worst_stall_ns": np.array([hour.worst_stall_ns for hour in hours.values()], np.float64),
        **counts,
    }


def _kind(hour: int) -> int:
    """Weekday or weekend, and the quarter of the day, by local time."""
    moment = datetime.fromtimestamp(hour * 3600, UTC).astimezone()
    return (moment.weekday() >= 5) * _PARTS_OF_DAY + moment.hour * _PARTS_OF_DAY // 24


class _Conditions:
    """Under which conditions beats were made at a moment, each a value for each ``Condition``."""

    def __init__(self, reader: RecordReader) -> None:
        self._history = History(reader)
        self._intervals = reader.intervals()
        sessions = reader.read("session", _session_of, _SESSIONS)
        self._began_ns = [began_ns for began_ns, _condition in sessions]
        self._sessions = [condition for _began_ns, condition in sessions]
        power = [each for each in changes(reader, 0, 2**62) if each.kind is ChangeKind.POWER_SOURCE]
        self._power_ns = [each.at_ns for each in power]
        self._power = [each.after for each in power]

    def of(self, start_ns: int, due: int) -> tuple[int, tuple[object, ...]]:
        """How much of an hour the beats that were due cover, ns, 0 where that is not known; and all conditions.

        An hour with beats at two intervals is like no other one.
        """
        middle_ns = start_ns + HOUR_NS // 2
        due_at = self._due_at(start_ns, due)
        interval = tuple(due_at) if len(due_at) == 1 else (start_ns, *due_at)
        mode, sampler, version = _last(self._began_ns, self._sessions, middle_ns) or ("", "", "")
        power = _last(self._power_ns, self._power, middle_ns)
        covered_ns = sum(interval_ns * count for interval_ns, count in due_at.items())
        return covered_ns if all(due_at) else 0, (interval, mode, sampler, power, version)

    def _due_at(self, start_ns: int, due: int) -> dict[int, int]:
        """How many beats of an hour were due at which interval, ns."""
        parts = self._intervals.parts(start_ns, start_ns + HOUR_NS)
        if len({interval_ns for _begin_ns, _end_ns, interval_ns in parts}) == 1:
            return {parts[0][2]: due}
        found: dict[int, int] = {}
        for begin_ns, end_ns, interval_ns in parts:
            if count := self._history.coverage(TimeRange(begin_ns, end_ns)).due:
                found[interval_ns] = found.get(interval_ns, 0) + count
        return found


@ready
class _SessionRow(msgspec.Struct, array_like=True):
    id: int
    started_us: WallUs
    mode: Text
    facts: Facts


@ready
class _SessionFacts(msgspec.Struct):
    sampler: str = ""
    version: str = ""


def _session_of(row: Row) -> tuple[int, tuple[str, str, str]]:
    """When a session began (ns), and its mode, sampler and major version; ValueError where the row is none."""
    found = msgspec.convert(row, _SessionRow)
    facts = msgspec.json.decode(found.facts, type=_SessionFacts)
    return found.started_us * 1000, (found.mode, facts.sampler, facts.version.split(".")[0])


def _last(moments_ns: list[int], values: list[Any], wall_ns: int) -> Any:
    """The value as of a moment; None before the first."""
    place = bisect_right(moments_ns, wall_ns) - 1
    return values[place] if place >= 0 else None
