"""Does and undoes what rules want, on a thread of its own, each within its time; a hung action is left to itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from aios_gui.alerts.actions import ACTION_HANDLERS
from aios_gui.alerts.actions.request import ActionHandler, ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.diagnosis.port import Answer, Question
from aios_gui.alerts.model.action import ActionKind, ActionResult, ActionState, Why, parse_action
from aios_gui.alerts.model.incident import Finding, Incident, Silence
from aios_gui.alerts.watch.rule_watch import is_allowed
from aios_gui.system.bounded_queue import BoundedQueueThread
from aios_gui.system.call_with_timeout import CallWithTimeout, NoAnswer
from aios_gui.system.supervised_thread import Supervisor

log = logging.getLogger(__name__)
WAITING = 64


@dataclass(frozen=True, slots=True)
class _Do:
    question: Question
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class _TakeBack:
    incident: int
    result: ActionResult


class ActionWorker:
    """``on_answer`` is called with what came of each action, on the thread of the worker."""

    def __init__(
        self,
        ports: ActionPorts,
        on_answer: Callable[[Answer], None],
        handlers: Mapping[ActionKind, ActionHandler] = ACTION_HANDLERS,
        supervisor: Supervisor | None = None,
    ) -> None:
        self.ports = ports
        self._on_answer = on_answer
        self._handlers = handlers
        self._queue: BoundedQueueThread[_Do | _TakeBack] = BoundedQueueThread(
            "actions", self._work, WAITING, supervisor
        )
        # Each kind hangs for itself: a notification that hangs does not keep a priority from being given back.
        self._calls = {kind: CallWithTimeout(f"action-{kind}") for kind in handlers}
        self._done: dict[tuple[int, str], ActionResult] = {}

    def do(self, question: Question, finding: Finding | None) -> None:
        """Do the actions of the question's rule; returns at once."""
        if question.rule.actions:
            self._queue.put(_Do(question, finding))

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Undo one action that was done for an incident, or all; returns at once."""
        for result in incident.actions:
            if result.state is ActionState.DONE and result.undo and action in (None, result.action):
                self._queue.put(_TakeBack(incident.id, result))

    def stop(self, timeout_s: float) -> None:
        """End what runs and undo what was done, as far as the time goes; again is harmless."""
        self.ports.commands.stop()
        for (incident, _action), result in tuple(self._done.items()):
            self._queue.put(_TakeBack(incident, result))
        self._queue.finish(timeout_s)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be done."""
        return self._queue.is_idle

    def _work(self, batch: list[_Do | _TakeBack]) -> None:
        for each in batch:
            if isinstance(each, _TakeBack):
                self._undo(each)
            else:
                self._do_all(each)

    def _do_all(self, task: _Do) -> None:
        question = task.question
        silent = is_silent(question, task.finding)
        for text in question.rule.actions:
            action = parse_action(text)
            if question.again and action.kind is not ActionKind.NOTIFY:
                continue
            handler = self._handlers[action.kind]
            if silent and handler.alerts:
                continue
            if action.kind is ActionKind.RUN:
                self._report(question.incident.id, text, ActionOutcome(ActionState.RUNNING))
            request = ActionRequest(action, question, task.finding)
            outcome = self._within(action.kind, handler, partial(handler.do, request, self.ports))
            result = self._report(question.incident.id, text, outcome)
            if outcome.state is ActionState.DONE and outcome.undo:
                self._done[question.incident.id, text] = result

    def _undo(self, task: _TakeBack) -> None:
        text = task.result.action
        action = parse_action(text)
        handler = self._handlers[action.kind]
        if handler.undo is None:
            return
        outcome = self._within(
            action.kind, handler, partial(handler.undo, action, task.result.undo, self.ports)
        )
        if outcome.state is ActionState.UNDONE:
            self._done.pop((task.incident, text), None)
        self._report(task.incident, text, outcome)

    def _within(
        self, kind: ActionKind, handler: ActionHandler, work: Callable[[], ActionOutcome]
    ) -> ActionOutcome:
        try:
            return self._calls[kind].call(work, handler.limit_s)
        except NoAnswer:
            log.warning("the action %s does not answer; it is left to itself", kind)
            return ActionOutcome(ActionState.TIMED_OUT, Why.NO_ANSWER)
        except Exception as error:
            log.exception("the action %s met an unexpected error", kind)
            return ActionOutcome(ActionState.FAILED, f"{type(error).__name__}: {error}"[:200])

    def _report(self, incident: int, text: str, outcome: ActionOutcome) -> ActionResult:
        result = ActionResult(text, outcome.state, outcome.detail, self.ports.wall_ns(), outcome.undo)
        self._on_answer(Answer(incident, None, (result,)))
        return result


def is_silent(question: Question, finding: Finding | None) -> bool:
    """Whether the incident is to be silent: in quiet hours, while muted, or for a culprit that the rule allows."""
    if question.incident.silence in (Silence.QUIET_HOURS, Silence.MUTED):
        return True
    culprits = finding.culprits if finding is not None else ()
    return bool(culprits) and is_allowed(culprits[0].name, question.rule.allow)
