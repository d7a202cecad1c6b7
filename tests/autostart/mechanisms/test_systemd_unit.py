"""The user unit: by the rules of systemd, and honest where nobody is there to start it."""

import subprocess
from pathlib import Path

import pytest

from aios_gui.autostart.mechanisms.runner import TOO_SLOW, run
from aios_gui.autostart.mechanisms.unit_file import UNFIT_FOR_A_PROGRAM, Unit, UnitError, split_command
from aios_gui.autostart.model.autostart import AutostartError, Note, Reason, State, Wish
from aios_gui.heartbeat.model.states import LaunchMode
from tests.autostart.mechanisms.faults import ODD, SystemdRig, program_in, tool
from tests.systems import has_a_shell

WISH = Wish(LaunchMode.HEADLESS)


@pytest.fixture
def rig(tmp_path: Path) -> SystemdRig:
    return SystemdRig(program_in(tmp_path / "program"), tmp_path / "system")


def test_unit_watches_over_the_service_and_starts_it_again(rig: SystemdRig) -> None:
    unit = Unit(rig.mechanism.plan(Wish(LaunchMode.HEADLESS, 30, 60, False, 90, 7)).text)
    assert {key: unit.value("Service", key) for key in ("Type", "WatchdogSec", "Restart", "Nice")} == {
        "Type": "notify",
        "WatchdogSec": "30",
        "Restart": "on-failure",
        "Nice": "7",
    }
    assert unit.value("Unit", "ConditionACPower") == "true"
    assert unit.value("Install", "WantedBy") == "default.target"
    # It may take all of its wait before it is ready.
    assert unit.value("Service", "TimeoutStartSec") == "180"
    # The service ends itself, well and in order: a limit of systemd's would be a failure, and start it again.
    assert unit.command[-4:] == ("--spread", "60", "--duration", "90")


def test_without_a_wish_for_them_battery_and_priority_are_left_alone(rig: SystemdRig) -> None:
    text = rig.mechanism.plan(WISH).text
    assert "ConditionACPower" not in text
    assert "Nice" not in text


@pytest.mark.parametrize("face", [LaunchMode.TRAY, LaunchMode.WINDOW])
def test_it_has_no_window(rig: SystemdRig, face: LaunchMode) -> None:
    for refused in (rig.mechanism.plan, rig.mechanism.enable):
        with pytest.raises(AutostartError):
            refused(Wish(face))
    assert rig.mechanism.status(Wish(face)).state is State.OFF


def test_without_a_manager_it_is_unavailable_and_can_still_be_removed(rig: SystemdRig) -> None:
    rig.mechanism.enable(WISH)
    rig.systemctl.answers = False
    status = rig.mechanism.status(WISH)
    assert (status.state, status.detail) == (State.UNAVAILABLE, "Failed to connect to bus: No medium found")
    assert not rig.mechanism.is_available()
    with pytest.raises(AutostartError, match="No medium found"):
        rig.mechanism.enable(WISH)
    rig.mechanism.disable()
    assert rig.traces() == []


def test_the_unit_of_the_package_is_told_once_somebody_enables_it(rig: SystemdRig, tmp_path: Path) -> None:
    shipped = tmp_path / "lib" / "aios-heartbeat.service"
    shipped.parent.mkdir()
    shipped.write_text(rig.mechanism.plan(WISH).text)
    rig.systemctl.shipped = shipped
    assert rig.mechanism.status(WISH).state is State.OFF
    rig.systemctl.folder.mkdir(parents=True, exist_ok=True)
    rig.systemctl(("systemctl", "--user", "enable", "aios-heartbeat.service"))
    status = rig.mechanism.status(WISH)
    link = rig.systemctl.folder / "default.target.wants" / "aios-heartbeat.service"
    assert (status.state, status.where, status.ours) == (State.ON, str(link), True)
    assert rig.mechanism.status(Wish(LaunchMode.HEADLESS, 30)).state is State.CHANGED
    assert rig.mechanism.disable().state is State.OFF
    assert shipped.is_file()


