"""A machine with processes as told, a psutil that behaves, and what acts on what is found."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import psutil

from aios_gui.alerts.diagnosis.port import Question
from aios_gui.alerts.model.incident import Finding, Incident
from aios_gui.alerts.model.processes import ProcessRow, ProcessTable
from aios_gui.alerts.model.rules import Level, Measure, Rule
from aios_gui.heartbeat.model.items import Event
from tests.fakes import WALL, S

PATIENCE_S = 30.0
MB = 2**20
RULE = Rule("cpu", Measure.CPU, 80.0, level=Level.CRITICAL, actions=("capture",))


def incident_of(rule: Rule = RULE, number: int = 1) -> Incident:
    return Incident(number, rule.name, rule.measure, rule.level, WALL, 99.0, rule.limit)


def question_of(rule: Rule = RULE, number: int = 1, hiccup: Event | None = None) -> Question:
    return Question(incident_of(rule, number), rule, WALL - 60 * S, WALL + 40 * S, {}, hiccup)


class ScriptedProcesses:
    """Tables one after the other, the last one again and again; an exception is raised, an event waited for."""

    def __init__(self, *script: ProcessTable | Exception | threading.Event) -> None:
        self._script = deque(script)
        self.reads = 0

    def table(self, deadline_ns: int) -> ProcessTable:
        self.reads += 1
        step = self._script.popleft() if len(self._script) > 1 else self._script[0]
        if isinstance(step, threading.Event):
            step.wait(30)
            return ProcessTable(0)
        if isinstance(step, Exception):
            raise step
        return step


def table(at_s: float, *rows: ProcessRow, complete: bool = True) -> ProcessTable:
    return ProcessTable(round(at_s * S), {row.pid: row for row in rows}, complete=complete)


def row(pid: int, name: str, cpu_s: float = 0.0, memory: int = 10 * MB, parent: int = 1) -> ProcessRow:
    return ProcessRow(pid, 1.0, name, parent, cpu_s, 0.0, memory, 0, (), 0)


class FakeActions:
    """Keeps what it is given to do and to take back."""

    def __init__(self) -> None:
        self.done: list[tuple[int, Finding | None]] = []
        self.taken_back: list[tuple[int, str | None]] = []
        self.stopped = False

    def do(self, question: Question, finding: Finding | None) -> None:
        self.done.append((question.incident.id, finding))

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        self.taken_back.append((incident.id, action))

    def stop(self, timeout_s: float) -> None:
        self.stopped = True


class FakeProcess:
    """A process as psutil has it: each figure is a value, or an exception that is raised."""

    def __init__(self, pid: int, figures: dict[str, object]) -> None:
        self.pid = pid
        self._figures = figures

    def _give(self, name: str) -> object:
        value = self._figures.get(name, AttributeError(name))
        if isinstance(value, threading.Event):
            value.wait(30)
        if isinstance(value, Exception):
            raise value
        return value

    def __getattr__(self, name: str) -> Callable[[], object]:
        return lambda: self._give(name)

    @contextmanager
    def oneshot(self) -> Iterator[None]:
        yield


USUAL: dict[str, object] = {
    "name": "make",
    "create_time": 1.0,
    "ppid": 1,
    "cpu_times": SimpleNamespace(user=2.0, system=1.0, children_user=0.5, children_system=0.5),
    "memory_info": SimpleNamespace(rss=10 * MB),
    "io_counters": SimpleNamespace(read_bytes=100, write_bytes=200),
    "cmdline": ["make", "-j8"],
}


class FakePsutil:
    """Processes by their numbers; an exception instead of one is raised when it is opened."""

    def __init__(self, processes: dict[int, dict[str, object] | Exception]) -> None:
        self.processes = processes

    def pids(self) -> list[int]:
        return list(self.processes)

    def Process(self, pid: int) -> FakeProcess:
        if pid not in self.processes:
            raise psutil.NoSuchProcess(pid)
        found = self.processes[pid]
        if isinstance(found, Exception):
            raise found
        return FakeProcess(pid, {**USUAL, **found})
