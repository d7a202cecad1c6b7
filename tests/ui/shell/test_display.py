"""A display that was named but does not answer is found out before Qt would end the process over it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.ui.shell.display import silent_display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Path]:
    """A folder with the sockets of an X server 5 and of the compositor wayland-5."""
    with (
        closing(socket.socket(socket.AF_UNIX)) as x11,
        closing(socket.socket(socket.AF_UNIX)) as wayland,
    ):
        for listening, name in ((x11, "X5"), (wayland, "wayland-5")):
            listening.bind(str(tmp_path / name))
            listening.listen()
        yield tmp_path


@pytest.mark.parametrize(
    ("environ", "silent"),
    [
        ({"DISPLAY": ":5"}, ""),
        ({"DISPLAY": ":5.0"}, ""),
        ({"DISPLAY": "unix:5"}, ""),
        ({"DISPLAY": ":6"}, ":6"),
        ({"WAYLAND_DISPLAY": "wayland-5"}, ""),
        ({"WAYLAND_DISPLAY": "wayland-6"}, "wayland-6"),
        ({"WAYLAND_DISPLAY": "wayland-6", "DISPLAY": ":5"}, ""),
        ({"WAYLAND_DISPLAY": "wayland-6", "DISPLAY": ":6"}, "wayland-6 :6"),
        ({"WAYLAND_DISPLAY": "wayland-5", "DISPLAY": ":6"}, ""),
        ({"WAYLAND_DISPLAY": "wayland-5", "DISPLAY": ":6", "QT_QPA_PLATFORM": "xcb"}, ":6"),
        ({"DISPLAY": ":6", "QT_QPA_PLATFORM": "offscreen"}, ""),
        ({"DISPLAY": "no name of a display"}, ""),
        ({}, ""),
    ],
)
def test_what_is_named_is_asked(servers: Path, environ: dict[str, str], silent: str) -> None:
    assert silent_display({"XDG_RUNTIME_DIR": str(servers), **environ}, "linux", servers) == silent


def test_a_compositor_without_the_users_folder_is_silent(servers: Path) -> None:
    assert silent_display({"WAYLAND_DISPLAY": "wayland-5"}, "linux", servers) == "wayland-5"
    assert silent_display({"WAYLAND_DISPLAY": str(servers / "wayland-5")}, "linux", servers) == ""


def test_a_server_that_is_reached_by_the_network_is_asked_there(tmp_path: Path) -> None:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        number = listening.getsockname()[1] - 6000
        asked = {"DISPLAY": f"127.0.0.1:{number}.0"}
        if number >= 0:
            assert silent_display(asked, "linux", tmp_path) == ""
    if number >= 0:
        assert silent_display(asked, "linux", tmp_path) == f"127.0.0.1:{number}.0"


def test_other_systems_are_not_asked(tmp_path: Path) -> None:
    assert silent_display({"DISPLAY": ":6"}, "darwin", tmp_path) == ""


def test_the_window_says_so_in_one_line_and_ends(tmp_path: Path) -> None:
    environ = {
        key: value for key, value in os.environ.items() if key not in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    environ |= {"DISPLAY": ":65000", "AIOS_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "aios_gui"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "aios-gui: Nobody answers on the display :65000. Start the window from a desktop session, "
        "or use aios-heartbeat, which needs none.\n"
    )
