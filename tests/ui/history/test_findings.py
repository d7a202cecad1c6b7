"""What an analysis found, card by card: sentences, pictures, tables; by keyboard, and in Chinese."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from aios_gui.history.analysis.model.analysis import Analysis, Tracked, Unusual, UnusualMeasure
from aios_gui.history.model.distribution import Distribution
from aios_gui.record.model.histogram import Histogram
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text.catalogue import use_language
from aios_gui.ui.history.findings.findings import Findings
from aios_gui.ui.history.findings.shapes import most_often_ns
from aios_gui.ui.history.findings.told_cards import _say_unusual, _tabulate_unusual
from aios_gui.ui.history.span_state import SpanState
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.dot import Mark
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, install, is_alive
from tests.ui.fakes import Show
from tests.ui.history.analysed import DAY, SPAN, nothing, two_weeks
from tests.ui.history.compared import BEGIN, HOUR, context, held, prints
from tests.ui.spoken import unspoken
from tests.ui.tabbing import never_reached

Find = Callable[[Analysis], Findings]


@pytest.fixture
def state() -> SpanState:
    """Two weeks of a longer record."""
    return SpanState(TimeRange(BEGIN - 30 * DAY, BEGIN + 30 * DAY), SPAN)


@pytest.fixture
def findings(theme: Theme, show: Show, state: SpanState) -> Findings:
    """The findings, before they have come into view."""
    return show(Findings(context(theme), state))


@pytest.fixture
def find(findings: Findings, qtbot: QtBot) -> Find:
    """Shows an analysis as it comes from the child."""

    def run(analysis: Analysis) -> Findings:
        findings.worker.answered.emit(analysis)
        qtbot.waitUntil(lambda: findings.settled)
        return findings

    return run


def test_what_was_found_is_said_card_by_card_with_its_figures(find: Find) -> None:
    found = find(two_weeks())
    assert found.head.headline.text() == (
        "The machine was mostly calm: 99 of 100 beats woke within 301\u00a0µs, "
        "and it stuttered 13 times, for up to 80\u00a0ms."
    )
    assert "1,000 beats" in found.head.sentence.text()
    told = found.advice.told.sentences
    assert told[0].text.startswith("cargo causes most of it")
    assert told[0].basis == "It was foremost in 9 of 13 hiccups."
    assert told[0].mark is Mark.WARNING
    assert "linux-image" in told[1].text
    # Bands are bars of ours and of the older five.
    durations, latenesses, older = found.bands.bars
    assert [(part.name, part.figure) for part in latenesses.parts] == [
        ("excellent", "99.90 %"), ("good", "0 %"), ("acceptable", "0 %"), ("poor", "0.1 %"),
    ]  # fmt: skip
    assert len(older.parts) == 5
    assert durations.accessibleName().startswith("Duration: what a beat cost: excellent 100 %")
    assert len(found.bands.table.facts.rows) == 13
    # What is missing is told by kind.
    missing = found.coverage
    assert missing.sentence.text().startswith(
        "1,000 of 1,002 beats were made: 99.80\u00a0%. 2 beats were missed."
    )
    assert [(part.name, part.figure) for part in missing.bar.parts] == [
        ("recorded", "97.91 %"),  # as the head says
        ("asleep", "2.1 %"),
    ]
    assert "The machine slept from" in missing.longest.text()
    assert [fact.text for fact in missing.table.facts.rows[0]] == ["asleep", "1", "7 h", "2.1 %"]
    # What was unusual, the most first.
    unusual = found.unusual
    assert unusual.sentence.text() == "Against the same 320 hours of up to 4 weeks before."
    short = two_weeks()
    short = replace(short, unusual=replace(short.unusual, hours=1))
    assert _say_unusual(short)[0] == "Against the same hour of up to 4 weeks before."
    assert [each.text.split()[0] for each in unusual.told.sentences] == ["cargo", "Lateness,"]
    assert [row[0].text for row in unusual.table.facts.rows] == [
        "cargo",
        "lateness, P99",
        "CPU of the machine",
    ]
    hour = replace(
        two_weeks(),
        span=TimeRange(SPAN.start_ns, SPAN.start_ns + HOUR),
        unusual=Unusual(4, 4, (UnusualMeasure(Tracked.HICCUPS, 400.0, 100.0, 0.0, 200.0, 5.2),)),
    )
    assert _say_unusual(hour)[1][0].text.startswith("Hiccups in an hour: 4.0, more than the usual 1.0")
    assert [fact.text for fact in _tabulate_unusual(hour)[1][0][:2]] == ["hiccups in an hour", "4.0"]
    # What stood out by both rules.
    odd = found.anomalies
    assert "20 beats over 150\u00a0µs" in odd.told.sentences[0].text.replace(" µs", "\u00a0µs")
    assert "a limit of 3 × mean would find 1" in odd.told.sentences[0].text
    assert odd.table.facts.rows[0][2].text == "80 ms"
    # Each figure stands right below its sentence.
    advice = found.advice.told
    advice.resize(advice.width(), 2 * advice.sizeHint().height())
    gaps = {
        basis.y() - label.geometry().bottom() for _dot, label, basis in advice._lines if basis.isVisible()
    }
    assert len(gaps) == 1


def test_percentiles_are_measured_and_corrected_and_the_week_shown_by_hours_of_one_figure_or_another(
    find: Find, qtbot: QtBot
) -> None:
    found = find(two_weeks())
    chart = found.percentiles.chart
    assert [(line.name, line.is_dashed) for line in chart.drawing.lines] == [
        ("Lateness", False),
        ("corrected for missed beats", True),
    ]
    assert chart.accessibleDescription() == found.percentiles.sentence.text().replace("\u00a0", " ")
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.said == "most: Lateness 80 ms · corrected for missed beats 80 ms"
    card = found.heat
    assert card.sentence.text() == (
        "Lateness P99: the highest on Friday 17:00 to 18:00, 900\u00a0µs; as a rule 300\u00a0µs."
    )
    assert card.map.heat.shares[4 * 24 + 17] == 1.0
    assert card.map.heat.shares[6 * 24 + 3] is None
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(card.map, key)
    assert card.map.said == "Tuesday 01:00 to 02:00: Lateness P99 300 µs"
    card.choice.button(2).click()
    assert card.sentence.text() == "Hiccups: the highest on Friday 17:00 to 18:00, 5; as a rule 0."
    assert card.map.said == "Tuesday 01:00 to 02:00: Hiccups 0"
    assert card.table.facts.rows[17][5].text == "5"


def test_days_are_sorted_and_one_that_is_opened_becomes_the_span(
    find: Find, state: SpanState, qtbot: QtBot
) -> None:
    card = find(two_weeks()).days
    rows = card.table.facts.rows
    assert [row[0].text[:10] for row in rows[:2]] == ["2025-03-12", "2025-03-13"]
    line = rows[13][10].line
    assert (len(line), line[10], line[23]) == (24, None, 1.0)
    card.orders.actions()[9].trigger()
    assert [row[9].text for row in card.table.facts.rows[:5]] == ["2", "2", "2", "2", "1"]
    header = card.table.horizontalHeader()
    header.sectionClicked.emit(9)
    assert card.table.facts.rows[0][9].text == "0"
    assert card.table.facts.columns[9].heading == "Hiccups ▴"
    opened = card.table.facts.rows[0][0].text[:10]
    card.table.activated.emit(card.table.facts.index(0, 0, QModelIndex()))
    assert opened == "2025-03-12"
    assert state.span == TimeRange(BEGIN, BEGIN + DAY)


def test_when_it_changed_with_what_came_before_and_where_it_leads(find: Find, qtbot: QtBot) -> None:
    found = find(two_weeks())
    card = found.changed
    first, second = (each.text for each in card.told.sentences)
    assert "up by 38 %" in first
    assert "14 min before: linux-image: 6.1.1 → 6.1.2" in first
    assert "in 30 days, slowly" in second
    card.as_table.click()
    row = card.table.facts.rows[0]
    assert [fact.text for fact in row[2:6]] == ["300 µs", "414 µs", "+38 %", "+31 % … +46 %"]
    with qtbot.waitSignal(found.moment_chosen) as told:
        card.table.activated.emit(card.table.facts.index(0, 0))
    assert told.args == [BEGIN + 7 * DAY]


def test_without_beats_only_what_can_be_said_is_shown(find: Find) -> None:
    found = find(nothing())
    assert found.head.headline.text() == "There is no beat in this span."
    assert found.advice.isVisible()
    assert not found.coverage.isVisible()
    assert not found.percentiles.isVisible()
    assert not found.days.isVisible()


def test_another_span_is_analysed_once_it_stands_and_the_old_one_no_longer(
    findings: Findings, state: SpanState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    with qtbot.waitSignal(findings.worker.child.progressed, timeout=PATIENCE_MS) as told:
        findings.activate()
    assert findings.head.run.running
    asked = install(monkeypatch, tmp_path, prints(tmp_path, two_weeks()))
    asked.unlink()
    state.go(TimeRange(BEGIN, BEGIN + 2 * DAY))
    assert not is_alive(told.args[0]["pid"])
    state.go(TimeRange(BEGIN, BEGIN + 3 * DAY))
    with qtbot.waitSignal(findings.worker.answered, timeout=PATIENCE_MS):
        pass
    ((command, option, span, *_rest),) = [json.loads(line) for line in asked.read_text().splitlines()]
    assert (command, option) == ("analyze", "--range")
    assert "2025-03-15" in span


def test_what_was_left_while_it_was_analysed_is_analysed_once_it_comes_back(
    findings: Findings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    with qtbot.waitSignal(findings.worker.child.progressed, timeout=PATIENCE_MS):
        findings.activate()
    findings.deactivate()
    install(monkeypatch, tmp_path, prints(tmp_path, two_weeks()))
    with qtbot.waitSignal(findings.worker.answered, timeout=PATIENCE_MS):
        findings.activate()
    findings.deactivate()


def test_a_span_that_only_goes_on_with_the_record_is_left_alone(
    findings: Findings, state: SpanState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, prints(tmp_path, two_weeks()))
    state.go(TimeRange(state.whole.end_ns - 100 * HOUR, state.whole.end_ns))
    with qtbot.waitSignal(findings.worker.answered, timeout=PATIENCE_MS):
        findings.activate()
    asked: list[object] = []
    findings.worker.began.connect(lambda: asked.append(None))
    state.know(TimeRange(state.whole.start_ns, state.whole.end_ns + HOUR))
    assert not findings._settle.isActive()
    with qtbot.waitSignal(findings.worker.answered, timeout=PATIENCE_MS):
        state.know(TimeRange(state.whole.start_ns, state.whole.end_ns + 2 * HOUR))
    assert asked == [None]


def test_of_a_span_that_goes_on_only_the_newest_analysis_is_held(
    findings: Findings, state: SpanState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, prints(tmp_path, two_weeks()))
    findings._active = True
    before = held(Analysis)
    for hours in range(1, 5):
        with qtbot.waitSignal(findings.filled, timeout=PATIENCE_MS):
            state.go(TimeRange(state.whole.end_ns - hours * HOUR, state.whole.end_ns))
    assert held(Analysis) == before + 1


def test_a_wider_span_that_ends_now_is_analysed(findings: Findings, state: SpanState) -> None:
    findings._active, findings._shown = True, TimeRange(state.whole.end_ns - 100 * HOUR, state.whole.end_ns)
    state.go(findings._shown)
    findings._settle.stop()
    state.go(TimeRange(state.whole.end_ns - 300 * HOUR, state.whole.end_ns))
    assert findings._settle.isActive()
    findings._settle.stop()


def test_out_of_view_nothing_is_analysed_and_cancelled_it_says_so(
    findings: Findings, state: SpanState, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state.go(TimeRange(BEGIN, BEGIN + DAY))
    assert not findings._settle.isActive()
    assert not findings.head.isVisible()
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    with qtbot.waitSignal(findings.worker.child.progressed, timeout=PATIENCE_MS) as told:
        findings.activate()
    findings.head.run.cancel.click()
    assert not is_alive(told.args[0]["pid"])
    assert findings.head.sentence.text() == "Cancelled. Choose a span to have it analysed."


def test_a_failure_is_told_and_tried_again(
    findings: Findings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, "sys.exit('aios-heartbeat: the record is damaged')")
    with qtbot.waitSignal(findings.worker.failed, timeout=PATIENCE_MS):
        findings.activate()
    assert findings.head.sentence.text() == "The span could not be analysed: the record is damaged"
    install(monkeypatch, tmp_path, prints(tmp_path, two_weeks()))
    with qtbot.waitSignal(findings.worker.answered, timeout=PATIENCE_MS):
        findings.activate()
    assert findings.head.sentence.property("look") == "muted"


def test_a_card_of_sentences_is_copied_with_them(find: Find) -> None:
    card = find(two_weeks()).changed
    card.menu.actions()[1].trigger()
    came_from, _newline, text = QGuiApplication.clipboard().text().partition("\n")
    assert came_from.startswith("# AIOS Heartbeat ")
    assert text.startswith("When it changed\n\n")
    assert "lateness, P99\t2025-03-19\t300 µs\t414 µs\t+38 %" in text


def test_everything_is_reached_by_tab_and_said_in_chinese(find: Find, qtbot: QtBot) -> None:
    found = find(two_weeks())
    assert never_reached(found, qtbot) == []
    assert unspoken(found) == []
    use_language("zh_CN")
    found.retranslate()
    qtbot.waitUntil(lambda: found.settled)
    assert found.days.title.text() == "逐日情况"
    assert found.heat.map.heat.days[0] == "星期一"


def test_a_card_of_sentences_is_as_high_as_they_are(find: Find, qtbot: QtBot) -> None:
    found = find(two_weeks())
    found.resize(1100, found.sizeHint().height())
    told = found.advice.told
    qtbot.waitUntil(lambda: told.height() == told.heightForWidth(told.width()))


def test_what_is_most_often_is_not_longer_than_the_longest() -> None:
    histogram = Histogram()
    histogram.add([60_000])
    assert most_often_ns(Distribution(histogram, 60_000, 60_000, 60_000)) == 60_000


def test_two_limits_that_find_the_same_hide_nothing(find: Find) -> None:
    analysis = two_weeks()
    same = replace(analysis.anomalies[-1], count=2, mean_count=2)
    odd = find(replace(analysis, anomalies=(same,))).anomalies
    assert odd.told.sentences[0].text.endswith(": both limits agree.")
