"""Sets blanks in Chinese where a text is put together: one before and after Latin and figures, none between words."""

from __future__ import annotations

import gettext as standard
import re
from functools import lru_cache
from string import Formatter
from typing import Any

_CHINESE = re.compile("[一-鿿]")
_LATIN = re.compile("[A-Za-z0-9µ%]")
_parts = lru_cache(1024)(lambda text: tuple(Formatter().parse(text)))


class ChineseTranslations(standard.GNUTranslations):
    """A catalogue whose texts set the blanks around what is put into them."""

    def gettext(self, message: str) -> str:
        return _text(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _text(super().ngettext(msgid1, msgid2, n))


def _text(text: str) -> str:
    return ChineseText(text) if "{" in text else text


class ChineseText(str):
    """A text with places for others. What is put in touches Chinese words only with Chinese of its own."""

    __slots__ = ()

    def format(self, *values: Any, **named: Any) -> str:
        made = ""
        for literal, name, form, conversion in _parts(str(self)):
            made = _joined(made, literal)
            if name is not None:
                place = f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
                made = _joined(made, place.format(*values, **named))
        return made


def _joined(left: str, right: str) -> str:
    ends, begins = left.removesuffix(" "), right.removeprefix(" ")
    blanks = len(left) - len(ends) + len(right) - len(begins)
    if not ends or not begins or blanks > 1:
        return left + right
    before, after = ends[-1], begins[0]
    if _CHINESE.match(before) and _CHINESE.match(after):
        return ends + begins
    is_mixed = (_CHINESE.match(before) and _LATIN.match(after)) or (
        _LATIN.match(before) and _CHINESE.match(after)
    )
    return f"{ends} {begins}" if is_mixed else left + right
