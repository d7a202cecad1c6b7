"""Languages: which one is spoken, and that nothing breaks where a catalogue is missing or broken."""

import io
import re
import struct
import sys
import zlib
from pathlib import Path

import pytest

from aios_gui.text import catalogue


@pytest.fixture
def translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr("aios_gui.system.resources._root", lambda: tmp_path.parent)
    monkeypatch.setattr("aios_gui.system.resources.resource", lambda *_parts: tmp_path)
    return folder / "aios.mo"


def compile_into(target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = Path(__file__).resolve().parents[2] / "resources/translations/zh_CN/LC_MESSAGES/aios.po"
    with source.open("rb") as text, target.open("wb") as binary:
        write_mo(binary, read_po(text))


def test_chinese_is_spoken_once_chosen_and_english_again(translations: Path) -> None:
    compile_into(translations)
    catalogue.use_language("zh_CN")
    assert catalogue.current_language() == "zh_CN"
    assert catalogue.gettext("Paused") == "已暂停"
    assert catalogue.ngettext("{count} beat missed", "{count} beats missed", 1) == "错过 {count} 次心跳"
    assert catalogue.gettext("no such text") == "no such text"
    catalogue.use_language("en")
    assert catalogue.gettext("Paused") == "Paused"
    assert catalogue.ngettext("beat", "beats", 2) == "beats"


def characters_of_chinese() -> set[str]:
    source = Path(__file__).resolve().parents[2] / "resources/translations/zh_CN/LC_MESSAGES/aios.po"
    return set(re.findall("[\u4e00-\u9fff，。：；]", source.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("encoding", "shows"),
    [
        *((name, True) for name in ("utf-8", "utf-16", "gbk", "gb18030", "gb2312")),
        *((name, False) for name in ("ascii", "latin-1", "cp1252", "cp437", "big5", "shift_jis", "euc-kr")),
    ],
)
def test_a_terminal_speaks_chinese_where_its_encoding_has_all_of_it(
    encoding: str, shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = {each for each in characters_of_chinese() if not each.encode(encoding, "ignore")}
    assert bool(lacking) is not shows
    for stream in ("stdout", "stderr"):
        with monkeypatch.context() as patched:
            patched.setattr(sys, stream, io.TextIOWrapper(io.BytesIO(), encoding))
            catalogue.use_terminal_language("zh_CN")
            assert catalogue.current_language() == ("zh_CN" if shows else "en")


@pytest.mark.parametrize("stream", [None, io.StringIO(), io.TextIOWrapper(io.BytesIO(), "utf-8")])
def test_where_nothing_is_encoded_the_language_is_as_chosen(
    stream: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    catalogue.use_terminal_language("zh_CN")
    assert catalogue.current_language() == "zh_CN"


def test_missing_catalogue_means_english(translations: Path) -> None:
    catalogue.use_language("zh_CN")
    assert (catalogue.current_language(), catalogue.gettext("Paused")) == ("en", "Paused")


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xde\x12\x04\x95" + b"\xff" * 30])
def test_broken_catalogue_means_english(translations: Path, content: bytes) -> None:
    translations.write_bytes(content)
    catalogue.use_language("zh_CN")
    assert catalogue.current_language() == "en"


def test_language_that_is_not_spoken_means_english() -> None:
    catalogue.use_language("xx_../../etc")
    assert catalogue.current_language() == "en"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_SG"}, "zh_CN"),
        ({"LANG": "zh-Hans-CN"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh_CN"),
        ({"LANG": "fr_FR.UTF-8@euro"}, "en"),
        ({"LANG": "\udc80"}, "en"),
    ],
)
def test_system_language_by_variables(environ: dict[str, str], language: str) -> None:
    assert catalogue.system_language(environ, lambda: ["fr"]) == language


def test_setting_of_the_system_counts_where_no_variable_is_set() -> None:
    assert catalogue.system_language({}, lambda: ["zh-Hans-CN", "en-GB"]) == "zh_CN"
    assert catalogue.system_language({"LANG": "en_GB"}, lambda: ["zh-Hans-CN"]) == "en"


def test_catalogue_of_which_a_byte_has_changed_means_english(translations: Path) -> None:
    compile_into(translations)
    content = translations.read_bytes()
    sealed = content + catalogue.SEAL + struct.pack("<I", zlib.crc32(content))
    translations.write_bytes(sealed)
    catalogue.use_language("zh_CN")
    assert catalogue.current_language() == "zh_CN"
    place = sealed.index(b"{count} ", len(sealed) // 2)
    translations.write_bytes(sealed[:place] + b"(" + sealed[place + 1 :])
    catalogue.use_language("zh_CN")
    assert catalogue.current_language() == "en"
