"""Holds this program's own heavy work while the machine is short of something."""

from __future__ import annotations

from aios_gui.alerts.actions.request import Deed, Means, Outcome
from aios_gui.alerts.model.action import ActionState, Why

LIMIT_S = 5.0


def do(_deed: Deed, means: Means) -> Outcome:
    """Hold it; refused where there is none."""
    pids = means.jobs.pause()
    if not pids:
        return Outcome(ActionState.REFUSED, Why.NOTHING_TO_PAUSE)
    numbers = ",".join(map(str, pids))
    return Outcome(ActionState.DONE, numbers, numbers)


def undo(text: str, means: Means) -> Outcome:
    """Let it go on."""
    means.jobs.resume([int(number) for number in text.split(",") if number.isdigit()])
    return Outcome(ActionState.UNDONE, text)
