"""What a warm-up that was asked for on the command line came to, and its facts for scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aios_gui.heartbeat.model.items import Event
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth, WarmupReport

FIRST_RUNS = 10
_NS_PER_MS = 1e6
_MOST_DIGITS = 18
"""Of a length of time that the record can hold."""


@dataclass(frozen=True, slots=True)
class WarmupOutcome:
    """Steps, evidence and what beats take since. ``first_ns`` are the first runs, ten at most, the cold one first.

    ``pid`` and ``mode`` tell which running instance was warmed up; a pid of 0: none, it happened in this process.
    ``steady`` are beats since (here) or the last 3,600 (of an instance), ``rehearsed`` how many of them had one where
    that was counted.
    """

    warmth: Warmth
    steps: tuple[StepReport, ...]
    report: WarmupReport | None
    steady: Percentiles = Percentiles()
    rehearsed: int | None = None
    first_ns: tuple[int, ...] = ()
    pid: int = 0
    mode: Mode = Mode.SERVICE

    @property
    def is_warm(self) -> bool:
        """Whether every step was done and its timing came to be stable."""
        failed = any(step.state is StepState.FAILED for step in self.steps)
        return not failed and self.report is not None and not self.report.capped


def first_runs(event: Event, most: int | None = FIRST_RUNS) -> tuple[int, ...]:
    """The first runs of a warm-up, ns, by what the record keeps of it, which may come from anyone; None for all."""
    texts = str(event.facts.get("durations_ns", "")).split()[:most]
    return tuple(int(text) for text in texts if text.isdecimal() and len(text) <= _MOST_DIGITS)


def facts_of(outcome: WarmupOutcome) -> dict[str, Any]:
    """JSON-ready facts: durations in ms, unknown as None."""
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
