"""How telling of the week went, in words."""

from __future__ import annotations

from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.words.incidents import action_detail
from aios_gui.reports.digest import Digest, Told
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _


def digest_sentence(digest: Digest) -> str:
    """When the week was told last, whether the desktop confirmed it, and else why not; "" where none was."""
    if not digest.end_ns:
        return ""
    reason = action_detail(ActionResult("", ActionState.REFUSED, digest.reason))
    sentences = {
        Told.NOT_YET: _("The week is told later: {reason}."),
        Told.SHOWN: _("The week was told on {moment}, and the desktop confirmed it."),
        Told.FOR_THE_TRAY: _("The week is about to be told by the tray."),
        Told.PASSED_ON: _(
            "The week was given to the tray on {moment}, which does not say whether it was shown."
        ),
        Told.NOTHING: _("Nothing was recorded in the last week, so there was nothing to tell."),
        Told.NOT_SHOWN: _("The week could not be told on {moment}: {reason}."),
    }
    return sentences[digest.told].format(moment=figures.clock_time(digest.at_ns), reason=reason.rstrip("."))
