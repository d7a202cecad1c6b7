"""Whether Qt can start: a display that answers, every library there, and no source of modules staying in memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.ui.shell.qt_start import (
    activation_token,
    has_display,
    load_qt,
    missing_library,
    remedy,
    silent_display,
    unknown_platform,
)

CODE = """
import sys, json, inspect, linecache
before = inspect.getsource
from aios_gui.ui.shell.qt_start import load_qt
load_qt()
import decimal, aios_gui.ui.shell.session
kept = [name for name in linecache.cache if name.endswith(("decimal.py", "session.py", "typing.py"))]
print(json.dumps([kept, inspect.getsource is before, "class" in inspect.getsource(aios_gui.ui.shell.session)]))
"""


def test_no_source_is_kept_and_sources_can_still_be_read() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == [[], True, True]


MISSING = "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"


def test_display() -> None:
    cases: list[tuple[dict[str, str], str, bool]] = [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ]
    for environ, platform, expected in cases:
        assert has_display(environ, platform) is expected


def _fail(_path: str) -> object:
    raise OSError(MISSING)


@pytest.mark.skipif(sys.platform != "linux", reason="only Qt for Linux has the plug-in")
def test_a_library_that_is_missing_is_found() -> None:
    assert missing_library({"DISPLAY": ":0"}, "linux", _fail) == MISSING


def _fail_frozen(path: str) -> object:
    try:
        return _fail(path)
    except OSError as error:
        raise OSError("Most likely this was not found when the application was frozen.") from error


@pytest.mark.skipif(sys.platform != "linux", reason="only Qt for Linux has the plug-in")
def test_a_frozen_program_finds_it_behind_the_words_of_its_boot_loader() -> None:
    assert missing_library({"DISPLAY": ":0"}, "linux", _fail_frozen) == MISSING


@pytest.mark.parametrize("environ", [{"WAYLAND_DISPLAY": "w"}, {"QT_QPA_PLATFORM": "offscreen"}])
def test_other_platforms_than_x11_need_none_of_it(environ: dict[str, str]) -> None:
    assert missing_library(environ, "linux", _fail) == ""


def test_nothing_is_loaded_on_other_systems() -> None:
    assert missing_library({}, "win32", _fail) == ""


def test_remedy_names_library_and_packages() -> None:
    words = remedy(MISSING)
    for part in (
        "libxcb-cursor.so",
        "apt install libxcb-cursor0",
        "dnf install xcb-util-cursor",
        "pacman -S",
        "aios-heartbeat doctor",
    ):
        assert part in words


def test_remedy_for_an_unknown_library_still_names_it() -> None:
    assert "libodd.so" in remedy("libodd.so.3: cannot open shared object file: No such file or directory")
    assert "something else" in remedy("something else")


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
        "aios-gui: The display :65000 does not answer. Start the window from a desktop session, "
        "or use aios-heartbeat, which needs none.\n"
    )


@pytest.mark.parametrize(
    ("wanted", "is_known"),
    [
        ("", True),
        ("offscreen", True),
        ("xcb:arguments", True),
        ("wayland-egl", True),
        ("nothing;xcb", True),
        ("nothing", False),
        ("-1", False),
        ("\x1b[2J", False),
    ],
)
def test_a_platform_that_qt_does_not_have_is_told_in_words(
    wanted: str, is_known: bool, tmp_path: Path
) -> None:
    for name in ("xcb", "wayland", "offscreen"):
        (tmp_path / f"libq{name}.so").touch()
    told = unknown_platform({"QT_QPA_PLATFORM": wanted}, "linux", lambda: [tmp_path])
    assert (told == "") == is_known
    assert told.isprintable()
    assert unknown_platform({"QT_QPA_PLATFORM": wanted}, "linux", list) == ""


def test_the_token_of_the_desktop() -> None:
    cases: list[tuple[dict[str, str], str]] = [
        ({}, ""),
        ({"XDG_ACTIVATION_TOKEN": "abc", "DESKTOP_STARTUP_ID": "old"}, "abc"),
        ({"DESKTOP_STARTUP_ID": "gnome-shell/App/1-0-host_TIME5"}, "gnome-shell/App/1-0-host_TIME5"),
        ({"XDG_ACTIVATION_TOKEN": "two words"}, ""),
        ({"XDG_ACTIVATION_TOKEN": "x" * 300}, ""),
    ]
    for environ, token in cases:
        assert activation_token(environ) == token


@pytest.mark.parametrize(
    ("scale", "is_kept"), [("nan", False), ("-NaN", False), ("1.5", True), ("much", True)]
)
def test_a_scale_that_would_crash_qt_is_left_out(
    monkeypatch: pytest.MonkeyPatch, scale: str, is_kept: bool
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    load_qt()
    assert ("QT_SCALE_FACTOR" in os.environ) is is_kept
