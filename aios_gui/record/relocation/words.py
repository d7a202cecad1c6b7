"""How a move of the record stands, in words."""

from __future__ import annotations

from aios_gui.record.relocation.model import MovePhase, MoveProblem, MoveStatus
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain


def move_sentence(status: MoveStatus) -> str:
    """What is being done, or how it ended and what can be done about it; "" where nothing was asked for."""
    target = plain(status.target, 400)
    if status.phase is MovePhase.FAILED:
        return _problem(status) + " " + _("The record stays where it was, and nothing is lost.")
    sentences = {
        MovePhase.COPYING: _("Copying: {done} of {total}").format(
            done=figures.size(status.done_bytes), total=figures.size(status.total_bytes)
        ),
        MovePhase.CHECKING: _("Reading the copy through"),
        MovePhase.SWITCHING: _("Changing over to the copy"),
        MovePhase.CANCELLED: _("Cancelled. The record stays where it was, and nothing is lost."),
        MovePhase.DONE: _("The record now lies in {folder}.").format(folder=target),
    }
    sentence = sentences.get(status.phase, "")
    if status.left_behind:
        left = _("The former one is still in use; it is removed at the next start: {file}")
        sentence += " " + left.format(file=plain(status.left_behind, 400))
    return sentence


def _problem(status: MoveStatus) -> str:
    folder, reason = plain(status.target, 400), plain(status.reason)
    if status.problem is MoveProblem.NO_ROOM:
        return _("There is too little room in {folder}: {needed} are needed, {free} are free.").format(
            folder=folder, needed=figures.size(status.needed_bytes), free=figures.size(status.free_bytes)
        )
    sentences = {
        MoveProblem.NOT_ABSOLUTE: _("Name the whole path of the folder, not {folder}."),
        MoveProblem.SAME_FOLDER: _("The record lies in {folder} already."),
        MoveProblem.NOT_A_FOLDER: _("{folder} is a file. Name a folder."),
        MoveProblem.HOLDS_RECORD: _("There is a record in {folder} already. Name another folder."),
        MoveProblem.NOT_WRITABLE: _("{folder} cannot be written ({reason}). Name another folder."),
        MoveProblem.OPEN_TO_OTHERS: _(
            "Other users of this machine may write to {reason}, and could put another record in place of yours. Name a "
            "folder of your own."
        ),
        MoveProblem.COPY_FAILED: _("The record could not be copied to {folder} ({reason})."),
        MoveProblem.COPY_DAMAGED: _("The copy in {folder} is not sound ({reason}), so it was dropped."),
        MoveProblem.NOT_SWITCHED: _("The copy in {folder} could not be put in place ({reason})."),
        MoveProblem.NOT_RECORDING: _("The record cannot be written just now, so a copy would not be whole."),
        MoveProblem.UNDER_WAY: _("The record is being moved already."),
    }
    return sentences[status.problem or MoveProblem.COPY_FAILED].format(folder=folder, reason=reason)
