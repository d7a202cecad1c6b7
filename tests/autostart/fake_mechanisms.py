"""Mechanisms that keep what is registered in memory, and behave as a system and its users do."""

from __future__ import annotations

import sys
import threading

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model import (
    AutostartError,
    AutostartOptions,
    AutostartPlan,
    AutostartReason,
    AutostartState,
    AutostartStatus,
    LaunchProgram,
    MechanismOption,
    SmokeTestOutcome,
    SmokeTestResult,
)
from aios_gui.autostart.smoke_test import SmokeTest
from aios_gui.heartbeat.model.states import LaunchMode

# The Python that made the environment: it lies in a usual place also where the tests are run from a temporary folder.
PYTHON: str = getattr(sys, "_base_executable", sys.executable)
PROGRAM = LaunchProgram((PYTHON, "-m", "aios_gui"), (PYTHON, "service"))
OTHER, GONE = ("/opt/other/aios-gui", "--minimized"), ("/nowhere/aios-gui", "--minimized")
OFF_SINCE_NS = 1_700_000_000_000_000_000


class FakeMechanism(Mechanism):
    """``command`` is what is registered, () for none. ``refusal`` is what the system says to every change."""

    def __init__(
        self,
        key: str = "desktop_file",
        options: frozenset[MechanismOption] = frozenset(MechanismOption) - {MechanismOption.ON_BATTERY},
        modes: frozenset[LaunchMode] = frozenset(LaunchMode),
        command: tuple[str, ...] = (),
    ) -> None:
        super().__init__(PROGRAM)
        # Of the class elsewhere.
        self.key = key  # type: ignore[misc]
        self.options = options  # type: ignore[misc]
        self.modes = modes  # type: ignore[misc]
        self.command = command
        self.is_off = self.is_garbled = self.puts_back = False
        self.available = True
        self.refusal = ""
        self.asked_on: list[int] = []

    @property
    def where(self) -> str:
        """The place that it names."""
        return f"list {self.key}"

    def is_available(self) -> bool:
        return self.available

    def plan(self, options: AutostartOptions) -> AutostartPlan:
        if options.mode not in self.modes:
            raise AutostartError(f"{self.key} cannot do {options.mode}")
        command = PROGRAM.command(options)
        text = f"[{self.key}]\nExec={' '.join(command)}\n"
        return AutostartPlan(self.where, text, command, (("reload", self.key),))

    def _write(self, plan: AutostartPlan) -> None:
        self._may_change()
        if not self.puts_back:
            self.command, self.is_garbled = plan.command, False

    def disable(self) -> AutostartStatus:
        self._may_change()
        self.command, self.is_off, self.is_garbled = (), False, False
        return self.status(AutostartOptions())

    def status(self, options: AutostartOptions) -> AutostartStatus:
        self.asked_on.append(threading.get_ident())
        found = AutostartStatus(self.key, AutostartState.OFF, where=self.where)
        if not self.available:
            return AutostartStatus(self.key, AutostartState.CANNOT, where=self.where, detail="no bus")
        if self.is_garbled:
            return found.found(AutostartReason.UNREADABLE, "line 1 is no entry")
        if not self.command:
            return found
        ours = self.command[0] == PROGRAM.window[0]
        found = AutostartStatus(
            self.key,
            AutostartState.ON,
            where=self.where,
            command=" ".join(self.command),
            ours=ours,
            since_ns=OFF_SINCE_NS if self.is_off else 0,
        )
        if self.is_off:
            return found.found(AutostartReason.SWITCHED_OFF)
        if self.command[0] == GONE[0]:
            return found.found(AutostartReason.PROGRAM_GONE)
        if not ours:
            return found.found(AutostartReason.OTHER_PROGRAM)
        return found if self.command == PROGRAM.command(options) else found.found(AutostartReason.EDITED)

    def allow(self) -> None:
        self._may_change()
        self.is_off = False

    def registered(self) -> tuple[str, ...]:
        return self.command

    def fingerprint(self) -> object:
        return self.command, self.is_off, self.is_garbled, self.available

    def _may_change(self) -> None:
        if self.refusal:
            raise AutostartError(self.refusal)


def service_mechanism(available: bool) -> FakeMechanism:
    """One that starts the service alone and knows every option, as systemd's."""
    made = FakeMechanism("systemd_unit", frozenset(MechanismOption), frozenset({LaunchMode.HEADLESS}))
    made.available = available
    return made


class FakeSmokeTest(SmokeTest):
    """Shows what it was told to, and waits before it does while ``held``."""

    def __init__(self) -> None:
        self.result = SmokeTestResult(SmokeTestOutcome.BEATS, 234_000_000, shown="tray")
        self.held = False
        self.go = threading.Event()
        self.runs = 0

    def make(self, _mechanism: Mechanism) -> FakeSmokeTest:
        """As a service asks for one."""
        return self

    def run(self, cancelled: threading.Event | None = None) -> SmokeTestResult:
        self.runs += 1
        while self.held and not self.go.wait(0.01):
            if cancelled is not None and cancelled.is_set():
                return SmokeTestResult(SmokeTestOutcome.CANCELLED)
        return self.result
