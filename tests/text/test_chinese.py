"""The Chinese of the whole catalogue: one word a thing, units as symbols, blanks as they are set in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

FILE = Path(__file__).parents[2] / "resources" / "translations" / "zh_CN" / "LC_MESSAGES" / "aios.po"


def texts() -> list[tuple[str, str]]:
    """Each text of the source with its translation."""
    with FILE.open("rb") as stream:
        catalogue = read_po(stream, locale="zh_CN")
    found = []
    for message in catalogue:
        english = message.id if isinstance(message.id, str) else message.id[0]
        chinese = message.string if isinstance(message.string, str) else (message.string or [""])[0]
        if english:
            found.append((english, chinese))
    return found


@pytest.mark.parametrize(
    ("odd", "better"),
    [
        ("元凶", "肇事进程"),
        ("何时为坏", "告警条件"),
        ("全部忘记", "删除全部数据"),
        ("处理器", "CPU"),
        ("(?<![一几])毫秒", "ms"),
        ("微秒", "µs"),
        ("排练", "预演"),
        ("停滞", "停顿"),
        ("你(?!们)", "您"),
    ],
)
def test_one_word_stands_for_a_thing(odd: str, better: str) -> None:
    assert [chinese for _english, chinese in texts() if re.search(odd, chinese)] == [], better


def test_chinese_and_latin_are_a_blank_apart() -> None:
    close = re.compile("[一-鿿][A-Za-z0-9µ]|[A-Za-z0-9µ%][一-鿿]")
    assert [chinese for _english, chinese in texts() if close.search(chinese)] == []


def test_punctuation_has_no_blank_before_it() -> None:
    assert [chinese for _english, chinese in texts() if re.search(r" [，。：；！？、）”]", chinese)] == []


def test_a_button_is_not_called_as_the_settings_panel() -> None:
    by_text = dict(texts())
    assert "设置" not in by_text["Set up"] + by_text["Set up autostart"]
    assert by_text["{figure} min"] == "{figure} 分钟"
