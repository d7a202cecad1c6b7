"""The worker that questions are put on: answers them one after the other, and never keeps the recorder waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aios_gui.alerts.diagnosis.port import Answer, Question
from aios_gui.alerts.diagnosis.psutil_processes import Processes, arguments_of, choose_processes
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.model.action import ActionKind, parse_action
from aios_gui.alerts.model.incident import Finding, FindingKind, Incident
from aios_gui.alerts.model.processes import Calm, CalmTables
from aios_gui.alerts.model.rules import Level, Rule
from aios_gui.system.bounded_queue import BoundedQueueThread
from aios_gui.system.call_with_timeout import CallWithTimeout, NoAnswer
from aios_gui.system.supervised_thread import Supervisor

if TYPE_CHECKING:
    from aios_gui.alerts.diagnosis.culprits import ArgumentsOf
    from aios_gui.alerts.diagnosis.look import Look

log = logging.getLogger(__name__)
_S = 1_000_000_000
WAITING, ANSWERED = 16, 256
LIMIT_S = 1.9
"""A question is answered within this; the shares of it for the two readings of the process table follow."""
FIRST_BY_NS, SECOND_BY_NS = 700_000_000, 1_600_000_000
CALM_EVERY_NS, FIRST_CALM_NS, CALM_LIMIT_S = 60 * _S, 20 * _S, 2.0
CALM_SHARE = 1e-4
"""At most this share of one core goes into looking at the machine while it is calm."""
STOP_S = 0.5


class ActionRunner(Protocol):
    """Does what rules want done, on a thread of its own."""

    def do(self, question: Question, finding: Finding | None) -> None:
        """Do the actions of the question's rule; returns at once, results come as answers."""
        ...

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Undo one action that was done for an incident, or all; returns at once, results come as answers."""
        ...

    def stop(self, timeout_s: float) -> None:
        """End, with everything undone that can be within the time."""
        ...


@dataclass(frozen=True, slots=True)
class _CalmLook:
    """Look at the machine while it is calm."""


class DiagnosisWorker:
    """The port Diagnosis. Threads are there only while there is something to find out.

    Questions that came together are answered by one look. ``on_answer`` is called on a thread of the worker when there
    is something to fetch. ``make_actions`` is called with the first question, or with what is to be taken back.
    ``keep_lines`` is whether whole command lines are kept, without what looks like a secret.
    """

    def __init__(
        self,
        processes: Processes | None = None,
        system: SystemEvidence | None = None,
        arguments: ArgumentsOf = arguments_of,
        now_ns: Callable[[], int] = time.monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
        limit_s: float = LIMIT_S,
        make_actions: Callable[[], ActionRunner] | None = None,
        own_pid: int | None = None,
        supervisor: Supervisor | None = None,
        keep_lines: Callable[[], bool] = lambda: False,
    ) -> None:
        self._own_pid = own_pid
        self._make_actions = make_actions
        self._actions: ActionRunner | None = None
        self._making = threading.Lock()
        self.on_answer: Callable[[], object] = lambda: None
        self._processes = processes or choose_processes()
        self._system = system or SystemEvidence()
        self._arguments = arguments
        self._keep_lines = keep_lines
        self._now_ns, self._wall_ns = now_ns, wall_ns
        self._limit_s = limit_s
        self._calls = CallWithTimeout("diagnosis-look")
        self._queue: BoundedQueueThread[Question | _CalmLook] = BoundedQueueThread(
            "diagnosis", self._work, WAITING, supervisor
        )
        self._calm = CalmTables()
        self._calm_due_ns = now_ns() + FIRST_CALM_NS
        self._open: set[int] = set()
        self._answers: deque[Answer] = deque(maxlen=ANSWERED)
        self._stopping = threading.Event()

    # The port, called by the recorder's thread

    def ask(self, question: Question) -> None:
        """Take a question; returns at once. Where too many wait, the oldest is given up."""
        self._open.add(question.incident.id)
        self._queue.put(question)

    def answers(self) -> list[Answer]:
        """What was answered since last asked, oldest first; returns at once."""
        if self._now_ns() >= self._calm_due_ns and not self._open:
            self._calm_due_ns = self._now_ns() + CALM_EVERY_NS
            self._queue.put(_CalmLook())
        return [self._answers.popleft() for _ in range(len(self._answers))]

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Undo one action that was done for an incident, or all, since it is over; returns at once."""
        if action is None:
            self._open.discard(incident.id)
        if any(result.undo for result in incident.actions) and (actions := self._get_actions()) is not None:
            actions.take_back(incident, action)

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Leave everything that is not done; what hangs is left to itself. Again is harmless."""
        self._stopping.set()
        self._queue.stop(timeout_s)
        if self._actions is not None:
            self._actions.stop(timeout_s)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be looked into."""
        return self._queue.is_idle

    def put_answer(self, answer: Answer) -> None:
        """Put an answer down to be fetched; from any thread."""
        self._answers.append(answer)
        self.on_answer()

    def _get_actions(self) -> ActionRunner | None:
        with self._making:
            if self._actions is None and self._make_actions is not None:
                self._actions = self._make_actions()
            return self._actions

    # On the thread of the worker

    def _work(self, batch: list[Question | _CalmLook]) -> None:
        questions = [each for each in batch if isinstance(each, Question)]
        if not questions:
            self._look_while_calm()
            return
        findings = self._findings([each for each in questions if wants_finding(each.rule)])
        for question in questions:
            finding = findings.get(question.incident.id)
            if finding is not None:
                self.put_answer(Answer(question.incident.id, finding))
            if not self._stopping.is_set() and (actions := self._get_actions()) is not None:
                actions.do(question, finding)

    def _findings(self, questions: list[Question]) -> dict[int, Finding]:
        if not questions:
            return {}
        from aios_gui.alerts.diagnosis.look import Look

        began_ns = self._now_ns()
        look = Look(
            self._processes,
            self._system,
            self._calm.before,
            self._arguments,
            self._stopping,
            began_ns + FIRST_BY_NS,
            began_ns + SECOND_BY_NS,
            self._now_ns,
            own_pid=self._own_pid,
            keep_lines=self._keep_lines(),
        )
        try:
            return self._calls.call(lambda: _looked(look, questions), self._limit_s)
        except NoAnswer as error:
            log.warning("the diagnosis is given up: %s", error)
            return {each.incident.id: look.finding(each, in_time=False) for each in questions}
        except Exception:
            log.exception("the diagnosis met an unexpected error")
            took_ns = self._now_ns() - began_ns
            failed = Finding(FindingKind.UNKNOWN, took_ns=took_ns, partial=True)
            return {each.incident.id: failed for each in questions}

    def _look_while_calm(self) -> None:
        wall_ns = self._wall_ns()
        deadline_ns = self._now_ns() + round(CALM_LIMIT_S * _S)

        def look() -> tuple[Calm, int]:
            before_ns = time.thread_time_ns()
            calm = Calm(wall_ns, self._processes.table(deadline_ns))
            return calm, time.thread_time_ns() - before_ns

        try:
            calm, cost_ns = self._calls.call(look, CALM_LIMIT_S)
        except Exception as error:  # noqa: BLE001 - whatever it is, a diagnosis can do without
            log.info("the process table could not be read while all was calm: %s", error)
            return
        if calm.table.complete:
            self._calm.add(calm)
        self._calm_due_ns = self._now_ns() + max(CALM_EVERY_NS, round(cost_ns / CALM_SHARE))


def _looked(look: Look, questions: list[Question]) -> dict[int, Finding]:
    look.take()
    return {each.incident.id: look.finding(each) for each in questions}


def wants_finding(rule: Rule) -> bool:
    """Whether it is to be found out who was at fault: always where it is critical, else where the rule needs it."""
    kinds = {parse_action(text).kind for text in rule.actions}
    needed = {ActionKind.CAPTURE, ActionKind.RENICE, ActionKind.CONFINE}
    return rule.level is Level.CRITICAL or bool(rule.allow) or bool(kinds & needed)
