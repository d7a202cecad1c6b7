"""Words of ranges and times in Chinese, and other ways to write them, turned into those that ``timerange`` reads."""

from __future__ import annotations

import re

_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: " "}
"""Characters as wide as Chinese ones."""
_DATE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?[日号])?")
_CLOCK = re.compile(r"(\d{1,2}) ?[点时](?: ?(\d{1,2}) ?分)?(?! ?前)")
_WEEKDAY = re.compile("(?<!上)(?<!上个)(?:星期|礼拜|周)([一二三四五六日天])")
"""Not that of the week before, which "last" does not mean."""
_DAYS = dict(zip("一二三四五六日天", ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "sun"), strict=True))
_TOGETHER = re.compile(r"\s+(?:to|until|–|—|-)\s+", re.IGNORECASE)
_LAST = re.compile(r"(?:the )?(?:last|past) (?=[0-9])")
_WORDS = (
    ("最近", " last "), ("过去", " last "), ("上一", " last "), ("上个", " last "), ("上", " last "),
    ("本", " this "), ("这个", " this "), ("这", " this "),
    ("昨天", " yesterday "), ("今天", " today "), ("现在", " now "), ("此刻", " now "), ("全部", " all "),
    ("之前", " ago "), ("以前", " ago "), ("前", " ago "),
    ("个", " "), ("小时", " h "), ("分钟", " min "), ("分", " min "), ("秒", " s "), ("天", " d "),
    ("星期", " week "), ("周", " week "), ("月", " month "), ("年", " year "), ("日", " d "),
    ("至", ".."), ("到", ".."), ("~", ".."),
)  # fmt: skip


def in_english(text: str) -> str:
    """The same range or time in the words that are read; what is not known stays as it is."""
    if not text.isascii():
        text = text.translate(_WIDE)
        text = _DATE.sub(_iso_date, text)
        text = _CLOCK.sub(lambda found: f" {found[1]}:{int(found[2] or 0):02d} ", text)
        text = _WEEKDAY.sub(lambda found: f" {_DAYS[found[1]]} ", text)
        for chinese, english in _WORDS:
            text = text.replace(chinese, english)
    text = _TOGETHER.sub("..", text)
    return _LAST.sub("", " ".join(text.split()))


def _iso_date(found: re.Match[str]) -> str:
    date = f"{found[1]}-{int(found[2]):02d}"
    return f" {date}-{int(found[3]):02d} " if found[3] else f" {date} "
