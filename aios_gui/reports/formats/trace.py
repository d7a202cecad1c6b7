"""A span as a trace that Perfetto, Chrome and speedscope open (Trace Event Format, JSON).

Hiccups are slices named by who was at fault, gaps and incidents slices too, beats counters, changes and notes instants.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isnan
from typing import Any, BinaryIO

from aios_gui import __version__
from aios_gui.alerts.model.incident import Finding
from aios_gui.alerts.record_reader import hiccup_findings
from aios_gui.alerts.words.findings import finding_sentence
from aios_gui.alerts.words.incidents import conclusion, title
from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.stall import SeenBy
from aios_gui.history.changes.words import change_sentence, kind_name
from aios_gui.history.model.series import Series
from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.formats.raw_data import RawData
from aios_gui.system.atomic_file import text_over
from aios_gui.text.catalogue import english_only
from aios_gui.text.figures import iso_time
from aios_gui.text.plain import plain

_MOST_BEATS = 20_000
"""Of a longer span, the extremes of stretches of time."""
_PID = 1
_NAME, _TEXT = 80, 400
_COUNTERS = {
    "duration (ms)": ("duration_max_ns", 1e6),
    "lateness (ms)": ("lateness_max_ns", 1e6),
    "CPU (%)": ("cpu_max_percent", 1.0),
    "memory (%)": ("memory_max_percent", 1.0),
}
_CAUSES: dict[object, str] = {int(cause): cause.name.lower() for cause in Cause}
_TraceEvent = dict[str, Any]


@dataclass(slots=True)
class _Slice:
    """From ``start_ns`` to ``end_ns`` (wall)."""

    name: str
    start_ns: int
    end_ns: int
    facts: dict[str, Any] = field(default_factory=dict)


def write(data: RawData, out: BinaryIO) -> int:
    """Write the trace, in English and with times in µs since 1970; returns how many beats the span has."""
    span, encode = data.covered, json.JSONEncoder(allow_nan=False).encode
    origin = {
        "program": f"aios-heartbeat {__version__}",
        "host": plain(data.machine),
        "start": iso_time(span.start_ns),
        "end": iso_time(span.end_ns),
    }
    with text_over(out) as text, english_only():
        text.write(f'{{"displayTimeUnit": "ms", "otherData": {encode(origin)}, "traceEvents": [\n')
        text.write(encode(_named("process_name", 0, f"AIOS Heartbeat on {plain(data.machine, _NAME)}")))
        for event in _events(data, span):
            text.write(",\n" + encode(event))
        text.write("\n]}\n")
    return data.total


def _events(data: RawData, span: TimeRange) -> Iterator[_TraceEvent]:
    track = 0
    for name, slices in _tracks(data, span):
        # Slices of one track may lie within each other, but not overlap.
        for lane in _lanes(slices):
            track += 1
            yield _named("thread_name", track, name)
            yield {
                "ph": "M",
                "pid": _PID,
                "tid": track,
                "name": "thread_sort_index",
                "args": {"sort_index": track},
            }
            yield from (_of_slice(each, name, track) for each in lane)
    for name, moments in _instants(data, span):
        track += 1
        yield _named("thread_name", track, name)
        for at_ns, text, facts in moments:
            yield {
                "ph": "i", "s": "t", "pid": _PID, "tid": track, "ts": at_ns // 1000,
                "name": text, "cat": name.lower(), "args": facts,
            }  # fmt: skip
    yield from _counters(data.history.series(span, _MOST_BEATS))


def _tracks(data: RawData, span: TimeRange) -> Iterator[tuple[str, list[_Slice]]]:
    history, reader = data.history, data.history.reader
    findings = hiccup_findings(reader, span.start_ns, span.end_ns)
    for name, kind in (("Hiccups", EventKind.HICCUP), ("Stalled resources", EventKind.RESOURCE_STALL)):
        events = reader.events(span.start_ns, span.end_ns, kind)
        yield name, [_of_stall(each, findings.get(each.wall_ns)) for each in events]
    gaps = [each for each in reader.gaps(span.start_ns, span.end_ns) if each.end_ns > each.start_ns]
    yield "Gaps", [_Slice(str(gap.kind), gap.start_ns, gap.end_ns) for gap in gaps]
    yield (
        "Incidents",
        [
            _Slice(
                plain(title(each), _NAME),
                each.started_ns,
                each.cleared_ns or span.end_ns,
                {
                    "level": str(each.level),
                    "rule": plain(each.rule),
                    "conclusion": plain(conclusion(each), _TEXT),
                },
            )
            for each in history.incidents(span)
        ],
    )
    notes = [each for each in history.notes(span) if each.is_span]
    yield "Notes on spans", [_Slice(plain(each.text, _NAME), each.start_ns, each.end_ns) for each in notes]


def _of_stall(event: Event, finding: Finding | None) -> _Slice:
    """A stall, by the name of the worst culprit, where none is known by what was at fault."""
    length_ns, cause = hiccup_length_ns(event), event.facts.get("cause")
    facts: dict[str, Any] = {
        "seen_by": str(event.facts.get("seen_by", SeenBy.BEAT)),
        "missed": event.facts.get("missed", 0),
    }
    name = _CAUSES.get(cause) or str(event.facts.get("resource", "unknown"))
    facts["fault"] = plain(name)
    if finding is not None:
        facts["conclusion"] = plain(finding_sentence(finding), _TEXT)
        facts["culprits"] = [f"{plain(each.name, _NAME)} ({each.pid})" for each in finding.culprits]
        name = finding.culprits[0].name if finding.culprits else str(finding.kind)
    return _Slice(plain(name, _NAME) or "unknown", event.wall_ns - length_ns, event.wall_ns, facts)


def _instants(data: RawData, span: TimeRange) -> Iterator[tuple[str, list[tuple[int, str, dict[str, Any]]]]]:
    history = data.history
    changes = [
        (each.at_ns, plain(change_sentence(each), _NAME), {"kind": kind_name(each.kind)})
        for each in history.changes(span)
    ]
    yield "Changes", changes
    notes = [
        (each.start_ns, plain(each.text, _NAME), {"text": plain(each.text, _TEXT)})
        for each in history.notes(span)
    ]
    yield "Notes", notes


def _lanes(slices: list[_Slice]) -> list[list[_Slice]]:
    """The slices by time on as few tracks as they need; one at least, so that an empty track is seen to be empty."""
    lanes: list[list[_Slice]] = [[]]
    for each in sorted(slices, key=lambda one: one.start_ns):
        free = next((lane for lane in lanes if not lane or lane[-1].end_ns <= each.start_ns), None)
        if free is None:
            lanes.append(free := [])
        free.append(each)
    return lanes


def _of_slice(each: _Slice, category: str, track: int) -> _TraceEvent:
    return {
        "ph": "X", "pid": _PID, "tid": track, "ts": each.start_ns // 1000,
        "dur": each.end_ns // 1000 - each.start_ns // 1000,
        "name": each.name, "cat": category.lower(), "args": each.facts,
    }  # fmt: skip


def _counters(series: Series) -> Iterable[_TraceEvent]:
    for name, (column, scale) in _COUNTERS.items():
        for time_s, value in zip(series.time_s, getattr(series, column), strict=True):
            if not isnan(value):
                yield {
                    "ph": "C",
                    "pid": _PID,
                    "ts": round(time_s * 1e6),
                    "name": name,
                    "args": {"value": round(value / scale, 6)},
                }


def _named(what: str, track: int, name: str) -> _TraceEvent:
    return {"ph": "M", "pid": _PID, "tid": track, "name": what, "args": {"name": name}}
