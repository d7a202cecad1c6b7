"""Keeps listed culprits off one core, so that the rest of the machine has it; any user may do that and undo it."""

from __future__ import annotations

from aios_gui.alerts.actions.listed import listed
from aios_gui.alerts.actions.request import Deed, Means, Outcome
from aios_gui.alerts.actions.steering import Target
from aios_gui.alerts.actions.taking_back import Change, change_each, take_back_each
from aios_gui.alerts.model.action import ActionState, Why

LIMIT_S = 5.0


def do(deed: Deed, means: Means) -> Outcome:
    """Take the last core from them; refused where they have but one, or the system has no such thing."""
    found = listed(deed, means)
    if not found.targets:
        return Outcome(ActionState.REFUSED, found.why)
    steering = means.steering
    why = Why.ONE_CORE

    def confine(target: Target) -> Change | None:
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
        return Change(target.pid, target.started, old, new)

    changed, refused = change_each(found.targets, confine)
    if not changed.changes and not refused:
        return Outcome(ActionState.REFUSED, why)
    return changed.outcome(refused)


def undo(text: str, means: Means) -> Outcome:
    """Give every thread that is still confined all its cores again."""
    steering = means.steering

    def restore(change: Change) -> None:
        for thread in steering.threads(change.pid):
            if steering.cores(thread) == change.new:
                steering.set_cores(thread, change.old)

    return take_back_each(text, means, restore)
