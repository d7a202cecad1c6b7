"""A whole benchmark: what is run in which order, the runs, the machine, and what the resident heartbeat saw of it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from aios_gui import __version__
from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.percentiles import SlidingPercentiles
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.selfcheck.benchmark.heartbeats import (
    MeasuredHeartbeat,
    MinimalHeartbeat,
    OptimizedHeartbeat,
    OriginalHeartbeat,
    WarmedHeartbeat,
)
from aios_gui.selfcheck.benchmark.model import BenchmarkResult, Beside, Heartbeat, Machine, Pacing, Timing
from aios_gui.system.progress import Progress
from aios_gui.system.tools import system_text

REST_NS = 1_000_000_000
"""Before each beat at cadence."""
SETTLING_BEATS = 5
"""Beats back to back that are not counted: after another heartbeat the first are cold. The original makes none."""

_ORIGINAL_NS = 1_501_500_000
_OTHER_NS = 300_000
_COUNTED_FIELDS = 8
"""Of the CPU times; guest time, which follows, is within user time."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A number of beats of one heartbeat, in one mode."""

    name: Heartbeat
    mode: Pacing
    beats: int = 1

    @property
    def settling_beats(self) -> int:
        """Beats to make before, uncounted."""
        return (
            SETTLING_BEATS if self.mode is Pacing.BACK_TO_BACK and self.name is not Heartbeat.ORIGINAL else 0
        )

    @property
    def expected_ns(self) -> int:
        """About how long it takes."""
        beat_ns = _ORIGINAL_NS if self.name is Heartbeat.ORIGINAL else _OTHER_NS
        rest_ns = REST_NS if self.mode is Pacing.CADENCE else 0
        return self.beats * (rest_ns + beat_ns)


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """``cadence_beats`` of each heartbeat at cadence a round, then ``back_to_back_beats`` of each without pause.

    The original, which takes 1.5 s a beat, makes one of either a round.
    """

    rounds: int
    cadence_beats: int
    back_to_back_beats: int

    def steps(self) -> Iterator[PlanStep]:
        """Every step in order."""
        for number in range(self.rounds):
            for turn in range(self.cadence_beats):
                for name in _rotated(number * self.cadence_beats + turn):
                    if name is not Heartbeat.ORIGINAL or turn == 0:
                        yield PlanStep(name, Pacing.CADENCE)
            for name in _rotated(number):
                beats = 1 if name is Heartbeat.ORIGINAL else self.back_to_back_beats
                yield PlanStep(name, Pacing.BACK_TO_BACK, beats)


FULL = BenchmarkPlan(rounds=6, cadence_beats=5, back_to_back_beats=100)
"""About two minutes."""
QUICK = BenchmarkPlan(rounds=2, cadence_beats=3, back_to_back_beats=100)
"""About 26 s."""


def _rotated(first: int) -> list[Heartbeat]:
    names = list(Heartbeat)
    first %= len(names)
    return names[first:] + names[:first]


def run_plan(
    plan: BenchmarkPlan, heartbeats: Sequence[MeasuredHeartbeat], on_progress: Callable[[Progress], object]
) -> tuple[Timing, ...]:
    """Measure on this thread, calling ``on_progress`` before each step; a heartbeat that is not given is left out.

    Automatic garbage collection is off during the run, for all of them alike, as it is while this program beats.
    Whatever ends it, also KeyboardInterrupt, is let through after all heartbeats have ended.
    """
    by_name = {heartbeat.name: heartbeat for heartbeat in heartbeats}
    steps = [step for step in plan.steps() if step.name in by_name]
    durations: dict[tuple[Heartbeat, Pacing], list[int]] = {}
    with ExitStack() as ends:
        for heartbeat in heartbeats:
            ends.callback(heartbeat.end)
            heartbeat.prepare()
        garbage = GarbagePolicy()
        ends.callback(garbage.release)
        garbage.settle()
        left_ns = total_ns = sum(step.expected_ns for step in steps)
        for step in steps:
            on_progress(Progress(1 - left_ns / total_ns, left_ns / 1e9, str(step.name)))
            durations.setdefault((step.name, step.mode), []).extend(_measure(step, by_name[step.name]))
            left_ns -= step.expected_ns
        on_progress(Progress(1.0, 0.0, str(steps[-1].name)))
    return tuple(
        Timing.of(name, mode, durations[name, mode])
        for mode in Pacing
        for name in Heartbeat
        if (name, mode) in durations
    )


def _measure(step: PlanStep, heartbeat: MeasuredHeartbeat) -> list[int]:
    for _ in range(step.settling_beats):
        heartbeat.beat()
    if step.mode is Pacing.BACK_TO_BACK:
        return [heartbeat.beat() for _ in range(step.beats)]
    return [heartbeat.beat_after(REST_NS) for _ in range(step.beats)]


def run_benchmark(store: Path, quick: bool, on_progress: Callable[[Progress], object]) -> BenchmarkResult:
    """Measure on this thread: two minutes, or half a minute where it is to be ``quick``.

    ``store`` is the record that a resident heartbeat may write beside it. OSError where the machine gives no figures.
    """
    clock = system_clock()
    if sys.platform == "win32":
        from aios_gui.system.windows.time import keep_full_speed

        keep_full_speed()
    warmed = WarmedHeartbeat(HeartbeatEngine(clock))
    heartbeats: list[MeasuredHeartbeat] = [
        OriginalHeartbeat(clock),
        OptimizedHeartbeat(clock),
        MinimalHeartbeat(clock),
        warmed,
    ]
    started_ns = clock.wall_ns()
    before = psutil.cpu_times()
    timings = run_plan(QUICK if quick else FULL, heartbeats, on_progress)
    busy_percent = _busy_percent(before, psutil.cpu_times())
    finished_ns = clock.wall_ns()
    return BenchmarkResult(
        started_ns,
        finished_ns,
        quick,
        timings,
        machine(busy_percent),
        warmed.rehearsed,
        seen_beside(store, started_ns, finished_ns),
    )


def machine(busy_percent: float | None = None) -> Machine:
    """This machine and this program."""
    return Machine(
        system_text(),
        _processor(),
        os.cpu_count(),
        platform.python_version(),
        __version__,
        busy_percent,
    )


def seen_beside(store: Path, start_ns: int, end_ns: int) -> Beside | None:
    """What was recorded in a span of the wall clock; None where nothing was, or the record cannot be read."""
    duration, missed = SlidingPercentiles(1_000_000), 0
    try:
        with RecordReader(store) as reader:
            for beat in reader.beats(start_ns, end_ns):
                duration.add(beat.duration_ns)
                missed += beat.missed
            hiccups = len(reader.events(start_ns, end_ns, EventKind.HICCUP))
    except StoreError:
        return None
    found = duration.summary()
    return Beside(found.count, found.p50, found.p99, missed, hiccups) if found.count else None


def _processor() -> str:
    """The processor's name; "" where the system does not tell."""
    if sys.platform == "linux":
        try:
            with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    name, _colon, value = line.partition(":")
                    if name.strip() == "model name":
                        return " ".join(value.split())
        except OSError:
            return ""
    return platform.processor() if sys.platform == "win32" else os.uname().machine


def _busy_percent(before: Any, after: Any) -> float | None:
    total_s = sum(after[:_COUNTED_FIELDS]) - sum(before[:_COUNTED_FIELDS])
    idle_s = _idle_s(after) - _idle_s(before)
    return max(0.0, min(100.0, (1 - idle_s / total_s) * 100)) if total_s > 0 else None


def _idle_s(times: Any) -> float:
    return float(times.idle) + float(getattr(times, "iowait", 0.0))
