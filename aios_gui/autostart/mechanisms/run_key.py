"""Started by an entry of the registry that Windows runs at each log-in of this user."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.mechanisms.startup_approved import Switch
from aios_gui.autostart.mechanisms.windows_judging import IsFile, judge, read_back
from aios_gui.autostart.model.autostart import AutostartError, Option, Plan, Program, State, Status, Wish
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.windows.command_line import expanded, join, program_and_arguments
from aios_gui.system.windows.registry import Kind, Registry, Value, WindowsRegistry
from aios_gui.text.catalogue import gettext as _

KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
NAME = "AIOS Heartbeat"
_WHERE = rf"HKEY_CURRENT_USER\{KEY}\{NAME}"
_LONGEST = 260
"""Characters of a command line that Windows promises to run (Microsoft, "Run and RunOnce Registry Keys")."""


class RunKey:
    """The value ``AIOS Heartbeat`` of the Run key. It needs no rights beyond the user's own."""

    key = "run_key"
    options = frozenset({Option.DELAY, Option.SPREAD, Option.TIME_LIMIT})
    faces = frozenset(LaunchMode)

    def __init__(
        self,
        program: Program,
        registry: Registry,
        environ: Mapping[str, str] = os.environ,
        is_file: IsFile = os.path.isfile,
    ) -> None:
        self._program = program
        self._registry = registry
        self._environ = environ
        self._is_file = is_file
        self._switch = Switch(registry, "Run", NAME)

    def is_available(self) -> bool:
        """Where there is a registry."""
        return self._registry.is_available()

    def plan(self, wish: Wish) -> Plan:
        """The value and what it is set to; AutostartError where Windows would not start it."""
        command = self._program.command(wish)
        line = join(command)
        if len(line) > _LONGEST:
            raise AutostartError(
                _(
                    "The command is {length} characters long, and Windows starts at most {longest} from this list. "
                    "Move the program to a folder with a shorter path, or choose another way."
                ).format(length=len(line), longest=_LONGEST)
            )
        if expanded(line, self._environ) != line:
            raise AutostartError(
                _(
                    "The command holds the name of a variable between percent signs, which Windows may replace: "
                    "{command}. Rename the folder, or choose another way."
                ).format(command=line)
            )
        return Plan(_WHERE, line, command)

    def enable(self, wish: Wish) -> Status:
        """Write the value and read it back. A switch in Task Manager stays as the user left it."""
        self._registry.write(KEY, NAME, Value(self.plan(wish).text, Kind.STRING))
        return read_back(self.status(wish))

    def disable(self) -> Status:
        """Remove the value and its switch."""
        self._registry.delete(KEY, NAME)
        self._switch.forget()
        return self.status(Wish())

    def status(self, wish: Wish) -> Status:
        """How the value and its switch stand."""
        if not self.is_available():
            return Status(self.key, State.UNAVAILABLE)
        try:
            line = self._line()
            since_ns = self._switch.disabled_since_ns()
        except AutostartError as error:
            return Status(self.key, State.UNREADABLE, _WHERE, detail=str(error))
        if line is None:
            return Status(self.key, State.OFF, _WHERE)
        found = program_and_arguments(line, self._is_file)
        state, ours = judge(found, self._program.command(wish), self._program, self._is_file)
        if state is State.ON and line != join(found):
            state = State.CHANGED  # in place of an unquoted path with spaces, another program may be started
        if since_ns is not None and state in (State.ON, State.CHANGED):
            state = State.DISABLED
        return Status(self.key, state, _WHERE, line, ours, since_ns or 0)

    def allow(self) -> Status:
        """Enable it in Task Manager's list."""
        self._switch.allow()
        return self.status(Wish())

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start what the value says."""
        return launch(program_and_arguments(self._line() or "", self._is_file), environ)

    def _line(self) -> str | None:
        """The command line as Windows would run it; None where there is none. AutostartError where it is no text."""
        value = self._registry.read(KEY, NAME)
        if value is None:
            return None
        line = str(value.data).strip()
        if value.kind not in (Kind.STRING, Kind.EXPANDABLE) or not line:
            raise AutostartError(_("{entry} holds no command.").format(entry=_WHERE))
        return expanded(line, self._environ) if value.kind == Kind.EXPANDABLE else line


def of_system(program: Program, environ: Mapping[str, str]) -> RunKey:
    """That of this user."""
    return RunKey(program, WindowsRegistry(), environ)
