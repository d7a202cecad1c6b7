"""Text fit to show: what comes from outside made safe, and sentences put one after the other."""

from __future__ import annotations

from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: object, limit: int = 200) -> str:
    """Text from outside made safe to show: one line without control characters, cut at ``limit``."""
    line = "".join(letter if letter.isprintable() else " " for letter in str(text)[: limit * 4])
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def spreadsheet_safe(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences one after the other, without those that are ""; between Chinese ones there is no space."""
    return " ".join(filter(None, sentences)).replace("。 ", "。").replace("？ ", "？")
