"""Autostart as scripts and systems see it: registered by the command, started by the desktop's own launcher."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import answered, run_command, run_here

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the commands of another system write elsewhere"),
    pytest.mark.usefixtures("own_folders"),
]
KEYS = {"mechanism", "state", "command", "where", "ours"}
STATES = {"off", "on", "changed", "cannot"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return answered("autostart", *arguments)


def states() -> dict[str, str]:
    answer = run("status", "--json")
    found = json.loads(answer.stdout)
    assert all(set(each) >= KEYS for each in found)
    assert all(each["state"] in STATES for each in found)
    return {each["mechanism"]: each["reason"] or each["state"] for each in found}


def test_it_is_set_up_told_changed_tried_and_removed(own_folders: Path, aios_home: Path) -> None:
    entry = own_folders / "config" / "autostart" / "aios-heartbeat.desktop"
    assert states()["desktop_file"] == "off"
    planned = json.loads(run("plan", "--face", "headless", "--mechanism", "desktop_file", "--json").stdout)
    assert (planned["where"], entry.exists()) == (str(entry), False)

    chosen = ("--face", "headless", "--mechanism", "desktop_file", "--delay", "20")
    done = run_command("autostart", "enable", *chosen, "--json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["ok"]
    assert {step["state"] for step in facts["steps"]} == {"done"}
    (trial,) = [step["trial"] for step in facts["steps"] if step["trial"]]
    assert (trial["outcome"], trial["shown"]) == ("beats", "headless")
    assert facts["status"]["ours"]

    # What was asked for is what it is compared with from now on.
    assert states()["desktop_file"] == "on"
    assert "delay_s = 20" in (aios_home / "settings.toml").read_text()
    assert "--after 20" in entry.read_text()
    tried = run("test")
    assert tried.returncode == 0, tried.stderr
    assert "first beat after" in tried.stdout

    entry.write_text(entry.read_text().replace("enabled=true", "enabled=false"))
    assert states()["desktop_file"] == "switched_off"
    assert run("repair", "--no-test").returncode == 0
    assert states()["desktop_file"] == "on"
    assert run("disable").returncode == 0
    assert not entry.exists()
    assert states()["desktop_file"] == "off"


def test_what_starts_another_copy_is_left_to_it_where_that_is_asked(own_folders: Path) -> None:
    entry = own_folders / "config" / "autostart" / "aios-heartbeat.desktop"
    assert run("enable", "--no-test", "--mechanism", "desktop_file").returncode == 0
    mine = entry.read_text()
    other = mine.replace(sys.executable, "/bin/true").replace(
        str(Path(sys.executable).with_name("aios-gui")), "/bin/true"
    )
    entry.write_text(other)
    assert states()["desktop_file"] == "other_program"
    left = run("disable", "--own", "--json")
    assert (left.returncode, json.loads(left.stdout)["ok"], entry.read_text()) == (0, True, other)
    entry.write_text(mine)
    assert run("disable", "--own").returncode == 0
    assert not entry.exists()


def test_steps_are_printed_as_they_are_done() -> None:
    done = run("enable", "--no-test")
    assert done.returncode == 0, done.stderr
    words = ("Check rights and paths", "Register", "Read back", "Your desktop lists it")
    places = [done.stdout.index(word) for word in words]
    assert places == sorted(places)
    status = run("status")
    assert "It starts at log-in." in status.stdout
    assert run("plan").stdout.count("[Desktop Entry]") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frobnicate"], "frobnicate"),
        ([], "action"),
        (["enable", "--delay", "-1"], "--delay"),
        (["enable", "--delay", "soon"], "--delay"),
        (["enable", "--nice", "20"], "--nice"),
        (["enable", "--mechanism", "launch_agent"], "launch_agent"),
        (["enable", "--mechanism", "nonsense"], "nonsense"),
        (["enable", "--mechanism", "systemd_unit", "--face", "window"], "with its window"),
        (["enable", "--mechanism", "desktop_file", "--no-battery"], "--no-battery"),
        (["repair"], "nothing is registered"),
        (["test"], "nothing is registered"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_status_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, error = run_here(capsys, "autostart", *arguments)
    assert (status, out) == (2, "")
    assert words in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


def test_folder_that_refuses_is_told_and_nothing_is_left(own_folders: Path) -> None:
    (own_folders / "config").write_text("in the way")
    answer = run("enable")
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_garbage_is_told_with_what_mends_it_and_mended(own_folders: Path) -> None:
    entry = own_folders / "config" / "autostart" / "aios-heartbeat.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_bytes(b"\xff\0garbage")
    told = run("status")
    assert told.returncode == 1
    assert "autostart repair" in told.stdout
    assert run("repair", "--no-test").returncode == 0
    assert states()["desktop_file"] == "on"


def test_doctor_tells_what_is_wrong_with_it(own_folders: Path) -> None:
    def check() -> dict[str, str]:
        answer = answered("doctor", "--json")
        (found,) = [each for each in json.loads(answer.stdout)["checks"] if each["name"] == "autostart"]
        return dict(found)

    assert (check()["state"], check()["detail"]) == ("ok", "not set up")
    assert run("enable", "--no-test").returncode == 0
    # Not more than a warning of the place, where the tests are run from a temporary folder.
    assert "repair" not in str(check()["remedy"])
    entry = own_folders / "config" / "autostart" / "aios-heartbeat.desktop"
    entry.write_text(entry.read_text().replace("Exec=", "Exec=/nowhere", 1))
    found = check()
    assert found["state"] == "warning"
    assert "repair" in found["remedy"]
