"""Processes that can be steered, and a worker of actions with everything it did."""

from __future__ import annotations

import shlex
import subprocess
import sys
import threading
from collections.abc import Iterable

import psutil

from aios_gui.alerts.actions.request import ActionPorts, ActionRequest, Notification
from aios_gui.alerts.actions.steering import OwnChildren, ProcessSteering, TargetProcess
from aios_gui.alerts.actions.worker import ActionWorker
from aios_gui.alerts.diagnosis.port import Answer, Question
from aios_gui.alerts.model.action import ActionKind, ActionResult, parse_action
from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind
from aios_gui.heartbeat.model.items import Event
from tests.alerts.diagnosis.fakes import RULE, question_of
from tests.fakes import WALL
from tests.processes import wait_until

OWN = 99


def python(code: str) -> str:
    """An action that runs a command as its system writes it."""
    command = [sys.executable, "-c", code]
    return "run:" + (subprocess.list2cmdline if sys.platform == "win32" else shlex.join)(command)


class FakeSteering(ProcessSteering):
    """Priorities and cores of threads that are numbered by their process: 7 has 70 and 71."""

    def __init__(
        self, *targets: TargetProcess, cores: list[int] | None = None, restorable: bool = True
    ) -> None:
        self.targets = list(targets)
        self.restorable = restorable
        self.refusing: Exception | None = None
        self.priorities: dict[int, int] = {}
        self.core_lists: dict[int, list[int] | None] = {}
        for pid in (each.pid for each in (*targets, TargetProcess(OWN, "own", 1.0))):
            for thread in self.threads(pid):
                self.priorities[thread] = 0
                self.core_lists[thread] = [0, 1] if cores is None else cores

    def all(self) -> Iterable[TargetProcess]:
        return list(self.targets)

    def find(self, pid: int) -> TargetProcess | None:
        return next((each for each in self.targets if each.pid == pid), None)

    def threads(self, pid: int) -> list[int]:
        return [pid, pid * 10 + 1]

    def priority(self, thread: int) -> int:
        return self.priorities[thread]

    def set_priority(self, thread: int, value: int) -> None:
        if self.refusing is not None:
            raise self.refusing
        self.priorities[thread] = value

    def lowered(self, value: int) -> int:
        return max(value, 10)

    def can_restore(self, value: int) -> bool:
        return self.restorable

    def cores(self, thread: int) -> list[int] | None:
        return self.core_lists[thread]

    def set_cores(self, thread: int, cores: list[int]) -> None:
        if self.refusing is not None:
            raise self.refusing
        self.core_lists[thread] = cores


class FakeJobs(OwnChildren):
    """Jobs by their numbers; ``held`` are those that stand still."""

    def __init__(self, *running: int) -> None:
        self.running = list(running)
        self.held: list[int] = []

    def pause(self) -> list[int]:
        self.held = list(self.running)
        return self.held

    def resume(self, pids: list[int]) -> None:
        self.held = [pid for pid in self.held if pid not in pids]


class Acting:
    """A worker of actions; ``problem`` is what the notifier says, ``hanging`` what it waits for."""

    def __init__(self, *targets: TargetProcess, **steering: object) -> None:
        self.notifications: list[Notification] = []
        self.events: list[Event] = []
        self.answers: list[Answer] = []
        self.problem = ""
        self.hanging: threading.Event | None = None
        self.jobs = FakeJobs()
        self.steering = FakeSteering(*targets, **steering)  # type: ignore[arg-type]
        self.ports = ActionPorts(
            self._notify, self.events.append, self.jobs, self.steering, own_pid=OWN, wall_ns=lambda: WALL
        )
        self.worker = ActionWorker(self.ports, self.answers.append)

    def _notify(self, notification: Notification) -> str:
        if self.hanging is not None:
            self.hanging.wait(30)
        self.notifications.append(notification)
        return self.problem

    def act(self, question: Question, finding: Finding | None) -> dict[str, ActionResult]:
        """Do the question's actions; what came of each in the end."""
        self.worker.do(question, finding)
        return self.results()

    def results(self) -> dict[str, ActionResult]:
        wait_until(lambda: self.worker.is_idle, "all is done")
        return {result.action: result for answer in self.answers for result in answer.actions}


def found(*names: str) -> Finding:
    """A finding with these culprits."""
    culprits = tuple(Culprit(name, number, 90.0) for number, name in enumerate(names, 7))
    return Finding(FindingKind.ONE_PROCESS, {"name": names[0], "cpu_percent": 90.0, "processes": 1}, culprits)


def asked(*actions: str, **more: object) -> Question:
    """A question whose rule wants these actions."""
    from dataclasses import replace

    return question_of(replace(RULE, actions=actions, **more))  # type: ignore[arg-type]


def request_of(action: str, finding: Finding | None) -> ActionRequest:
    return ActionRequest(parse_action(action), asked(action), finding)


def gone() -> psutil.NoSuchProcess:
    return psutil.NoSuchProcess(7)


KINDS = tuple(ActionKind)
