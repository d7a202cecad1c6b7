"""No fault of paths, files or users breaks a mechanism: what it says is what the system would do."""

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from aios_gui.autostart.mechanisms.mechanism import without_priority
from aios_gui.autostart.model import (
    AutostartError,
    AutostartReason,
    AutostartState,
    MechanismOption,
    with_doubles,
)
from tests.autostart.mechanisms.faults import (
    ODD,
    DesktopRig,
    LaunchRig,
    Rig,
    SystemdRig,
    options_of,
    program_in,
    standing,
)
from tests.autostart.mechanisms.windows_fakes import ODD_ON_WINDOWS, RunKeyRig, TaskRig

FileRig = DesktopRig | SystemdRig | LaunchRig


def file_rig(make: Callable[..., FileRig], system: Path, folder: str = "program") -> FileRig:
    """A rig whose program lies in a folder of this name, as does its home."""
    return make(program_in(system / folder, home=str(system / folder / "home")), system / "system")


FILE_RIGS = {
    "desktop_file": partial(file_rig, DesktopRig),
    "systemd_unit": partial(file_rig, SystemdRig),
    "launch_agent": partial(file_rig, LaunchRig),
}
RIGS: dict[str, Callable[..., Rig]] = {**FILE_RIGS, "run_key": RunKeyRig, "scheduled_task": TaskRig}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    return RIGS[request.param](tmp_path)


@pytest.mark.parametrize(
    ("key", "folder"),
    [
        pytest.param(key, folder, id=f"{key}-{name}")
        for key in RIGS
        for name, folder in (ODD if key in FILE_RIGS else ODD_ON_WINDOWS).items()
    ],
)
def test_odd_path_is_given_back_exactly(key: str, folder: str, tmp_path: Path) -> None:
    rig = RIGS[key](tmp_path, folder)
    options = options_of(rig)
    command = without_priority(rig.mechanism.plan(options).command)
    status = rig.mechanism.enable(options)
    assert (status.state, status.ours, status.detail) == (AutostartState.ON, True, "")
    assert rig.read_back() == list(command)
    assert without_priority(rig.mechanism.registered()) == command
    assert rig.mechanism.status(options) == status


@pytest.mark.parametrize("key", ["desktop_file", "systemd_unit"])
@pytest.mark.parametrize("unfit", ["two\nlines", "\ud800"])
def test_path_that_the_format_cannot_hold_is_refused_and_nothing_written(
    key: str, unfit: str, tmp_path: Path
) -> None:
    rig = FILE_RIGS[key](tmp_path)
    mechanism = rig.rebuild(dataclasses.replace(program_in(tmp_path / "program"), home=f"/{unfit}"))
    for attempt in (mechanism.plan, mechanism.enable):
        with pytest.raises(AutostartError):
            attempt(options_of(rig))
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
    changes: dict[MechanismOption, dict[str, Any]] = {
        MechanismOption.DELAY: {"delay_s": 11},
        MechanismOption.SPREAD: {"spread_s": 0},
        MechanismOption.TIME_LIMIT: {"time_limit_min": 0},
        MechanismOption.ON_BATTERY: {"on_battery": False},
        MechanismOption.PRIORITY: {"nice": -5},
    }
    for option, change in changes.items():
        status = rig.mechanism.status(dataclasses.replace(options, **change))
        known = option in rig.mechanism.options
        expected = AutostartReason.EDITED if known else AutostartState.ON
        assert (standing(status), status.ours) == (expected, True), option


def test_moved_program_is_another_one_and_a_deleted_one_is_gone(rig: Rig) -> None:
    options = options_of(rig)
    rig.mechanism.enable(options)
    moved = rig.move()
    status = moved.status(options)
    assert (status.reason, status.ours) == (AutostartReason.OTHER_PROGRAM, False)
    assert "rogram" in status.command
    rig.delete()
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
    with pytest.raises(AutostartError, match=r"Not a directory|exists|denied"):
        rig.mechanism.enable(options_of(rig))
    assert standing(rig.mechanism.status(options_of(rig))) in (
        AutostartState.OFF,
        AutostartReason.UNREADABLE,
    )


@pytest.mark.parametrize("key", FILE_RIGS)
def test_nothing_is_to_be_removed_where_nothing_can_be_written(key: str, tmp_path: Path) -> None:
    rig = FILE_RIGS[key](tmp_path)
    rig.refuse()
    assert rig.mechanism.disable().state is AutostartState.OFF


def test_nothing_registered_cannot_be_launched(rig: Rig) -> None:
    with pytest.raises(AutostartError):
        rig.mechanism.registered()


@pytest.mark.parametrize("keys", [("desktop_file", "systemd_unit"), ("run_key", "scheduled_task")])
def test_two_mechanisms_are_one_too_many(keys: tuple[str, str], tmp_path: Path) -> None:
    rigs = [RIGS[key](tmp_path / key) for key in keys]
    statuses = with_doubles([rig.mechanism.enable(options_of(rig)) for rig in rigs])
    assert [standing(status) for status in statuses] == [AutostartState.ON, AutostartReason.TWICE]
    rigs[0].switch_off()
    statuses = with_doubles([rig.mechanism.status(options_of(rig)) for rig in rigs])
    assert [standing(status) for status in statuses] == [AutostartReason.SWITCHED_OFF, AutostartState.ON]
