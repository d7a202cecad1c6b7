"""The translations: every text is found, and each fault of a translation is named."""

from pathlib import Path

import catalogue
import pytest
from babel.messages.pofile import read_po

SOURCE = '''\
"""A module."""
from somewhere import gettext as _, ngettext
NAMES = [N_("Live")]
a = _("{count} beats since {time}").format(count=1, time=2)
b = ngettext("{count} hiccup", "{count} hiccups", 2)
'''
HEADER = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
)
LIVE = 'msgid "Live"\nmsgstr "实时"\n\n'
BEATS = 'msgid "{count} beats since {time}"\nmsgstr "自 {time} 起 {count} 次"\n\n'
HICCUPS = 'msgid "{count} hiccup"\nmsgid_plural "{count} hiccups"\nmsgstr[0] "{count} 次卡顿"\n\n'


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "aios_gui"
    folder.mkdir()
    (folder / "panel.py").write_text(SOURCE, encoding="utf-8")
    return folder


def faults(package: Path, *entries: str) -> list[str]:
    po = package.parent / "aios.po"
    po.write_text(HEADER + "".join(entries), encoding="utf-8")
    with po.open("rb") as stream:
        return catalogue.faults(catalogue.extract(package), read_po(stream, locale="zh_CN"))


def test_complete_translation_has_no_fault(package: Path) -> None:
    assert faults(package, LIVE, BEATS, HICCUPS) == []


def test_every_kind_of_mark_is_found(package: Path) -> None:
    found = faults(package)
    assert [line.rsplit(" ", 2)[1:] for line in found] == [["is", "missing"]] * 3
    assert all(line.startswith("aios_gui/panel.py: ") for line in found)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Live"\nmsgstr ""\n\n', "is empty"),
        ('#, fuzzy\nmsgid "Live"\nmsgstr "实时"\n\n', "fuzzy"),
        ('msgid "Live"\nmsgstr "实时 {now}"\n\n', "has a field that the source lacks: now"),
    ],
)
def test_fault_is_named(package: Path, entry: str, fault: str) -> None:
    (line,) = faults(package, entry, BEATS, HICCUPS)
    assert fault in line


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("自 {时间} 起 {count} 次", ["has a field that the source lacks: 时间", "lacks the field time"]),
        ("{count} 次", ["lacks the field time"]),
        ("自 {time} 起 {count", ["broken braces", "lacks the field count", "lacks the field time"]),
    ],
)
def test_translation_that_could_not_be_filled_in_is_a_fault(
    package: Path, text: str, fault: list[str]
) -> None:
    beats = f'msgid "{{count}} beats since {{time}}"\nmsgstr "{text}"\n\n'
    found = faults(package, LIVE, beats, HICCUPS)
    assert len(found) == len(fault)
    assert all(part in line for part, line in zip(fault, found, strict=True))


def test_update_keeps_translations_and_drops_what_is_gone(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = package.parent
    monkeypatch.setattr(catalogue, "ROOT", root)
    monkeypatch.setattr(catalogue, "TRANSLATIONS", root / "translations")
    po = root / "translations" / "zh_CN" / "LC_MESSAGES" / "aios.po"
    po.parent.mkdir(parents=True)
    po.write_text(HEADER + LIVE + 'msgid "Gone"\nmsgstr "没了"\n', encoding="utf-8")
    assert catalogue.update() == 0
    first = po.read_bytes()
    assert catalogue.update() == 0
    assert po.read_bytes() == first
    assert "实时" in first.decode()
    assert "Gone" not in first.decode()
    assert "2 of 3 texts to translate" in capsys.readouterr().out
