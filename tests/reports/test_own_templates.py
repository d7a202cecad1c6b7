"""Templates that users write: what they may do, and what is told of those that do more."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aios_gui.reports import own_templates as own
from aios_gui.reports.model.report import Items, Report, Section, Text, Tone, Verdict
from tests.reports.reports_made import HOSTILE, SHOWN


def written(data: Path, text: str, name: str = "mine") -> Path:
    folder = data / own.FOLDER
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}{own.ENDING}"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def material(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stands for what a record tells: variables and one section."""
    given = {"title": HOSTILE, "beats": "1,234", "rows": [{"name": HOSTILE}, {"name": "# not a heading"}]}
    monkeypatch.setattr(own, "variables", lambda material, report: given)
    monkeypatch.setattr(own, "SECTIONS", {"machine": lambda material: Section("machine", "Machine", ())})
    report = Report("mine", "mine", "", Verdict(Tone.FINE, "fine"), "span", "origin", (), "en")
    monkeypatch.setattr(own, "build", lambda template, material: report)
    return SimpleNamespace()


def made(data: Path, material: Any, text: str) -> Report:
    written(data, text)
    found, faults = own.own_templates(data)
    assert faults == []
    return own.build_own(found["mine"], material)


def test_lines_become_sections_and_values_are_text(tmp_path: Path, material: Any) -> None:
    text = "# Ours\n{{ title }}\n## Rows\n{% for row in rows %}\n- {{ row.name }}\n{% endfor %}\n{{ rows[1].name }}\n"
    report = made(tmp_path, material, text + '{{ section("machine") }}\n## End\nall & done\n')
    assert report.title == "Ours"
    assert report.sections == (
        Section("part-1", "", (Text(SHOWN),)),
        Section("part-2", "Rows", (Items((SHOWN, "# not a heading")), Text("# not a heading"))),
        Section("machine", "Machine", ()),
        Section("part-4", "End", (Text("all & done"),)),
    )


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("one\n{{ nothing }}\n", 2, "nothing"),
        ("one\n\n{% for %}\n", 3, ""),
        ("{% include '/etc/passwd' %}", 1, "include"),
        ("{% import 'os' as os %}", 1, "import"),
        ("a\n{% macro m() %}{% endmacro %}", 2, "macro"),
        ("a\n{{ 'x' * 1000000000 }}", 2, "mul"),
        ("a\n{{ beats ~ beats }}", 2, "concat"),
        ("{{ beats.__class__ }}", 1, ""),
        ("{{ beats.join(rows) }}", 1, ""),
        ("{{ section.__globals__ }}", 1, ""),
        ('a\n\n{{ section("else") }}', 3, "else"),
        ("{{ ''|attr('x') }}", 1, "attr"),
        ("{{ range(10) }}", 1, "range"),
        ("{{ lipsum(99) }}", 1, "lipsum"),
    ],
)
def test_what_it_may_not_do_is_told_with_file_and_line(
    tmp_path: Path, material: Any, text: str, line: int, word: str
) -> None:
    file = written(tmp_path, text)
    found, faults = own.own_templates(tmp_path)
    if not faults:
        with pytest.raises(own.TemplateFault) as error:
            own.build_own(found["mine"], material)
        faults = [str(error.value)]
    assert faults[0].startswith(f"{file}, line {line}: ")
    assert word in faults[0]


def test_a_loop_without_end_is_ended(tmp_path: Path, material: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_LONGEST_S", 0.05)
    loops = "".join(f"{{% for {name} in title %}}" for name in "abcdefgh")
    with pytest.raises(own.TemplateFault, match="longer than"):
        made(tmp_path, material, loops + "{% set z = 1 %}" + "{% endfor %}" * 8)


def test_a_figure_is_rounded_to_places_that_it_can_have(tmp_path: Path, material: Any) -> None:
    """A power of ten with millions of digits is one step of Python, which no limit of time breaks off."""
    report = made(tmp_path, material, '{{ 0.25|round(400, "floor") }} {{ 25|round(-400) }}')
    assert report.sections == (Section("part-1", "", (Text("0.25 0"),)),)


def test_loops_within_loops_beyond_what_python_has_are_refused(tmp_path: Path, material: Any) -> None:
    written(tmp_path, "{% for a in rows %}" * 30 + "{% endfor %}" * 30)
    found, faults = own.own_templates(tmp_path)
    assert found == {}
    assert "nested too deeply" in faults[0]


def test_too_much_text_is_refused(tmp_path: Path, material: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_MOST_CHARACTERS", 100)
    with pytest.raises(own.TemplateFault, match="million"):
        made(tmp_path, material, "x" * 101)


def test_files_that_are_none_are_told_and_the_others_are_there(tmp_path: Path, material: Any) -> None:
    good = written(tmp_path, "# Good\n", "good")
    (good.parent / "bad.jinja").write_bytes(b"\xff\xfe\x00")
    (good.parent / "large.jinja").write_bytes(b"x" * (300 << 10))
    written(tmp_path, "# Mine\n", "week")
    (good.parent / "notes.txt").write_text("none of ours", encoding="utf-8")
    found, faults = own.own_templates(tmp_path)
    assert {name: each.title for name, each in found.items()} == {"good": "Good"}
    assert len(faults) == 3
    assert "UTF-8" in faults[0]
    assert "256 kB" in faults[1]
    assert "of that name itself" in faults[2]


def test_a_figure_of_thousands_of_digits_costs_no_other_template(tmp_path: Path, material: Any) -> None:
    written(tmp_path, "# Good\n", "good")
    written(tmp_path, f"{{{{ {'9' * 5000} }}}}", "long")
    found, faults = own.own_templates(tmp_path)
    assert list(found) == ["good"]
    assert len(faults) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes among files")
def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    file = written(tmp_path, "", "pipe")
    file.unlink()
    os.mkfifo(file)
    found, faults = own.own_templates(tmp_path)
    assert (found, len(faults)) == ({}, 1)


def test_a_section_whose_name_a_filter_changed_is_text(tmp_path: Path, material: Any) -> None:
    report = made(tmp_path, material, '{{ section("machine")|upper }}')
    assert [each.key for each in report.sections] == ["part-1"]


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert own.own_templates(tmp_path) == ({}, [])
