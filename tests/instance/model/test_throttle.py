"""Going easy comes on after a while of pressure, goes off after a longer while of calm, and never flaps."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.instance.model.throttle import (
    LONGEST_REST_NS,
    RESTS,
    Load,
    Pressure,
    RegulationLimits,
    Regulator,
    eased_hz,
    eased_span_ns,
)
from tests.fakes import S

LIMITS = RegulationLimits(True, 10.0, 95.0, 10.0)
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
    """A regulator that is fed once a second."""

    def __init__(self, limits: RegulationLimits = LIMITS) -> None:
        self.regulator = Regulator(limits)
        self.second = 0

    def feed(self, load: Load, seconds: int = 1) -> Pressure:
        for _second in range(seconds):
            self.regulator.take(load, self.second * S)
            self.second += 1
        return self.regulator.pressure

    def seconds_until(self, wanted: Pressure, load: Load, most: int = 2_000) -> int:
        for passed in range(most):
            if self.regulator.pressure is wanted:
                return passed
            self.feed(load)
        raise AssertionError(f"never {wanted!r}")


def test_a_spike_changes_nothing() -> None:
    run = Clocked()
    for _spike in range(20):
        assert run.feed(BUSY, 9) is Pressure.NONE
        assert run.feed(CALM) is Pressure.NONE


def test_what_lasts_comes_on_and_comes_off_after_three_times_as_long() -> None:
    for load, pressure in ((BUSY, Pressure.BUSY), (COSTLY, Pressure.OWN_COST)):
        run = Clocked()
        assert 10 <= run.seconds_until(pressure, load) <= 12
        assert 30 <= run.seconds_until(Pressure.NONE, CALM) <= 32


def test_between_limit_and_calm_it_stays_as_it_is() -> None:
    between = Load(9.0, 90.0)
    run = Clocked()
    assert run.feed(between, 500) is Pressure.NONE
    run.feed(BUSY, 12)
    assert run.feed(between, 500) is Pressure.BUSY


def test_a_rule_that_fires_comes_on_at_once() -> None:
    run = Clocked()
    run.feed(CALM)
    assert run.feed(Load(1.0, 70.0, rule_fires=True)) is Pressure.BUSY
    assert run.feed(CALM, 29) is Pressure.BUSY
    assert run.feed(CALM, 2) is Pressure.NONE


def test_a_relapse_takes_longer_each_time_but_not_for_ever() -> None:
    """As where the cost is its own drawing: eased, it is calm at once; let go, it is costly again."""
    run = Clocked()
    rests = []
    for _round in range(9):
        run.seconds_until(Pressure.OWN_COST, COSTLY)
        rests.append(run.seconds_until(Pressure.NONE, CALM))
    assert all(later >= earlier for earlier, later in pairwise(rests))
    assert rests[1] >= 2 * rests[0] - 2
    assert rests[-1] <= LONGEST_REST_NS // S + 2
    run.feed(CALM, 700)
    run.seconds_until(Pressure.OWN_COST, COSTLY)
    assert run.seconds_until(Pressure.NONE, CALM) <= rests[0] + 1


def test_a_busy_machine_is_told_before_its_own_cost() -> None:
    run = Clocked()
    assert run.feed(Load(50.0, 100.0), 20) is Pressure.BUSY


def test_switched_off_it_never_goes_easy_and_forgets_nothing() -> None:
    run = Clocked(RegulationLimits(False))
    assert run.feed(Load(99.0, 100.0, True), 100) is Pressure.NONE
    run.regulator.limits = LIMITS
    assert run.regulator.pressure is Pressure.BUSY


@given(st.lists(st.tuples(st.integers(0, 20), loads), max_size=60))
def test_whatever_comes_it_goes_off_by_itself_once_all_is_calm(drawn: list[tuple[int, Load]]) -> None:
    run = Clocked()
    for seconds, load in drawn:
        run.feed(load, seconds)
    assert run.feed(CALM, LONGEST_REST_NS // S + 2) is Pressure.NONE


@given(st.lists(loads, max_size=200))
def test_once_on_it_stays_on_for_a_while(drawn: list[Load]) -> None:
    run = Clocked()
    changes = [0]
    before = Pressure.NONE
    for load in drawn:
        now = run.feed(load)
        if (now is Pressure.NONE) is not (before is Pressure.NONE):
            changes.append(run.second)
        before = now
    on = zip(changes[1::2], changes[2::2], strict=False)
    assert all(off - came >= RESTS * LIMITS.after_s for came, off in on)


@given(st.lists(st.tuples(st.integers(0, 10**13), loads), max_size=60))
def test_a_clock_that_leaps_or_stands_still_is_no_time_under_load(drawn: list[tuple[int, Load]]) -> None:
    regulator, at_ns = Regulator(LIMITS), 0
    for step_ns, load in drawn:
        at_ns += step_ns
        regulator.take(load, at_ns)
    regulator = Regulator(LIMITS)
    regulator.take(BUSY, 0)
    assert regulator.take(BUSY, 10**13) is Pressure.NONE


@given(st.floats(0.5, 10), st.sampled_from(Pressure))
def test_eased_is_never_quicker_than_wanted(hz: float, pressure: Pressure) -> None:
    assert 0.5 <= eased_hz(hz, pressure) <= hz
    assert eased_span_ns(5, Pressure.NONE) == 5
    assert eased_span_ns(5, Pressure.BUSY) == 20


def test_at_two_hertz_it_is_half_a_hertz() -> None:
    assert eased_hz(2.0, Pressure.NONE) == 2.0
    assert eased_hz(2.0, Pressure.BUSY) == 0.5
