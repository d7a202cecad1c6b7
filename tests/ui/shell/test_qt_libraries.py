"""Whether a window can be shown is found out before Qt would end the process."""

import sys

import pytest

from aios_gui.ui.shell.qt_libraries import has_display, missing_library, remedy

MISSING = "libxcb-cursor.so.0: cannot open shared object file: No such file or directory"


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_display(environ: dict[str, str], platform: str, expected: bool) -> None:
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
