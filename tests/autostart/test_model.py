"""The whole out of all mechanisms, and what is wanted as a command."""

from aios_gui.autostart.model import (
    AutostartError,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    sum_up,
    with_doubles,
)
from tests.autostart.mechanisms.faults import standing

OFF, ON, CANNOT = AutostartState.OFF, AutostartState.ON, AutostartState.CANNOT
EDITED, OTHER, GONE = AutostartReason.EDITED, AutostartReason.OTHER_PROGRAM, AutostartReason.PROGRAM_GONE
SWITCHED_OFF, UNREADABLE = AutostartReason.SWITCHED_OFF, AutostartReason.UNREADABLE
TWICE = AutostartReason.TWICE
Standing = AutostartState | AutostartReason


def status(found: Standing, mechanism: str = "one") -> AutostartStatus:
    is_reason = isinstance(found, AutostartReason)
    state, reason = (AutostartState.CHANGED, found) if is_reason else (found, AutostartReason.NONE)
    return AutostartStatus(mechanism, AutostartState(state), AutostartReason(reason), "/where", "command")


def both(first: Standing, second: Standing) -> list[AutostartStatus]:
    return with_doubles([status(first), status(second, "two")])


def test_whole_out_of_two_mechanisms() -> None:
    cases: list[tuple[Standing, Standing, Standing, str]] = [
        (OFF, OFF, OFF, "one"),
        (ON, OFF, ON, "one"),
        (OFF, ON, ON, "two"),
        (EDITED, OFF, EDITED, "one"),
        (OTHER, CANNOT, OTHER, "one"),
        (GONE, OFF, GONE, "one"),
        (SWITCHED_OFF, OFF, SWITCHED_OFF, "one"),
        (UNREADABLE, OFF, UNREADABLE, "one"),
        (ON, ON, TWICE, "one"),
        (OTHER, EDITED, TWICE, "one"),
        # What starts nothing hides nothing that does.
        (SWITCHED_OFF, ON, ON, "two"),
        (SWITCHED_OFF, GONE, GONE, "two"),
        (ON, GONE, TWICE, "one"),
        (ON, UNREADABLE, ON, "one"),
        (CANNOT, CANNOT, CANNOT, "one"),
    ]
    for first, second, whole, told in cases:
        found, _also = sum_up(both(first, second), "one", is_explicit=False)
        assert (standing(found), found.mechanism) == (whole, told)
        assert found.is_registered is (whole not in (OFF, CANNOT))


def test_other_registrations_are_told_beside() -> None:
    _whole, also = sum_up(both(ON, ON), "one", is_explicit=False)
    assert [each.mechanism for each in also] == ["two"]
    _whole, also = sum_up(both(ON, UNREADABLE), "one", is_explicit=False)
    assert [each.reason for each in also] == [UNREADABLE]


def test_another_mechanism_than_the_named_one_is_not_as_chosen() -> None:
    found = both(ON, OFF)
    assert standing(sum_up(found, "two", is_explicit=True)[0]) is EDITED
    assert standing(sum_up(found, "one", is_explicit=True)[0]) is ON
    assert standing(sum_up(found, "two", is_explicit=False)[0]) is ON


def test_named_mechanism_that_is_not_there_is_what_cannot_be() -> None:
    whole, _also = sum_up(both(CANNOT, OFF), "one", is_explicit=True)
    assert (whole.state, whole.mechanism) == (CANNOT, "one")
    none, _also = sum_up([], "", is_explicit=False)
    assert (none.state, none.mechanism) == (CANNOT, "")


def test_error_is_english_for_scripts_and_keeps_what_the_system_said_as_it_is() -> None:
    assert str(AutostartError("there is no program at {path}", path="/x")) == "there is no program at /x"
    assert str(AutostartError("{oddly} worded")) == "{oddly} worded"
