"""What the doctor checks of the rules: which may run something, touch other programs or load code, and what waits."""

from __future__ import annotations

from aios_gui.alerts.confirmations import Confirmations
from aios_gui.alerts.model.trust import powers, waiting
from aios_gui.alerts.settings import rules_of
from aios_gui.alerts.words.trust import how_to_confirm, power_sentence, waiting_sentence
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState


def actions(paths: Paths, settings: Settings) -> Check:
    """Everything that rules may do beyond recording and telling, and whether a person has confirmed it."""
    rules = rules_of(settings)
    held = waiting(rules, Confirmations(paths.confirmations).read())
    may = [power_sentence(each) for each in powers(rules) if each not in held]
    if not may and not held:
        return Check(
            "actions", CheckState.OK, _("no rule runs a command, touches other programs or loads code")
        )
    if not held:
        return Check("actions", CheckState.OK, "\n".join(may))
    lines = [waiting_sentence(held), *map(power_sentence, held)]
    if may:
        lines += [_("Confirmed:"), *may]
    return Check("actions", CheckState.WARNING, "\n".join(lines), how_to_confirm())
