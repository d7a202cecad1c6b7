"""Sliding percentiles agree with sorting the window each time."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.percentiles import Percentiles, SlidingPercentiles


def nearest_rank(values: list[int], percent: float) -> int:
    ordered = sorted(values)
    return ordered[max(1, ceil(len(ordered) * percent / 100)) - 1]


@given(
    capacity=st.integers(1, 30),
    values=st.lists(st.one_of(st.integers(0, 5), st.integers(0, 10**12)), min_size=1, max_size=90),
    percent=st.floats(0.01, 100),
)
def test_as_a_naive_sort_of_the_window(capacity: int, values: list[int], percent: float) -> None:
    sliding = SlidingPercentiles(capacity)
    for value in values:
        sliding.add(value)
    window = values[-capacity:]
    assert sliding.at(percent) == nearest_rank(window, percent)
    assert sliding.summary() == Percentiles(
        len(window),
        nearest_rank(window, 50),
        nearest_rank(window, 95),
        nearest_rank(window, 99),
        max(window),
    )


def test_without_values_all_is_zero() -> None:
    assert SlidingPercentiles(3).summary() == Percentiles(0, 0, 0, 0, 0)


def test_a_window_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        SlidingPercentiles(0)


@given(
    st.integers(1, 9),
    st.integers(1, 20),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 9)), min_size=1, max_size=40),
)
def test_of_a_span_there_is_nothing_older(capacity: int, age_ns: int, steps: list[tuple[int, int]]) -> None:
    sliding, at_ns, taken = SlidingPercentiles(capacity, age_ns), 0, []
    for step_ns, value in steps:
        at_ns += step_ns
        sliding.add(value, at_ns)
        taken.append((at_ns, value))
        window = [value for moment, value in taken[-capacity:] if moment >= at_ns - age_ns]
        assert sliding.summary().count == len(window)
        assert sliding.at(50) == nearest_rank(window, 50)


def test_after_a_clock_that_was_ahead_what_is_too_old_still_goes() -> None:
    sliding = SlidingPercentiles(100, 10)
    for at_ns in (1_000, 1_001, 5, 6):
        sliding.add(at_ns, at_ns)
    assert sliding.summary().maximum == 6
    sliding.add(7, 16)
    assert sliding.summary().count == 2
