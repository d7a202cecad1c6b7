"""A user unit of systemd: the service without a window, watched over and started again where it fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from aios_gui.autostart.mechanisms import unit_file
from aios_gui.autostart.mechanisms.files import read_text, remove, write_text
from aios_gui.autostart.mechanisms.judging import (
    blocked_unless_on,
    judge,
    with_priority,
    without_priority,
)
from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.mechanisms.runner import Answer, Runner, run
from aios_gui.autostart.mechanisms.unit_file import Unit, UnitError
from aios_gui.autostart.model.autostart import (
    AutostartError,
    Note,
    Option,
    Plan,
    Program,
    Reason,
    State,
    Status,
    Wish,
)
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.paths import APP_NAME
from aios_gui.text.catalogue import gettext as _

NAME = f"{APP_NAME}.service"
_TARGET = "default.target"
_SYSTEMCTL = ("systemctl", "--user")
_START_S = 90
"""Beside what the program is told to wait, as systemd itself grants."""
_COMPARED = (
    ("Unit", "ConditionACPower"),
    ("Service", "Type"),
    ("Service", "WatchdogSec"),
    ("Service", "Restart"),
    ("Service", "Nice"),
    ("Service", "TimeoutStartSec"),
)


def of_system(program: Program, environ: Mapping[str, str]) -> SystemdUnit:
    """In the user's own folder of units."""
    home = environ.get("XDG_CONFIG_HOME", "")
    config = Path(home) if os.path.isabs(home) else Path.home() / ".config"  # noqa: PTH117
    return SystemdUnit(program, config / "systemd" / "user", run)


