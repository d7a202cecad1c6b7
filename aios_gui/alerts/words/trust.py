"""What rules may do, and what of it waits to be confirmed, in words."""

from __future__ import annotations

from collections.abc import Sequence

from aios_gui.alerts.model.action import ActionKind, parse_action
from aios_gui.alerts.model.rules import CUSTOM
from aios_gui.alerts.model.trust import Power
from aios_gui.alerts.words.rules import rule_title
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain

_NAME_CHARACTERS, _TEXT_CHARACTERS = 60, 700
CONFIRM_COMMAND = "aios-heartbeat settings confirm"


def power_sentence(power: Power) -> str:
    """Which rule would do what, with the whole text of it."""
    rule = rule_title(power.rule)
    if power.text.startswith(CUSTOM):
        name = plain(power.text.removeprefix(CUSTOM), _NAME_CHARACTERS)
        return _("The rule “{rule}” loads the plug-in that measures “{text}”").format(rule=rule, text=name)
    action = parse_action(power.text)
    way = {
        ActionKind.RUN: _("The rule “{rule}” runs: {text}"),
        ActionKind.RENICE: _("The rule “{rule}” lowers the priority of: {text}"),
        ActionKind.CONFINE: _("The rule “{rule}” keeps off one core: {text}"),
    }[action.kind]
    return way.format(rule=rule, text=plain(action.argument, _TEXT_CHARACTERS))


def waiting_sentence(waiting: Sequence[object]) -> str:
    """How many things wait, in the settings that are in force."""
    return ngettext(
        "{count} thing that a rule would do waits for your confirmation and is not done until then",
        "{count} things that rules would do wait for your confirmation and are not done until then",
        len(waiting),
    ).format(count=len(waiting))


def how_to_confirm() -> str:
    """How to confirm from the command line."""
    return _("Read and confirm them: {command}").format(command=CONFIRM_COMMAND)
