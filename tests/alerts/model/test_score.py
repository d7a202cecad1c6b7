"""The score by its formula, and at its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.score import FEWEST_BEATS, GOAL, Part, score_of
from aios_gui.record.model.hour import Hour


@st.composite
def hours(draw: st.DrawFn) -> Hour:
    count = draw(st.integers(FEWEST_BEATS, 200_000))
    over = draw(st.integers(0, count))
    return Hour(
        count,
        missed=draw(st.integers(0, count)),
        failed=draw(st.integers(0, count)),
        alerting=draw(st.integers(over, count)),
        over=over,
        duration_ns=count * draw(st.integers(0, 3_000_000_000)),
    )


@given(hours())
def test_as_the_formula_says(hour: Hour) -> None:
    score = score_of(hour)
    assert score is not None
    success = (hour.beats - hour.failed) / (hour.beats + hour.missed)
    latency = min(1, max(0, 1 - (hour.duration_ns / hour.beats / 1e6 - 100) / 900))
    free = max(hour.beats, 600) / 100
    stability = max(0, 1 - 10 * (hour.alerting - min(hour.over, free)) / hour.beats)
    margin = 0.5 if hour.over > free else 1
    value = success * 0.4 + latency * 0.2 + stability * 0.2 + margin * 0.2
    assert score.value == pytest.approx(value, abs=1e-8)
    assert 0 <= score.value <= 1
    assert all(0 <= score.part(part) <= 1 for part in Part)
    assert score.is_degraded is (score.value < 0.5)


@given(hours())
def test_nothing_that_goes_wrong_makes_it_better(hour: Hour) -> None:
    score = score_of(hour)
    worse = score_of(
        Hour(
            hour.beats,
            hour.missed + 1,
            min(hour.beats, hour.failed + 1),
            min(hour.beats, hour.alerting + 1),
            min(hour.beats, hour.over + 1),
            hour.duration_ns + hour.beats * 10**8,
        )
    )
    assert score is not None
    assert worse is not None
    assert worse.value <= score.value


def test_a_machine_without_fault_has_all_of_it() -> None:
    score = score_of(Hour(3600, duration_ns=3600 * 25_000))
    assert score is not None
    assert score.value == pytest.approx(1)


def test_a_single_beat_over_a_limit_costs_nothing_a_hiccup_does() -> None:
    busy = score_of(Hour(FEWEST_BEATS, alerting=1, over=1, duration_ns=1))
    assert busy is not None
    assert busy.value == 1
    hiccup = score_of(Hour(FEWEST_BEATS, alerting=1, duration_ns=1))
    assert hiccup is not None
    assert hiccup.value < 1


def test_exactly_the_goal_is_not_over_it() -> None:
    score = score_of(Hour(100, alerting=100, over=7, duration_ns=100))
    assert score is not None
    assert score.value == GOAL


def test_too_few_beats_say_nothing() -> None:
    assert score_of(Hour(FEWEST_BEATS - 1, duration_ns=1)) is None
    assert score_of(Hour(FEWEST_BEATS, duration_ns=1)) is not None
