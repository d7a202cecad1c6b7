"""Text from outside as a tooltip: shown as it is, whatever markup stands in it."""

from __future__ import annotations

from html import escape

from aios_gui.text.plain import plain

_LONGEST = 1_000


def plain_tip(text: str, longest: int = _LONGEST) -> str:
    """``text`` for ``setToolTip``, which takes anything that looks like markup for some; "" stays empty.

    Also for the small text of a message box, which does the same. Control characters go, lines stay, and it is cut at
    ``longest``, where no screen could hold it.
    """
    lines = [plain(line, longest) for line in text[:longest].splitlines()]
    shown = "\n".join(lines).strip()
    if "<" not in shown and "&" not in shown:
        return shown
    return "<qt>" + escape(shown).replace("\n", "<br>") + "</qt>"
