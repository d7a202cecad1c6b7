"""Who is told of what, and when: several at once, no rule over and over, nothing that is over already."""

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.announcing import GROUP_NS, PER_RULE_NS, Announcer
from aios_gui.alerts.model.incident import IncidentBrief, Silence
from aios_gui.alerts.model.rules import Level
from tests.fakes import S

CPU = IncidentBrief(1, "cpu", "cpu_percent", Level.CRITICAL, 10 * S, 97.0, 80.0, 1, Silence.NONE, False)
DISK = replace(CPU, id=2, rule="disk", level=Level.WARNING, started_ns=9 * S)


def test_several_within_a_few_seconds_are_one_message_the_worst_first() -> None:
    announcer = Announcer()
    assert announcer.look([DISK], 0) == ()
    assert announcer.look([DISK, CPU], 2 * S) == ()
    assert announcer.look([DISK, CPU], GROUP_NS) == (CPU, DISK)
    assert announcer.look([DISK, CPU], 2 * PER_RULE_NS) == ()


def test_what_is_over_before_its_message_is_told_to_nobody() -> None:
    announcer = Announcer()
    assert announcer.look([CPU], 0) == ()
    assert announcer.look([], 2 * S) == ()
    assert announcer.look([DISK], 4 * S) == ()
    assert announcer.look([DISK], 7 * S) == (DISK,)


def test_of_one_rule_there_is_one_message_a_minute() -> None:
    announcer = Announcer()
    announcer.look([CPU], 0)
    assert announcer.look([CPU], 4 * S) == (CPU,)
    again = replace(CPU, id=3)
    assert announcer.look([again], 10 * S) == ()
    assert announcer.look([again], 30 * S) == ()
    assert announcer.look([again], 64 * S) == ()
    assert announcer.look([again], 68 * S) == (again,)


def test_who_looks_anyway_is_told_nothing_later() -> None:
    announcer = Announcer()
    announcer.pass_over([CPU], 0)
    assert announcer.look([CPU], 100 * S) == announcer.look([CPU], 200 * S) == ()


def test_what_is_passed_over_is_not_held_once_it_is_over() -> None:
    announcer = Announcer()
    for number in range(9):
        announcer.pass_over([replace(CPU, id=number)], number * S)
    assert announcer._notified == {8}


@given(
    st.lists(
        st.tuples(
            st.integers(1, 20),
            st.sets(st.integers(1, 12), max_size=6),
            st.booleans(),
        ),
        max_size=80,
    )
)
def test_whatever_comes(drawn: list[tuple[int, set[int], bool]]) -> None:
    announcer, now_ns = Announcer(), 0
    told: list[int] = []
    times: dict[str, list[int]] = defaultdict(list)
    for step, numbers, watched in drawn:
        now_ns += step * S
        found = [replace(CPU, id=number, rule=f"rule-{number % 4}") for number in sorted(numbers)]
        if watched:
            announcer.pass_over(found, now_ns)
            continue
        due = announcer.look(found, now_ns)
        assert {each.id for each in due} <= numbers
        told += [each.id for each in due]
        for rule in {each.rule for each in due}:
            times[rule].append(now_ns)
    for moments in times.values():
        assert all(later - earlier >= PER_RULE_NS for earlier, later in pairwise(moments))
