"""Does and undoes what rules want, on a thread of its own, each within its time; a hung action is left to itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aios_gui.alerts.actions import DOERS
from aios_gui.alerts.actions.request import Deed, Doer, Means, Outcome
from aios_gui.alerts.diagnosis.port import Answer, Question
from aios_gui.alerts.model.action import ActionKind, ActionResult, ActionState, Why, parse_action
from aios_gui.alerts.model.incident import Finding, Incident, Silence
from aios_gui.alerts.watch.rule_watch import is_allowed
from aios_gui.system.bounded_queue import Lane
from aios_gui.system.call_with_timeout import Limited, NoAnswer
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


class ActionDesk:
    """``tell`` is called with what came of each action, on the thread of the desk."""

    def __init__(
        self,
        means: Means,
        tell: Callable[[Answer], None],
        doers: Mapping[ActionKind, Doer] = DOERS,
        supervisor: Supervisor | None = None,
    ) -> None:
        self.means = means
        self._tell = tell
        self._doers = doers
        self._lane: Lane[_Do | _TakeBack] = Lane("actions", self._work, WAITING, supervisor)
        # Each kind hangs for itself: a notification that hangs does not keep a priority from being given back.
        self._limited = {kind: Limited(f"action-{kind}") for kind in doers}
        self._done: dict[tuple[int, str], ActionResult] = {}

    def do(self, question: Question, finding: Finding | None) -> None:
        """Do the actions of the question's rule; returns at once."""
        if question.rule.actions:
            self._lane.put(_Do(question, finding))

    def take_back(self, incident: Incident, action: str | None = None) -> None:
        """Undo one action that was done for an incident, or all; returns at once."""
        for result in incident.actions:
            if result.state is ActionState.DONE and result.undo and action in (None, result.action):
                self._lane.put(_TakeBack(incident.id, result))

    def stop(self, timeout_s: float) -> None:
        """End what runs and undo what was done, as far as the time goes; again is harmless."""
        self.means.commands.stop()
        for (incident, _action), result in tuple(self._done.items()):
            self._lane.put(_TakeBack(incident, result))
        self._lane.finish(timeout_s)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be done."""
        return self._lane.is_idle

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
            doer = self._doers[action.kind]
            if silent and doer.alerts:
                continue
            if action.kind is ActionKind.RUN:
                self._report(question.incident.id, text, Outcome(ActionState.RUNNING))
            deed = Deed(action, question, task.finding)
            outcome = self._within(action.kind, doer, lambda doer=doer, deed=deed: doer.do(deed, self.means))  # type: ignore[misc]
            result = self._report(question.incident.id, text, outcome)
            if outcome.state is ActionState.DONE and outcome.undo:
                self._done[question.incident.id, text] = result

    def _undo(self, task: _TakeBack) -> None:
        text = task.result.action
        action = parse_action(text)
        doer = self._doers[action.kind]
        if doer.undo is None:
            return
        undo = doer.undo
        outcome = self._within(action.kind, doer, lambda: undo(task.result.undo, self.means))
        if outcome.state is ActionState.UNDONE:
            self._done.pop((task.incident, text), None)
        self._report(task.incident, text, outcome)

    def _within(self, kind: ActionKind, doer: Doer, work: Callable[[], Outcome]) -> Outcome:
        try:
            return self._limited[kind].call(work, doer.limit_s)
        except NoAnswer:
            log.warning("the action %s does not answer; it is left to itself", kind)
            return Outcome(ActionState.TIMED_OUT, Why.NO_ANSWER)
        except Exception as error:
            log.exception("the action %s met an error that nobody expected", kind)
            return Outcome(ActionState.FAILED, f"{type(error).__name__}: {error}"[:200])

    def _report(self, incident: int, text: str, outcome: Outcome) -> ActionResult:
        result = ActionResult(text, outcome.state, outcome.detail, self.means.wall_ns(), outcome.undo)
        self._tell(Answer(incident, None, (result,)))
        return result


def is_silent(question: Question, finding: Finding | None) -> bool:
    """Whether the incident is to alert nobody: in quiet hours, while muted, or for a culprit that the rule allows."""
    if question.incident.silence in (Silence.QUIET_HOURS, Silence.MUTED):
        return True
    culprits = finding.culprits if finding is not None else ()
    return bool(culprits) and is_allowed(culprits[0].name, question.rule.allow)
