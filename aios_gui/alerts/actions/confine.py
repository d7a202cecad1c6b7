"""Keeps listed culprits off one core, so that the rest of the machine has it; any user may do that and undo it."""

from __future__ import annotations

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.actions.steering import TargetProcess
from aios_gui.alerts.actions.targets import ProcessChange, change_each, listed, take_back_each
from aios_gui.alerts.model.action import Action, ActionState, Why

LIMIT_S = 5.0


def do(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Take the last core from them; refused where they have but one, or the system has no such thing."""
    found = listed(request, ports)
    if not found.targets:
        return ActionOutcome(ActionState.REFUSED, found.why)
    steering = ports.steering
    why = Why.ONE_CORE

    def confine(target: TargetProcess) -> ProcessChange | None:
        nonlocal why
        old = steering.cores(target.pid)
        if old is None:
            why = Why.NOT_ON_THIS_SYSTEM
        if old is None or len(old) < 2:
            return None
        new = old[:-1]
        for thread in steering.threads(target.pid):
            if steering.cores(thread) == old:
                steering.set_cores(thread, new)
        return ProcessChange(target.pid, target.started, old, new)

    changed, refused = change_each(found.targets, confine)
    if not changed.changes and not refused:
        return ActionOutcome(ActionState.REFUSED, why)
    return changed.outcome(refused)


def undo(action: Action, text: str, ports: ActionPorts) -> ActionOutcome:
    """Give every thread that is still confined all its cores again."""
    steering = ports.steering

    def restore(change: ProcessChange) -> None:
        for thread in steering.threads(change.pid):
            if steering.cores(thread) == change.new:
                steering.set_cores(thread, change.old)

    return take_back_each(action, text, ports, restore, lambda change: change.new == change.old[:-1])
