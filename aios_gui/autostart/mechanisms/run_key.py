r"""Started by an entry of the registry that Windows runs at each log-in of this user.

The user's own switch for it is kept by Task Manager and the Settings: under StartupApproved every entry may have a
value of twelve bytes. The first is even for enabled, odd for disabled; the last eight are the FILETIME of the
disabling. Windows leaves a value behind when its entry is deleted, so that the next entry of that name stays
disabled. Microsoft has not published the format; it is what Task Manager was seen to write.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import Mechanism, judge, read_bytes, remove, stamp
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartPlan,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    LaunchProgram,
    MechanismOption,
)
from aios_gui.system.windows.command_line import (
    expanded,
    join,
    program_and_arguments,
    same_arguments,
    same_path,
)
from aios_gui.system.windows.registry import Kind, Registry, RegistryError, Value, WindowsRegistry
from aios_gui.text.catalogue import N_

KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
NAME = "AIOS Heartbeat"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved"
_WHERE = rf"HKEY_CURRENT_USER\{KEY}\{NAME}"
_LINK = f"{NAME}.lnk"
_LONGEST = 260
"""Characters of a command line that Windows promises to run (Microsoft, "Run and RunOnce Registry Keys")."""
_ENABLED = bytes([2]) + bytes(11)
_TIME_AT, _SWITCH_BYTES = 4, 12
_1601_TO_1970_TICKS = 116_444_736_000_000_000
_NS_PER_TICK = 100


class RunKey(Mechanism):
    """The value ``AIOS Heartbeat`` of the Run key. It needs no rights beyond the user's own.

    Earlier versions could be started by a link in the Startup folder instead. Such a link counts as an edited
    registration, and goes when this is registered or removed. Only the name that those versions gave it is looked for,
    and it is not taken apart, as its format needs a reader of its own: it is ours where it names this program.
    """

    key = "run_key"
    options = frozenset({MechanismOption.DELAY, MechanismOption.SPREAD, MechanismOption.TIME_LIMIT})

    def __init__(
        self,
        program: LaunchProgram,
        registry: Registry,
        environ: Mapping[str, str] = os.environ,
        is_file: Callable[[str], bool] = os.path.isfile,
    ) -> None:
        super().__init__(program)
        self._registry = registry
        self._environ = environ
        self._is_file = is_file
        folder = Path(environ.get("APPDATA", ""), "Microsoft", "Windows", "Start Menu", "Programs", "Startup")
        self._link = folder / _LINK if environ.get("APPDATA") else None

    def is_available(self) -> bool:
        """Where there is a registry."""
        return self._registry.is_available()

    def plan(self, options: AutostartOptions) -> AutostartPlan:
        """The value and what it is set to; AutostartError where Windows would not start it."""
        command = self._program.command(options)
        try:
            line = join(command)
        except ValueError as error:
            raise AutostartError(
                N_("not a path that Windows can have: {path}"), path=repr(command[0])
            ) from error
        if len(line) > _LONGEST:
            raise AutostartError(
                N_(
                    "The command is {length} characters long, and Windows starts at most {longest} from this list. "
                    "Move the program to a folder with a shorter path, or choose another way."
                ),
                length=len(line),
                longest=_LONGEST,
            )
        refuse_variables(line, self._environ)
        return AutostartPlan(_WHERE, line, command)

    def _write(self, plan: AutostartPlan) -> None:
        """A switch in Task Manager stays as the user left it."""
        with _refusals():
            self._registry.write(KEY, NAME, Value(plan.text, Kind.STRING))
        self._remove_link()

    def disable(self) -> AutostartStatus:
        """Remove the value and its switch."""
        if self.is_available():
            with _refusals():
                self._registry.delete(KEY, NAME)
                self._registry.delete(rf"{APPROVED}\Run", NAME)
            self._remove_link()
        return self.status(AutostartOptions())

    def status(self, options: AutostartOptions) -> AutostartStatus:
        """How the value and its switch stand."""
        found = AutostartStatus(self.key, AutostartState.OFF, where=_WHERE)
        if not self.is_available():
            return replace(found, state=AutostartState.CANNOT)
        try:
            line = self._line()
            off_since_ns = self._off_since_ns("Run", NAME)
            return self._judged(line, options, found, off_since_ns) if line else self._of_link(found)
        except AutostartError as error:
            return found.found(AutostartReason.UNREADABLE, error)

    def allow(self) -> None:
        """Enable it in Task Manager's list."""
        with _refusals():
            self._registry.write(rf"{APPROVED}\Run", NAME, Value(_ENABLED, Kind.BINARY))

    def registered(self) -> tuple[str, ...]:
        line = self._line()
        if line is None:
            raise AutostartError(N_("no command is registered"))
        return program_and_arguments(line, self._is_file)

    def fingerprint(self) -> object:
        names = ((KEY, NAME), (rf"{APPROVED}\Run", NAME))
        try:
            values = [self._registry.read(key, name) for key, name in names] if self.is_available() else []
        except RegistryError as error:
            return str(error)
        return *values, self._link and stamp(self._link)

    def _judged(
        self, line: str, options: AutostartOptions, found: AutostartStatus, off_since_ns: int | None
    ) -> AutostartStatus:
        command, wanted = program_and_arguments(line, self._is_file), self._program.command(options)
        # In place of an unquoted path with spaces, another program may be started.
        is_planned = same_arguments(command, wanted) and line == join(command)
        found = replace(found, command=line, since_ns=off_since_ns or 0)
        judged = judge(found, command, is_planned, self._program, self._is_file, same_path)
        if off_since_ns is not None and judged.starts:
            return judged.found(AutostartReason.SWITCHED_OFF)
        if judged.starts and self._link is not None and self._link.is_file():
            return judged.found(AutostartReason.TWICE, str(self._link))
        return judged

    def _line(self) -> str | None:
        """The command line as Windows would run it; None where there is none. AutostartError where it is no text."""
        with _refusals():
            value = self._registry.read(KEY, NAME)
        if value is None:
            return None
        line = str(value.data).strip()
        if value.kind not in (Kind.STRING, Kind.EXPANDABLE) or not line:
            raise AutostartError(N_("{entry} holds no command."), entry=_WHERE)
        return expanded(line, self._environ) if value.kind == Kind.EXPANDABLE else line

    def _off_since_ns(self, kind: str, entry: str) -> int | None:
        """When the user disabled an entry (wall), 0 if that is unknown; None where it is enabled."""
        with _refusals():
            value = self._registry.read(rf"{APPROVED}\{kind}", entry)
        if value is None or value.kind != Kind.BINARY or not isinstance(value.data, bytes):
            return None
        if not value.data or value.data[0] % 2 == 0:
            return None
        has_time = len(value.data) >= _SWITCH_BYTES
        ticks = int.from_bytes(value.data[_TIME_AT:_SWITCH_BYTES], "little") if has_time else 0
        return max(0, ticks - _1601_TO_1970_TICKS) * _NS_PER_TICK

    # The link of earlier versions

    def _of_link(self, found: AutostartStatus) -> AutostartStatus:
        if self._link is None or not self._link.is_file():
            return found
        is_on = self._off_since_ns("StartupFolder", _LINK) is None
        reason = AutostartReason.EDITED if is_on else AutostartReason.SWITCHED_OFF
        content, programs = read_bytes(self._link), (self._program.window, self._program.service)
        ours = any(each[0].encode("utf-16-le", "surrogatepass") in content for each in programs)
        return replace(found, where=str(self._link), ours=ours).found(reason)

    def _remove_link(self) -> None:
        if self._link is not None:
            remove(self._link)
            with _refusals():
                self._registry.delete(rf"{APPROVED}\StartupFolder", _LINK)


def refuse_variables(text: str, environ: Mapping[str, str]) -> None:
    """AutostartError for a command in which Windows would replace something."""
    if expanded(text, environ) != text:
        raise AutostartError(
            N_(
                "The command holds the name of a variable between percent signs, which Windows may replace: "
                "{command}. Rename the folder, or choose another way."
            ),
            command=text,
        )


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except RegistryError as error:
        raise AutostartError(str(error)) from error


def of_system(program: LaunchProgram, environ: Mapping[str, str]) -> RunKey:
    """That of this user."""
    return RunKey(program, WindowsRegistry(), environ)
