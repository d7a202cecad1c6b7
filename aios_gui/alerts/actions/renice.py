"""Lowers the priority of listed culprits, only where it can be given back."""

from __future__ import annotations

from aios_gui.alerts.actions.listed import listed
from aios_gui.alerts.actions.request import Deed, Means, Outcome
from aios_gui.alerts.actions.steering import Target
from aios_gui.alerts.actions.taking_back import Change, change_each, take_back_each
from aios_gui.alerts.model.action import ActionState, Why

LIMIT_S = 5.0


def do(deed: Deed, means: Means) -> Outcome:
    """Lower it; refused where this user could not raise it again, as on Linux without a right of its own."""
    found = listed(deed, means)
    if not found.targets:
        return Outcome(ActionState.REFUSED, found.why)
    steering = means.steering
    irrevocable = False

    def lower(target: Target) -> Change | None:
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
        return Change(target.pid, target.started, [old], [new])

    changed, refused = change_each(found.targets, lower)
    if irrevocable and not changed.changes:
        return Outcome(ActionState.REFUSED, Why.NOT_TO_BE_UNDONE)
    return changed.outcome(refused)


def undo(text: str, means: Means) -> Outcome:
    """Give every thread that still has the lowered priority its old one."""
    steering = means.steering

    def restore(change: Change) -> None:
        for thread in steering.threads(change.pid):
            if steering.priority(thread) == change.new[0]:
                steering.set_priority(thread, change.old[0])

    return take_back_each(text, means, restore)
