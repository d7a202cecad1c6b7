"""Results of benchmarks and profiles as a child prints them."""

from __future__ import annotations

import json
from typing import Any

from aios_gui.selfcheck.benchmark.facts import facts_of, measurement_of
from aios_gui.selfcheck.benchmark.model import (
    BenchmarkResult,
    Beside,
    Heartbeat,
    Machine,
    Pacing,
    RehearsalCount,
    Timing,
)
from aios_gui.selfcheck.profile.facts import facts_of as profile_facts_of
from aios_gui.selfcheck.profile.model import Cost, Group, Profile, StageCost
from aios_gui.selfcheck.record import Measurement

S = 1_000_000_000
STARTED_NS = 1_741_785_000 * S
_P50_NS = {
    Heartbeat.ORIGINAL: 1_502_000_000,
    Heartbeat.OPTIMIZED: 410_000,
    Heartbeat.MINIMAL: 340_000,
    Heartbeat.WARMED: 23_000,
}


def a_result(number: int = 0, warmed_ns: int = 23_000, quick: bool = True) -> BenchmarkResult:
    """The result of a benchmark begun this many days after the first."""
    started_ns = STARTED_NS + number * 86_400 * S
    found = _P50_NS | {Heartbeat.WARMED: warmed_ns}
    timings = tuple(
        Timing(name, mode, 6, ns, ns, ns * 2, ns * 3) for name, ns in found.items() for mode in Pacing
    )
    machine = Machine("Linux-6.1-x86_64", "A processor", 2, "3.11.7", "0.1.0", 12.0)
    beside = Beside(26, 24_000, 40_000, 0, 0)
    return BenchmarkResult(
        started_ns, started_ns + 26 * S, quick, timings, machine, RehearsalCount(6, 6, 310_000), beside
    )


def kept(number: int, result: BenchmarkResult) -> Measurement:
    """The result as the record has it."""
    made = measurement_of(result)
    return Measurement(made.kind, made.wall_ns, made.facts, number)


def a_profile() -> Profile:
    """A profile with a stage of each group that matters, and one that nothing is known of."""

    def stage(name: str, group: Group, p50_ns: int, in_total: bool = False, count: int = 1000) -> StageCost:
        return StageCost(name, group, in_total, Cost(count, p50_ns, p50_ns * 2) if count else Cost())

    stages = (
        stage("wake", Group.BEAT, 79_000),
        stage("sample_cpu", Group.BEAT, 9_200, True),
        stage("sample_memory", Group.BEAT, 4_600, True),
        stage("context", Group.RECORDER, 290_000),
        stage("write", Group.RECORDER, 20_000),
        stage("culprit", Group.SLOW_PATH, 500),
        stage("split", Group.SLOW_PATH, 0, count=0),
    )
    wholes = [Cost(1000, ns, ns * 2) for ns in (20_000, 21_100, 700, 18_000)]
    return Profile(1000, "procfs", stages, *wholes)


def printed(facts: dict[str, Any]) -> str:
    """Code of a child that prints these facts as its last line."""
    return f"print({json.dumps(facts)!r}, flush=True)\n"


def bench_prints(result: BenchmarkResult) -> str:
    return printed(facts_of(result))


def profile_prints(profile: Profile) -> str:
    return printed(profile_facts_of(profile))
