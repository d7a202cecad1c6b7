"""A benchmark's result in the shape that scripts rely on and that the record keeps, and back.

Durations in ms, times ISO 8601 with offset, unknown is None.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from aios_gui.record.store.errors import StoreError
from aios_gui.selfcheck.benchmark.model import (
    PAIRS,
    PUBLISHED_NS,
    BenchmarkResult,
    Beside,
    Heartbeat,
    Machine,
    Pacing,
    RehearsalCount,
    Timing,
)
from aios_gui.selfcheck.facts import Count, Finite, read_facts
from aios_gui.selfcheck.record import Measurement, MeasurementKind

_NS_PER_MS = 1e6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TimingFacts(msgspec.Struct, frozen=True):
    """One heartbeat in one mode."""

    name: Heartbeat
    mode: Pacing
    count: Count
    mean_ms: Finite
    p50_ms: Finite
    p95_ms: Finite
    p99_ms: Finite


class RehearsalFacts(msgspec.Struct, frozen=True):
    """How the warmed heartbeat was rehearsed."""

    beats: Count
    rehearsed: Count
    margin_ms: Finite


class BesideFacts(msgspec.Struct, frozen=True):
    """What the resident heartbeat recorded meanwhile."""

    beats: Count
    p50_ms: Finite
    p99_ms: Finite
    missed: Count
    hiccups: Count


class BenchmarkFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `bench --json` prints and the record keeps. Speed-ups and published figures are not read back."""

    heartbeats: list[TimingFacts]
    speedup: dict[str, Finite | None] = {}
    published_ms: dict[str, Finite] = {}
    quick: bool
    started_at: str
    finished_at: str
    machine: Machine
    rehearsal: RehearsalFacts
    resident: BesideFacts | None


def facts_of(result: BenchmarkResult) -> dict[str, Any]:
    """JSON-ready facts."""
    beside, rehearsed = result.beside, result.rehearsed
    facts = BenchmarkFacts(
        heartbeats=[
            TimingFacts(
                each.name,
                each.mode,
                each.count,
                *(ns / _NS_PER_MS for ns in (each.mean_ns, each.p50_ns, each.p95_ns, each.p99_ns)),
            )
            for each in result.timings
        ],
        speedup=speedups(result),
        published_ms={str(name): ns / _NS_PER_MS for name, ns in PUBLISHED_NS.items()},
        quick=result.quick,
        started_at=_moment(result.started_ns),
        finished_at=_moment(result.finished_ns),
        machine=result.machine,
        rehearsal=RehearsalFacts(rehearsed.beats, rehearsed.rehearsed, rehearsed.margin_ns / _NS_PER_MS),
        resident=None if beside is None else _beside_facts(beside),
    )
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    return plain


def result_of(plain: Any) -> BenchmarkResult:
    """The result of such facts, times to the µs; ValueError where they are of another shape."""
    facts = read_facts(plain, BenchmarkFacts)
    beside, rehearsal = facts.resident, facts.rehearsal
    return BenchmarkResult(
        _moment_ns(facts.started_at),
        _moment_ns(facts.finished_at),
        facts.quick,
        tuple(
            Timing(
                each.name,
                each.mode,
                each.count,
                each.mean_ms * _NS_PER_MS,
                *map(_ns, (each.p50_ms, each.p95_ms, each.p99_ms)),
            )
            for each in facts.heartbeats
        ),
        facts.machine,
        RehearsalCount(rehearsal.beats, rehearsal.rehearsed, _ns(rehearsal.margin_ms)),
        None if beside is None else _beside(beside),
    )


def speedups(result: BenchmarkResult) -> dict[str, float | None]:
    """Every pair as ``original/warmed``: P50 over P50 at cadence."""
    return {f"{slower}/{quicker}": result.speedup(slower, quicker) for slower, quicker in PAIRS}


def summary_facts(result: BenchmarkResult) -> dict[str, Any]:
    """What a list of results says of each."""
    return {"at": _moment(result.finished_ns), "quick": result.quick, "speedup": speedups(result)}


def measurement_of(result: BenchmarkResult) -> Measurement:
    """What the record keeps of it."""
    return Measurement(MeasurementKind.BENCHMARK, result.finished_ns, facts_of(result))


def result_in(measurement: Measurement) -> BenchmarkResult:
    """The result that the record keeps; StoreError that names it where it cannot be read."""
    try:
        return result_of(measurement.facts)
    except ValueError as error:
        raise StoreError(f"benchmark {measurement.number} in the record cannot be read: {error}") from error


def _beside_facts(found: Beside) -> BesideFacts:
    p50_ms, p99_ms = found.p50_ns / _NS_PER_MS, found.p99_ns / _NS_PER_MS
    return BesideFacts(found.beats, p50_ms, p99_ms, found.missed, found.hiccups)


def _beside(facts: BesideFacts) -> Beside:
    return Beside(facts.beats, _ns(facts.p50_ms), _ns(facts.p99_ms), facts.missed, facts.hiccups)


def _ns(ms: float) -> int:
    return round(ms * _NS_PER_MS)


def _moment(wall_ns: int) -> str:
    at = _EPOCH + timedelta(microseconds=wall_ns // 1000)
    return at.astimezone().isoformat(timespec="microseconds")


def _moment_ns(text: str) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"the time {text!r} has no offset")
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000
