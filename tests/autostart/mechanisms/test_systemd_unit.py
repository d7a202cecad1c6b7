"""The user unit: by the rules of systemd, and honest where nothing is there to start it."""

import re
import subprocess
from pathlib import Path

import pytest

from aios_gui.autostart.mechanisms.mechanism import TOO_SLOW, ToolAnswer, run_tool
from aios_gui.autostart.mechanisms.systemd_unit import UNFIT_FOR_A_PROGRAM, command_of
from aios_gui.autostart.model import AutostartError, AutostartOptions, AutostartReason, AutostartState
from aios_gui.heartbeat.model.states import LaunchMode
from tests.autostart.mechanisms.faults import ODD, SystemdRig, program_in, tool
from tests.systems import has_a_shell

OPTIONS = AutostartOptions(LaunchMode.HEADLESS)


@pytest.fixture
def rig(tmp_path: Path) -> SystemdRig:
    return SystemdRig(program_in(tmp_path / "program"), tmp_path / "system")


def test_unit_watches_over_the_service_and_starts_it_again(rig: SystemdRig) -> None:
    options = AutostartOptions(LaunchMode.HEADLESS, 30, 60, on_battery=False, time_limit_min=90, nice=7)
    plan = rig.mechanism.plan(options)
    lines = plan.text.split("\n")
    for line in ("Type=notify", "WatchdogSec=30", "Restart=on-failure", "Nice=7", "ConditionACPower=true"):
        assert line in lines
    assert "WantedBy=default.target" in lines
    # It may take all of its wait before it is ready.
    assert "TimeoutStartSec=180" in lines
    # The service ends itself, well and in order: a limit of systemd's would be a failure, and start it again.
    assert plan.command[-4:] == ("--spread", "60", "--duration", "90")


def test_without_a_wish_for_them_battery_and_priority_are_left_alone(rig: SystemdRig) -> None:
    text = rig.mechanism.plan(OPTIONS).text
    assert "ConditionACPower" not in text
    assert "Nice" not in text


@pytest.mark.parametrize("face", [LaunchMode.TRAY, LaunchMode.WINDOW])
def test_it_has_no_window(rig: SystemdRig, face: LaunchMode) -> None:
    for refused in (rig.mechanism.plan, rig.mechanism.enable):
        with pytest.raises(AutostartError):
            refused(AutostartOptions(face))
    assert rig.mechanism.status(AutostartOptions(face)).state is AutostartState.OFF


def test_without_a_manager_it_is_unavailable_and_can_still_be_removed(rig: SystemdRig) -> None:
    rig.mechanism.enable(OPTIONS)
    rig.systemctl.answers = False
    status = rig.mechanism.status(OPTIONS)
    assert (status.state, status.detail) == (
        AutostartState.CANNOT,
        "Failed to connect to bus: No medium found",
    )
    assert not rig.mechanism.is_available()
    with pytest.raises(AutostartError, match="No medium found"):
        rig.mechanism.enable(OPTIONS)
    rig.mechanism.disable()
    assert rig.traces() == []


def test_the_unit_of_the_package_is_told_once_it_is_enabled(rig: SystemdRig, tmp_path: Path) -> None:
    shipped = tmp_path / "lib" / "aios-heartbeat.service"
    shipped.parent.mkdir()
    shipped.write_text(rig.mechanism.plan(OPTIONS).text)
    rig.systemctl.shipped = shipped
    assert rig.mechanism.status(OPTIONS).state is AutostartState.OFF
    rig.systemctl.folder.mkdir(parents=True, exist_ok=True)
    rig.systemctl(("systemctl", "--user", "enable", "aios-heartbeat.service"))
    status = rig.mechanism.status(OPTIONS)
    link = rig.systemctl.folder / "default.target.wants" / "aios-heartbeat.service"
    assert (status.state, status.where, status.ours) == (AutostartState.ON, str(link), True)
    assert rig.mechanism.status(AutostartOptions(LaunchMode.HEADLESS, 30)).reason is AutostartReason.EDITED
    assert rig.mechanism.disable().state is AutostartState.OFF
    assert shipped.is_file()


