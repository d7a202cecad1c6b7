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
    without_recorded,
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


HOURS = 3600 * S


def test_a_gap_ends_where_the_clock_was_set_back_into_it_and_goes_on_after_the_last_beat() -> None:
    forward, back = (
        Gap(GapKind.CLOCK_JUMP, HOURS, 25 * HOURS, 3),
        Gap(GapKind.CLOCK_JUMP, 26 * HOURS, 2 * HOURS),
    )
    assert without_recorded([forward, back], 0, 5 * HOURS) == [
        Gap(GapKind.CLOCK_JUMP, HOURS, 2 * HOURS, 3),
        Gap(GapKind.CLOCK_JUMP, 5 * HOURS, 25 * HOURS, is_rest=True),
        back,
    ]


def test_a_gap_that_was_lived_through_after_all_stays_as_a_moment() -> None:
    forward, back = (
        Gap(GapKind.CLOCK_JUMP, HOURS, 25 * HOURS),
        Gap(GapKind.CLOCK_JUMP, 26 * HOURS, HOURS // 2),
    )
    assert without_recorded([forward, back], 0, 30 * HOURS) == [
        Gap(GapKind.CLOCK_JUMP, HOURS, HOURS),
        back,
    ]


def test_a_pause_over_beats_of_a_clock_that_was_ahead_lies_beside_them_and_in_no_other_gap() -> None:
    forward, back = Gap(GapKind.CLOCK_JUMP, HOURS, 25 * HOURS), Gap(GapKind.CLOCK_JUMP, 26 * HOURS, 2 * HOURS)
    off = Gap(GapKind.NOT_RECORDED, 3 * HOURS, 30 * HOURS)
    assert without_recorded([forward, back, off], 0, 31 * HOURS) == [
        Gap(GapKind.CLOCK_JUMP, HOURS, 2 * HOURS),
        back,
        Gap(GapKind.NOT_RECORDED, 3 * HOURS, 25 * HOURS),
        Gap(GapKind.NOT_RECORDED, 26 * HOURS, 30 * HOURS, is_rest=True),
    ]


steps = st.tuples(st.integers(1, 50), st.integers(-120, 120))


@given(st.lists(steps, min_size=1, max_size=7), st.integers(1, 50))
def test_all_time_is_recorded_or_in_one_gap(lived: list[tuple[int, int]], last: int) -> None:
    at, found, recorded = 1000, [], set()
    for length, step in lived:
        recorded |= set(range(at, at + length))
        at += length
        found.append(Gap(GapKind.CLOCK_JUMP if step < 0 else GapKind.PAUSED, at, at + step))
        at += step
    recorded |= set(range(at, at + last))
    missing = [
        moment
        for gap in without_recorded(found, 1000, at + last)
        for moment in range(gap.start_ns, gap.end_ns)
    ]
    assert len(missing) == len(set(missing))
    if any(gap.is_set_back for gap in found):
        assert recorded.isdisjoint(missing)
    assert recorded | set(missing) >= set(range(1000, at + last))
