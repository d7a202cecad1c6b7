"""A user unit of systemd: the service without a window, watched over and started again where it fails."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import (
    Mechanism,
    ToolAnswer,
    ToolRunner,
    judge,
    read_text,
    remove,
    run_all,
    run_tool,
    stamp,
    with_priority,
    without_priority,
    write_text,
)
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
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.paths import APP_NAME
from aios_gui.text.catalogue import N_

NAME = f"{APP_NAME}.service"
UNFIT_FOR_A_PROGRAM = frozenset("'\"\\$\t")
"""What the path of the program cannot hold, which systemd looks for as it stands; an argument can."""
_PLAIN = re.compile(r"[A-Za-z0-9_./:@,+=-]+")
_TARGET = "default.target"
_SYSTEMCTL = ("systemctl", "--user")
_START_S = 90
"""Beside what the program is told to wait, as systemd itself grants."""


def of_system(program: LaunchProgram, environ: Mapping[str, str]) -> SystemdUnit:
    """In the user's own folder of units."""
    home = environ.get("XDG_CONFIG_HOME", "")
    config = Path(home) if os.path.isabs(home) else Path.home() / ".config"  # noqa: PTH117
    return SystemdUnit(program, config / "systemd" / "user", run_tool)


class SystemdUnit(Mechanism):
    """``aios-heartbeat.service`` among the user's units. What starts is always the service without a window.

    Where no manager of the user answers it is not available: a unit could be written and linked all the same, but none
    could tell whether anything would ever start it. Removing needs no manager.
    """

    key = "systemd_unit"
    options = frozenset(MechanismOption)
    modes = frozenset({LaunchMode.HEADLESS})

    def __init__(self, program: LaunchProgram, folder: Path, runner: ToolRunner) -> None:
        super().__init__(program)
        self._path = folder / NAME
        self._link = folder / f"{_TARGET}.wants" / NAME
        self._runner = runner

    def is_available(self) -> bool:
        return self._manager().status == 0

    def plan(self, options: AutostartOptions) -> AutostartPlan:
        if options.mode is not LaunchMode.HEADLESS:
            raise AutostartError(N_("a systemd user service starts without a window only"))
        answer = self._runner(("loginctl", "show-user", str(getattr(os, "getuid", int)()), "-p", "Linger"))
        return replace(self._plan(options), lingers=answer.out.strip() == "Linger=yes")

    def _write(self, plan: AutostartPlan) -> None:
        manager = self._manager()
        if manager.status != 0:
            raise AutostartError(manager.message)
        write_text(self._path, plan.text)
        run_all(self._runner, plan.commands)

    def disable(self) -> AutostartStatus:
        there = os.path.lexists(self._path) or os.path.lexists(self._link)
        if there:
            # The link goes below in any case; this is for those that the user made under other targets.
            self._runner((*_SYSTEMCTL, "disable", NAME))
        remove(self._link)
        remove(self._path)
        if there:
            self._runner((*_SYSTEMCTL, "daemon-reload"))
        return self.status(AutostartOptions())

    def status(self, options: AutostartOptions) -> AutostartStatus:
        found = AutostartStatus(self.key, AutostartState.OFF, where=str(self._path))
        manager = self._manager()
        if manager.status != 0:
            return replace(found, state=AutostartState.CANNOT, detail=manager.message)
        if self._path.is_symlink() and os.path.realpath(self._path) == os.devnull:
            # A link to nowhere in place of the unit is how systemd keeps one from being started at all.
            return found.found(AutostartReason.SWITCHED_OFF, "masked")
        is_own = os.path.lexists(self._path)
        answer = self._runner((*_SYSTEMCTL, "is-enabled", NAME)).out.strip()
        path = self._path if is_own else self._shipped() if answer.startswith("enabled") else None
        if path is None:
            return found
        if not is_own:
            found = replace(found, where=str(self._link if os.path.lexists(self._link) else path))
        try:
            judged = self._judged(read_text(path), options, found)
        except AutostartError as error:
            return found.found(AutostartReason.UNREADABLE, error)
        return judged.found(AutostartReason.SWITCHED_OFF, answer) if answer == "disabled" else judged

    def registered(self) -> tuple[str, ...]:
        path = self._path if os.path.lexists(self._path) else self._shipped() or self._path
        return command_of(_exec_start(read_text(path)))

    def fingerprint(self) -> object:
        return stamp(self._path), stamp(self._link)

    def _plan(self, options: AutostartOptions) -> AutostartPlan:
        taken = frozenset({MechanismOption.PRIORITY, MechanismOption.ON_BATTERY})
        command = self._program.command(options, taken)
        if set(command[0]) & UNFIT_FOR_A_PROGRAM:
            command = with_priority(command, 0)
        unit = {
            "Description": "AIOS Heartbeat: shows when this computer stuttered, for how long, and why",
            # A service that fails at once, as beside another instance, is not started for ever.
            "StartLimitIntervalSec": "300",
            "StartLimitBurst": "5",
        }
        if not options.on_battery:
            unit["ConditionACPower"] = "true"
        service = {
            "Type": "notify",
            "ExecStart": " ".join(map(_quoted, command)),
            # Ready with its first beat, for which it may have been told to wait.
            "TimeoutStartSec": str(options.delay_s + options.spread_s + _START_S),
            "WatchdogSec": "30",
            "Restart": "on-failure",
            "RestartSec": "10",
        }
        if options.nice:
            service["Nice"] = str(options.nice)
        text = _compose({"Unit": unit, "Service": service, "Install": {"WantedBy": _TARGET}})
        commands = ((*_SYSTEMCTL, "daemon-reload"), (*_SYSTEMCTL, "enable", NAME))
        return AutostartPlan(str(self._path), text, command, commands)

    def _judged(self, text: str, options: AutostartOptions, found: AutostartStatus) -> AutostartStatus:
        # Compared with what this mechanism can start, whatever mode is wished for elsewhere.
        planned = self._plan(replace(options, mode=LaunchMode.HEADLESS)).text
        line = _exec_start(text)
        found = replace(found, command=line)
        try:
            command = without_priority(command_of(line))
        except AutostartError:
            # Only systemd itself can fill in what is not written out.
            return found.found(AutostartReason.EDITED)
        return judge(found, command, text == planned, self._program)

    def _shipped(self) -> Path | None:
        """The unit of the package, which lies elsewhere, where that one was enabled; else None."""
        answer = self._runner((*_SYSTEMCTL, "show", NAME, "--property=FragmentPath"))
        path = answer.out.strip().removeprefix("FragmentPath=")
        return Path(path) if path else None

    def _manager(self) -> ToolAnswer:
        """What the manager of the user answers; a status of 0 where there is one."""
        return self._runner((*_SYSTEMCTL, "show-environment"))


