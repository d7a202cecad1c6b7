"""Keeps who was at fault, also for a warning: the diagnosis has done it by then."""

from __future__ import annotations

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.model.action import ActionState, Why
from aios_gui.text.plain import plain

LIMIT_S = 1.0


def do(request: ActionRequest, _ports: ActionPorts) -> ActionOutcome:
    """Whether anything was found, and whom."""
    if request.finding is None:
        return ActionOutcome(ActionState.FAILED, Why.NO_ANSWER)
    # Programs of one name are one here: the list of culprits tells them apart.
    names = ", ".join(dict.fromkeys(plain(each.name, 60) for each in request.finding.culprits))
    if request.finding.partial and not names:
        return ActionOutcome(ActionState.TIMED_OUT, Why.NOT_READ)
    return ActionOutcome(ActionState.DONE, names)
