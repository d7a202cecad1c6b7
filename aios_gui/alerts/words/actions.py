"""Actions in words: what each does, and what came of it."""

from __future__ import annotations

from aios_gui.alerts.model.action import ActionKind, ActionResult, ActionState, Why
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

_ARGUMENT, _DETAIL = 80, 500


def action_name(action: str) -> str:
    """What an action of the settings does, in a few words."""
    kind, _colon, argument = action.partition(":")
    shown = plain(argument, _ARGUMENT)
    names = {
        ActionKind.NOTIFY: _("Notify"),
        ActionKind.CAPTURE: _("Find out who did it"),
        ActionKind.EVENT: _("Write an event"),
        ActionKind.RUN: _("Run {command}").format(command=shown),
        ActionKind.RENICE: _("Lower the priority of {names}").format(names=shown),
        ActionKind.CONFINE: _("Keep {names} off one core").format(names=shown),
        ActionKind.PAUSE_OWN: _("Pause this program's own heavy work"),
    }
    return names[ActionKind(kind)] if kind in tuple(ActionKind) else plain(action, _ARGUMENT)


def action_detail(result: ActionResult) -> str:
    """What came of it, beside its state; "" where there is nothing to say."""
    if result.detail in tuple(Why):
        return _why(Why(result.detail))
    return plain(result.detail, _DETAIL)


def can_take_back(result: ActionResult) -> bool:
    """Whether it was done and can be undone."""
    return result.state is ActionState.DONE and bool(result.undo)


def _why(why: Why) -> str:
    return {
        Why.NO_NOTIFIER: _("There is nothing here to show a notification by; on Linux install notify-send"),
        Why.SWITCHED_OFF: _("Notifications are switched off in the settings"),
        Why.NOT_READ: _("The system did not tell in time which processes ran"),
        Why.NO_LISTED_CULPRIT: _("None of the programs that the action names had a part in it"),
        Why.PROTECTED: _("The machine lives by these programs; they are left alone"),
        Why.NOT_TO_BE_UNDONE: _(
            "This user could not raise the priority again, so it was not lowered; “confine” can be taken back"
        ),
        Why.NOT_ON_THIS_SYSTEM: _("This system does not let a program be kept off a core"),
        Why.NOTHING_TO_PAUSE: _("No heavy work of this program was running"),
        Why.ONE_CORE: _("They run on one core already"),
        Why.TOO_MANY: _("Too many processes have that name; none was touched"),
        Why.NO_ANSWER: _("It did not answer in time"),
        Why.CHANGED_SINCE: _("What was done is not on record, so it cannot be undone"),
    }[why]
