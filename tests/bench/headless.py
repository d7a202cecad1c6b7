"""The beat without a window, beside the seed's minimal heartbeat and beside itself without rehearsal."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.bench.arithmetic import Figures, Goal, middle, ratio
from tests.bench.environment import ROOT, Home
from tests.bench.group import Measured, run_group
from tests.bench.members import Member, Product, Seed
from tests.bench.plan import Plan
from tests.bench.progress import say
from tests.bench.rows import MEGABYTES, MICROSECONDS, PERCENT, TIMES, Row

HEADLESS = "headless"
UNREHEARSED = "not rehearsed"


def measure(plan: Plan) -> list[Row]:
    """Rows of the headless beat."""
    members: list[Member] = [
        Seed(plan.interval_ns),
        Product(UNREHEARSED, plan.interval_ns, settings={"beat.rehearsal": "off"}),
        Product(HEADLESS, plan.interval_ns),
    ]
    results = run_group("headless", members, plan.interval_ns, plan.settle_s, plan.seconds)
    ours, cold, seed = results[HEADLESS], results[UNREHEARSED], results["seed"]
    close = _back_to_back(plan)
    return [
        *_beat_rows(plan, ours, seed),
        *_comparisons(ours, cold, close),
        *_cost_rows(plan, ours, seed),
    ]


def cadence(plan: Plan) -> str:
    """The interval as text."""
    return "1 Hz" if plan.is_at_one_hertz else f"every {plan.interval_ns / 1e9:g} s"


def pair(figures: Figures, name: str = "") -> str:
    """P50 and P99 as text."""
    return f"{name} P50 {MICROSECONDS.text(figures.p50)}, P99 {MICROSECONDS.text(figures.p99)}".strip()


def _beat_rows(plan: Plan, ours: Measured, seed: Measured) -> list[Row]:
    beats, theirs = ours.beats, pair(seed.beats.duration, "seed's minimal")
    label = f"beat at {cadence(plan)}, headless"
    speed_up = ratio(seed.beats.duration.p50, beats.duration.p50)
    said = "avg 3.4 ms, P95 2.6, P99 16.1"
    count = f"(n={beats.duration.count})"
    late = f"seed's P99 {MICROSECONDS.text(seed.beats.lateness.p99)}"
    rehearsed = f"({beats.rehearsed} of {beats.duration.count} rehearsed)"
    return [
        Row(
            "beat.p50",
            f"{label}: P50",
            MICROSECONDS,
            beats.duration.p50,
            Goal.of("beat_p50"),
            said,
            theirs,
            rehearsed,
        ),
        Row(
            "beat.p99",
            f"{label}: P99",
            MICROSECONDS,
            beats.duration.p99,
            Goal.of("beat_p99_headless"),
            said,
            theirs,
            count,
        ),
        Row(
            "beat.speed_up",
            "seed's minimal P50 ÷ ours",
            TIMES,
            speed_up,
            Goal.of("minimal_to_warmed"),
            "",
            theirs,
            count,
        ),
        Row(
            "beat.lateness_p99",
            f"{label}: lateness P99",
            MICROSECONDS,
            beats.lateness.p99,
            None,
            "",
            late,
            count,
        ),
        Row(
            "beat.availability",
            "beats made ÷ due",
            PERCENT,
            beats.availability_percent,
            Goal.of("availability_own"),
            "99.9 %",
        ),
    ]


def _comparisons(ours: Measured, cold: Measured, close: dict[str, list[int]]) -> list[Row]:
    p50 = ours.beats.duration.p50
    blocking, seed, back_to_back = (
        middle(close["blocking_ns"]),
        Figures.of(close["seed_ns"]),
        middle(close["ours_ns"]),
    )
    return [
        Row(
            "beat.rehearsal",
            "not rehearsed P50 ÷ rehearsed",
            TIMES,
            ratio(cold.beats.duration.p50, p50),
            None,
            "",
            pair(cold.beats.duration, "not rehearsed"),
        ),
        Row(
            "beat.blocking",
            "blocking heartbeat ÷ warmed",
            TIMES,
            ratio(blocking, p50),
            Goal.of("original_to_warmed"),
            "443× (648× minimal)",
            f"seed's blocking {(blocking or 0) / 1e6:,.0f} ms",
        ),
        Row(
            "beat.back_to_back",
            "back to back: seed's minimal P50 ÷ ours",
            TIMES,
            ratio(seed.p50, back_to_back),
            None,
            "",
            pair(seed, "seed's minimal"),
            f"({MICROSECONDS.text(back_to_back)})",
        ),
    ]


def _cost_rows(plan: Plan, ours: Measured, seed: Measured) -> list[Row]:
    cpu, memory = f"seed's {PERCENT.text(seed.cpu_percent)}", f"seed's {MEGABYTES.text(seed.rss_bytes)}"
    cpu_goal = Goal.of("cpu_headless") if plan.is_at_one_hertz else None
    uss = f"(USS {MEGABYTES.text(ours.uss_bytes)})"
    return [
        Row(
            "headless.cpu",
            f"headless CPU at {cadence(plan)}, of one core",
            PERCENT,
            ours.cpu_percent,
            cpu_goal,
            "3–5 %",
            cpu,
        ),
        Row(
            "headless.rss",
            "headless memory, RSS",
            MEGABYTES,
            ours.rss_bytes,
            Goal.of("memory_headless"),
            "30 MB (target < 50)",
            memory,
            uss,
        ),
    ]


def _back_to_back(plan: Plan) -> dict[str, list[int]]:
    say("back to back, and the blocking heartbeat")
    home = Home()
    try:
        command = [sys.executable, "-m", "tests.bench.back_to_back", "--blocking", str(plan.blocking)]
        output = subprocess.run(command, cwd=ROOT, env=home.environ(), check=True, capture_output=True).stdout
    finally:
        home.remove()
    measured: dict[str, list[int]] = json.loads(output)
    return measured
