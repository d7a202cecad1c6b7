"""Steps and drift of a daily series, by series that are made of them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from aios_gui.history.analysis.changepoints import slope_of, steps_of
from aios_gui.history.model.student import t_probability, t_quantile


def series(
    seed: int, days: int, steps: dict[int, float], drift: float = 0.0, alike: float = 0.2
) -> NDArray[np.float64]:
    """Logarithms of a daily figure, with a weekly pattern and days that resemble the day before."""
    random = np.random.default_rng(seed)
    rest = np.empty(days)
    value = 0.0
    for day in range(days):
        value = alike * value + random.normal(0, 0.05)
        rest[day] = value
    found = 12 + rest + drift * np.arange(days) / 30 + 0.1 * (np.arange(days) % 7 >= 5)
    for place, height in steps.items():
        found[place:] += height
    return found


@pytest.mark.parametrize("seed", range(4))
def test_steps_are_found_on_their_day_with_their_height(seed: int) -> None:
    heights = {60: 0.3, 130: -0.2, 150: 0.4}
    days = np.arange(739_000, 739_200)
    found = steps_of(series(seed, 200, heights), days)
    assert [step.place for step in found] == pytest.approx(list(heights), abs=2)
    for step, height in zip(found, heights.values(), strict=True):
        assert step.low < height < step.high
        assert step.p_value < 0.001
        assert step.after - step.before == pytest.approx(step.difference)


@pytest.mark.parametrize("seed", range(4))
def test_without_a_step_there_is_none_and_drift_is_no_step(seed: int) -> None:
    days = np.arange(200)
    assert steps_of(series(seed, 200, {}), days) == ()
    drifting = series(seed, 200, {}, drift=0.05)
    steps = steps_of(drifting, days)
    assert steps == ()
    slope = slope_of(drifting, days, steps)
    assert slope is not None
    assert slope.low < 0.05 < slope.high
    assert slope_of(series(seed, 200, {}), days, ()) is None


def test_a_drift_is_told_from_the_steps_beside_it() -> None:
    days = np.arange(300)
    values = series(9, 300, {150: 0.5}, drift=0.04)
    steps = steps_of(values, days)
    assert [step.place for step in steps] == pytest.approx([150], abs=2)
    slope = slope_of(values, days, steps)
    assert slope is not None
    assert slope.a_month == pytest.approx(0.04, abs=0.02)


def test_one_bad_day_is_no_step_and_few_days_have_none() -> None:
    values = series(3, 60, {})
    values[30] += 3
    assert steps_of(values, np.arange(60)) == ()
    assert steps_of(values[:9], np.arange(9)) == ()
    assert steps_of(np.full(60, 5.0), np.arange(60)) == ()
    assert slope_of(np.full(60, 5.0), np.arange(60), ()) is None


def test_students_distribution() -> None:
    # From the tables.
    for t, freedom, probability in (
        (12.706, 1, 0.05),
        (2.228, 10, 0.05),
        (3.169, 10, 0.01),
        (1.96, 1e6, 0.05),
    ):
        assert t_probability(t, freedom) == pytest.approx(probability, rel=2e-3)
    assert t_probability(0.0, 5) == pytest.approx(1.0)
    assert t_quantile(0.975, 10) == pytest.approx(2.228, abs=1e-3)
