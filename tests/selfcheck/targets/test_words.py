"""Every target has words, and figures in the unit of its goal."""

import pytest

from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.selfcheck.targets import words
from aios_gui.selfcheck.targets.model import TARGETS, Target, TargetResult, TargetState

BY_NAME = {target.name: target for target in TARGETS}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_has_words(target: Target) -> None:
    assert words.name(target) != target.name
    assert words.explanation(target).endswith(".")
    assert words.goal(target).startswith(str(target.comparison))
    assert words.actual(TargetResult(target, None, TargetState.UNKNOWN)) == "–"


def test_names_differ() -> None:
    assert len({words.name(target) for target in TARGETS}) == len(TARGETS)


def test_figures() -> None:
    cases: list[tuple[str, float, str, str]] = [
        ("heartbeat", 0.024, "< 100 ms", "24 µs"),
        ("cpu_headless", 0.0005, "≤ 0.1 %", "0.05 %"),
        ("memory", 23.6, "< 50 MB", "24 MB"),
        ("score", 0.9999, "> 0.70", "0.99"),
        ("availability", 0.99999, "≥ 99.9 %", "99.99 %"),
        ("availability_own", 1.0, "≥ 99.99 %", "100.00 %"),
        ("original_to_warmed", 48_512.3, "≥ 40,000×", "48,512×"),
        ("first_beat", 1.04, "≤ 2.0×", "1.0×"),
    ]
    for name, value, goal, actual in cases:
        result = TargetResult(BY_NAME[name], value, TargetState.PASS)
        assert (words.goal(result.target), words.actual(result)) == (goal, actual)
        assert words.sentence(result) == f"{words.name(result.target)}: {actual}, the target is {goal}"


def test_what_is_missed_by_less_than_a_digit_says_so() -> None:
    result = TargetResult(BY_NAME["beat_p50"], 0.0353, TargetState.FAIL)
    assert words.actual(result) == "just over 35 µs"
    result = TargetResult(BY_NAME["minimal_to_warmed"], 7.99, TargetState.FAIL)
    assert words.actual(result) == "just under 8.0×"


def test_what_is_reached_by_less_than_a_digit_says_so_where_the_goal_itself_would_miss() -> None:
    cases = [
        ("cpu", 0.0996, "just under 10 %"),
        ("score", 0.7043, "just over 0.70"),
        ("beat_p50", 0.0348, "35 µs"),
    ]
    for name, value, text in cases:
        assert words.actual(TargetResult(BY_NAME[name], value, TargetState.PASS)) == text


def test_exactly_on_a_goal_that_is_to_be_passed() -> None:
    assert words.actual(TargetResult(BY_NAME["score"], 0.7, TargetState.FAIL)) == "0.70"


def test_states() -> None:
    target = BY_NAME["score"]
    assert words.state_word(TargetResult(target, 0.9, TargetState.PASS)) == "reached"
    assert words.state_word(TargetResult(target, 0.1, TargetState.FAIL)) == "missed"
    assert words.state_word(TargetResult(target, None, TargetState.UNKNOWN)) == "not known yet"
    assert (
        words.state_word(TargetResult(target, None, TargetState.UNKNOWN, counts=False))
        == "does not apply now"
    )
    assert len({words.shown_phrase(shown_as) for shown_as in (*LaunchMode, None)}) == 4
