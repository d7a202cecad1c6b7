"""One verdict out of all ways, with the one thing that mends it."""

from dataclasses import replace

import pytest

from aios_gui.autostart.model.autostart import State, Status, with_doubles
from aios_gui.autostart.model.verdict import Mend, blocked, judge_all


def status(state: State, mechanism: str = "one") -> Status:
    return Status(mechanism, state, "/where", "command")


def both(first: State, second: State) -> list[Status]:
    return with_doubles([status(first), status(second, "two")])


@pytest.mark.parametrize(
    ("first", "second", "state", "mend", "told"),
    [
        (State.OFF, State.OFF, State.OFF, Mend.SET_UP, "one"),
        (State.ON, State.OFF, State.ON, Mend.NOTHING, "one"),
        (State.OFF, State.ON, State.ON, Mend.NOTHING, "two"),
        (State.CHANGED, State.OFF, State.CHANGED, Mend.APPLY, "one"),
        (State.OTHER_PROGRAM, State.UNAVAILABLE, State.OTHER_PROGRAM, Mend.REPAIR, "one"),
        (State.PROGRAM_GONE, State.OFF, State.PROGRAM_GONE, Mend.REPAIR, "one"),
        (State.DISABLED, State.OFF, State.DISABLED, Mend.ALLOW, "one"),
        (State.UNREADABLE, State.OFF, State.UNREADABLE, Mend.WRITE_ANEW, "one"),
        (State.ON, State.ON, State.TWICE, Mend.ONE_WAY, "one"),
        (State.OTHER_PROGRAM, State.CHANGED, State.TWICE, Mend.ONE_WAY, "one"),
        # What starts nothing hides nothing that does.
        (State.DISABLED, State.ON, State.ON, Mend.NOTHING, "two"),
        (State.DISABLED, State.PROGRAM_GONE, State.PROGRAM_GONE, Mend.REPAIR, "two"),
        (State.ON, State.PROGRAM_GONE, State.TWICE, Mend.ONE_WAY, "one"),
        (State.ON, State.UNREADABLE, State.ON, Mend.NOTHING, "one"),
        (State.UNAVAILABLE, State.UNAVAILABLE, State.UNAVAILABLE, Mend.IMPOSSIBLE, "one"),
    ],
)
def test_whole_out_of_two_ways(first: State, second: State, state: State, mend: Mend, told: str) -> None:
    verdict = judge_all(both(first, second), "one", is_explicit=False)
    assert (verdict.state, verdict.mend) == (state, mend)
    assert verdict.status is not None
    assert verdict.status.mechanism == told
    assert verdict.is_registered is (state not in (State.OFF, State.UNAVAILABLE))


def test_other_registrations_are_told_beside() -> None:
    verdict = judge_all(both(State.ON, State.ON), "one", is_explicit=False)
    assert [each.mechanism for each in verdict.also] == ["two"]
    verdict = judge_all(both(State.ON, State.UNREADABLE), "one", is_explicit=False)
    assert [each.state for each in verdict.also] == [State.UNREADABLE]


def test_another_way_than_the_named_one_is_not_as_chosen() -> None:
    found = both(State.ON, State.OFF)
    assert judge_all(found, "two", is_explicit=True).mend is Mend.APPLY
    assert judge_all(found, "one", is_explicit=True).mend is Mend.NOTHING
    assert judge_all(found, "two", is_explicit=False).mend is Mend.NOTHING


def test_way_that_is_not_there_gives_way_to_another() -> None:
    found = both(State.UNAVAILABLE, State.OFF)
    verdict = judge_all(found, "one", is_explicit=True, other="two")
    assert (verdict.state, verdict.mend) == (State.UNAVAILABLE, Mend.OTHER_WAY)
    assert judge_all(found, "one", is_explicit=True).mend is Mend.IMPOSSIBLE
    assert judge_all([], "", is_explicit=False).status is None


def test_what_was_put_back_is_told_as_long_as_nothing_is_there() -> None:
    last = replace(status(State.BLOCKED), detail="gone at once")
    off = judge_all([status(State.OFF)], "one", is_explicit=False)
    assert blocked(off, last, "two").mend is Mend.OTHER_WAY
    assert blocked(off, last, "").mend is Mend.SET_UP
    assert blocked(off, last, "").state is State.BLOCKED
    on = judge_all([status(State.ON)], "one", is_explicit=False)
    assert blocked(on, last, "two") is on
    assert blocked(off, status(State.ON), "two") is off
