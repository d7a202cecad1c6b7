"""Ways of being started that keep what is registered in memory, and behave as a system and its users do."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aios_gui.autostart.mechanisms.launching import launch
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
from aios_gui.autostart.model.setup import TRIAL_STEPS, SetupStep, TrialOutcome, TrialResult
from aios_gui.heartbeat.model.states import LaunchMode

# The Python that made the environment: it lies in a usual place also where the tests are run from a temporary folder.
PYTHON: str = getattr(sys, "_base_executable", sys.executable)
PROGRAM = Program((PYTHON, "-m", "aios_gui"), (PYTHON, "service"))
OTHER, GONE = ("/opt/other/aios-gui", "--minimized"), ("/nowhere/aios-gui", "--minimized")
_ALL = frozenset(Option)


@dataclass
class FakeWay:
    """``registered`` is the command, () for none. ``refusal`` is what the system says to whoever changes anything."""

    key: str = "desktop_file"
    options: frozenset[Option] = _ALL - {Option.ON_BATTERY}
    faces: frozenset[LaunchMode] = frozenset(LaunchMode)
    registered: tuple[str, ...] = ()
    is_off: bool = False
    is_garbled: bool = False
    available: bool = True
    puts_back: bool = False
    refusal: str = ""
    process: subprocess.Popen[bytes] | None = None
    launched: tuple[str, ...] = ("/nowhere/aios-gui",)
    asked_on: list[int] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"list {self.key}"

    def is_available(self) -> bool:
        return self.available

    def plan(self, wish: Wish) -> Plan:
        command = self._command(wish)
        return Plan(self.where, f"[{self.key}]\nExec={' '.join(command)}\n", command, (("reload", self.key),))

    def enable(self, wish: Wish) -> Status:
        self._may_change()
        if not self.puts_back:
            self.registered, self.is_garbled = self._command(wish), False
        status = self.status(wish)
        if status.state is State.OFF:
            return Status(self.key, State.BLOCKED, self.where, reason=Reason.PUT_BACK)
        return status

    def disable(self) -> Status:
        self._may_change()
        self.registered, self.is_off, self.is_garbled = (), False, False
        return self.status(Wish())

    def status(self, wish: Wish) -> Status:
        self.asked_on.append(threading.get_ident())
        if not self.available:
            return Status(self.key, State.UNAVAILABLE, self.where, detail="no bus")
        if self.is_garbled:
            return Status(self.key, State.UNREADABLE, self.where, detail="line 1 is no entry")
        if not self.registered:
            return Status(self.key, State.OFF, self.where)
        command = " ".join(self.registered)
        ours = self.registered[0] == PROGRAM.window[0]
        if self.is_off:
            return Status(self.key, State.DISABLED, self.where, command, ours, 1_700_000_000_000_000_000)
        if self.registered[0] == GONE[0]:
            return Status(self.key, State.PROGRAM_GONE, self.where, command)
        if not ours:
            return Status(self.key, State.OTHER_PROGRAM, self.where, command)
        state = State.ON if self.registered == PROGRAM.command(wish) else State.CHANGED
        return Status(self.key, state, self.where, command, ours)

    def allow(self) -> Status:
        self._may_change()
        self.is_off = False
        return self.status(Wish())

    def launch(self, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
        self.process = launch(self.launched, environ)
        return self.process

    def _command(self, wish: Wish) -> tuple[str, ...]:
        if wish.face not in self.faces:
            raise AutostartError(f"{self.key} cannot do {wish.face}")
        return PROGRAM.command(wish)

    def _may_change(self) -> None:
        if self.refusal:
            raise AutostartError(self.refusal)


def service_way(**changed: object) -> FakeWay:
    """One that starts the service alone and knows every option, as systemd's."""
    return FakeWay("systemd_unit", _ALL, frozenset({LaunchMode.HEADLESS}), **changed)  # type: ignore[arg-type]


class FakeTrial:
    """Tells of its steps, waits between them while ``held``, and shows what it was told to."""

    def __init__(self, result: TrialResult | None = None, upto: Sequence[SetupStep] = TRIAL_STEPS) -> None:
        self.result = result or TrialResult(TrialOutcome.BEATS, 234_000_000, shown="tray")
        self.upto = upto
        self.held = False
        self.go = threading.Event()
        self.runs = 0

    def make(self, _mechanism: object) -> FakeTrial:
        return self

    def run(
        self, cancelled: threading.Event, done: Callable[[SetupStep], object] = lambda step: None
    ) -> TrialResult:
        self.runs += 1
        for number, step in enumerate(self.upto):
            if number and self.held:
                while not self.go.wait(0.01):
                    if cancelled.is_set():
                        return TrialResult(TrialOutcome.CANCELLED)
            done(step)
        return self.result
