"""The system's tools are found where the system keeps them, whatever the user's PATH says."""

import platform
import sys
from pathlib import Path

import pytest

from aios_gui.alerts.actions.notify import notify_send
from aios_gui.autostart.mechanisms.mechanism import NOT_THERE, run_tool
from aios_gui.system.tools import find_tool, system_text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows' tools are named by their path")


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder first in the PATH, with programs that tell that they were run."""
    told = tmp_path / "told"
    for name in ("systemctl", "notify-send", "uname", "aios-no-such-tool", "env"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho {name} >>'{told}'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:.:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return told


def test_no_tool_is_taken_from_the_path(trap: Path) -> None:
    assert find_tool("aios-no-such-tool") is None
    assert find_tool("env") in ("/usr/bin/env", "/bin/env")
    assert run_tool(("aios-no-such-tool",)).status == NOT_THERE
    assert run_tool(("env",)).status == 0
    run_tool(("systemctl", "--version"))
    assert system_text()
    assert not trap.exists()
    assert notify_send.__defaults__ is not None
    assert find_tool in notify_send.__defaults__


def test_where_the_system_keeps_its_tools_elsewhere_they_are_found_there(tmp_path: Path) -> None:
    tool = tmp_path / "systemctl"
    tool.touch()
    assert find_tool("systemctl", (str(tmp_path),)) is None
    tool.chmod(0o755)
    assert find_tool("systemctl", ("/nowhere", str(tmp_path))) == str(tool)
    assert find_tool(str(tool)) == str(tool)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it says more")
def test_the_system_is_named_as_the_standard_library_names_it() -> None:
    assert system_text() == platform.platform()
