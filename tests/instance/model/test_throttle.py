"""Throttling comes on after a while of load, goes off after a longer while of calm, and never flaps."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.instance.model.throttle import (
    LONGEST_REST_NS,
    RESTS,
    Load,
    Throttle,
    ThrottleLimits,
    ThrottleReason,
    throttled_hz,
    throttled_span_ns,
)
from tests.fakes import S

LIMITS = ThrottleLimits(True, 10.0, 95.0, 10.0)
CALM = Load(1.0, 20.0)
BUSY = Load(1.0, 99.0)
COSTLY = Load(30.0, 20.0)
loads = st.builds(
    Load,
    st.one_of(st.none(), st.floats(0, 40)),
    st.one_of(st.none(), st.floats(0, 100)),
    st.booleans(),
)


class Clocked:
    """A throttle that is fed once a second."""

    def __init__(self, limits: ThrottleLimits = LIMITS) -> None:
        self.throttle = Throttle(limits)
        self.second = 0

    def feed(self, load: Load, seconds: int = 1) -> ThrottleReason:
        for _second in range(seconds):
            self.throttle.take(load, self.second * S)
            self.second += 1
        return self.throttle.reason

    def seconds_until(self, wanted: ThrottleReason, load: Load) -> int:
        for passed in range(2_000):
            if self.throttle.reason is wanted:
                return passed
            self.feed(load)
        raise AssertionError(f"never {wanted!r}")


def test_a_spike_changes_nothing() -> None:
    run = Clocked()
    for _spike in range(20):
        assert run.feed(BUSY, 9) is ThrottleReason.NONE
        assert run.feed(CALM) is ThrottleReason.NONE


def test_what_lasts_comes_on_and_comes_off_after_three_times_as_long() -> None:
    for load, reason in ((BUSY, ThrottleReason.BUSY), (COSTLY, ThrottleReason.OWN_COST)):
        run = Clocked()
        assert 10 <= run.seconds_until(reason, load) <= 12
        assert 30 <= run.seconds_until(ThrottleReason.NONE, CALM) <= 32


def test_between_limit_and_calm_it_stays_as_it_is() -> None:
    between = Load(9.0, 90.0)
    run = Clocked()
    assert run.feed(between, 500) is ThrottleReason.NONE
    run.feed(BUSY, 12)
    assert run.feed(between, 500) is ThrottleReason.BUSY


def test_a_rule_that_fires_comes_on_at_once() -> None:
    run = Clocked()
    run.feed(CALM)
    assert run.feed(Load(1.0, 70.0, rule_fires=True)) is ThrottleReason.BUSY
    assert run.feed(CALM, 29) is ThrottleReason.BUSY
    assert run.feed(CALM, 2) is ThrottleReason.NONE


def test_a_relapse_takes_longer_each_time_but_not_for_ever() -> None:
    """As where the cost is its own drawing: eased, it is calm at once; let go, it is costly again."""
    run = Clocked()
    rests = []
    for _round in range(9):
        run.seconds_until(ThrottleReason.OWN_COST, COSTLY)
        rests.append(run.seconds_until(ThrottleReason.NONE, CALM))
    assert all(later >= earlier for earlier, later in pairwise(rests))
    assert rests[1] >= 2 * rests[0] - 2
    assert rests[-1] <= LONGEST_REST_NS // S + 2
    run.feed(CALM, 700)
    run.seconds_until(ThrottleReason.OWN_COST, COSTLY)
    assert run.seconds_until(ThrottleReason.NONE, CALM) <= rests[0] + 1


def test_a_busy_machine_is_told_before_its_own_cost() -> None:
    run = Clocked()
    assert run.feed(Load(50.0, 100.0), 20) is ThrottleReason.BUSY


def test_switched_off_it_never_goes_easy_and_forgets_nothing() -> None:
    run = Clocked(ThrottleLimits(False))
    assert run.feed(Load(99.0, 100.0, True), 100) is ThrottleReason.NONE
    run.throttle.limits = LIMITS
    assert run.throttle.reason is ThrottleReason.BUSY


@given(st.lists(st.tuples(st.integers(0, 20), loads), max_size=60))
def test_whatever_comes_it_goes_off_by_itself_once_all_is_calm(drawn: list[tuple[int, Load]]) -> None:
    run = Clocked()
    for seconds, load in drawn:
        run.feed(load, seconds)
    assert run.feed(CALM, LONGEST_REST_NS // S + 2) is ThrottleReason.NONE


@given(st.lists(loads, max_size=200))
def test_once_on_it_stays_on_for_a_while(drawn: list[Load]) -> None:
    run = Clocked()
    changes = [0]
    before = ThrottleReason.NONE
    for load in drawn:
        now = run.feed(load)
        if (now is ThrottleReason.NONE) is not (before is ThrottleReason.NONE):
            changes.append(run.second)
        before = now
    on = zip(changes[1::2], changes[2::2], strict=False)
    assert all(off - came >= RESTS * LIMITS.after_s for came, off in on)


@given(st.lists(st.tuples(st.integers(0, 10**13), loads), max_size=60))
def test_a_clock_that_leaps_or_stands_still_is_no_time_under_load(drawn: list[tuple[int, Load]]) -> None:
    throttle, at_ns = Throttle(LIMITS), 0
    for step_ns, load in drawn:
        at_ns += step_ns
        throttle.take(load, at_ns)
    throttle = Throttle(LIMITS)
    throttle.take(BUSY, 0)
    assert throttle.take(BUSY, 10**13) is ThrottleReason.NONE


@given(st.floats(0.5, 10), st.sampled_from(ThrottleReason))
def test_throttled_is_never_quicker_than_wanted(hz: float, reason: ThrottleReason) -> None:
    assert 0.5 <= throttled_hz(hz, reason) <= hz
    assert throttled_span_ns(5, ThrottleReason.NONE) == 5
    assert throttled_span_ns(5, ThrottleReason.BUSY) == 20


def test_at_two_hertz_it_is_half_a_hertz() -> None:
    assert throttled_hz(2.0, ThrottleReason.NONE) == 2.0
    assert throttled_hz(2.0, ThrottleReason.BUSY) == 0.5
