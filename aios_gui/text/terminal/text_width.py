"""How wide text is in a terminal, where Chinese letters take two places."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Places that ``text`` takes; it must hold no control characters or escape sequences."""
    return sum(_places(letter) for letter in text)


def _places(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def cut(text: str, places: int) -> str:
    """As much of ``text`` as fits into ``places``, ending in ``…`` where some is left out."""
    if width(text) <= places:
        return text
    kept, used = "", 0
    for letter in text:
        used += _places(letter)
        if used > places - 1:
            break
        kept += letter
    return kept + "…" if places > 0 else ""


def padded(text: str, places: int) -> str:
    """``text`` with spaces after it up to ``places``; unchanged where it is wider."""
    return text + " " * (places - width(text))
