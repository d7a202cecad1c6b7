"""Text from outside in Markdown, so that it is text and no markup."""

from __future__ import annotations

from collections.abc import Iterable

from aios_gui.text.plain import plain

_MARKUP = "\\`*_{}[]<>#|~&!"
_SIGNS = str.maketrans({sign: "\\" + sign for sign in _MARKUP})


def escaped(text: object, limit: int = 200) -> str:
    """``text`` in one line, cut at ``limit``, with every sign that means something made plain."""
    return plain(text, limit).translate(_SIGNS)


def table_line(cells: Iterable[object]) -> str:
    """One line of a table."""
    return "| " + " | ".join(escaped(cell) for cell in cells) + " |"
