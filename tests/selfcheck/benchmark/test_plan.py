"""The plan: all four in turn, none always first, and as long as promised."""

from collections import Counter

import pytest

from aios_gui.selfcheck.benchmark.model import Heartbeat, Mode
from aios_gui.selfcheck.benchmark.plan import FULL, QUICK, Plan

OTHERS = [name for name in Heartbeat if name is not Heartbeat.ORIGINAL]


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_all_are_measured_both_ways_and_alike(plan: Plan) -> None:
    beats: Counter[tuple[Heartbeat, Mode]] = Counter()
    for step in plan.steps():
        beats[step.name, step.mode] += step.beats
    assert set(beats) == {(name, mode) for name in Heartbeat for mode in Mode}
    for mode in Mode:
        assert len({beats[name, mode] for name in OTHERS}) == 1
        assert beats[Heartbeat.ORIGINAL, mode] == plan.rounds


def test_in_full_the_original_is_measured_at_least_five_times_at_cadence() -> None:
    assert sum(step.name is Heartbeat.ORIGINAL and step.mode is Mode.CADENCE for step in FULL.steps()) >= 5


def test_each_goes_first_in_its_turn() -> None:
    spaced = [step.name for step in FULL.steps() if step.mode is Mode.CADENCE and step.name in OTHERS]
    firsts = Counter(spaced[:: len(OTHERS)])
    assert set(firsts) == set(OTHERS)
    close = [step.name for step in FULL.steps() if step.mode is Mode.BACK_TO_BACK]
    assert set(close[:: len(Heartbeat)]) == set(Heartbeat)


@pytest.mark.parametrize(("plan", "low_s", "high_s"), [(FULL, 100, 125), (QUICK, 22, 28)])
def test_it_takes_as_long_as_promised(plan: Plan, low_s: float, high_s: float) -> None:
    assert low_s <= sum(step.expected_ns for step in plan.steps()) / 1e9 <= high_s