def test_masked_unit_is_told_and_unmasked_when_it_is_registered_again(rig: SystemdRig) -> None:
    rig.mechanism.enable(OPTIONS)
    rig.mechanism.disable()
    unit = rig.systemctl.folder / "aios-heartbeat.service"
    unit.symlink_to("/dev/null")
    status = rig.mechanism.status(OPTIONS)
    assert (status.reason, status.detail) == (AutostartReason.SWITCHED_OFF, "masked")
    assert rig.mechanism.enable(OPTIONS).state is AutostartState.ON


def test_what_systemctl_says_is_kept(rig: SystemdRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.systemctl, "_enable", lambda unit: ToolAnswer(1, err="Access denied\n"))
    with pytest.raises(AutostartError, match="Access denied"):
        rig.mechanism.enable(OPTIONS)


def test_it_says_whether_it_runs_without_log_in(rig: SystemdRig) -> None:
    assert rig.mechanism.plan(OPTIONS).lingers is False
    rig.systemctl.linger = "yes"
    assert rig.mechanism.plan(OPTIONS).lingers is True


@pytest.mark.parametrize("name", ODD)
def test_systemd_itself_finds_nothing_wrong_and_the_same_program(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyze = tool("systemd-analyze")
    program = program_in(tmp_path / ODD[name], home=ODD[name])
    rig = SystemdRig(program, tmp_path / "system")
    rig.mechanism.enable(OPTIONS)
    if analyze is None:
        pytest.skip("the reader of the rig holds the rules as well")
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "system"))
    command = [analyze, "--user", "verify", "--man=no", str(rig.systemctl.folder / "aios-heartbeat.service")]
    fine = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (fine.returncode, fine.stderr) == (0, "")
    if not set(program.service[0]) & UNFIT_FOR_A_PROGRAM:
        # It names what it would have started once that is gone.
        Path(program.service[0]).unlink()
        gone = subprocess.run(command, capture_output=True, text=True, check=False)
        assert program.service[0] in gone.stderr


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("/bin/a  b", ("/bin/a", "b")),
        (r'"/bin/a b" "c\\d\te" \"', ("/bin/a b", "c\\d\te", '"')),
        ("""/bin/a 'b "c" $$' "it's" 100%%""", ("/bin/a", 'b "c" $', "it's", "100%")),
    ],
)
def test_command_is_taken_apart(line: str, arguments: tuple[str, ...]) -> None:
    assert command_of(line) == arguments


@pytest.mark.parametrize("line", ["/bin/a $HOME", "/bin/a ${X}y", "/bin/%h", '/bin/a "open'])
def test_what_only_systemd_can_fill_in_is_altered_by_hand(rig: SystemdRig, line: str) -> None:
    with pytest.raises(AutostartError):
        command_of(line)
    rig.mechanism.enable(OPTIONS)
    unit = rig.systemctl.folder / "aios-heartbeat.service"
    unit.write_text(re.sub("^ExecStart=.*", f"ExecStart={line}", unit.read_text(), flags=re.MULTILINE))
    status = rig.mechanism.status(OPTIONS)
    assert (status.reason, status.command) == (AutostartReason.EDITED, line)


def test_lines_go_on_and_the_last_setting_counts(rig: SystemdRig) -> None:
    rig.mechanism.enable(OPTIONS)
    unit = rig.systemctl.folder / "aios-heartbeat.service"
    unit.write_text("[Service]\nExecStart=/bin/x\nExecStart=/bin/sh \\\n  --b\n")
    assert rig.mechanism.registered() == ("/bin/sh", "--b")


# The runner


@has_a_shell
def test_tools_are_waited_for_with_patience_but_not_for_ever() -> None:
    answer = run_tool(["sh", "-c", "echo out; echo why >&2; exit 3"])
    assert (answer.status, answer.out, answer.message) == (3, "out\n", "why")
    assert "No such file" in run_tool(["/nowhere/tool"]).message
    assert run_tool(["sleep", "30"], 0.05).status == TOO_SLOW
