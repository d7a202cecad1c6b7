"""Started at log-in by the desktop: from folders of any name, twice, and after a kill."""

from __future__ import annotations

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
from tests.e2e.faults.rig import home_at
from tests.processes import PATIENCE_S, ROOT, run_command, wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the commands of another system write elsewhere"),
    pytest.mark.usefixtures("own_folders"),
]
ODD_HOMES = (
    "two  spaces",
    "quote'\"s`",
    "100% %f %%U",
    "dollar $HOME \\t",
    "Ärger 心跳 ☃",
    "long " + "x" * 120,
)
ODDEST = "-a 100% %f\"q'`$HOME\\t 心跳 ☃ " + "x" * 60


def entry_in(folder: Path) -> Path:
    return folder / "config" / "autostart" / "aios-heartbeat.desktop"


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
    entry = entry_in(own_folders)
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


def test_from_a_home_of_any_name_it_is_started_and_finds_it_again(own_folders: Path) -> None:
    is_started_in(own_folders, ODDEST)


@pytest.mark.long
@pytest.mark.parametrize("name", ODD_HOMES)
def test_from_each_odd_home_it_is_started_and_finds_it_again(own_folders: Path, name: str) -> None:
    is_started_in(own_folders, name)


def is_started_in(own_folders: Path, name: str) -> None:
    paths = home_at(own_folders / name)
    home = {"AIOS_HOME": str(paths.config)}
    enable = ("autostart", "enable", "--no-test", "--delay", "0", "--face", "headless")
    done = run_command(*enable, "--mechanism", "desktop_file", **home)
    assert done.returncode == 0, done.stderr
    start_as_the_desktop_does(entry_in(own_folders))
    wait_until(lambda: beating(paths), "its first beat")
    assert ChannelClient(paths).execute(Quit()).done
    wait_until(lambda: not is_locked(paths), "its end")
    assert run_command("autostart", "disable", **home).returncode == 0
    assert not entry_in(own_folders).exists()
