"""A result in a file: whole, safe to open, and readable by people."""

import csv
import io
import json

import pytest

from aios_gui.selfcheck.benchmark.facts import facts_of
from aios_gui.selfcheck.benchmark.formats import FORMATS
from aios_gui.selfcheck.benchmark.model import Beside, Heartbeat
from aios_gui.selfcheck.benchmark.words import table
from aios_gui.text.catalogue import use_language
from aios_gui.text.terminal.text_width import width
from tests.selfcheck.benchmark.fakes import some_result


def written(form: str, **how: object) -> str:
    out = io.StringIO()
    FORMATS[form].write(some_result(**how), out)  # type: ignore[arg-type]
    return out.getvalue()


def test_json_is_what_scripts_get() -> None:
    assert json.loads(written("json")) == facts_of(some_result())


def test_csv_has_a_line_a_timing() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert len(rows) == 8
    warmed = next(row for row in rows if (row["heartbeat"], row["mode"]) == ("warmed", "cadence"))
    assert (warmed["p50_ms"], warmed["published_ms"], warmed["count"]) == ("0.021000", "3.4", "3")
    assert float(warmed["times_original_at_cadence"]) == pytest.approx(71_428.6, abs=1)
    assert {row["processor"] for row in rows} == {"a processor"}


def test_csv_gives_a_spreadsheet_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", processor="=cmd|' /C calc'!A0"))))
    assert rows[0]["processor"].startswith("'=")


def test_markdown_is_a_report() -> None:
    text = written("md", beside=Beside(120, 25_000, 60_000, 0, 1), processor="a|b*c_d<e")
    assert text.startswith("# Four heartbeats side by side, ")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(Heartbeat)
    assert len({line.count("|") for line in lines}) == 1
    assert "2.3 ms" in next(line for line in lines if "minimal" in line)
    assert "120 beats, P50 25 µs, P99 60 µs, 0 missed, 1 hiccup" in text
    assert r"a\|b\*c\_d\<e" in text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_table_lines_up_and_fits_a_terminal(language: str) -> None:
    use_language(language)
    title, _empty, heading, rule, *rows = table(some_result(quick=True))[: 4 + len(Heartbeat)]
    assert title
    assert {width(line) for line in (heading, rule, *rows)} == {width(rule)}
    assert width(rule) <= 80


def test_the_table_says_where_it_comes_from() -> None:
    text = "\n".join(table(some_result()))
    for words in (
        "a processor, 2 cores",
        "busy 12 % meanwhile",
        "No resident heartbeat",
        "29 of 30",
        "71,429×",
    ):
        assert words in text
