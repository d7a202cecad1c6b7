"""The whole benchmark: the four heartbeats, the machine, and what the resident heartbeat saw meanwhile."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from aios_gui import __version__
from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.percentiles import SlidingPercentiles
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import History
from aios_gui.selfcheck.benchmark.heartbeats import (
    MeasuredHeartbeat,
    MinimalHeartbeat,
    OptimizedHeartbeat,
    OriginalHeartbeat,
)
from aios_gui.selfcheck.benchmark.model import BenchmarkResult, Beside, Machine, Progress
from aios_gui.selfcheck.benchmark.plan import FULL, QUICK
from aios_gui.selfcheck.benchmark.runner import run_plan
from aios_gui.selfcheck.benchmark.warmed import WarmedHeartbeat

_COUNTED_FIELDS = 8
"""Of the CPU times; guest time, which follows, is within user time."""


def run_benchmark(store: Path, quick: bool, tell: Callable[[Progress], object]) -> BenchmarkResult:
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
    timings = run_plan(QUICK if quick else FULL, heartbeats, tell)
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
        platform.platform(),
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
        with History(store) as history:
            for beat in history.beats(start_ns, end_ns):
                duration.add(beat.duration_ns)
                missed += beat.missed
            hiccups = len(history.events(start_ns, end_ns, EventKind.HICCUP))
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
    return platform.processor()


def _busy_percent(before: Any, after: Any) -> float | None:
    total_s = sum(after[:_COUNTED_FIELDS]) - sum(before[:_COUNTED_FIELDS])
    idle_s = _idle_s(after) - _idle_s(before)
    return max(0.0, min(100.0, (1 - idle_s / total_s) * 100)) if total_s > 0 else None


def _idle_s(times: Any) -> float:
    return float(times.idle) + float(getattr(times, "iowait", 0.0))
