"""What a comparison says of made-up spans: with and without a change, of other conditions, and of too little."""

from dataclasses import replace

import numpy as np
import pytest

from aios_gui.history.comparison.model import Comparison, Condition, Measure, MeasureResult, Verdict, overall
from aios_gui.history.comparison.verdict import Hours, compare
from aios_gui.history.comparison.words import basis_sentences, change, verdict_sentence
from tests.history.comparison.made_up import hours

WEEK_H = 168


def spans(raised: float = 1.0, seed: int = 3) -> tuple[Hours, Hours, Hours]:
    """Two weeks and the four before them; the second one is slower in its slowest tenth."""
    made = hours(np.random.default_rng(seed), 6 * WEEK_H, raised_from=5 * WEEK_H, raised=raised)
    a, b = (made.rows(slice(start, start + WEEK_H)) for start in (4 * WEEK_H, 5 * WEEK_H))
    return a, b, made.rows(slice(0, 4 * WEEK_H))


@pytest.fixture(scope="module")
def raised() -> tuple[Hours, Hours, Hours]:
    return spans(1.5)


def test_a_slower_tail_is_worse_by_its_measure_alone(raised: tuple[Hours, Hours, Hours]) -> None:
    found = compare(*raised)
    by_measure = {each.measure: each for each in found.measures}
    p99 = by_measure[Measure.LATENESS_P99]
    assert (found.verdict, p99.verdict) == (Verdict.WORSE, Verdict.WORSE)
    assert by_measure[Measure.DURATION_P50].verdict is Verdict.NO_DIFFERENCE
    assert p99.low is not None
    assert p99.high is not None
    assert p99.ratio is not None
    assert 1 < p99.low < p99.ratio < p99.high
    assert found.noise_pairs > 0
    assert "lateness, P99 +" in verdict_sentence(found)


def test_the_other_way_round_it_is_better(raised: tuple[Hours, Hours, Hours]) -> None:
    a, b, before = raised
    found = compare(b, a, before)
    assert found.verdict is Verdict.BETTER
    p99 = next(each for each in found.measures if each.measure is Measure.LATENESS_P99)
    assert p99.ratio is not None
    assert p99.ratio < 1


def test_the_same_seed_gives_the_same_figures(raised: tuple[Hours, Hours, Hours]) -> None:
    assert compare(*raised, seed=7) == compare(*raised, seed=7)


def test_without_a_change_there_is_no_demonstrable_difference() -> None:
    found = compare(*spans())
    assert found.verdict is Verdict.NO_DIFFERENCE
    assert found.hours_needed is not None
    assert "would be seen from" in " ".join(basis_sentences(found))


def test_without_earlier_weeks_it_says_that_the_noise_is_not_known(
    raised: tuple[Hours, Hours, Hours],
) -> None:
    found = compare(*raised[:2])
    assert found.noise_pairs == 0
    assert all(each.noise is None for each in found.measures)
    assert "does not go back far enough" in " ".join(basis_sentences(found))


def test_spans_under_other_conditions_are_not_compared() -> None:
    a, b, _before = spans()
    conditions = ((1, "window", "procfs", "mains", "1"), (2, "window", "procfs", "battery", "1"))
    a, b = (replace(each, conditions=conditions) for each in (a, b))
    found = compare(a, replace(b, condition=b.condition + 1))
    assert (found.verdict, found.differing) == (
        Verdict.NOT_COMPARABLE,
        (Condition.INTERVAL, Condition.POWER),
    )
    assert "the interval, mains or battery" in verdict_sentence(found)


def test_only_hours_of_the_same_kind_are_compared() -> None:
    a, b, _before = spans()
    weekdays = b.rows(b.kind < 4)
    found = compare(a, weekdays)
    assert found.matched_hours == (120, 120)
    assert found.unmatched_hours == (48, 0)


def test_hours_that_are_less_than_half_recorded_are_left_out_and_counted() -> None:
    a, b, _before = spans()
    thin = b.covered_s.copy()
    thin[:10] = 1700.0
    assert compare(a, replace(b, covered_s=thin)).left_out_hours == (0, 10)


def test_hours_that_are_in_both_spans_are_told(raised: tuple[Hours, Hours, Hours]) -> None:
    a, b, before = raised
    told = "4 hours are in both spans, which hides part of what differs."
    found = compare(a.rows(slice(0, 5)), a.rows(slice(1, 5)), before)
    assert found.shared_hours == 4
    assert told in list(basis_sentences(found))
    assert told not in list(basis_sentences(compare(a.rows(slice(0, 5)), b, before)))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_few_hours_are_not_enough(count: int) -> None:
    a, b, before = spans()
    found = compare(a, b.rows(slice(0, count)), before)
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.hours_needed == 6
    more = f"about {6 - count} more hour{'s are' if count < 5 else ' is'} needed in each span"
    assert more in verdict_sentence(found)


def test_hours_that_there_are_need_not_be_recorded_again() -> None:
    """All that are needed were told as more of them."""
    found = Comparison(Verdict.NOT_ENOUGH, matched_hours=(10, 12), hours_needed=30)
    assert "about 20 more hours" in verdict_sentence(found)


def test_what_points_both_ways_is_unresolved() -> None:
    def result(verdict: Verdict) -> MeasureResult:
        return MeasureResult(Measure.DURATION_P50, 1.0, 2.0, 2.0, 1.5, 2.5, None, verdict)

    assert overall((result(Verdict.WORSE), result(Verdict.BETTER))) is Verdict.UNRESOLVED
    assert overall((result(Verdict.WORSE), result(Verdict.NOT_ENOUGH))) is Verdict.WORSE
    assert overall(()) is Verdict.NOT_ENOUGH


def test_changes_are_written_as_people_write_them() -> None:
    assert [change(ratio) for ratio in (1.38, 0.96, 1.0, 2.41, None)] == [
        "+38 %",
        "−4 %",
        "+0 %",
        "2.4 ×",
        "–",
    ]
