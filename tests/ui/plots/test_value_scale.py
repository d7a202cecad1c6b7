"""The value axes: round, still, and right also for zero and for what is not known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.ui.plots.value_scale import LinearScale, LogScale, PercentScale, nice_top

VALUES = st.floats(1.0, 1e13)


@given(VALUES)
def test_nice_top_holds_the_value_and_wastes_at_most_half(value: float) -> None:
    top = nice_top(value)
    assert value * (1 - 1e-9) <= top <= value * 2.0 + 1e-9
    digits = top / 10 ** math.floor(math.log10(top) + 1e-9)
    assert round(digits, 6) in (1, 2, 4, 6)


@given(st.lists(VALUES, min_size=1, max_size=30))
def test_linear_range_always_holds_the_largest(largest: list[float]) -> None:
    scale = LinearScale(100.0)
    for value in largest:
        scale.fit(1.0, value)
        assert value <= scale.top


@given(VALUES, st.lists(st.floats(0.8, 1.0), min_size=2, max_size=30))
def test_linear_range_stands_still_while_values_jitter(value: float, jitter: list[float]) -> None:
    scale = LinearScale(1.0)
    scale.fit(1.0, value)
    changes = sum(scale.fit(1.0, value * share) for share in jitter)
    assert changes == 0


def test_linear_range_shrinks_after_a_stall_has_left_the_picture() -> None:
    scale = LinearScale(96_000.0)
    scale.fit(20e3, 4e9)
    assert scale.ticks()[0].label == "6 s"
    assert scale.fit(20e3, 60e3)
    assert [tick.label for tick in scale.ticks()] == ["100 µs", "50", "0"]


def test_linear_ticks_have_the_unit_on_top_and_halves_in_the_same_unit() -> None:
    scale = LinearScale(1.0)
    scale.fit(0.0, 0.9e6)
    assert [tick.label for tick in scale.ticks()] == ["1 ms", "0.5", "0"]
    assert [tick.share for tick in scale.ticks()] == [1.0, 0.5, 0.0]


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30))
def test_log_range_always_holds_the_values(pairs: list[tuple[float, float]]) -> None:
    scale = LogScale(5, 8)
    for pair in pairs:
        low, high = min(pair), max(pair)
        scale.fit(low, high)
        shares = scale.shares(np.array([low, high]))
        assert (shares >= -1e-6).all()
        assert (shares <= 1 + 1e-6).all()


@given(st.floats(1e3, 1e11), st.lists(st.floats(0.8, 1.0), min_size=2, max_size=30))
def test_log_range_stands_still_while_values_jitter(value: float, jitter: list[float]) -> None:
    scale = LogScale(5, 8)
    scale.fit(value * 0.8, value)
    assert not any(scale.fit(value * 0.8, value * share) for share in jitter)


def test_log_axis_puts_zero_on_its_bottom_line_and_leaves_nan_alone() -> None:
    scale = LogScale(5, 8)
    scale.fit(60e3, 4e9)
    shares = scale.shares(np.array([0.0, np.nan, 10.0**scale.top]))
    assert shares[0] == 0.0
    assert np.isnan(shares[1])
    assert shares[2] == 1.0


def test_log_axis_of_only_zeros_or_nothing_keeps_its_ordinary_range() -> None:
    scale = LogScale(5, 8)
    scale.fit(math.inf, 0.0)
    assert (scale.bottom, scale.top) == (5, 8)
    scale.fit(math.inf, -math.inf)
    assert (scale.bottom, scale.top) == (5, 8)


def test_log_ticks_are_few_and_say_their_unit() -> None:
    scale = LogScale(5, 8)
    scale.fit(60e3, 4e9)
    labels = [tick.label for tick in scale.ticks()]
    assert labels == ["10 s", "100 ms", "1 ms", "10 µs"]


@given(st.integers(3, 6), st.integers(6, 11), st.integers(6, 11))
def test_log_axis_has_at_most_four_lines(bottom: int, middle: int, top: int) -> None:
    scale = LogScale(5, 8)
    scale.fit(10.0**bottom, 10.0 ** max(middle, top))
    assert 2 <= len(scale.ticks()) <= 4


def test_percent_never_moves() -> None:
    scale = PercentScale()
    assert not scale.fit(0.0, 100.0)
    assert scale.shares(np.array([50.0]))[0] == 0.5


def test_sixty_microseconds_are_readable_and_so_is_a_stall() -> None:
    linear, log = LinearScale(96_000.0), LogScale(5, 8)
    linear.fit(20e3, 60e3)
    assert linear.shares(np.array([60e3]))[0] == pytest.approx(0.6)
    log.fit(60e3, 4e9)
    low, high = log.shares(np.array([60e3, 4e9]))
    assert low > 0.1
    assert 0.9 < high < 1.0
