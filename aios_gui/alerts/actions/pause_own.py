"""Holds this program's own heavy work while the machine is short of something."""

from __future__ import annotations

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.model.action import Action, ActionState, Why

LIMIT_S = 5.0


def do(_request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Hold it; refused where there is none."""
    pids = ports.jobs.pause()
    if not pids:
        return ActionOutcome(ActionState.REFUSED, Why.NOTHING_TO_PAUSE)
    numbers = ",".join(map(str, pids))
    return ActionOutcome(ActionState.DONE, numbers, numbers)


def undo(_action: Action, text: str, ports: ActionPorts) -> ActionOutcome:
    """Let it go on."""
    ports.jobs.resume([int(number) for number in text.split(",") if number.isdigit()])
    return ActionOutcome(ActionState.UNDONE, text)
