"""What goes when everything is forgotten, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aios_gui.text import figures
from aios_gui.text.catalogue import N_, ngettext
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    from aios_gui.instance.forgetting import Belonging, Forgotten

_KINDS = {
    "record": N_("The record of all beats"),
    "damaged": N_("Damaged records that were set aside"),
    "settings": N_("The settings and their backups"),
    "window": N_("Where the window was"),
    "reports": N_("The list of reports; the reports themselves stay"),
    "log": N_("The log"),
    "running": N_("Notes of the running program"),
    "autostart": N_("The entry that starts the program at log-in"),
}


def belonging_lines(belongings: Iterable[Belonging]) -> list[str]:
    """Each kind of thing with the files of it, as lines of text."""
    lines: list[str] = []
    for kind, kind_name in _KINDS.items():
        of_kind = [each for each in belongings if each.kind == kind]
        if of_kind:
            lines.append(_("{kind}:").format(kind=_(kind_name)))
            lines += [f"  {_line(each)}" for each in of_kind]
    return lines


def _line(belonging: Belonging) -> str:
    where = plain(belonging.where, 400)
    return f"{where} ({figures.size(belonging.size_bytes)})" if belonging.size_bytes else where


def forgotten_sentence(forgotten: Forgotten) -> str:
    """What was done."""
    count = len(forgotten.gone)
    if not count and not forgotten.left:
        return _("There was nothing to remove.")
    return ngettext(
        "{count} thing was removed: nothing of it is left.",
        "{count} things were removed: nothing of them is left.",
        count,
    ).format(count=count)


def left_lines(forgotten: Forgotten) -> list[str]:
    """What could not be removed, each with the reason."""
    return [
        _("{file} could not be removed ({reason}); remove it by hand").format(
            file=plain(where, 400), reason=plain(reason)
        )
        for where, reason in forgotten.left
    ]
