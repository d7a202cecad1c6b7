"""What the doctor checks of autostart: whether the program is started at log-in as it was set up."""

from __future__ import annotations

from aios_gui.settings.model import Settings
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import paragraph, plain


def autostart(settings: Settings) -> Check:
    """Whether what is registered would start this copy, once; nothing registered is nothing wrong."""
    from aios_gui.autostart.mechanisms import mechanisms, this_program
    from aios_gui.autostart.model import AutostartReason
    from aios_gui.autostart.service import options_of, place_found, statuses
    from aios_gui.autostart.words import mechanism_title, place_sentence, remedy_sentence, state_sentence

    program = this_program()
    options = options_of(settings)
    found = [each for each in statuses(mechanisms(program), options) if each.is_registered]
    if not found:
        return Check("autostart", CheckState.OK, _("not set up"))
    lines = [
        _("{title}: {sentence}").format(title=mechanism_title(each.mechanism), sentence=state_sentence(each))
        for each in found
    ]
    # What the user switched off is as the user wants it.
    fine = (AutostartReason.NONE, AutostartReason.FOR_ALL_USERS, AutostartReason.SWITCHED_OFF)
    wrong = [each for each in found if each.reason not in fine]
    place = place_found(found, program, options)
    if not wrong and place is None:
        commands = [plain(each.command, 300) for each in found if each.command]
        return Check("autostart", CheckState.OK, "\n".join([*lines, *commands]))
    remedies = dict.fromkeys(filter(None, map(remedy_sentence, wrong)))
    if place is not None:
        lines.append(place_sentence(place))
    remedy = paragraph(remedies) or _("Move the program to a folder of its own, then set autostart up again.")
    return Check("autostart", CheckState.WARNING, "\n".join(lines), remedy)
