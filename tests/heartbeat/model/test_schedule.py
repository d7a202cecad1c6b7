"""The grid: over whatever happens no beat is lost or made twice, and a stall never ends in a burst."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.schedule import MAXIMUM_PERIOD_NS, MINIMUM_PERIOD_NS, Grid, check_period_ns

periods = st.integers(MINIMUM_PERIOD_NS, MAXIMUM_PERIOD_NS)


@given(first=st.integers(0, 10**18), period=periods, latenesses=st.lists(st.integers(0, 10**13), max_size=40))
def test_every_grid_point_is_either_beaten_or_missed(first: int, period: int, latenesses: list[int]) -> None:
    grid = Grid(first, period)
    beats = missed_in_all = 0
    for lateness in latenesses:
        woke = grid.due_ns + lateness
        missed = grid.missed_at(woke)
        beats += 1
        missed_in_all += missed
        grid.advance(missed)
        # On the grid, ahead of now, and by one period at most: neither a burst nor a lost point.
        assert (grid.due_ns - first) % period == 0
        assert woke < grid.due_ns <= woke + period
    assert grid.due_ns == first + period * (beats + missed_in_all)


@given(before=periods, after=periods, into=st.floats(0, 1))
def test_a_changed_interval_never_moves_a_beat_further_away(before: int, after: int, into: float) -> None:
    grid = Grid(10**15, before)
    now = grid.due_ns - round(before * into)
    was_due = grid.due_ns
    grid.change_period(after, now)
    assert now <= grid.due_ns <= was_due
    assert grid.due_ns == was_due or grid.due_ns == now + after


@given(
    period=periods,
    steps=st.lists(st.tuples(st.booleans(), st.floats(0, 1), periods, st.integers(0, 10**12)), max_size=30),
)
def test_beats_and_changes_in_any_order_keep_due_points_apart(
    period: int, steps: list[tuple[bool, float, int, int]]
) -> None:
    grid = Grid(10**15, period)
    now = grid.due_ns - period
    made: list[int] = []
    for change, share, other, lateness in steps:
        if change:
            now += round((grid.due_ns - now) * share)
            grid.change_period(other, now)
        else:
            now = grid.due_ns + lateness
            made.append(grid.due_ns)
            grid.advance(grid.missed_at(now))
        assert grid.due_ns >= now
    assert made == sorted(set(made)), "a due point was beaten twice or out of order"


def test_woken_before_due_nothing_is_missed() -> None:
    grid = Grid(1_000_000_000, MINIMUM_PERIOD_NS)
    assert grid.missed_at(0) == 0
    assert grid.missed_at(grid.due_ns - 1) == 0


def test_restart_begins_one_period_from_now() -> None:
    grid = Grid(0, 1_000_000_000)
    grid.restart(123)
    assert grid.due_ns == 1_000_000_123


@pytest.mark.parametrize("period", [0, -1, MINIMUM_PERIOD_NS - 1, MAXIMUM_PERIOD_NS + 1])
def test_an_interval_out_of_range_is_refused(period: int) -> None:
    with pytest.raises(ValueError, match="between 20 ms and 1 h"):
        Grid(0, period)
    with pytest.raises(ValueError, match="between"):
        Grid(0, MINIMUM_PERIOD_NS).change_period(period, 0)


def test_the_range_includes_its_ends() -> None:
    assert check_period_ns(MINIMUM_PERIOD_NS) == MINIMUM_PERIOD_NS
    assert check_period_ns(MAXIMUM_PERIOD_NS) == MAXIMUM_PERIOD_NS
