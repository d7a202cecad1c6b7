"""A benchmark's result in the shape that scripts rely on and that the record keeps, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aios_gui.record.model.measurement import Measurement, MeasurementKind
from aios_gui.selfcheck.benchmark.model import (
    PAIRS,
    PUBLISHED_NS,
    BenchmarkResult,
    Beside,
    Heartbeat,
    Machine,
    Mode,
    Progress,
    Rehearsed,
    Timing,
)

_NS_PER_MS = 1e6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def measurement_of(result: BenchmarkResult) -> Measurement:
    """What the record keeps of it."""
    return Measurement(MeasurementKind.BENCHMARK, result.finished_ns, facts_of(result))


def speedups(result: BenchmarkResult) -> dict[str, float | None]:
    """Every pair as ``original/warmed``: P50 over P50 at cadence."""
    return {f"{slower}/{quicker}": result.speedup(slower, quicker) for slower, quicker in PAIRS}


def facts_of(result: BenchmarkResult) -> dict[str, Any]:
    """JSON-ready facts: durations in ms, times ISO 8601 with offset, unknown is None."""
    return {
        "heartbeats": [_timing_facts(timing) for timing in result.timings],
        "speedup": speedups(result),
        "published_ms": {str(name): ns / _NS_PER_MS for name, ns in PUBLISHED_NS.items()},
        "quick": result.quick,
        "started_at": _moment(result.started_ns),
        "finished_at": _moment(result.finished_ns),
        "machine": _machine_facts(result.machine),
        "rehearsal": {
            "beats": result.rehearsed.beats,
            "rehearsed": result.rehearsed.rehearsed,
            "margin_ms": result.rehearsed.margin_ns / _NS_PER_MS,
        },
        "resident": None if result.beside is None else _beside_facts(result.beside),
    }


def summary_facts(result: BenchmarkResult) -> dict[str, Any]:
    """What a list of results says of each."""
    return {"at": _moment(result.finished_ns), "quick": result.quick, "speedup": speedups(result)}


def result_of(facts: Any) -> BenchmarkResult:
    """The result of such facts, times to the µs; ValueError where they are of another shape."""
    try:
        machine, rehearsal, beside = facts["machine"], facts["rehearsal"], facts["resident"]
        return BenchmarkResult(
            _moment_ns(facts["started_at"]),
            _moment_ns(facts["finished_at"]),
            bool(facts["quick"]),
            tuple(_timing(each) for each in facts["heartbeats"]),
            Machine(
                str(machine["system"]),
                str(machine["processor"]),
                machine["cores"],
                str(machine["python"]),
                str(machine["version"]),
                machine["busy_percent"],
            ),
            Rehearsed(rehearsal["beats"], rehearsal["rehearsed"], _ns(rehearsal["margin_ms"])),
            None if beside is None else _beside(beside),
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"the result is of another version: {error!r}") from error


def progress_facts(progress: Progress) -> dict[str, float | str]:
    """How far a run is, for the process that started it."""
    return {
        "progress": round(progress.share, 4),
        "remaining_s": round(progress.remaining_s, 1),
        "now": str(progress.now),
    }


def _timing_facts(timing: Timing) -> dict[str, Any]:
    return {
        "name": str(timing.name),
        "mode": str(timing.mode),
        "count": timing.count,
        "mean_ms": timing.mean_ns / _NS_PER_MS,
        "p50_ms": timing.p50_ns / _NS_PER_MS,
        "p95_ms": timing.p95_ns / _NS_PER_MS,
        "p99_ms": timing.p99_ns / _NS_PER_MS,
    }


def _timing(facts: Any) -> Timing:
    return Timing(
        Heartbeat(facts["name"]),
        Mode(facts["mode"]),
        facts["count"],
        facts["mean_ms"] * _NS_PER_MS,
        _ns(facts["p50_ms"]),
        _ns(facts["p95_ms"]),
        _ns(facts["p99_ms"]),
    )


def _machine_facts(machine: Machine) -> dict[str, Any]:
    return {
        "system": machine.system,
        "processor": machine.processor,
        "cores": machine.cores,
        "python": machine.python,
        "version": machine.version,
        "busy_percent": machine.busy_percent,
    }


def _beside_facts(beside: Beside) -> dict[str, Any]:
    return {
        "beats": beside.beats,
        "p50_ms": beside.p50_ns / _NS_PER_MS,
        "p99_ms": beside.p99_ns / _NS_PER_MS,
        "missed": beside.missed,
        "hiccups": beside.hiccups,
    }


def _beside(facts: Any) -> Beside:
    return Beside(
        facts["beats"], _ns(facts["p50_ms"]), _ns(facts["p99_ms"]), facts["missed"], facts["hiccups"]
    )


def _ns(ms: float) -> int:
    return round(ms * _NS_PER_MS)


def _moment(wall_ns: int) -> str:
    at = _EPOCH + timedelta(microseconds=wall_ns // 1000)
    return at.astimezone().isoformat(timespec="microseconds")


def _moment_ns(text: str) -> int:
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1) * 1000
