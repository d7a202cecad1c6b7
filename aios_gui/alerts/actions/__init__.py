"""What a rule does when it fires: one module an action, one line each here."""

from __future__ import annotations

from aios_gui.alerts.actions import capture, confine, notify, pause_own, renice, run, write_event
from aios_gui.alerts.actions.request import Doer
from aios_gui.alerts.model.action import ActionKind

DOERS: dict[ActionKind, Doer] = {
    ActionKind.NOTIFY: Doer(notify.do, notify.LIMIT_S),
    ActionKind.CAPTURE: Doer(capture.do, capture.LIMIT_S, alerts=False),
    ActionKind.EVENT: Doer(write_event.do, write_event.LIMIT_S),
    ActionKind.RUN: Doer(run.do, run.LIMIT_S),
    ActionKind.RENICE: Doer(renice.do, renice.LIMIT_S, renice.undo),
    ActionKind.CONFINE: Doer(confine.do, confine.LIMIT_S, confine.undo),
    ActionKind.PAUSE_OWN: Doer(pause_own.do, pause_own.LIMIT_S, pause_own.undo),
}
