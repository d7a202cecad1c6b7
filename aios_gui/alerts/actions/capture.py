"""Keeps who was at fault, also for a warning: the diagnosis has done it by then."""

from __future__ import annotations

from aios_gui.alerts.actions.request import Deed, Means, Outcome
from aios_gui.alerts.model.action import ActionState, Why
from aios_gui.text.plain import plain

LIMIT_S = 1.0


def do(deed: Deed, _means: Means) -> Outcome:
    """Whether anything was found, and whom."""
    if deed.finding is None:
        return Outcome(ActionState.FAILED, Why.NO_ANSWER)
    names = ", ".join(plain(each.name, 60) for each in deed.finding.culprits)
    if deed.finding.partial and not names:
        return Outcome(ActionState.TIMED_OUT, Why.NOT_READ)
    return Outcome(ActionState.DONE, names)
