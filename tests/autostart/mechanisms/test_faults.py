"""No fault of paths, files or users breaks a mechanism: what it says is what the system would do."""

import dataclasses
from pathlib import Path

import pytest

from aios_gui.autostart.mechanisms.mechanism import without_priority
from aios_gui.autostart.model import AutostartError, AutostartReason, AutostartState, with_doubles
from tests.autostart.mechanisms.faults import ODD, RIGS, Rig, options_of, program_in, standing


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    return RIGS[request.param](program_in(tmp_path / "program"), tmp_path / "system")


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("key", RIGS)
def test_odd_path_is_given_back_exactly(key: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / ODD[name]
    program = program_in(folder, home=str(folder / "home"))
    rig = RIGS[key](program, tmp_path / "system")
    options = options_of(rig)
    status = rig.mechanism.enable(options)
    assert (status.state, status.ours, status.detail) == (AutostartState.ON, True, "")
    assert rig.read_back() == list(program.command(options))
    assert without_priority(rig.mechanism.registered()) == program.command(options)
    assert rig.mechanism.status(options) == status


@pytest.mark.parametrize("key", ["desktop_file", "systemd_unit"])
@pytest.mark.parametrize("unfit", ["two\nlines", "\ud800"])
def test_path_that_the_format_cannot_hold_is_refused_and_nothing_written(
    key: str, unfit: str, tmp_path: Path
) -> None:
    program = dataclasses.replace(program_in(tmp_path / "program"), home=f"/{unfit}")
    rig = RIGS[key](program, tmp_path / "system")
    with pytest.raises(AutostartError):
        rig.mechanism.plan(options_of(rig))
    with pytest.raises(AutostartError):
        rig.mechanism.enable(options_of(rig))
    assert rig.traces() == []


def test_nothing_is_there_before_and_nothing_is_left(rig: Rig) -> None:
    options = options_of(rig)
    assert (rig.mechanism.status(options).state, rig.traces()) == (AutostartState.OFF, [])
    rig.mechanism.plan(options)
    assert rig.traces() == []
    rig.mechanism.enable(options)
    assert rig.traces()
    assert rig.mechanism.disable().state is AutostartState.OFF
    assert rig.traces() == []
    assert rig.mechanism.disable().state is AutostartState.OFF


def test_enabling_twice_is_enabling_once(rig: Rig) -> None:
    first = rig.mechanism.enable(options_of(rig))
    traces = rig.traces()
    assert rig.mechanism.enable(options_of(rig)) == first
    assert rig.traces() == traces


def test_other_options_are_a_change(rig: Rig) -> None:
    options = options_of(rig)
    rig.mechanism.enable(options)
    for change in ({"delay_s": 11}, {"nice": 6}, {"time_limit_min": 0}):
        status = rig.mechanism.status(dataclasses.replace(options, **change))
        assert (status.reason, status.ours) == (AutostartReason.EDITED, True), change


def test_moved_program_is_another_one_and_a_deleted_one_is_gone(rig: Rig, tmp_path: Path) -> None:
    options = options_of(rig)
    rig.mechanism.enable(options)
    moved = rig.rebuild(program_in(tmp_path / "moved"))
    status = moved.status(options)
    assert (status.reason, status.ours) == (AutostartReason.OTHER_PROGRAM, False)
    assert "program" in status.command
    for file in (tmp_path / "program").iterdir():
        file.unlink()
    assert moved.status(options).reason is AutostartReason.PROGRAM_GONE
    assert rig.mechanism.status(options).reason is AutostartReason.PROGRAM_GONE
    assert moved.enable(options).state is AutostartState.ON


def test_what_the_user_switched_off_is_off_until_it_is_allowed(rig: Rig) -> None:
    options = options_of(rig)
    rig.mechanism.enable(options)
    rig.switch_off()
    status = rig.mechanism.status(options)
    assert (status.reason, status.ours) == (AutostartReason.SWITCHED_OFF, True)
    rig.mechanism.allow()
    assert rig.mechanism.enable(options).state is AutostartState.ON
    rig.switch_off()
    assert rig.mechanism.disable().state is AutostartState.OFF
    assert rig.traces() == []


def test_garbage_in_its_place_is_told_and_replaced(rig: Rig) -> None:
    options = options_of(rig)
    rig.mechanism.enable(options)
    rig.garble()
    status = rig.mechanism.status(options)
    assert status.reason is AutostartReason.UNREADABLE
    assert status.detail
    with pytest.raises(AutostartError):
        rig.mechanism.registered()
    assert rig.mechanism.enable(options).state is AutostartState.ON


def test_where_nothing_can_be_written_that_is_said(rig: Rig) -> None:
    rig.refuse()
    with pytest.raises(AutostartError, match=r"Not a directory|exists"):
        rig.mechanism.enable(options_of(rig))
    assert standing(rig.mechanism.status(options_of(rig))) in (
        AutostartState.OFF,
        AutostartReason.UNREADABLE,
    )
    assert rig.mechanism.disable().state is AutostartState.OFF


def test_nothing_registered_cannot_be_launched(rig: Rig) -> None:
    with pytest.raises(AutostartError):
        rig.mechanism.registered()


def test_two_mechanisms_are_one_too_many(tmp_path: Path) -> None:
    program = program_in(tmp_path / "program")
    rigs = [RIGS[key](program, tmp_path / key) for key in ("desktop_file", "systemd_unit")]
    statuses = with_doubles([rig.mechanism.enable(options_of(rig)) for rig in rigs])
    assert [standing(status) for status in statuses] == [AutostartState.ON, AutostartReason.TWICE]
    rigs[0].switch_off()
    statuses = with_doubles([rig.mechanism.status(options_of(rig)) for rig in rigs])
    assert [standing(status) for status in statuses] == [AutostartReason.SWITCHED_OFF, AutostartState.ON]
