"""The outcome of a warm-up in the shape that scripts rely on: durations in ms, unknown as None."""

from __future__ import annotations

from typing import Any

from aios_gui.heartbeat.model.warmup import StepReport, StepState
from aios_gui.heartbeat.model.warmup_outcome import WarmupOutcome

_NS_PER_MS = 1e6


def facts_of(outcome: WarmupOutcome) -> dict[str, Any]:
    """JSON-ready facts."""
    report, steady = outcome.report, outcome.steady
    known = steady.count > 0
    return {
        "state": str(outcome.warmth),
        "steps": [_step_facts(step) for step in outcome.steps],
        "beats": report.beats if report is not None else None,
        "cold_ms": _ms(report.cold_ns) if report is not None else None,
        "warm": {
            "p50_ms": steady.p50 / _NS_PER_MS if known else None,
            "p95_ms": steady.p95 / _NS_PER_MS if known else None,
            "p99_ms": steady.p99 / _NS_PER_MS if known else None,
            "count": steady.count,
        },
        "source": "resident" if outcome.pid else "here",
        "before_ms": _ms(report.before_ns) if report is not None else None,
        "after_ms": _ms(report.after_ns) if report is not None else None,
        "capped": report.capped if report is not None else None,
        "first_ms": [duration_ns / _NS_PER_MS for duration_ns in outcome.first_ns] or None,
        "pid": outcome.pid or None,
        "mode": str(outcome.mode) if outcome.pid else None,
    }


def _step_facts(step: StepReport) -> dict[str, Any]:
    ended = step.state in (StepState.DONE, StepState.FAILED)
    return {
        "name": step.name,
        "state": str(step.state),
        "ms": step.took_ns / _NS_PER_MS if ended else None,
        "error": step.error or None,
    }


def _ms(duration_ns: int) -> float | None:
    """0 stands for unknown: no run takes no time."""
    return duration_ns / _NS_PER_MS if duration_ns else None
