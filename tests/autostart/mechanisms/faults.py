"""What must not break any mechanism: odd paths, and rigs that register on fakes and read back by rules of their own.

A rig is a mechanism with a system around it: what is written there is read by another reader than the program's, and
what users and other programs do to it is done. `RIGS` has one line a mechanism.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from aios_gui.autostart.mechanisms.desktop_file import AutostartFolders, DesktopFile
from aios_gui.autostart.mechanisms.launch_agent import LaunchAgent
from aios_gui.autostart.mechanisms.mechanism import Mechanism, ToolAnswer
from aios_gui.autostart.mechanisms.systemd_unit import SystemdUnit
from aios_gui.autostart.model import (
    AutostartOptions,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    LaunchProgram,
)
from aios_gui.heartbeat.model.states import LaunchMode
from tests.systems import WINDOWS

ODD = {
    "plain": "aios",
    "spaces": "my own programs",
    "quote": "it's",
    "quotes": 'the "best"',
    "percent": "100%",
    "percents": "%f %%U %HOME%",
    "dollar": "a$b ${HOME} $HOME",
    "backslash": "back\\slash\\",
    "backtick": "`id`",
    "equals": "a=b",
    "reserved": "(x) & | <y> *?#~;",
    "exclaimed": "!bang! ^caret",
    "non-ascii": "Überprüfung 心跳",
    "option": "--help",
    "tabulator": "a\tb",
    "escapes": "\\s\\n\\x41",
    "long": "/".join(["x" * 120] * 3),
}
"""Names of folders as people have them, where a system allows them all."""


class Rig(Protocol):
    """A mechanism and the system around it."""

    mechanism: Mechanism
    mode: LaunchMode

    def move(self) -> Mechanism:
        """The same system, seen by a copy of the program that lies elsewhere."""
        ...

    def delete(self) -> None:
        """The program that is registered is there no longer."""
        ...

    def read_back(self) -> list[str]:
        """The arguments that the system would start, by a reader of its own."""
        ...

    def switch_off(self) -> None:
        """What the user does in the system's own list."""
        ...

    def garble(self) -> None:
        """Something else stands where the registration was."""
        ...

    def refuse(self) -> None:
        """From now on nothing can be written."""
        ...

    def traces(self) -> list[str]:
        """Whatever is left of it."""
        ...


class _Files:
    """Of rigs that keep one file in one folder."""

    def __init__(self, program: LaunchProgram, folder: Path, path: Path) -> None:
        self._program_folder = Path(program.window[0]).parent
        self._folder = folder
        self._path = path
        self.mechanism = self.rebuild(program)

    def rebuild(self, program: LaunchProgram) -> Mechanism:
        """The same system, seen by another copy of the program."""
        raise NotImplementedError

    def move(self) -> Mechanism:
        return self.rebuild(program_in(self._program_folder.with_name("moved")))

    def delete(self) -> None:
        shutil.rmtree(self._program_folder)

    def garble(self) -> None:
        self._path.write_bytes(b"\xff\xfe garbage \0\n[")

    def refuse(self) -> None:
        """A file stands where the folder would be: not even root can write there."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.write_text("")

    def traces(self) -> list[str]:
        return sorted(str(each) for each in self._folder.rglob("*") if not each.is_dir())


class DesktopRig(_Files):
    """Reads as GLib does: the escapes of strings, doubled percent signs, and then the rules of a shell."""

    mode = LaunchMode.TRAY

    def __init__(self, program: LaunchProgram, system: Path) -> None:
        super().__init__(program, system / "autostart", system / "autostart" / "aios-heartbeat.desktop")

    def rebuild(self, program: LaunchProgram) -> Mechanism:
        return DesktopFile(
            program, AutostartFolders(self._folder, (self._folder.parent / "all",), ("X-Test",))
        )

    def read_back(self) -> list[str]:
        if WINDOWS:
            pytest.skip("Windows has no sh that reads it back")
        (raw,) = re.findall(r"^Exec=(.*)$", self._path.read_text(), re.MULTILINE)
        plain = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
        line = re.sub(r"\\(.)", lambda found: plain[found[1]], raw).replace("%%", "%")
        shell = subprocess.run(["sh", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True)
        return _without_nice(shell.stdout.decode().split("\0")[:-1])

    def switch_off(self) -> None:
        text = self._path.read_text()
        self._path.write_text(
            text.replace("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false")
        )


class FakeSystemctl:
    """Links and unlinks units in a folder, as `systemctl --user` does. `answers` False: there is no manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers = True
        self.linger = "no"
        self.shipped: Path | None = None
        """Where a package has put its unit."""
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, command: Sequence[str]) -> ToolAnswer:
        self.asked.append(tuple(command))
        if command[0] == "loginctl":
            return ToolAnswer(0, f"Linger={self.linger}\n")
        if not self.answers:
            return ToolAnswer(1, err="Failed to connect to bus: No medium found")
        assert command[:2] == ("systemctl", "--user")
        doing: Callable[[str], ToolAnswer] = getattr(self, "_" + command[2].replace("-", "_"))
        return doing(command[3] if len(command) > 3 else "")

    def _show_environment(self, _unit: str) -> ToolAnswer:
        return ToolAnswer(0, "HOME=/home/u\n")

    def _daemon_reload(self, _unit: str) -> ToolAnswer:
        return ToolAnswer(0)

    def _enable(self, unit: str) -> ToolAnswer:
        if WINDOWS:
            pytest.skip("links need a right of their own on Windows")
        link = self._link(unit)
        link.parent.mkdir(exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(self.folder / unit)
        return ToolAnswer(0)

    def _disable(self, unit: str) -> ToolAnswer:
        self._link(unit).unlink(missing_ok=True)
        return ToolAnswer(0)

    def _unmask(self, unit: str) -> ToolAnswer:
        (self.folder / unit).unlink()
        return ToolAnswer(0)

    def _is_enabled(self, unit: str) -> ToolAnswer:
        enabled = self._link(unit).is_symlink()
        return ToolAnswer(0, "enabled\n") if enabled else ToolAnswer(1, "disabled\n")

    def _show(self, unit: str) -> ToolAnswer:
        own = self.folder / unit
        path = own if own.exists() else self.shipped
        return ToolAnswer(0, f"FragmentPath={path or ''}\n")

    def _link(self, unit: str) -> Path:
        return self.folder / "default.target.wants" / unit


class SystemdRig(_Files):
    """Reads by a few substitutions, in the order that the manual of systemd gives them."""

    mode = LaunchMode.HEADLESS

    def __init__(self, program: LaunchProgram, system: Path) -> None:
        folder = system / "systemd" / "user"
        self.systemctl = FakeSystemctl(folder)
        super().__init__(program, folder, folder / "aios-heartbeat.service")

    def rebuild(self, program: LaunchProgram) -> Mechanism:
        return SystemdUnit(program, self._folder, self.systemctl)

    def read_back(self) -> list[str]:
        (line,) = re.findall(r"^ExecStart=(.*)$", self._path.read_text(), re.MULTILINE)
        words = re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]+', line)
        assert " ".join(words) == line
        plain = {"t": "\t"}
        bare = [
            re.sub(r"\\(.)", lambda found: plain.get(found[1], found[1]), word.strip('"')) for word in words
        ]
        # Quotes and escapes first, and of what they give the specifiers, and of those the variables.
        assert not any(letter in bare[0] for letter in "'\"\\$"), "systemd refuses such a program"
        return _without_nice([word.replace("%%", "%").replace("$$", "$") for word in bare])

    def switch_off(self) -> None:
        self.systemctl(("systemctl", "--user", "disable", "aios-heartbeat.service"))