def test_masked_unit_is_told_and_unmasked_when_it_is_allowed(rig: SystemdRig) -> None:
    rig.mechanism.enable(WISH)
    rig.mechanism.disable()
    unit = rig.systemctl.folder / "aios-heartbeat.service"
    unit.symlink_to("/dev/null")
    status = rig.mechanism.status(WISH)
    assert (status.state, status.reason) == (State.DISABLED, Reason.MASKED)
    assert rig.mechanism.allow().state is State.OFF
    assert rig.mechanism.enable(WISH).state is State.ON


def test_what_systemctl_says_is_kept(rig: SystemdRig, monkeypatch: pytest.MonkeyPatch) -> None:
    from aios_gui.autostart.mechanisms.runner import Answer

    monkeypatch.setattr(rig.systemctl, "_enable", lambda unit: Answer(1, err="Access denied\n"))
    with pytest.raises(AutostartError, match="Access denied"):
        rig.mechanism.enable(WISH)


def test_it_says_whether_it_runs_without_log_in(rig: SystemdRig) -> None:
    assert rig.mechanism.plan(WISH).notes == (Note.ENDS_WITH_LOG_OFF,)
    rig.systemctl.linger = "yes"
    assert rig.mechanism.plan(WISH).notes == (Note.LINGERS,)


@pytest.mark.parametrize("name", ODD)
def test_systemd_itself_finds_nothing_wrong_and_the_same_program(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyze = tool("systemd-analyze")
    program = program_in(tmp_path / ODD[name], home=ODD[name])
    rig = SystemdRig(program, tmp_path / "system")
    rig.mechanism.enable(WISH)
    if analyze is None:
        return  # what the rules ask for is held by the reader of the rig as well
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


# The reader


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("/bin/a  b", ["/bin/a", "b"]),
        ("-/bin/a", ["/bin/a"]),
        (r'"/bin/a b" \x41\u00e9\n "c\\d" \101', ["/bin/a b", "Aé\n", "c\\d", "A"]),
        ("""/bin/a 'b "c" $$' "it's" 100%%""", ["/bin/a", 'b "c" $', "it's", "100%"]),
        ("/bin/a ';' x;y", ["/bin/a", ";", "x;y"]),
        (":/bin/a $HOME $$", ["/bin/a", "$HOME", "$$"]),
    ],
)
def test_command_is_taken_apart(line: str, arguments: list[str]) -> None:
    assert split_command(line) == arguments


@pytest.mark.parametrize(
    "line",
    ["/bin/a ; /bin/b", "/bin/a $HOME", "/bin/a ${X}y", "/bin/%h", '/bin/a "open', "@/bin/a b", r"/bin/a \q"],
)
def test_what_nobody_can_tell_is_refused(line: str) -> None:
    with pytest.raises(UnitError):
        split_command(line)


def test_lines_go_on_and_the_last_setting_counts() -> None:
    unit = Unit("# x\n[Service]\nExecStart=/bin/a \\\n; a remark\n  --b\nNice=1\nNice=2\n\n[Install]\nA=b\n")
    assert unit.command == ("/bin/a", "--b")
    assert unit.value("Service", "Nice") == "2"
    with pytest.raises(UnitError):
        Unit("ExecStart=/bin/a\n")
    with pytest.raises(UnitError):
        Unit("[Service]\nwords\n")


# The runner


@has_a_shell
def test_tools_are_waited_for_with_patience_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = run(["sh", "-c", "echo out; echo why >&2; exit 3"])
    assert (answer.status, answer.out, answer.said) == (3, "out\n", "why")
    assert "No such file" in run(["/nowhere/tool"]).said
    monkeypatch.setattr("aios_gui.autostart.mechanisms.runner.PATIENCE_S", 0.05)
    assert run(["sleep", "30"]).status == TOO_SLOW
