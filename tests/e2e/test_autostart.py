"""Autostart as scripts and systems see it: registered by the command, started by the desktop's own launcher."""

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from aios_gui.autostart.login_start import last_login_start
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest, Quit
from aios_gui.instance.lock import InstanceInfo, is_locked, read_instance
from aios_gui.system.paths import Paths, find_paths
from tests.processes import PATIENCE_S, ROOT, run_command, run_here, wait_until

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the commands of another system write elsewhere"
)
KEYS = {"mechanism", "state", "command", "where", "ours"}
STATES = {"off", "on", "changed", "cannot"}


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let nothing be registered for the user who runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "none"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return tmp_path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command("autostart", *arguments)


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
    done = run("enable", *chosen, "--json")
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
        answer = run_command("doctor", "--json")
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


# Started as the desktop does


@pytest.fixture
def odd_python(tmp_path: Path) -> Iterator[str]:
    """A Python of its own in a folder as people have them, with this program in it; ended with the test."""
    folder = tmp_path / "my 100% own programs $"
    venv.EnvBuilder(symlinks=True).create(folder)
    scheme = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    (Path(scheme) / "here.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")
    python = str(folder / "bin" / "python")
    yield python
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [""])[0] == python:
            process.kill()


def start_as_the_desktop_does(entry: Path) -> None:
    """By GLib, which GNOME and others start entries with; where it is missing, by what the program reads of it."""
    gio = shutil.which("gio")
    if gio is not None:
        # What it starts inherits its output, which must not be waited for.
        subprocess.run(
            [gio, "launch", str(entry)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
        )
        return
    code = (
        "import os; from aios_gui.autostart.mechanisms import mechanisms\n"
        "from aios_gui.autostart.smoke_test import launch\n"
        "os._exit(0 if launch(mechanisms()[0].registered(), os.environ).pid else 1)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def beating(paths: Paths) -> InstanceInfo | None:
    try:
        answer = ChannelClient(paths).execute(GetLatest())
    except ChannelError:
        return None
    return read_instance(paths) if answer.beat is not None else None


def test_desktop_starts_it_minimized_once_and_again_after_it_was_killed(
    odd_python: str, own_folders: Path
) -> None:
    paths = find_paths()
    enable = ("autostart", "enable", "--no-test", "--delay", "0")
    done = subprocess.run(
        [odd_python, "-m", "aios_gui", *enable], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    entry = own_folders / "config" / "autostart" / "aios-heartbeat.desktop"
    assert "my 100%% own programs" in entry.read_text()

    start_as_the_desktop_does(entry)
    wait_until(lambda: beating(paths), "its first beat")
    first = read_instance(paths)
    assert first is not None
    assert first.mode is Mode.WINDOW
    wait_until(
        lambda: (start := last_login_start(paths)) and start.first_beat_ns is not None,
        "the note of its start",
    )

    # A second start ends by itself, leaves the first one beating, and opens no window that was not asked for.
    second = subprocess.run(
        [odd_python, "-P", "-m", "aios_gui", "--at-login", "--minimized"], timeout=PATIENCE_S, check=False
    )
    assert second.returncode == 0
    assert beating(paths) == first
    assert ChannelClient(paths).execute(GetLatest()).shown != "window"

    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: not is_locked(paths), "its end")
    start_as_the_desktop_does(entry)
    wait_until(lambda: beating(paths), "a beat after it was killed")
    again = read_instance(paths)
    assert again is not None
    assert again.pid != first.pid
    # It beats before there is anything that could quit.
    wait_until(lambda: ChannelClient(paths).execute(Quit()).done, "somebody to quit")
    wait_until(lambda: not is_locked(paths), "its end")
