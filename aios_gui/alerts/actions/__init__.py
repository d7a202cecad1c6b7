"""What a rule does when it fires: one module an action, one line each here."""

from __future__ import annotations

from aios_gui.alerts.actions import capture, confine, notify, pause_own, renice, run, write_event
from aios_gui.alerts.actions.request import ActionHandler
from aios_gui.alerts.model.action import ActionKind

ACTION_HANDLERS: dict[ActionKind, ActionHandler] = {
    ActionKind.NOTIFY: ActionHandler(notify.do, notify.LIMIT_S),
    ActionKind.CAPTURE: ActionHandler(capture.do, capture.LIMIT_S, alerts=False),
    ActionKind.EVENT: ActionHandler(write_event.do, write_event.LIMIT_S),
    ActionKind.RUN: ActionHandler(run.do, run.LIMIT_S),
    ActionKind.RENICE: ActionHandler(renice.do, renice.LIMIT_S, renice.undo),
    ActionKind.CONFINE: ActionHandler(confine.do, confine.LIMIT_S, confine.undo),
    ActionKind.PAUSE_OWN: ActionHandler(pause_own.do, pause_own.LIMIT_S, pause_own.undo),
}
