"""What the doctor checks of the settings: whether every line of their file is understood."""

from __future__ import annotations

from aios_gui.settings.file import ProblemKind, SettingsFile
from aios_gui.settings.words import problem_sentence, remedy
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.check import Check, CheckState, worst
from aios_gui.text.plain import paragraph


def settings(file: SettingsFile) -> Check:
    """Whether every line of the settings is understood. Nothing is moved or written."""
    if not file.path.exists():
        return Check("settings", CheckState.OK, _("no file yet: the defaults are used"))
    problems = file.load(set_aside=False).problems
    if not problems:
        return Check("settings", CheckState.OK, str(file.path))
    whole = {ProblemKind.UNREADABLE, ProblemKind.DAMAGED, ProblemKind.NEWER_VERSION}
    state = worst([CheckState.ERROR if each.kind in whole else CheckState.WARNING for each in problems])
    remedies = dict.fromkeys(remedy(each) for each in problems)
    detail = "\n".join(problem_sentence(each) for each in problems)
    return Check("settings", state, detail, paragraph(remedies))