def _compose(sections: Mapping[str, Mapping[str, str]]) -> str:
    parts = [
        "\n".join([f"[{section}]", *(f"{key}={value}" for key, value in entries.items())])
        for section, entries in sections.items()
    ]
    return "\n\n".join(parts) + "\n"


def _quoted(argument: str) -> str:
    """An argument of `ExecStart`; AutostartError for what a unit cannot hold."""
    if any(ord(letter) < ord(" ") and letter != "\t" for letter in argument):
        raise AutostartError(N_("a command cannot hold a line break: {text}"), text=repr(argument))
    try:
        argument.encode()
    except UnicodeEncodeError as error:
        raise AutostartError(N_("a unit cannot hold {text}"), text=repr(argument)) from error
    text = argument.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    text = text.replace("%", "%%").replace("$", "$$")
    return text if _PLAIN.fullmatch(argument) else f'"{text}"'


def _exec_start(text: str) -> str:
    """The command line of a unit as it stands there; AutostartError where it has none."""
    lines = re.findall(r"^ExecStart=(.+)$", text.replace("\\\n", " "), re.MULTILINE)
    if not lines:
        raise AutostartError(N_("it has no {key}"), key="ExecStart")
    return str(lines[-1]).strip()


def command_of(line: str) -> tuple[str, ...]:
    """The arguments of an `ExecStart` line; AutostartError for one that is none, or that only systemd can fill in.

    But for the tabulator, a shell's rules are systemd's for all that this program writes.
    """
    escaped = re.sub(r"\\(.)", lambda found: "\t" if found[1] == "t" else found[0], line)
    try:
        words: Sequence[str] = shlex.split(escaped)
    except ValueError as error:
        raise AutostartError(N_("{text} is no command"), text=repr(line)) from error
    if any(sign in part for word in words for sign in "%$" for part in word.split(sign * 2)):
        raise AutostartError(N_("it has a variable, which only systemd can fill in"))
    return tuple(word.replace("%%", "%").replace("$$", "$") for word in words)
