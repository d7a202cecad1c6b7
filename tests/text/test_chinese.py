"""The Chinese of the whole catalogue: one word a thing, units as symbols, blanks as they are set in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from aios_gui.text.blanks import ChineseText

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


def test_one_word_stands_for_a_thing() -> None:
    cases: list[tuple[str, str]] = [
        ("元凶", "肇事进程"),
        ("何时为坏", "告警条件"),
        ("全部忘记", "删除全部数据"),
        ("处理器", "CPU"),
        ("(?<![一几])毫秒", "ms"),
        ("微秒", "µs"),
        ("排练", "预演"),
        ("停滞", "停顿"),
        ("你(?!们)", "您"),
        ("切片", "片段"),
    ]
    for odd, better in cases:
        assert [chinese for _english, chinese in texts() if re.search(odd, chinese)] == [], better


def test_chinese_and_latin_are_a_blank_apart() -> None:
    close = re.compile("[一-鿿][A-Za-z0-9µ]|[A-Za-z0-9µ%][一-鿿]")
    assert [chinese for _english, chinese in texts() if close.search(chinese)] == []


def test_blanks_are_set_by_what_is_put_in() -> None:
    cases: list[tuple[str, dict[str, object], str]] = [
        ("{measure} 超过 {limit}", {"measure": "内存", "limit": "80 %"}, "内存超过 80 %"),
        ("{measure} 超过 {limit}", {"measure": "CPU", "limit": "80 %"}, "CPU 超过 80 %"),
        ("前后的{measure}", {"measure": "CPU"}, "前后的 CPU"),
        ("前后的{measure}", {"measure": "内存"}, "前后的内存"),
        ("“{text}”有 {count:,} 个", {"text": "一 二", "count": 1200}, "“一 二”有 1,200 个"),
        ("CPU {cpu}   内存 {memory}", {"cpu": "1 %", "memory": "2 GB"}, "CPU 1 %   内存 2 GB"),
    ]
    for text, put, made in cases:
        assert ChineseText(text).format(**put) == made


def test_punctuation_has_no_blank_before_it() -> None:
    assert [chinese for _english, chinese in texts() if re.search(r" [，。：；！？、）”]", chinese)] == []


def test_a_button_is_not_called_as_the_settings_panel() -> None:
    by_text = dict(texts())
    assert "设置" not in by_text["Set up"] + by_text["Set up autostart"]
    assert by_text["{figure} min"] == "{figure} 分钟"
