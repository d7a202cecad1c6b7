"""A launch agent of macOS: a property list that launchd reads at log-in."""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from aios_gui.autostart.mechanisms.mechanism import (
    Mechanism,
    ToolRunner,
    judge,
    read_bytes,
    remove,
    run_all,
    run_tool,
    stamp,
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
from aios_gui.text.catalogue import N_

LABEL = "aios-heartbeat"
_LAUNCHCTL = "launchctl"


def of_system(program: LaunchProgram, _environ: Mapping[str, str]) -> LaunchAgent:
    """In the user's own folder of agents."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return LaunchAgent(program, Path.home() / "Library" / "LaunchAgents", run_tool, user)


class LaunchAgent(Mechanism):
    """``aios-heartbeat.plist`` among the user's agents.

    It is only written: launchd loads it at the next log-in. Loading it now would start the program at once, and
    unloading it would end the very program that asks for it. What the user switched off under Login Items in the
    system's settings is told to administrators only, so it is not seen here; what `launchctl disable` did is.
    """

    key = "launch_agent"
    options = frozenset(MechanismOption) - {MechanismOption.ON_BATTERY}

    def __init__(self, program: LaunchProgram, folder: Path, runner: ToolRunner, user: int) -> None:
        super().__init__(program)
        self._path = folder / f"{LABEL}.plist"
        self._runner = runner
        self._domain = f"gui/{user}"

    def plan(self, options: AutostartOptions) -> AutostartPlan:
        command = self._program.command(options)
        try:
            text = plistlib.dumps(self._agent(options), sort_keys=False).decode()
        except (ValueError, UnicodeEncodeError) as error:  # control characters, and names that are no text
            raise AutostartError(N_("a property list cannot hold {text}"), text=repr(command)) from error
        return AutostartPlan(
            str(self._path), text, command, ((_LAUNCHCTL, "enable", f"{self._domain}/{LABEL}"),)
        )

    def _write(self, plan: AutostartPlan) -> None:
        write_text(self._path, plan.text)
        run_all(self._runner, plan.commands)

    def disable(self) -> AutostartStatus:
        remove(self._path)
        return self.status(AutostartOptions())

    def status(self, options: AutostartOptions) -> AutostartStatus:
        found = AutostartStatus(self.key, AutostartState.OFF, where=str(self._path))
        if not os.path.lexists(self._path):
            return found
        try:
            agent = self._registered()
            command = _command_of(agent)
        except AutostartError as error:
            return found.found(AutostartReason.UNREADABLE, error)
        is_off = agent.pop("Disabled", False) is True or self._is_switched_off()
        found = replace(found, command=subprocess.list2cmdline(command))
        judged = judge(found, command, agent == self._agent(options), self._program)
        return judged.found(AutostartReason.SWITCHED_OFF) if is_off else judged

    def registered(self) -> tuple[str, ...]:
        return _command_of(self._registered())

    def fingerprint(self) -> object:
        return stamp(self._path)

    def _agent(self, options: AutostartOptions) -> dict[str, Any]:
        agent: dict[str, Any] = {
            "Label": LABEL,
            "ProgramArguments": list(self._program.command(options)),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            # Started again after a crash, not after it was quit.
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 30,
        }
        if options.mode is not LaunchMode.HEADLESS:
            agent["LimitLoadToSessionType"] = "Aqua"
        if options.nice:
            agent["Nice"] = options.nice
        return agent

    def _registered(self) -> dict[str, Any]:
        try:
            agent = plistlib.loads(read_bytes(self._path))
        except (ValueError, TypeError, ExpatError, plistlib.InvalidFileException, RecursionError) as error:
            raise AutostartError(
                N_("{path} is no property list: {error}"), path=self._path, error=error
            ) from error
        if not isinstance(agent, dict):
            raise AutostartError(N_("{path} is no launch agent"), path=self._path)
        return agent

    def _is_switched_off(self) -> bool:
        answer = self._runner((_LAUNCHCTL, "print-disabled", self._domain))
        return bool(re.search(rf'"{re.escape(LABEL)}" => (disabled|true)', answer.out))


def _command_of(agent: Mapping[str, Any]) -> tuple[str, ...]:
    match agent.get("ProgramArguments"):
        case [str(), *_] as arguments if all(isinstance(each, str) for each in arguments):
            return tuple(arguments)
    raise AutostartError(N_("it has no {key}"), key="ProgramArguments")
