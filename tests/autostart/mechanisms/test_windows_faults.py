"""No fault of paths, files, users or security programs breaks a mechanism of Windows: what it says is what is there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aios_gui.autostart.mechanisms import mechanisms, run_key, scheduled_task
from aios_gui.autostart.mechanisms.run_key import APPROVED
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartReason,
    AutostartState,
    LaunchProgram,
)
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.windows.registry import Kind
from tests.autostart.mechanisms.faults import standing
from tests.autostart.mechanisms.windows_fakes import DISABLED_ON, ENVIRON, PATH, TASK, Machine

KEYS = ("run_key", "scheduled_task")
OPTIONS = AutostartOptions(LaunchMode.TRAY, 10, 30, True, 120, 5)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "Roaming")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("key", KEYS)
@given(
    folder=st.text(
        st.sampled_from(" %&'$^!;=心äZ.") | st.characters(categories=["L", "N"]), min_size=1, max_size=40
    )
)
def test_any_folder_that_windows_can_have(key: str, folder: str, machine: Machine) -> None:
    program = machine.install(rf"C:\{folder}\aios-gui.exe", home=rf"D:\{folder}")
    mechanism = machine.mechanism(key, program)
    assert mechanism.enable(OPTIONS).state is AutostartState.ON
    assert mechanism.disable().state is AutostartState.OFF
    assert machine.leftovers() == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("face", LaunchMode)
def test_every_face_is_told_apart(key: str, face: LaunchMode, machine: Machine) -> None:
    mechanism = machine.mechanism(key, machine.install(PATH))
    assert face in mechanism.modes
    assert mechanism.enable(dataclasses.replace(OPTIONS, mode=face)).state is AutostartState.ON
    for other in set(LaunchMode) - {face}:
        status = mechanism.status(dataclasses.replace(OPTIONS, mode=other))
        assert (status.reason, status.ours) == (AutostartReason.EDITED, True)


@pytest.mark.parametrize("key", KEYS)
def test_the_path_counts_without_regard_to_case(key: str, machine: Machine) -> None:
    machine.mechanism(key, machine.install(PATH)).enable(OPTIONS)
    program = machine.install(PATH.upper())
    status = machine.mechanism(key, dataclasses.replace(program, service=("x",))).status(OPTIONS)
    assert (status.state, status.ours) == (AutostartState.ON, True)


def test_a_switch_left_behind_keeps_a_new_entry_off_and_is_not_turned_silently(machine: Machine) -> None:
    mechanism = machine.mechanism("run_key", machine.install(PATH))
    machine.switch_off()
    assert mechanism.status(OPTIONS).state is AutostartState.OFF
    before = machine.registry.everything()
    status = mechanism.enable(OPTIONS)
    assert (status.reason, status.since_ns) == (AutostartReason.SWITCHED_OFF, 1_655_526_400_000_000_000)
    assert set(before) <= set(machine.registry.everything())
    mechanism.allow()
    switches = [value for value in machine.registry.everything() if value[1] == Kind.BINARY]
    assert switches == [(before[0][0], Kind.BINARY, bytes([2] + [0] * 11))]
    assert mechanism.status(OPTIONS).state is AutostartState.ON


@pytest.mark.parametrize(
    ("kind", "raw", "since_ns"),
    [
        (Kind.BINARY, bytes([2] + [0] * 11), None),
        (Kind.BINARY, bytes([6] + [0] * 11), None),
        (Kind.BINARY, bytes([7] + [0] * 11), 0),
        (Kind.BINARY, bytes([3, 0, 0, 0]) + DISABLED_ON.to_bytes(8, "little"), 1_655_526_400_000_000_000),
        (Kind.BINARY, bytes([3]), 0),
        (Kind.BINARY, b"", None),
        (4, bytes([3, 0, 0, 0]), None),
        (Kind.STRING, "3".encode("utf-16-le"), None),
    ],
)
def test_the_switch_is_read_as_task_manager_writes_it(
    kind: int, raw: bytes, since_ns: int | None, machine: Machine
) -> None:
    mechanism = machine.mechanism("run_key", machine.install(PATH))
    mechanism.enable(OPTIONS)
    machine.registry.set_raw(APPROVED + r"\Run", "aios heartbeat", kind, raw)
    status = mechanism.status(OPTIONS)
    assert standing(status) is (AutostartState.ON if since_ns is None else AutostartReason.SWITCHED_OFF)
    assert status.since_ns == (since_ns or 0)


@pytest.mark.parametrize("key", KEYS)
def test_what_cannot_be_removed_is_said(key: str, machine: Machine) -> None:
    mechanism = machine.mechanism(key, machine.install(PATH))
    mechanism.enable(OPTIONS)
    machine.refuse()
    with pytest.raises(AutostartError, match="denied"):
        mechanism.disable()
    assert mechanism.status(OPTIONS).state is AutostartState.ON


@pytest.mark.parametrize("key", KEYS)
def test_what_a_security_program_takes_away_is_blocked(key: str, machine: Machine) -> None:
    machine.registry.cleaner = lambda registry, where, name: registry.delete(where, name)
    machine.scheduler.cleaner = True
    mechanism = machine.mechanism(key, machine.install(PATH))
    status = mechanism.enable(OPTIONS)
    assert (status.reason, status.reason) == (AutostartReason.BLOCKED, AutostartReason.BLOCKED)
    assert machine.leftovers() == []


def test_what_another_program_puts_in_its_place_is_blocked(machine: Machine) -> None:
    machine.files.add(r"c:\other.exe")
    machine.registry.cleaner = lambda registry, key, name: registry.set_raw(
        key, name, Kind.STRING, r'"C:\other.exe"'.encode("utf-16-le")
    )
    status = machine.mechanism("run_key", machine.install(PATH)).enable(OPTIONS)
    assert (status.reason, status.reason, status.ours) == (
        AutostartReason.BLOCKED,
        AutostartReason.BLOCKED,
        False,
    )


@pytest.mark.parametrize("key", KEYS)
def test_what_cannot_be_read_is_said_and_not_taken_for_off(key: str, machine: Machine) -> None:
    mechanism = machine.mechanism(key, machine.install(PATH))
    mechanism.enable(OPTIONS)
    machine.registry.denied.add("read")
    machine.scheduler.mute = True
    status = mechanism.status(OPTIONS)
    assert (status.reason, bool(status.detail)) == (AutostartReason.UNREADABLE, True)


@pytest.mark.parametrize("key", KEYS)
def test_a_path_too_long_is_refused_with_advice_and_nothing_written(key: str, machine: Machine) -> None:
    mechanism = machine.mechanism(key, machine.install("C:\\" + "x" * 300 + r"\aios-gui.exe"))
    for attempt in (mechanism.plan, mechanism.enable):
        with pytest.raises(AutostartError, match=r"longer than|at most"):
            attempt(OPTIONS)
    assert machine.leftovers() == []


@pytest.mark.parametrize("key", KEYS)
def test_a_path_that_windows_would_replace_is_refused(key: str, machine: Machine) -> None:
    mechanism = machine.mechanism(key, machine.install(r"C:\%Temp%\aios-gui.exe"))
    with pytest.raises(AutostartError, match="variable"):
        mechanism.enable(OPTIONS)
    assert machine.leftovers() == []


def test_an_unquoted_path_is_found_and_to_be_mended(machine: Machine) -> None:
    program = machine.install(PATH)
    mechanism = machine.mechanism("run_key", program)
    line = " ".join(program.command(OPTIONS))
    machine.registry.set_raw(run_key.KEY, run_key.NAME, Kind.STRING, line.encode("utf-16-le"))
    status = mechanism.status(OPTIONS)
    assert (status.reason, status.ours) == (AutostartReason.EDITED, True)
    assert mechanism.enable(OPTIONS).state is AutostartState.ON


def test_an_entry_with_variables_is_read_as_windows_runs_it(machine: Machine) -> None:
    program = machine.install(r"C:\Temp\aios-gui.exe")
    line = " ".join([r'"%TEMP%\aios-gui.exe"', *program.command(OPTIONS)[1:]])
    machine.registry.set_raw(run_key.KEY, run_key.NAME, Kind.EXPANDABLE, line.encode("utf-16-le"))
    assert machine.mechanism("run_key", program).status(OPTIONS).state is AutostartState.ON
    machine.registry.set_raw(run_key.KEY, run_key.NAME, Kind.STRING, line.encode("utf-16-le"))
    assert machine.mechanism("run_key", program).status(OPTIONS).reason is AutostartReason.PROGRAM_GONE


@pytest.mark.parametrize("code_page", ["cp437", "cp936", "cp1252", "ascii", "utf-8"])
def test_what_schtasks_cannot_print_is_known_all_the_same(code_page: str, machine: Machine) -> None:
    machine.scheduler.code_page = code_page
    mechanism = machine.mechanism(
        "scheduled_task", machine.install(r"C:\Ünï 心跳 💓\aios-gui.exe", home=r"D:\心")
    )
    assert mechanism.enable(OPTIONS).state is AutostartState.ON
    other = machine.mechanism("scheduled_task", machine.install(r"C:\Ünï xy ab\aios-gui.exe", home=r"D:\心"))
    assert other.status(OPTIONS).state is not AutostartState.ON


def test_a_trigger_that_is_off_is_switched_off(machine: Machine) -> None:
    mechanism = machine.mechanism("scheduled_task", machine.install(PATH))
    mechanism.enable(OPTIONS)
    machine.scheduler.change(TASK, "<LogonTrigger><Enabled>true", "<LogonTrigger><Enabled>false")
    assert mechanism.status(OPTIONS).reason is AutostartReason.SWITCHED_OFF


def test_the_task_waits_itself_and_leaves_chance_to_the_program(machine: Machine) -> None:
    plan = machine.mechanism("scheduled_task", machine.install(PATH)).plan(OPTIONS)
    assert "--after" not in plan.command
    assert plan.command[-2:] == ("--spread", "30")
    assert "<Delay>PT10S</Delay>" in plan.text
    assert "<ExecutionTimeLimit>PT7200S</ExecutionTimeLimit>" in plan.text
    assert [command[1] for command in plan.commands] == ["/delete", "/create"]


@pytest.fixture
def old_link(machine: Machine) -> Path:
    """What earlier versions could put into the Startup folder."""
    folder = machine.roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup"
    folder.mkdir(parents=True)
    (folder / "Somebody else's.lnk").touch()
    link = folder / "AIOS Heartbeat.lnk"
    link.write_bytes(b"L\0\0\0" + PATH.encode("utf-16-le") + b"\0\0")
    return link


def test_link_of_an_earlier_version_is_told_and_replaced(machine: Machine, old_link: Path) -> None:
    mechanism = machine.mechanism("run_key", machine.install(PATH))
    status = mechanism.status(OPTIONS)
    assert (status.reason, status.where, status.starts) == (AutostartReason.EDITED, str(old_link), True)
    assert status.ours
    other = machine.mechanism("run_key", machine.install(r"D:\portable\aios-gui.exe"))
    assert not other.status(OPTIONS).ours
    assert mechanism.enable(OPTIONS).state is AutostartState.ON
    assert [each.name for each in old_link.parent.iterdir()] == ["Somebody else's.lnk"]


def test_link_of_an_earlier_version_beside_the_key_is_one_too_many(machine: Machine, old_link: Path) -> None:
    mechanism = machine.mechanism("run_key", machine.install(PATH))
    mechanism.enable(OPTIONS)
    old_link.touch()
    status = mechanism.status(OPTIONS)
    assert (status.reason, status.detail) == (AutostartReason.TWICE, str(old_link))
    assert mechanism.enable(OPTIONS).state is AutostartState.ON


def test_link_of_an_earlier_version_is_removed_with_its_switch(machine: Machine, old_link: Path) -> None:
    mechanism = machine.mechanism("run_key", machine.install(PATH))
    raw = bytes([3]) + bytes(11)
    machine.registry.set_raw(APPROVED + r"\StartupFolder", old_link.name, Kind.BINARY, raw)
    assert mechanism.status(OPTIONS).reason is AutostartReason.SWITCHED_OFF
    assert mechanism.disable().state is AutostartState.OFF
    assert (old_link.exists(), machine.leftovers()) == (False, [])


def test_two_users_have_tasks_of_their_own(machine: Machine) -> None:
    program = machine.install(PATH)
    mine = scheduled_task.ScheduledTask(program, ENVIRON, machine.scheduler, machine.is_file)
    other = {**ENVIRON, "USERNAME": "An:na"}
    hers = scheduled_task.ScheduledTask(program, other, machine.scheduler, machine.is_file)
    mine.enable(OPTIONS)
    assert hers.status(OPTIONS).state is AutostartState.OFF
    hers.enable(OPTIONS)
    assert machine.scheduler.names == ["AIOS Heartbeat (Zoë)", "AIOS Heartbeat (An na)"]
    mine.disable()
    assert hers.status(OPTIONS).state is AutostartState.ON


def test_they_stand_in_their_order_and_where_windows_is_not_they_are_not_either() -> None:
    made = mechanisms(LaunchProgram((PATH,), (PATH, "service")), {}, "win32")
    assert [mechanism.key for mechanism in made] == list(KEYS)
    for mechanism in made[1:]:
        assert not mechanism.is_available()
        assert mechanism.status(OPTIONS).state is AutostartState.CANNOT
        assert mechanism.disable().state is not AutostartState.ON
