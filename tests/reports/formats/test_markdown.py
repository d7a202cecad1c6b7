"""Reports as Markdown: no name makes markup."""

import io
import re
from dataclasses import replace

from aios_gui.reports.formats import markdown
from aios_gui.reports.model.report import Report
from tests.reports.reports_made import CHINESE, a_report


def lines(report: Report | None = None) -> list[str]:
    out = io.BytesIO()
    markdown.write(report or a_report(), out)
    return out.getvalue().decode().splitlines()


def test_no_name_makes_markup_or_another_column() -> None:
    text = "\n".join(lines())
    assert not re.search(r"(?<!\\)<", text)
    assert not re.search(r"(?<!\\)`", text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x07]", text)
    for line in lines():
        if line.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 4, line


def test_a_part_without_a_heading_has_none() -> None:
    report = a_report()
    nameless = tuple(replace(each, title="") for each in report.sections)
    assert [each for each in lines(replace(report, sections=nameless)) if each.startswith("##")] == []


def test_the_verdict_comes_first_with_the_shape_of_its_tone() -> None:
    assert lines()[0].startswith("# ")
    assert next(line for line in lines() if line.startswith("> **")).startswith("> **▲ ")


def test_a_figure_is_told_in_words_with_its_table() -> None:
    text = "\n".join(lines())
    assert (
        text.count("| --- | ---: | --- |") == 2 + 2
    )  # two lists of facts, the table, the table of the figure
    assert CHINESE in text
