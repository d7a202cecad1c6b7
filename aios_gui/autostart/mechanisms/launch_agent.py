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

from aios_gui.autostart.mechanisms.files import read_bytes, remove, write_bytes
from aios_gui.autostart.mechanisms.judging import blocked_unless_on, judge
from aios_gui.autostart.mechanisms.launching import launch
from aios_gui.autostart.mechanisms.runner import Runner, run
from aios_gui.autostart.model.autostart import (
    AutostartError,
    Option,
    Plan,
    Program,
    Reason,
    State,
    Status,
    Wish,
)
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.text.catalogue import gettext as _

LABEL = "aios-heartbeat"
_LAUNCHCTL = "launchctl"
_COMPARED = ("RunAtLoad", "ProcessType", "KeepAlive", "ThrottleInterval", "Nice", "LimitLoadToSessionType")


def of_system(program: Program, _environ: Mapping[str, str]) -> LaunchAgent:
    """In the user's own folder of agents."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return LaunchAgent(program, Path.home() / "Library" / "LaunchAgents", run, user)


class LaunchAgent:
    """``aios-heartbeat.plist`` among the user's agents.

    It is only written: launchd loads it at the next log-in. Loading it now would start the program at once, and
    unloading it would end the very program that asks for it. What the user switched off under Login Items in the
    system's settings is told to administrators only, so it is not seen here; what `launchctl disable` did is.
    """

    key = "launch_agent"
    options = frozenset({Option.DELAY, Option.SPREAD, Option.TIME_LIMIT, Option.PRIORITY})
    faces = frozenset(LaunchMode)

    def __init__(self, program: Program, folder: Path, runner: Runner, user: int) -> None:
        self._program = program
        self._path = folder / f"{LABEL}.plist"
        self._runner = runner
        self._domain = f"gui/{user}"

    def is_available(self) -> bool:
        return True

    def plan(self, wish: Wish) -> Plan:
        command = self._program.command(wish)
        try:
            text = plistlib.dumps(self._agent(wish, command), sort_keys=False).decode()
        except (ValueError, UnicodeEncodeError) as error:  # control characters, and names that are no text
            raise AutostartError(
                _("a property list cannot hold {text}").format(text=repr(command))
            ) from error
        return Plan(str(self._path), text, command, ((_LAUNCHCTL, "enable", f"{self._domain}/{LABEL}"),))

    def enable(self, wish: Wish) -> Status:
        plan = self.plan(wish)
        write_bytes(self._path, plan.text.encode())
        self._allow()
        return blocked_unless_on(self.status(wish))

    def disable(self) -> Status:
        remove(self._path)
        return self.status(Wish())

    def status(self, wish: Wish) -> Status:
        found = Status(self.key, State.OFF, str(self._path))
        if not os.path.lexists(self._path):
            return found
        try:
            return self._judged(self._registered(), wish, found)
        except AutostartError as error:
            return replace(found, state=State.UNREADABLE, detail=str(error))

    def allow(self) -> Status:
        self._allow()
        return self.status(Wish())

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return launch(_command_of(self._registered()), environ)

    def _agent(self, wish: Wish, command: tuple[str, ...]) -> dict[str, Any]:
        agent: dict[str, Any] = {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            # Started again after a crash, not after it was quit.
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 30,
        }
        if wish.face is not LaunchMode.HEADLESS:
            agent["LimitLoadToSessionType"] = "Aqua"
        if wish.nice:
            agent["Nice"] = wish.nice
        return agent

    def _allow(self) -> None:
        command = (_LAUNCHCTL, "enable", f"{self._domain}/{LABEL}")
        answer = self._runner(command)
        if answer.status != 0:
            raise AutostartError(f"{' '.join(command)}: {answer.said}")

    def _registered(self) -> dict[str, Any]:
        try:
            agent = plistlib.loads(read_bytes(self._path))
        except (ValueError, TypeError, ExpatError, plistlib.InvalidFileException, RecursionError) as error:
            raise AutostartError(
                _("{path} is no property list: {error}").format(path=self._path, error=error)
            ) from error
        if not isinstance(agent, dict):
            raise AutostartError(_("{path} is no launch agent").format(path=self._path))
        return agent

    def _judged(self, agent: dict[str, Any], wish: Wish, found: Status) -> Status:
        command = _command_of(agent)
        wanted = self._agent(wish, self._program.command(wish))
        state, ours = judge(command, wanted["ProgramArguments"], self._program)
        found = replace(found, state=state, command=subprocess.list2cmdline(command), ours=ours)
        if agent.get("Disabled") is True or self._is_switched_off():
            return replace(found, state=State.DISABLED, reason=Reason.SWITCHED_OFF)
        if state is State.ON and any(agent.get(key) != wanted.get(key) for key in _COMPARED):
            return replace(found, state=State.CHANGED)
        return found

    def _is_switched_off(self) -> bool:
        answer = self._runner((_LAUNCHCTL, "print-disabled", self._domain))
        return bool(re.search(rf'"{re.escape(LABEL)}" => (disabled|true)', answer.out))


def _command_of(agent: dict[str, Any]) -> tuple[str, ...]:
    arguments = agent.get("ProgramArguments")
    if (
        not isinstance(arguments, list)
        or not arguments
        or not all(isinstance(each, str) for each in arguments)
    ):
        raise AutostartError(_("it has no {key}").format(key="ProgramArguments"))
    return tuple(arguments)
