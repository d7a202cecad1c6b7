"""The learnt margin stays within its bounds, follows the wake-ups and forgets old ones."""

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.rehearsal import (
    FIRST_MARGIN_NS,
    HEADROOM_NS,
    MAXIMUM_MARGIN_NS,
    MINIMUM_MARGIN_NS,
    RECENT_WAKEUPS,
    MarginLearner,
)

wakeups = st.lists(
    st.tuples(st.integers(0, 10**11), st.integers(0, 10**7)), min_size=1, max_size=RECENT_WAKEUPS * 2
)


@given(wakeups)
def test_the_margin_holds_all_but_the_worst_twentieth(pairs: list[tuple[int, int]]) -> None:
    learner = MarginLearner()
    for lateness, rehearsal in pairs:
        learner.learn(lateness, rehearsal)
        assert MINIMUM_MARGIN_NS <= learner.margin_ns <= MAXIMUM_MARGIN_NS
    recent = [lateness + rehearsal for lateness, rehearsal in pairs[-RECENT_WAKEUPS:]]
    too_long = sum(need > learner.margin_ns for need in recent)
    assert learner.margin_ns == MAXIMUM_MARGIN_NS or too_long <= 0.05 * RECENT_WAKEUPS + 1


def learnt(*pairs: tuple[int, int | None], times: int = RECENT_WAKEUPS) -> MarginLearner:
    learner = MarginLearner()
    for _ in range(times):
        for lateness, rehearsal in pairs:
            learner.learn(lateness, rehearsal)
    return learner


def test_one_quick_wake_up_does_not_make_the_next_beat_late() -> None:
    assert learnt((10_000, 20_000), times=1).margin_ns == FIRST_MARGIN_NS


def test_quick_wake_ups_bring_it_to_the_least() -> None:
    assert learnt((10_000, 20_000)).margin_ns == MINIMUM_MARGIN_NS


def test_it_is_their_need_and_headroom() -> None:
    assert learnt((300_000, 100_000)).margin_ns == 400_000 + HEADROOM_NS


def test_a_rehearsal_that_had_no_time_counts_as_the_one_before() -> None:
    assert learnt((100_000, 200_000), (300_000, None)).margin_ns == 500_000 + HEADROOM_NS


def test_one_stall_does_not_move_it() -> None:
    learner = learnt((100_000, 130_000))
    before = learner.margin_ns
    learner.learn(5_000_000_000, None)
    assert learner.margin_ns == before


def test_a_rough_spell_is_forgotten() -> None:
    learner = learnt((10_000_000, 0))
    assert learner.margin_ns == MAXIMUM_MARGIN_NS
    for _ in range(RECENT_WAKEUPS):
        learner.learn(50_000, 20_000)
    assert learner.margin_ns == MINIMUM_MARGIN_NS
