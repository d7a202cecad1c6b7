"""The registry of targets, and how each is judged."""

from dataclasses import replace
from typing import Any

import pytest

from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.record.model.hour import Hour
from aios_gui.selfcheck.targets.model import (
    TARGETS,
    TargetComparison,
    TargetFacts,
    TargetResult,
    TargetState,
    TargetUnit,
    failing,
    judge_all,
)

MB = 1 << 20
WELL = TargetFacts(
    LaunchMode.HEADLESS,
    Hour(3600, duration_ns=3600 * 25_000, fast=3600, fast_ns=3600 * 24_000),
    Percentiles(3600, 24_000, 30_000, 40_000, 90_000),
    Percentiles(3600, 60_000, 90_000, 300_000, 900_000),
    made=20_000,
    due=20_000,
    first_beat_ns=30_000,
    unrehearsed=Percentiles(600, 110_000, 130_000, 140_000, 150_000),
    own_cpu_percent=0.05,
    resident_bytes=24 * MB,
    private_bytes=18 * MB,
    speedups={"original/warmed": 48_000.0, "minimal/warmed": 9.5},
)


def judged(facts: TargetFacts) -> dict[str, TargetResult]:
    return {result.target.name: result for result in judge_all(facts)}


def test_a_headless_heartbeat_that_is_well_reaches_all_that_applies_to_it() -> None:
    results = judge_all(WELL)
    assert failing(results) == ()
    others = {result.target.name for result in results if result.state is TargetState.UNKNOWN}
    assert others == {"beat_p99_window", "cpu_tray", "cpu_window", "memory_tray", "memory_window"}
    assert all(not result.counts for result in results if result.target.name in others)


def test_nothing_known_is_neither_reached_nor_missed() -> None:
    assert {result.state for result in judge_all(TargetFacts())} == {TargetState.UNKNOWN}


def test_what_is_missed() -> None:
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"hour": replace(WELL.hour, duration_ns=3600 * 100_000_000)}, {"heartbeat"}),
        ({"hour": replace(WELL.hour, fast_ns=3600 * 10_000_000)}, {"fast_path"}),
        ({"hour": replace(WELL.hour, failed=3600)}, {"score"}),
        ({"duration": replace(WELL.duration, p99=200_000_000)}, {"p99", "beat_p99_headless"}),
        ({"duration": replace(WELL.duration, p50=36_000)}, {"beat_p50"}),
        ({"lateness": replace(WELL.lateness, p99=1_000_001)}, {"lateness_p99"}),
        ({"own_cpu_percent": 0.11}, {"cpu_headless"}),
        ({"own_cpu_percent": 10.0}, {"cpu", "cpu_headless"}),
        ({"resident_bytes": 26 * MB}, {"memory_headless"}),
        ({"resident_bytes": 50 * MB}, {"memory", "memory_headless"}),
        ({"made": 19_997}, {"availability_own"}),
        ({"made": 19_979}, {"availability", "availability_own"}),
        ({"first_beat_ns": 48_001}, {"first_beat"}),
        ({"unrehearsed": replace(WELL.unrehearsed, p50=47_000)}, {"rehearsal_gain"}),
        ({"speedups": {"original/warmed": 39_999.0, "minimal/warmed": 8.0}}, {"original_to_warmed"}),
        ({"speedups": {"original/warmed": None, "minimal/warmed": 7.9}}, {"minimal_to_warmed"}),
    ]
    for change, missed in cases:
        results = failing(judge_all(replace(WELL, **change)))
        assert {result.target.name for result in results} == missed


def test_goals_go_with_how_the_program_shows_itself() -> None:
    window = replace(
        WELL, shown_as=LaunchMode.WINDOW, own_cpu_percent=1.5, resident_bytes=210 * MB, private_bytes=120 * MB
    )
    results = judged(window)
    assert failing(judge_all(window)) == ()
    assert results["memory_window"].actual == 120
    assert results["memory"].actual is None
    tray = judged(replace(window, shown_as=LaunchMode.TRAY))
    assert tray["memory_tray"].state is tray["cpu_tray"].state is TargetState.FAIL


def test_too_few_beats_tell_no_percentile() -> None:
    few = replace(WELL, duration=replace(WELL.duration, count=99), lateness=replace(WELL.lateness, count=99))
    assert judged(few)["p99"].state is TargetState.UNKNOWN
    assert judged(few)["beat_p50"].state is TargetState.PASS
    assert judged(replace(few, due=59, made=59))["availability"].state is TargetState.UNKNOWN


def test_names_are_words_that_scripts_can_rely_on() -> None:
    names = [target.name for target in TARGETS]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() and name.islower() for name in names)


@pytest.mark.parametrize(
    ("comparison", "on_the_goal"),
    [
        (TargetComparison.BELOW, False),
        (TargetComparison.AT_MOST, True),
        (TargetComparison.ABOVE, False),
        (TargetComparison.AT_LEAST, True),
    ],
)
def test_on_the_goal(comparison: TargetComparison, on_the_goal: bool) -> None:
    assert comparison.reached(5.0, 5.0) is on_the_goal
    better, worse = (
        (4.0, 6.0) if comparison in (TargetComparison.BELOW, TargetComparison.AT_MOST) else (6.0, 4.0)
    )
    assert comparison.reached(better, 5.0)
    assert not comparison.reached(worse, 5.0)


def test_shares_lie_between_nothing_and_all() -> None:
    assert all(
        0 < target.goal < 1 for target in TARGETS if target.unit in (TargetUnit.SHARE, TargetUnit.SCORE)
    )
