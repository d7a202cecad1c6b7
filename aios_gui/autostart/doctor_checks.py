"""What the doctor checks of autostart: whether the program is started at log-in as it was set up."""

from __future__ import annotations

from aios_gui.system.paths import Paths
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain


def autostart(paths: Paths) -> Check:
    """Whether what is registered would start this copy, once; nothing registered is nothing wrong."""
    from aios_gui.autostart.mechanisms import mechanisms, this_program
    from aios_gui.autostart.model.autostart import State
    from aios_gui.autostart.standing import advice, statuses, wish_of
    from aios_gui.autostart.words import (
        advice_sentence,
        mechanism_title,
        remedy_sentence,
        state_sentence,
    )
    from aios_gui.settings.file import SettingsFile

    program = this_program()
    known = mechanisms(program)
    wish = wish_of(SettingsFile(paths.settings).load(set_aside=False).settings)
    found = [each for each in statuses(known, wish) if each.state not in (State.OFF, State.UNAVAILABLE)]
    if not found:
        return Check("autostart", CheckState.OK, _("not set up"))
    lines = [
        _("{title}: {sentence}").format(title=mechanism_title(each.mechanism), sentence=state_sentence(each))
        for each in found
    ]
    # What the user switched off is as the user wants it.
    wrong = [each for each in found if each.state not in (State.ON, State.DISABLED)]
    of_places = [each for each in advice(known, program, wish) if not each.is_mendable]
    if not wrong and not of_places:
        commands = [plain(each.command, 300) for each in found if each.command]
        return Check("autostart", CheckState.OK, "\n".join([*lines, *commands]))
    remedies = dict.fromkeys(filter(None, map(remedy_sentence, wrong)))
    lines += [advice_sentence(each) for each in of_places]
    remedy = " ".join(remedies) or _("Move the program to a folder of its own, then set autostart up again.")
    return Check("autostart", CheckState.WARNING, "\n".join(lines), remedy)
