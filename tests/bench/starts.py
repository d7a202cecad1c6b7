"""How soon it beats after a start, how warm the first beat is, and what the whole `beat` command takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

from aios_gui.heartbeat.model.items import RecordedBeat
from tests.bench.arithmetic import Goal, middle, ratio
from tests.bench.environment import MODULE, ROOT, Home, command_line
from tests.bench.plan import Plan
from tests.bench.process import Child
from tests.bench.progress import say
from tests.bench.record import wait_for_beats
from tests.bench.rows import MICROSECONDS, MILLISECONDS, SECONDS, TIMES, Row

_TIMEOUT_S = 30.0
_BEATS_A_START = 4


def measure(plan: Plan) -> list[Row]:
    """Rows of starting headless and of the command."""
    return [*_start_rows(plan), *_command_rows(plan)]


def _start_once(settings: Mapping[str, object] | None = None) -> tuple[int, list[RecordedBeat]]:
    """From start to the end of the first beat, ns, and the first beats of that run."""
    home = Home(settings)
    try:
        child = Child([*MODULE, "service"], home.environ())
        try:
            beats = wait_for_beats(home.paths.store, _BEATS_A_START, _TIMEOUT_S, child.check_running)
        finally:
            child.end()
        return beats[0].wall_ns - child.started_wall_ns, beats
    finally:
        home.remove()


def _start_rows(plan: Plan) -> list[Row]:
    say(f"{plan.starts} starts of the service, and as many without warm-up")
    _start_once()  # compiles what is not compiled yet
    runs, cold_runs = [], []
    for _ in range(plan.starts):
        runs.append(_start_once())
        cold_runs.append(_start_once({"beat.warm_up": False}))
    first = middle([run[0] for run in runs])
    warm = middle([beat.duration_ns for run in runs for beat in run[1][1:]])
    slowest = f"slowest of {plan.starts}: {SECONDS.text(max(run[0] for run in runs))}"
    firsts, colds = ([run[1][0].duration_ns for run in each] for each in (runs, cold_runs))
    return [
        Row(
            "start.first_beat",
            "start → first warmed beat, headless",
            SECONDS,
            first,
            Goal(0.3e9),
            "",
            slowest,
        ),
        _first_row(
            "start.first_warm",
            "slowest first beat ÷ warm P50",
            max(firsts),
            firsts,
            warm,
            Goal.of("first_beat"),
        ),
        _first_row(
            "start.first_cold",
            "without warm-up, quickest first beat ÷ warm P50",
            min(colds),
            colds,
            warm,
            Goal(2, at_least=True),
        ),
    ]


def _first_row(
    key: str, what: str, first_ns: int, all_ns: list[int], warm_ns: float | None, goal: Goal
) -> Row:
    """The first beats of all starts against the warm P50."""
    compared = f"warm P50 {MICROSECONDS.text(warm_ns)}"
    within = sum(ns <= 2 * (warm_ns or 0) for ns in all_ns)
    note = f"(median {MICROSECONDS.text(middle(all_ns))}; within 2×: {within} of {len(all_ns)})"
    return Row(key, what, TIMES, ratio(first_ns, warm_ns), goal, "16.1 ms", compared, note)


def _run(command: list[str], environ: dict[str, str]) -> int:
    started_ns = time.perf_counter_ns()
    subprocess.run(command, cwd=ROOT, env=environ, check=False, stdout=subprocess.DEVNULL)
    return time.perf_counter_ns() - started_ns


def _command_rows(plan: Plan) -> list[Row]:
    say(f"{plan.commands} whole `beat` processes")
    alone, served = Home(), Home()
    commands = {
        "here": ([*command_line(), "beat"], alone.environ()),
        "asked": ([*command_line(), "beat"], served.environ()),
        "bare": ([sys.executable, "-c", "import psutil"], alone.environ()),
        "seed": ([sys.executable, "-m", "tests.bench.seed_minimal", "--once"], alone.environ()),
    }
    resident = Child([*MODULE, "service"], served.environ())
    try:
        wait_for_beats(served.paths.store, 1, _TIMEOUT_S, resident.check_running)
        times: dict[str, list[int]] = {name: [] for name in commands}
        for turn in range(plan.commands + 1):
            for name, (command, environ) in commands.items():
                taken_ns = _run(command, environ)
                if turn:  # the first compiles what is not compiled yet
                    times[name].append(taken_ns)
    finally:
        resident.end()
        alone.remove()
        served.remove()
    medians = {name: middle(taken) for name, taken in times.items()}
    bare, seed = MILLISECONDS.text(medians["bare"]), MILLISECONDS.text(medians["seed"])
    compared = f"python + psutil {bare}; seed's minimal {seed}"
    what = "`aios-heartbeat beat`, whole process"
    return [
        Row(
            "command.here", f"{what}, made here", MILLISECONDS, medians["here"], Goal(60e6), "90 ms", compared
        ),
        Row(
            "command.asked",
            f"{what}, of the resident",
            MILLISECONDS,
            medians["asked"],
            Goal(60e6),
            "90 ms",
            compared,
        ),
    ]
