"""The figures of a benchmark agree with their definition."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.selfcheck.benchmark.model import (
    PAIRS,
    PUBLISHED_NS,
    BenchmarkResult,
    Heartbeat,
    Machine,
    Pacing,
    RehearsalCount,
    Timing,
)

durations = st.lists(st.integers(0, 10**11), min_size=1, max_size=200)


def result(*timings: Timing) -> BenchmarkResult:
    machine = Machine("Linux", "a processor", 2, "3.11.9", "1.0")
    return BenchmarkResult(0, 1, False, timings, machine, RehearsalCount(0, 0, 0))


def timing(name: Heartbeat, p50_ns: int, mode: Pacing = Pacing.CADENCE) -> Timing:
    return Timing.of(name, mode, [p50_ns])


@given(durations)
def test_a_percentile_is_the_smallest_value_that_its_share_of_values_does_not_exceed(
    values: list[int],
) -> None:
    found = Timing.of(Heartbeat.MINIMAL, Pacing.CADENCE, values)
    for share, at in ((50, found.p50_ns), (95, found.p95_ns), (99, found.p99_ns)):
        enough = [
            value for value in values if sum(other <= value for other in values) * 100 >= share * len(values)
        ]
        assert at == min(enough)
    assert found.count == len(values)
    assert found.mean_ns == pytest.approx(float(Fraction(sum(values), len(values))))


def test_without_a_beat_there_are_no_figures() -> None:
    with pytest.raises(ValueError, match="minimal was not measured"):
        Timing.of(Heartbeat.MINIMAL, Pacing.CADENCE, [])


def test_every_slower_heartbeat_is_compared_with_every_quicker_one() -> None:
    assert [f"{slower}/{quicker}" for slower, quicker in PAIRS] == [
        "original/optimized",
        "original/minimal",
        "original/warmed",
        "optimized/minimal",
        "optimized/warmed",
        "minimal/warmed",
    ]
    assert set(PUBLISHED_NS) == set(Heartbeat)


def test_a_speed_up_compares_p50_at_cadence() -> None:
    found = result(
        timing(Heartbeat.ORIGINAL, 1_500_000),
        timing(Heartbeat.WARMED, 3_000),
        timing(Heartbeat.WARMED, 1, Pacing.BACK_TO_BACK),
        timing(Heartbeat.MINIMAL, 0),
    )
    assert found.speedup(Heartbeat.ORIGINAL, Heartbeat.WARMED) == 500
    assert found.speedup(Heartbeat.ORIGINAL, Heartbeat.OPTIMIZED) is None
    assert found.speedup(Heartbeat.ORIGINAL, Heartbeat.MINIMAL) is None
