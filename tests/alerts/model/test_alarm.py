"""The state machine of a rule: for, clear level, cooldown, gaps, set clocks, a restart in its middle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.alarm import BREAK_NS, Alarm, Firing, Phase, Turn, is_quiet
from aios_gui.alerts.model.rules import Comparison, Measure, Rule

S = 1_000_000_000
RULE = Rule("busy", Measure.CPU, 80.0, for_s=3.0, clear=70.0, cooldown_s=10.0)
AT_ONCE = replace(RULE, for_s=0.0)


def run(alarm: Alarm, values: Sequence[float], start_s: int = 0) -> list[tuple[int, Turn]]:
    """Feed a reading a second; the turns with their seconds."""
    turns = []
    for second, value in enumerate(values, start_s):
        turn = alarm.take(value, second * S, S)
        if turn is not None:
            turns.append((second, turn))
    return turns


def test_it_fires_when_the_limit_was_breached_for_as_long_as_the_rule_says() -> None:
    alarm = Alarm(RULE)
    assert run(alarm, [50, 80, 90, 85, 81, 82]) == [(4, Turn.FIRED)]
    assert alarm.firing == Firing(1 * S, 90)


def test_a_dip_below_the_limit_begins_anew() -> None:
    assert run(Alarm(RULE), [90, 90, 90, 79, 90, 90, 90]) == []


def test_between_limit_and_clear_level_it_goes_on() -> None:
    alarm = Alarm(RULE)
    assert run(alarm, [90] * 4 + [75] * 100) == [(3, Turn.FIRED)]
    assert alarm.is_on


def test_it_clears_when_it_was_better_than_the_clear_level_for_as_long() -> None:
    alarm = Alarm(RULE)
    assert run(alarm, [90] * 4 + [60, 60, 72, 60, 60, 60, 60]) == [(3, Turn.FIRED), (10, Turn.CLEARED)]
    assert alarm.firing == Firing(0, 90, cleared_ns=7 * S)


def test_a_rule_that_fires_at_once_clears_at_once() -> None:
    assert run(Alarm(AT_ONCE), [10, 90, 10]) == [(1, Turn.FIRED), (2, Turn.CLEARED)]


def test_flapping_is_one_incident_with_a_count() -> None:
    alarm = Alarm(AT_ONCE)
    turns = [turn for _second, turn in run(alarm, [90, 10] * 20)]
    assert turns == [Turn.FIRED, Turn.CLEARED] + [Turn.FIRED_AGAIN, Turn.CLEARED] * 19
    assert alarm.firing == Firing(0, 90, 20, 39 * S)


def test_after_the_cooldown_it_is_another_incident() -> None:
    alarm = Alarm(AT_ONCE)
    run(alarm, [90] + [10] * 11)
    assert run(alarm, [90], 12) == [(12, Turn.FIRED)]
    assert alarm.firing == Firing(12 * S, 90)
    assert run(Alarm(replace(AT_ONCE, cooldown_s=0.0)), [90, 10, 90])[-1] == (2, Turn.FIRED)


def test_below_is_above_with_the_sign_turned() -> None:
    disk = Rule("disk", Measure.DISK_FREE, 5.0, Comparison.BELOW, for_s=1.0, clear=7.0)
    alarm = Alarm(disk)
    assert run(alarm, [10, 5, 3, 6, 7, 7.5, 8]) == [(2, Turn.FIRED), (6, Turn.CLEARED)]
    assert alarm.firing == Firing(1 * S, 3, cleared_ns=5 * S)


@pytest.mark.parametrize("gap_s", [2, 20, 3600, -3600])
def test_a_gap_neither_fires_nor_clears(gap_s: int) -> None:
    alarm = Alarm(RULE)
    assert run(alarm, [90, 90]) == []
    assert run(alarm, [90], 1 + gap_s) == []
    firing = Alarm(RULE, Firing(0, 90))
    assert run(firing, [60, 60]) == []
    assert run(firing, [60], 1 + gap_s) == []
    assert firing.phase is Phase.CLEARING


def test_after_a_long_gap_what_was_pending_begins_anew() -> None:
    alarm = Alarm(RULE)
    run(alarm, [90, 90, 90])
    resumed_s = 2 + BREAK_NS // S + 2
    assert run(alarm, [90] * 5, resumed_s) == [(resumed_s + 3, Turn.FIRED)]
    assert alarm.firing == Firing(resumed_s * S, 90)


def test_a_late_beat_stands_for_all_the_time_it_was_late() -> None:
    alarm = Alarm(RULE)
    alarm.take(90, 0, S)
    assert alarm.take(90, 4 * S, 4 * S) is Turn.FIRED


def test_it_counts_for_how_long_it_was_over_the_limit_and_nothing_else() -> None:
    alarm = Alarm(RULE)
    run(alarm, [90] * 6 + [75] * 10 + [90] * 2)
    assert (alarm.over_ns, alarm.last_over_ns, alarm.is_settling) == (8 * S, 17 * S, False)
    run(alarm, [75, 60], 18)
    assert (alarm.over_ns, alarm.last_over_ns, alarm.is_settling) == (8 * S, 17 * S, True)
    run(alarm, [60] * 5, 20)
    assert not alarm.is_settling, "it is over"
    assert alarm.over_ns == 8 * S


@pytest.mark.parametrize("gap_s", [10, 3600, -3600])
def test_no_time_that_was_not_observed_counts(gap_s: int) -> None:
    alarm = Alarm(RULE)
    run(alarm, [90] * 6)
    run(alarm, [90] * 4, 6 + gap_s)
    assert 9 * S <= alarm.over_ns <= 10 * S


def test_firing_again_adds_to_it_without_the_calm_in_between() -> None:
    alarm = Alarm(RULE)
    run(alarm, [90] * 5 + [10] * 8 + [90] * 5)
    assert alarm.firing is not None
    assert (alarm.firing.count, alarm.over_ns) == (2, 10 * S)
    run(alarm, [10] * 20 + [90] * 4, 18)
    assert (alarm.firing.count, alarm.over_ns) == (1, 4 * S), "another incident"


def test_stalls_add_up() -> None:
    alarm = Alarm(STALLS)
    alarm.take_stall(60.0, 20 * S, 20 * S + 60_000_000)
    alarm.take_stall(900.0, 100 * S, 100 * S + 900_000_000)
    assert alarm.over_ns == 960_000_000


@dataclass
class Reference:
    """The same rule told in whole: looks back at all readings each time."""

    rule: Rule

    def turns(self, readings: list[tuple[float, int]]) -> list[tuple[int, Turn]]:
        on, turns, since, cleared, started = False, [], None, None, 0
        for number, (value, _step) in enumerate(readings):
            bad, good = self.rule.breached_by(value), value < self.rule.clear
            wanted = good if on else bad
            if not wanted:
                since = None
                continue
            if since is None:
                since = number
            held = 0
            for _value, step in readings[since + 1 : number + 1]:
                held = 0 if not 0 <= step <= S + BREAK_NS else held + min(step, S)
            if held < self.rule.for_s * 1e9:
                continue
            on = not on
            times = [sum(step for _value, step in readings[1 : place + 1]) for place in range(len(readings))]
            began = since
            for place in range(since + 1, number + 1):
                if not 0 <= readings[place][1] <= S + BREAK_NS:
                    began = place
            since = None
            if on:
                again = cleared is not None and abs(times[began] - cleared) < self.rule.cooldown_s * 1e9
                turns.append((number, Turn.FIRED_AGAIN if again else Turn.FIRED))
                started = started if again else times[began]
            else:
                cleared = max(started, times[began])
                turns.append((number, Turn.CLEARED))
        return turns


steps = st.one_of(
    st.just(S),
    st.just(S),
    st.just(S),
    st.integers(-100 * S, 100 * S),
    st.integers(0, 3 * S),
    st.integers(0, 40).map(lambda s: s * S),
)
readings = st.lists(st.tuples(st.sampled_from([60.0, 69.9, 70.0, 75.0, 80.0, 95.0]), steps), max_size=60)
shapes = st.builds(
    lambda for_s, cooldown, clear: replace(RULE, for_s=for_s, cooldown_s=cooldown, clear=clear),
    st.sampled_from([0.0, 1.0, 2.5, 10.0]),
    st.sampled_from([0.0, 5.0, 60.0]),
    st.sampled_from([70.0, 80.0]),
)


def feed(alarm: Alarm, given_readings: list[tuple[float, int]], at_ns: int = 0) -> list[tuple[int, Turn]]:
    turns = []
    for number, (value, step) in enumerate(given_readings):
        at_ns += step if number else 0
        turn = alarm.take(value, at_ns, S)
        if turn is not None:
            turns.append((number, turn))
    return turns


@given(shapes, readings)
def test_it_does_what_the_rule_says_told_in_whole(
    rule: Rule, given_readings: list[tuple[float, int]]
) -> None:
    assert feed(Alarm(rule), given_readings) == Reference(rule).turns(given_readings)


@given(shapes, readings)
def test_firing_and_clearing_take_turns_and_the_peak_was_there(
    rule: Rule, given_readings: list[tuple[float, int]]
) -> None:
    alarm = Alarm(rule)
    on = False
    for _number, turn in feed(alarm, given_readings):
        assert (turn is Turn.CLEARED) == on
        on = not on
    assert alarm.is_on == on
    if alarm.firing is not None:
        assert alarm.firing.peak in [value for value, _step in given_readings]
        assert rule.breached_by(alarm.firing.peak)
        assert (alarm.firing.cleared_ns is None) == on
        assert alarm.firing.cleared_ns is None or alarm.firing.cleared_ns >= alarm.firing.started_ns


@given(shapes, readings, readings)
def test_a_restart_in_its_middle_neither_fires_twice_nor_clears(
    rule: Rule, before: list[tuple[float, int]], after: list[tuple[float, int]]
) -> None:
    alarm = Alarm(rule)
    feed(alarm, before)
    resumed = Alarm(rule, alarm.firing)
    assert resumed.is_on == alarm.is_on
    turns = feed(resumed, after, 1000 * S)
    if alarm.is_on and turns:
        assert turns[0][1] is Turn.CLEARED


@given(shapes, readings)
def test_good_readings_may_be_left_out_while_it_is_calm(
    rule: Rule, given_readings: list[tuple[float, int]]
) -> None:
    whole, sparing = Alarm(rule), Alarm(rule)
    at_ns = 0
    for value, step in given_readings:
        at_ns += step
        turn = whole.take(value, at_ns, S)
        if sparing.phase is Phase.CALM and not rule.breached_by(value):
            assert turn is None
            continue
        assert sparing.take(value, at_ns, S) is turn
    assert sparing.firing == whole.firing


@pytest.mark.parametrize(
    ("begins", "ends", "quiet", "loud"),
    [
        ("22:00", "07:00", [0, 22 * 60, 23 * 60 + 59, 6 * 60 + 59], [7 * 60, 12 * 60, 22 * 60 - 1]),
        ("12:00", "13:30", [12 * 60, 13 * 60 + 29], [13 * 60 + 30, 0, 11 * 60 + 59]),
        ("08:00", "08:00", [0, 8 * 60, 1439], []),
        ("", "", [], [0, 720, 1439]),
    ],
)
def test_quiet_hours(begins: str, ends: str, quiet: list[int], loud: list[int]) -> None:
    rule = replace(RULE, quiet_from=begins, quiet_to=ends)
    assert all(is_quiet(rule, minute) for minute in quiet)
    assert not any(is_quiet(rule, minute) for minute in loud)


STALLS = Rule("hiccup", Measure.LATENESS, 50.0, for_s=0.0, clear=50.0, cooldown_s=300.0)


def test_a_stall_is_a_firing_from_its_begin_to_its_end() -> None:
    alarm = Alarm(STALLS)
    assert alarm.take_stall(49.9, 10 * S, 10 * S + 49_900_000) is None
    assert alarm.take_stall(400.0, 20 * S, 20 * S + 400_000_000) is Turn.FIRED
    assert alarm.firing == Firing(20 * S, 400.0, 1, 20 * S + 400_000_000)
    assert not alarm.is_on, "a stall is over when it is known"


def test_stalls_within_the_cooldown_are_one_incident_from_the_first_to_the_last() -> None:
    alarm = Alarm(STALLS)
    alarm.take_stall(60.0, 20 * S, 20 * S + 60_000_000)
    assert alarm.take_stall(900.0, 100 * S, 100 * S + 900_000_000) is Turn.FIRED_AGAIN
    assert alarm.take_stall(70.0, 200 * S, 200 * S + 70_000_000) is Turn.FIRED_AGAIN
    assert alarm.firing == Firing(20 * S, 900.0, 3, 200 * S + 70_000_000)
    assert alarm.take_stall(70.0, 600 * S, 600 * S + 70_000_000) is Turn.FIRED


def test_a_stall_that_was_left_open_by_an_earlier_version_is_over() -> None:
    alarm = Alarm(STALLS, Firing(20 * S, 90.0))
    assert alarm.firing == Firing(20 * S, 90.0, 1, 20 * S)
    assert not alarm.is_on
