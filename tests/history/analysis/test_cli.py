"""`analyze` as a function: the same keys in every record, and a page that fits every terminal."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aios_gui.history.analysis.model.advice import advice_of
from aios_gui.history.analysis.model.analysis import (
    Advice,
    AdviceKind,
    AdviceLevel,
    Analysis,
    Drift,
    SeedBand,
    Tracked,
    UnusualMeasure,
    UnusualProgram,
)
from aios_gui.history.analysis.page import page
from aios_gui.history.analysis.words import (
    advice_basis,
    advice_sentence,
    change_phrase,
    drift_sentence,
    headline,
    share_text,
)
from aios_gui.history.model.distribution import Band
from aios_gui.record.model.timerange import TimeRange
from aios_gui.system.paths import Paths
from aios_gui.text import catalogue, figures
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import width
from tests.fakes import HOUR, S
from tests.history.analysis.made_weeks import MONDAY, Weeks, analysed
from tests.processes import run_here

KEYS = {
    "range", "count", "missed", "coverage", "availability", "duration_ms", "lateness_ms", "bands", "gaps", "days",
    "trend", "anomalies", "advice", "lateness_bands", "seed_bands", "hiccups", "heat_map", "change_points", "drift",
    "unusual", "last_beats", "sentence", "interval_ms", "cpu_percent", "memory_percent",
}  # fmt: skip
TIMES = {"mean", "min", "max", "p50", "p95", "p99", "p99_9", "corrected"}


@pytest.fixture
def chinese() -> None:
    catalogue.use_language("zh_CN")


def test_the_facts_have_the_keys_that_scripts_rely_on(
    weeks: Weeks, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.store.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(weeks.path, paths.store)
    status, out, _error = run_here(capsys, "analyze", "--range", "all", "--json")
    found = json.loads(out)
    assert (status, set(found)) == (0, KEYS)
    assert set(found["duration_ms"]) == set(found["lateness_ms"]) == TIMES
    assert list(found["bands"]) == [str(band) for band in Band]
    assert list(found["seed_bands"]) == [str(band) for band in SeedBand]
    assert sum(found["bands"].values()) == pytest.approx(1)
    assert found["days"][0]["date"] == "2025-06-09"
    assert len(found["days"]) == 30
    assert sum(day["count"] for day in found["days"]) == found["count"]
    assert found["change_points"][0]["preceding"][0]["changes"][-1]["subject"] == "linux-image-6.1"
    assert found["range"]["start"].startswith("2025-06-09T")
    assert found["duration_ms"]["p50"] == pytest.approx(0.027, rel=0.05)
    assert found["advice"][0]["sentence"]


def test_without_a_record_it_has_the_same_keys_and_says_so(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _error = run_here(capsys, "analyze", "--json")
    found = json.loads(out)
    assert (status, set(found), found["count"]) == (0, KEYS, 0)
    assert found["duration_ms"]["p99"] is None
    status, out, _error = run_here(capsys, "analyze", "--long-term")
    assert status == 0
    assert out.startswith("There is no beat in this span.")


def test_a_slice_is_read_as_a_whole_without_colour(
    weeks: Weeks, paths: Paths, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, error = run_here(capsys, "analyze", "--slice", str(weeks.path), "--long-term")
    assert (status, error) == (0, "")
    assert "\x1b" not in out
    assert "linux-image-6.1 6.1.90 installed" in out.replace("\n", " ").replace("  ", " ")
    assert "2025-07-08" in out


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("long_term", [False, True])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_page_fits_its_terminal(whole: Analysis, columns: int, long_term: bool, language: str) -> None:
    catalogue.use_language(language)
    for blocks in (True, False):
        lines = list(page(whole, TerminalStyle(columns, 24, False, blocks), long_term))
        wide = [line for line in lines if width(line) > columns]
        assert not wide
        if blocks is False and language == "en":
            assert not {each for line in lines for each in line} & set("█▁▒✓")


def test_what_is_recorded_is_told_as_history_and_reports_tell_it(whole: Analysis) -> None:
    coverage = whole.coverage
    part = replace(coverage, covered_ns=(coverage.end_ns - coverage.start_ns) * 97_912 // 100_000)
    told = " ".join(page(replace(whole, coverage=part), TerminalStyle(200, 24, False, True)))
    assert " 97.91 % of the span recorded." in told


def test_colours_are_closed_on_each_line(whole: Analysis) -> None:
    for line in page(whole, TerminalStyle(80, 24, True, True), True):
        assert line.count("\x1b[") == 2 * line.count("\x1b[0m")


def complete(whole: Analysis) -> Analysis:
    """An analysis in which every kind of advice has what it speaks of."""
    unusual = replace(
        whole.unusual,
        measures=(UnusualMeasure(Tracked.CPU, 90.0, 20.0, 15.0, 30.0, 9.0),),
        programs=(
            UnusualProgram("cc1plus", 90.0, None, 1 << 30, 9.0),
            UnusualProgram("x", 9.0, 2.0, None, 4.0),
        ),
    )
    return replace(whole, unusual=unusual, drifts=(Drift(Tracked.HICCUPS, 0.9, 0.85, 0.95, 30),))


@pytest.mark.parametrize("kind", AdviceKind)
def test_every_advice_has_words_in_both_languages(whole: Analysis, kind: AdviceKind, chinese: None) -> None:
    analysis = complete(whole)
    advice = Advice(kind, AdviceLevel.NOTE, {"place": 0, "name": "cc1plus", "weekday": 6, "hour": 3})
    told = advice_sentence(advice, analysis)
    catalogue.use_language("en")
    english = advice_sentence(advice, analysis)
    assert told
    assert english
    assert told != english
    assert "{" not in told + english + advice_basis(advice, analysis)


def test_sentences(whole: Analysis) -> None:
    assert "99 of 100 beats woke within" in headline(whole)
    assert drift_sentence(Drift(Tracked.LATENESS_P50, 1.05, 1.01, 1.1, 40)) == (
        "lateness, P50: up by 5 % in 30 days, slowly (interval 1.0–10 %, by 40 days)."
    )
    assert [change_phrase(each) for each in (1.0, 0.9999, 1.004, 0.96, 2.41)] == [
        "unchanged",
        "unchanged",
        "up by 0.4 %",
        "down by 4 %",
        "up to 2.4 times as much",
    ]
    assert [share_text(each) for each in (1.0, 0.99999, 0.5, 0.00002, 0.0)] == [
        "100 %",
        "> 99.99 %",
        "50 %",
        "< 0.01 %",
        "0 %",
    ]
    assert advice_of(whole) == whole.advice


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
@example(1 / 86_400)  # one beat of a day
def test_a_share_of_some_never_reads_as_none_or_all(share: float) -> None:
    assert share_text(share) not in {"0 %", "0.0 %", "0.00 %", "100 %", "100.00 %"}


def test_one_of_a_thing_is_told_as_one(whole: Analysis) -> None:
    one: dict[str, int | float | str] = {"count": 1, "needed": 300, "per_100h": 50.0, "worst_ns": 300_000_000}
    told = [
        advice_basis(
            Advice(kind, AdviceLevel.NOTE, {**one, "length_ns": 3_600_000_000_000, "share": 0.5}), whole
        )
        for kind in (AdviceKind.TOO_SHORT, AdviceKind.STUTTERS, AdviceKind.NOT_RECORDED)
    ]
    assert told == [
        "1 beat; at least 300 are needed.",
        "1 hiccup, of 300 ms.",
        "1 h in 1 gap, 50 % of the span.",
    ]
    of_a_day = Advice(AdviceKind.STUTTERS, AdviceLevel.NOTE, {**one, "per_100h": 4.0})
    assert advice_basis(of_a_day, whole) == "1 hiccup, 4.0 in 100 hours, of 300 ms."


def test_a_span_of_one_beat_is_told_to_the_second(weeks: Weeks) -> None:
    at_ns = MONDAY + 11 * HOUR
    one = analysed(weeks.path, TimeRange(at_ns, at_ns + S))
    told = " ".join(page(one, TerminalStyle(200, 24, False, True), False))
    begin, end = (figures.clock_time(each, 1, seconds=True) for each in (at_ns, at_ns + S))
    assert f" {begin} to {end}: 1 beat, 100.00 % of those due;" in told


def test_no_line_breaks_within_a_word_or_figure(whole: Analysis, chinese: None) -> None:
    """A line of Chinese ended in “300 m”, and the next one began with “s”."""
    analysis = replace(whole, stalls=replace(whole.stalls, count=1234, worst_ns=300_000_000))
    words = {each for each in re.split("[^ -~]| ", headline(analysis)) if each}
    assert words >= {"1,234", "300", "ms"}
    for columns in range(40, 72):
        told = list(page(analysis, TerminalStyle(columns, 24, False, True), False))
        assert words <= {each for line in told for each in re.split("[^ -~]| ", line)}
        assert max(map(width, told)) <= columns
