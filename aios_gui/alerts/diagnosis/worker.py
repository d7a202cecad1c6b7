"""The worker that questions are put on: answers them one after the other, and never keeps the recorder waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aios_gui.alerts.diagnosis.port import Answer, HiccupQuestion, Question
from aios_gui.alerts.diagnosis.processes import ArgumentsOf, Processes
from aios_gui.alerts.diagnosis.system_evidence import SystemEvidence
from aios_gui.alerts.diagnosis.tables import OnTable, Tables, choose_arguments, choose_processes
from aios_gui.alerts.model.action import ActionKind, parse_action
from aios_gui.alerts.model.incident import (
    Finding,
    FindingKind,
    HiccupFinding,
    Incident,
    TopProcess,
)
from aios_gui.alerts.model.rules import Level, Rule
from aios_gui.system.bounded_queue import BoundedQueueThread
from aios_gui.system.call_with_timeout import CallWithTimeout, NoAnswer
from aios_gui.system.supervised_thread import Supervisor

if TYPE_CHECKING:
    from aios_gui.alerts.diagnosis.look import Look

log = logging.getLogger(__name__)
_S = 1_000_000_000
WAITING, ANSWERED = 16, 256
LIMIT_S = 1.9
"""A question is answered within this; the shares of it for the two readings of the process table follow."""
FIRST_BY_NS, SECOND_BY_NS = 700_000_000, 1_600_000_000
TABLE_EVERY_NS, FIRST_TABLE_NS, TABLE_LIMIT_S = 10 * _S, _S, 2.0
TABLE_SHARE = 5e-4
"""At most this share of one core goes into the tables that are taken whether or not anything happens."""
BUSY_PERCENT, REFRESH_EVERY_NS = 15.0, 1_900_000_000
"""While the machine is busier than this, what is busy is looked at every other second, for the same share of a core."""
AGAIN_SHARE = 0.125
"""An incident that goes on is looked into again after this share of its age."""
HICCUP_SHARE = 2e-3
"""Where stall follows stall, they wait for one look, so that it takes at most this share of a core."""
STOP_S = 0.5
KEPT_S = 60.0
"""For how long a thread that does not end between two tables is kept."""


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
class _Hiccups:
    """Look into the stalls that wait for it."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Take a table, and look whether another one leads now in what goes on.

    Of what was done while something was stalled there is nothing to ``learn``.
    """

    learn: bool = True


@dataclass(frozen=True, slots=True)
class _Last:
    """The last question on an incident, which is over."""

    question: Question


_Task = Question | _Hiccups | _Last | _Table
_Leader = tuple[FindingKind, str, bool]


class DiagnosisWorker:
    """The port Diagnosis. Its threads are kept for ``kept_s`` after there was something to find out.

    Questions that came together are answered by one look. ``on_answer`` is called on a thread of the worker when there
    is something to fetch. ``make_actions`` is called with the first question, or with what is to be taken back.
    ``keep_lines`` is whether whole command lines are kept, without what looks like a secret. ``on_table`` is called as
    by ``Tables``.
    """

    def __init__(
        self,
        processes: Processes | None = None,
        system: SystemEvidence | None = None,
        arguments: ArgumentsOf | None = None,
        now_ns: Callable[[], int] = time.monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
        limit_s: float = LIMIT_S,
        make_actions: Callable[[], ActionRunner] | None = None,
        own_pid: int | None = None,
        supervisor: Supervisor | None = None,
        keep_lines: Callable[[], bool] = lambda: False,
        on_table: OnTable | None = None,
        kept_s: float = 0.0,
    ) -> None:
        self._make_actions = make_actions
        self._actions: ActionRunner | None = None
        self._making = threading.Lock()
        self.on_answer: Callable[[], object] = lambda: None
        self._tables = Tables(
            processes or choose_processes(), system or SystemEvidence(), None, own_pid, now_ns, on_table
        )
        self._arguments = arguments or choose_arguments()
        self._keep_lines = keep_lines
        self._now_ns, self._wall_ns = now_ns, wall_ns
        self._limit_s = limit_s
        self._calls = CallWithTimeout("diagnosis-look", kept_s)
        self._queue: BoundedQueueThread[_Task] = BoundedQueueThread(
            "diagnosis", self._work, WAITING, supervisor, kept_s
        )
        self._began_ns = now_ns()
        self._table_due_ns = self._began_ns + FIRST_TABLE_NS
        self._refresh_due_ns = self._hiccups_due_ns = 0
        self._is_stalled = self._is_busy = False
        self._hiccups: deque[HiccupQuestion] = deque(maxlen=ANSWERED)
        self._open: dict[int, Question] = {}
        self._leaders: dict[int, _Leader] = {}
        self._looked_ns: dict[int, int] = {}
        self._answers: deque[Answer | HiccupFinding] = deque(maxlen=ANSWERED)
        self._stopping = threading.Event()
        self._found: dict[int, Finding] = {}
        """Of the last hiccups, by the wall time of each."""

    # The port, called by the recorder's thread

    def ask(self, question: Question) -> None:
        """Take a question; returns at once. Where too many wait, the oldest is given up."""
        if wants_finding(question.rule) and question.hiccup is None:
            self._open[question.incident.id] = question
        self._queue.put(question)

    def look_into(self, question: HiccupQuestion) -> None:
        """Find out who made a hiccup; returns at once."""
        self._hiccups.append(question)
        self._look_into_hiccups()

    def _look_into_hiccups(self) -> bool:
        if looks := bool(self._hiccups) and self._now_ns() >= self._hiccups_due_ns:
            self._queue.put(_Hiccups())
        return looks

    def conclude(self, question: Question) -> None:
        """Look into an incident once more, which is over; returns at once."""
        if self._open.pop(question.incident.id, None) is not None:
            self._queue.put(_Last(question))

    def answers(self) -> list[Answer | HiccupFinding]:
        """What was answered since last asked, oldest first; returns at once."""
        return [self._answers.popleft() for _ in range(len(self._answers))]

    def tick(self, cpu_percent: float | None, stalled: bool = False) -> None:
        """Let tables be taken where they are due; called after each beat with the CPU of the machine, returns soon.

        Where a resource begins to be ``stalled``, one is due at once: who stalls it may be gone in a moment.
        """
        now_ns = self._now_ns()
        looks = self._look_into_hiccups()
        self._is_busy = cpu_percent is not None and cpu_percent >= BUSY_PERCENT
        begins, self._is_stalled = stalled and not self._is_stalled, stalled
        if begins and not self._hiccups and now_ns >= self._hiccups_due_ns:
            self._hiccups_due_ns = now_ns + round(self._tables.latest_ns / HICCUP_SHARE)
            self._queue.put(_Table(learn=False))
        elif looks:
            pass  # which takes a table
        elif now_ns >= self._table_due_ns:
            self._table_due_ns = now_ns + TABLE_EVERY_NS
            self._queue.put(_Table(learn=not stalled))
        elif self._hiccups or not self._queue.is_idle:
            pass  # all is read then, and nothing must come before that
        elif self._is_busy and now_ns >= self._refresh_due_ns:
            spent_ns, cost_ns = self._tables.spent_ns, 0
            try:
                if not self._tables.refresh(not stalled) and not self._tables.can_refresh:
                    self._queue.put(_Table(learn=not stalled))
                    cost_ns = self._tables.latest_ns
            except OSError as error:
                log.info("the process table could not be refreshed: %s", error)
            cost_ns += self._tables.spent_ns - spent_ns
            self._refresh_due_ns = now_ns + max(REFRESH_EVERY_NS, round(cost_ns / TABLE_SHARE))

    def is_due(self, cpu_percent: float | None) -> bool:
        """Whether ``tick`` with this CPU would look at something; returns at once."""
        now_ns = self._now_ns()
        if self._hiccups:
            return now_ns >= self._hiccups_due_ns
        is_busy = cpu_percent is not None and cpu_percent >= BUSY_PERCENT
        return now_ns >= self._table_due_ns or (is_busy and now_ns >= self._refresh_due_ns)

    def top(self, of_memory: bool) -> TopProcess | None:
        """Who used most of the CPU of late, or holds most memory, by the latest tables; returns at once."""
        return self._tables.top(of_memory)

    @property
    def cost_share(self) -> float:
        """The share of one core, 0 to 1, that tables have taken since the start."""
        return self._tables.spent_ns / max(1, self._now_ns() - self._began_ns)

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Undo one action that was done for an incident, or all, since it is over; returns at once."""
        if action is None:
            self._open.pop(incident.id, None)
        if any(result.undo for result in incident.actions) and (actions := self._get_actions()) is not None:
            actions.take_back(incident, action)

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Leave everything that is not done; what hangs is left to itself. Again is harmless."""
        self._stopping.set()
        self._queue.stop(timeout_s)
        self._calls.stop(0.0)
        if self._actions is not None:
            self._actions.stop(timeout_s)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be looked into."""
        return self._queue.is_idle

    def put_answer(self, answer: Answer | HiccupFinding) -> None:
        """Put an answer down to be fetched; from any thread. What was found of a stall is fetched in its time."""
        self._answers.append(answer)
        if isinstance(answer, Answer):
            self.on_answer()

    def _get_actions(self) -> ActionRunner | None:
        with self._making:
            if self._actions is None and self._make_actions is not None:
                self._actions = self._make_actions()
            return self._actions

    # On the thread of the worker

    def _work(self, batch: list[_Task]) -> None:
        open_now = self._due() if any(isinstance(each, _Table) for each in batch) else ()
        wanted = [each for each in batch if isinstance(each, Question) and _wants_look(each)]
        lasts = [each.question for each in batch if isinstance(each, _Last)]
        hiccups = [self._hiccups.popleft() for _each in range(len(self._hiccups))]
        if not (wanted or lasts or hiccups or open_now):
            if tables := [each for each in batch if isinstance(each, _Table)]:
                self._take_table(all(each.learn for each in tables))
                if self._is_busy:
                    self.on_answer()  # who makes it so can be told at once
            findings: dict[int, Finding] = {}
        else:
            findings = self._look(wanted, lasts, hiccups, open_now)
        for question in batch:
            if not isinstance(question, Question):
                continue
            finding = findings.get(question.incident.id)
            if finding is not None:
                if question.incident.id in self._open:  # else it is not looked into again
                    self._leaders[question.incident.id] = _leader(finding)
                self.put_answer(Answer(question.incident.id, finding))
            if question.again and not question.rule.is_of_stalls:
                continue
            if not self._stopping.is_set() and (actions := self._get_actions()) is not None:
                actions.do(question, finding or self._found_of(question))

    def _found_of(self, question: Question) -> Finding | None:
        """What was found of the stall that a question is about, which is looked into by itself."""
        return self._found.get(question.hiccup.wall_ns) if question.hiccup is not None else None

    def _look(
        self,
        wanted: list[Question],
        lasts: list[Question],
        hiccups: list[HiccupQuestion],
        open_now: tuple[Question, ...],
    ) -> dict[int, Finding]:
        """One look for all of these. What is found of ``wanted`` comes back, the rest is answered."""
        from aios_gui.alerts.diagnosis.look import Look

        began_ns = self._now_ns()
        look = Look(
            self._tables,
            self._arguments,
            self._stopping,
            began_ns + FIRST_BY_NS,
            began_ns + SECOND_BY_NS,
            self._wall_ns() - began_ns,
            self._now_ns,
            self._keep_lines(),
        )

        def found(in_time: bool = True) -> dict[int, Finding]:
            known: dict[int, Finding] = {}
            for each in hiccups:
                known[each.hiccup.wall_ns] = finding = look.of_hiccup(each, in_time)
                self.put_answer(HiccupFinding(each.hiccup.wall_ns, each.hiccup.seq, finding))
            self._found = known or self._found
            for question in (*lasts, *open_now):
                self._look_again(look, question, in_time, question in lasts)
            return {each.incident.id: look.finding(each, in_time) for each in wanted}

        def looked() -> dict[int, Finding]:
            look.take(learn=not hiccups)
            return found()

        try:
            return self._calls.call(looked, self._limit_s)
        except NoAnswer as error:
            log.warning("the diagnosis is given up: %s", error)
            return found(in_time=False)
        except Exception:
            log.exception("the diagnosis met an unexpected error")
            took_ns = self._now_ns() - began_ns
            failed = Finding(FindingKind.UNKNOWN, took_ns=took_ns, partial=True)
            return {each.incident.id: failed for each in wanted}
        finally:
            self._next_table()
            if hiccups:
                self._hiccups_due_ns = self._now_ns() + round(self._tables.latest_ns / HICCUP_SHARE)

    def _due(self) -> tuple[Question, ...]:
        """The open incidents to be looked into again: every ten seconds, and more rarely the longer they last."""
        now_ns, wall_ns = self._now_ns(), self._wall_ns()
        found = []
        for number, question in tuple(self._open.items()):
            age_ns = wall_ns - question.incident.started_ns
            if (
                now_ns - self._looked_ns.get(number, 0)
                >= max(TABLE_EVERY_NS, round(age_ns * AGAIN_SHARE)) - _S
            ):
                self._looked_ns[number] = now_ns
                found.append(question)
        for number in self._looked_ns.keys() - self._open.keys():
            del self._looked_ns[number]
        return tuple(found)

    def _look_again(self, look: Look, question: Question, in_time: bool, is_over: bool) -> None:
        """Answer where the incident is over, or where another one leads now."""
        number = question.incident.id
        known = self._leaders.pop(number, None) if is_over else self._leaders.get(number)
        if not look.knows(question):
            return
        if not is_over:
            # Without the command lines, which take longest.
            leader = _leader(look.finding(question, in_time=False))
            if known in (None, leader):
                return
            self._leaders[number] = leader
        self.put_answer(Answer(number, look.finding(question, in_time)))

    def _take_table(self, learn: bool) -> None:
        deadline_ns = self._now_ns() + round(TABLE_LIMIT_S * _S)
        try:
            self._calls.call(
                lambda: self._tables.take(deadline_ns, thorough=False, learn=learn), TABLE_LIMIT_S
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, a diagnosis can do without
            log.info("the process table could not be read: %s", error)
        self._next_table()

    def _next_table(self) -> None:
        cost_ns = self._tables.latest_ns
        self._table_due_ns = self._now_ns() + max(TABLE_EVERY_NS, round(cost_ns / TABLE_SHARE))


def _leader(finding: Finding) -> _Leader:
    first = finding.culprits[0] if finding.culprits else None
    return finding.kind, first.name if first is not None else "", first is not None and first.gone


def _wants_look(question: Question) -> bool:
    """Whether a question is to be looked into; a stall that comes once more is, by itself."""
    return wants_finding(question.rule) and not (question.again and question.rule.is_of_stalls)


def wants_finding(rule: Rule) -> bool:
    """Whether it is to be found out who was at fault: always where it is critical, else where the rule needs it."""
    kinds = {parse_action(text).kind for text in rule.actions}
    needed = {ActionKind.CAPTURE, ActionKind.RENICE, ActionKind.CONFINE}
    return rule.level is Level.CRITICAL or bool(rule.allow) or bool(kinds & needed)
