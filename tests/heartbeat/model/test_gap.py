"""Sleep of the machine, a set clock and ordinary time are told apart by three clocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.gap import (
    CLOCK_JUMP_THRESHOLD_NS,
    SUSPEND_THRESHOLD_NS,
    ClockReading,
    Gap,
    GapKind,
    gaps_between,
)

S = 1_000_000_000
spans = st.integers(0, 10**15)


def later(before: ClockReading, awake: int, asleep: int, wall_step: int, counts_sleep: bool) -> ClockReading:
    return ClockReading(
        before.now_ns + awake + (asleep if counts_sleep else 0),
        before.wall_ns + awake + asleep + wall_step,
        before.suspended_ns + asleep,
    )


@given(start=spans, awake=spans, counts_sleep=st.booleans(), drift=st.integers(-S // 2, S // 2))
def test_time_that_passes_is_no_gap_however_long(
    start: int, awake: int, counts_sleep: bool, drift: int
) -> None:
    before = ClockReading(start, 10**18, 7)
    assert gaps_between(before, later(before, awake, 0, drift, counts_sleep), counts_sleep) == ()


@given(awake=spans, asleep=st.integers(SUSPEND_THRESHOLD_NS, 10**15), counts_sleep=st.booleans())
def test_sleep_is_a_gap_of_its_length(awake: int, asleep: int, counts_sleep: bool) -> None:
    before = ClockReading(5, 10**18, 0)
    after = later(before, awake, asleep, 0, counts_sleep)
    assert gaps_between(before, after, counts_sleep) == (
        Gap(GapKind.SUSPENDED, after.wall_ns - asleep, after.wall_ns),
    )


@pytest.mark.parametrize("step", [3600 * S, -3600 * S])
@pytest.mark.parametrize("counts_sleep", [True, False])
def test_a_clock_that_is_set_in_sleep_is_both(step: int, counts_sleep: bool) -> None:
    before = ClockReading(5, 10**18, 0)
    after = later(before, S, 60 * S, step, counts_sleep)
    woke = after.wall_ns - step
    assert gaps_between(before, after, counts_sleep) == (
        Gap(GapKind.SUSPENDED, woke - 60 * S, woke),
        Gap(GapKind.CLOCK_JUMP, woke, after.wall_ns),
    )


@pytest.mark.parametrize("step", [3600 * S, -3600 * S, 86_400 * S, -86_400 * S, CLOCK_JUMP_THRESHOLD_NS])
@pytest.mark.parametrize("counts_sleep", [True, False])
@pytest.mark.parametrize("asleep", [0, SUSPEND_THRESHOLD_NS - 1])
def test_a_set_clock_is_a_jump_from_what_it_should_say(step: int, counts_sleep: bool, asleep: int) -> None:
    before = ClockReading(5, 10**18, 0)
    after = later(before, S, asleep, step, counts_sleep)
    assert gaps_between(before, after, counts_sleep) == (
        Gap(GapKind.CLOCK_JUMP, after.wall_ns - step, after.wall_ns),
    )


def test_a_clock_of_sleep_that_went_back_is_no_sleep() -> None:
    before = ClockReading(0, 10**18, 10 * S)
    assert gaps_between(before, ClockReading(S, 10**18 + S, 10 * S - 5), False) == ()
