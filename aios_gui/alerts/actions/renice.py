"""Lowers the priority of listed culprits, only where it can be given back."""

from __future__ import annotations

from aios_gui.alerts.actions.request import ActionOutcome, ActionPorts, ActionRequest
from aios_gui.alerts.actions.steering import TargetProcess
from aios_gui.alerts.actions.targets import ProcessChange, change_each, listed, take_back_each
from aios_gui.alerts.model.action import Action, ActionState, Why

LIMIT_S = 5.0


def do(request: ActionRequest, ports: ActionPorts) -> ActionOutcome:
    """Lower it; refused where this user could not raise it again, as on Linux without a right of its own."""
    found = listed(request, ports)
    if not found.targets:
        return ActionOutcome(ActionState.REFUSED, found.why)
    steering = ports.steering
    irrevocable = False

    def lower(target: TargetProcess) -> ProcessChange | None:
        nonlocal irrevocable
        old = steering.priority(target.pid)
        new = steering.lowered(old)
        if new == old:
            return None
        if not steering.can_restore(old):
            irrevocable = True
            return None
        for thread in steering.threads(target.pid):
            if steering.priority(thread) == old:
                steering.set_priority(thread, new)
        return ProcessChange(target.pid, target.started, [old], [new])

    changed, refused = change_each(found.targets, lower)
    if irrevocable and not changed.changes:
        return ActionOutcome(ActionState.REFUSED, Why.NOT_TO_BE_UNDONE)
    return changed.outcome(refused)


def undo(action: Action, text: str, ports: ActionPorts) -> ActionOutcome:
    """Give every thread that still has the lowered priority its old one."""
    steering = ports.steering

    def restore(change: ProcessChange) -> None:
        for thread in steering.threads(change.pid):
            if steering.priority(thread) == change.new[0]:
                steering.set_priority(thread, change.old[0])

    def is_its(change: ProcessChange) -> bool:
        return len(change.old) == 1 and change.new == [steering.lowered(change.old[0])]

    return take_back_each(action, text, ports, restore, is_its)
