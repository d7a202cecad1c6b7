"""Text from outside as a tooltip: shown as it is, whatever markup stands in it."""

from __future__ import annotations

from html import escape

from aios_gui.text.plain import plain

_LONGEST = 1_000


def plain_tip(text: str) -> str:
    """``text`` for ``setToolTip``, which takes anything that looks like markup for some; "" stays empty.

    Control characters go, lines stay, and it is cut where no screen could hold it.
    """
    lines = [plain(line, _LONGEST) for line in text[:_LONGEST].splitlines()]
    shown = "\n".join(lines).strip()
    if "<" not in shown and "&" not in shown:
        return shown
    return "<qt>" + escape(shown).replace("\n", "<br>") + "</qt>"