class FakeLaunchctl:
    """Keeps who is switched off."""

    def __init__(self) -> None:
        self.disabled: set[str] = set()

    def __call__(self, command: Sequence[str]) -> ToolAnswer:
        if command[1] == "print-disabled":
            lines = "".join(f'\t\t"{name.rpartition("/")[2]}" => disabled\n' for name in self.disabled)
            return ToolAnswer(0, f"\tdisabled services = {{\n{lines}\t}}\n")
        getattr(self.disabled, {"enable": "discard", "disable": "add"}[command[1]])(command[2])
        return ToolAnswer(0)


class LaunchRig(_Files):
    """Reads the property list as the XML that it is."""

    mode = LaunchMode.TRAY

    def __init__(self, program: LaunchProgram, system: Path) -> None:
        folder = system / "LaunchAgents"
        self.launchctl = FakeLaunchctl()
        super().__init__(program, folder, folder / "aios-heartbeat.plist")

    def rebuild(self, program: LaunchProgram) -> Mechanism:
        return LaunchAgent(program, self._folder, self.launchctl, 501)

    def read_back(self) -> list[str]:
        (listed,) = ET.fromstring(self._path.read_bytes()).findall("./dict/array")
        return [each.text or "" for each in listed]

    def switch_off(self) -> None:
        self.launchctl(("launchctl", "disable", "gui/501/aios-heartbeat"))


def program_in(folder: Path, home: str = "") -> LaunchProgram:
    """A copy of the program in a folder, as files that are there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        if WINDOWS:
            pytest.skip("Windows knows no such names")
        raise
    for name in ("aios-gui", "python"):
        file = folder / name
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
    service = (str(folder / "python"), "-P", "-m", "aios_gui", "service")
    return LaunchProgram((str(folder / "aios-gui"),), service, home)


def standing(status: AutostartStatus) -> AutostartState | AutostartReason:
    """How it stands: why it is changed, or its state."""
    return status.reason if status.state is AutostartState.CHANGED else status.state


def options_of(rig: Rig) -> AutostartOptions:
    """What a rig's mechanism can be told, of everything something."""
    return AutostartOptions(rig.mode, 10, 30, True, 120, 5)


def _without_nice(command: list[str]) -> list[str]:
    return command[3:] if command[:2] == ["nice", "-n"] else command


def tool(name: str) -> str | None:
    """Where a reader of the system is, None where it is not installed."""
    found = shutil.which(name)
    return os.fspath(found) if found else None