class SystemdUnit:
    """``aios-heartbeat.service`` among the user's units. What starts is always the service without a window.

    Where no manager of the user answers it is unavailable: a unit could be written and linked all the same, but nobody
    could tell whether anything would ever start it. Removing needs no manager.
    """

    key = "systemd_unit"
    options = frozenset(Option)
    faces = frozenset({LaunchMode.HEADLESS})

    def __init__(self, program: Program, folder: Path, runner: Runner) -> None:
        self._program = program
        self._path = folder / NAME
        self._link = folder / f"{_TARGET}.wants" / NAME
        self._runner = runner

    def is_available(self) -> bool:
        return self._manager().status == 0

    def plan(self, wish: Wish) -> Plan:
        if wish.face is not LaunchMode.HEADLESS:
            raise AutostartError(_("a systemd user service starts without a window only"))
        return self._plan(wish, (self._note(),))

    def enable(self, wish: Wish) -> Status:
        plan = self.plan(wish)
        manager = self._manager()
        if manager.status != 0:
            raise AutostartError(manager.said)
        write_text(self._path, plan.text)
        for command in plan.commands:
            answer = self._runner(command)
            if answer.status != 0:
                raise AutostartError(f"{' '.join(command)}: {answer.said}")
        return blocked_unless_on(self.status(wish))

    def disable(self) -> Status:
        there = os.path.lexists(self._path) or os.path.lexists(self._link)
        if there:
            # The link goes below in any case; this is for those that the user made under other targets.
            self._runner((*_SYSTEMCTL, "disable", NAME))
        remove(self._link)
        remove(self._path)
        if there:
            self._runner((*_SYSTEMCTL, "daemon-reload"))
        return self.status(Wish(LaunchMode.HEADLESS))

    def status(self, wish: Wish) -> Status:
        manager = self._manager()
        found = Status(self.key, State.OFF, str(self._path))
        try:
            if self._is_masked():
                found = replace(found, state=State.DISABLED, reason=Reason.MASKED)
            elif os.path.lexists(self._path):
                found = self._judged(Unit(read_text(self._path)), wish, found)
            elif manager.status == 0 and (shipped := self._shipped()) is not None:
                found = replace(found, where=str(self._link if os.path.lexists(self._link) else shipped))
                found = self._judged(Unit(read_text(shipped)), wish, found)
        except (UnitError, AutostartError) as error:
            found = replace(found, state=State.UNREADABLE, detail=str(error))
        if manager.status != 0:
            return replace(found, state=State.UNAVAILABLE, detail=manager.said)
        return found

    def allow(self) -> Status:
        command = (
            *_SYSTEMCTL,
            "unmask" if self._is_masked() else "enable",
            NAME,
        )
        answer = self._runner(command)
        if answer.status != 0:
            raise AutostartError(answer.said)
        return self.status(Wish(LaunchMode.HEADLESS))

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        path = self._path if os.path.lexists(self._path) else self._shipped() or self._path
        try:
            return launch(Unit(read_text(path)).command, environ)
        except UnitError as error:
            raise AutostartError(f"{path}: {error}") from error

    # What is written

    def _plan(self, wish: Wish, notes: tuple[Note, ...] = ()) -> Plan:
        command = self._program.command(wish, frozenset({Option.PRIORITY, Option.ON_BATTERY}))
        if any(letter in unit_file.UNFIT_FOR_A_PROGRAM for letter in command[0]):
            command = with_priority(command, 0)
        try:
            text = unit_file.compose(self._sections(wish, unit_file.command_line(command)))
        except UnitError as error:
            raise AutostartError(str(error)) from error
        commands = ((*_SYSTEMCTL, "daemon-reload"), (*_SYSTEMCTL, "enable", NAME))
        return Plan(str(self._path), text, command, commands, notes)

    def _sections(self, wish: Wish, line: str) -> dict[str, dict[str, str]]:
        unit = {
            "Description": "AIOS Heartbeat: shows when this computer stuttered, for how long, and why",
            # A service that fails at once, as beside another instance, is not started for ever.
            "StartLimitIntervalSec": "300",
            "StartLimitBurst": "5",
        }
        if not wish.on_battery:
            unit["ConditionACPower"] = "true"
        service = {
            "Type": "notify",
            "ExecStart": line,
            # Ready with its first beat, for which it may have been told to wait.
            "TimeoutStartSec": str(wish.delay_s + wish.spread_s + _START_S),
            "WatchdogSec": "30",
            "Restart": "on-failure",
            "RestartSec": "10",
        }
        if wish.nice:
            service["Nice"] = str(wish.nice)
        return {"Unit": unit, "Service": service, "Install": {"WantedBy": _TARGET}}

    # What is found

    def _judged(self, unit: Unit, wish: Wish, found: Status) -> Status:
        # Compared with what this mechanism can start, whatever face is wished for elsewhere.
        plan = self._plan(replace(wish, face=LaunchMode.HEADLESS))
        command = unit.command
        bare = without_priority(command)
        state, ours = judge(bare, without_priority(plan.command), self._program)
        line = unit.value("Service", "ExecStart") or ""
        found = replace(found, state=state, command=line, ours=ours)
        if self._runner((*_SYSTEMCTL, "is-enabled", NAME)).out.strip() == "disabled":
            return replace(found, state=State.DISABLED, reason=Reason.NOT_LINKED)
        wanted = Unit(plan.text)
        changed = any(unit.value(*each) != wanted.value(*each) for each in _COMPARED)
        if state is State.ON and (changed or command != plan.command):
            return replace(found, state=State.CHANGED)
        return found

    def _is_masked(self) -> bool:
        """A link to nowhere in place of the unit is how systemd keeps one from being started at all."""
        return self._path.is_symlink() and os.path.realpath(self._path) == os.devnull

    def _shipped(self) -> Path | None:
        """The unit of the package, which lies elsewhere, where somebody has enabled that one; else None."""
        if not self._runner((*_SYSTEMCTL, "is-enabled", NAME)).out.startswith("enabled"):
            return None
        answer = self._runner((*_SYSTEMCTL, "show", NAME, "--property=FragmentPath"))
        path = answer.out.strip().removeprefix("FragmentPath=")
        return Path(path) if path else None

    def _manager(self) -> Answer:
        """What the manager of the user answers; a status of 0 where there is one."""
        return self._runner((*_SYSTEMCTL, "show-environment"))

    def _note(self) -> Note:
        answer = self._runner(("loginctl", "show-user", str(getattr(os, "getuid", int)()), "-p", "Linger"))
        return Note.LINGERS if answer.out.strip() == "Linger=yes" else Note.ENDS_WITH_LOG_OFF
