"""What a warm-up that was asked for on the command line came to."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.heartbeat.model.items import Event
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth, WarmupReport

FIRST_RUNS = 10


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


def first_runs(event: Event) -> tuple[int, ...]:
    """The first runs of a warm-up, ns, by what the record keeps of it."""
    texts = str(event.facts.get("durations_ns", "")).split()[:FIRST_RUNS]
    return tuple(int(text) for text in texts if text.isdecimal())
