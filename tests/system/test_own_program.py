"""How the program starts itself, from source and frozen, by the program that runs and by its sister."""

import sys
from pathlib import Path

import pytest

from aios_gui.system.own_program import own_command, own_service_command, own_window_command


@pytest.fixture(params=["aios-gui", "aios-heartbeat"])
def frozen(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a frozen program, of which this one or the other runs."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / f"{request.param}.exe"))
    return tmp_path


def test_frozen_each_program_starts_the_right_one(frozen: Path) -> None:
    assert own_command("beat", "--json") == [str(frozen / "aios-heartbeat.exe"), "beat", "--json"]
    assert own_window_command("--minimized") == [str(frozen / "aios-gui.exe"), "--minimized"]


@pytest.mark.parametrize(
    ("platform", "program"), [("win32", "aios-gui.exe"), ("linux", "aios-heartbeat.exe")]
)
def test_frozen_on_windows_the_service_opens_no_console(
    platform: str, program: str, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert own_service_command("--interval", "2") == [str(frozen / program), "service", "--interval", "2"]


def test_a_frozen_program_without_suffix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "a.b c" / "aios-heartbeat"))
    assert own_window_command() == [str(tmp_path / "a.b c" / "aios-gui")]


def test_from_source_on_windows_no_console_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python.exe"))
    (tmp_path / "pythonw.exe").touch()
    windowed = str(tmp_path / "pythonw.exe")
    assert own_window_command() == [windowed, "-P", "-m", "aios_gui"]
    assert own_service_command() == [windowed, "-P", "-m", "aios_gui", "service"]
    assert own_command("beat") == [str(tmp_path / "python.exe"), "-P", "-m", "aios_gui", "beat"]
    (tmp_path / "aios-gui.exe").touch()
    assert own_window_command("--minimized") == [str(tmp_path / "aios-gui.exe"), "--minimized"]
