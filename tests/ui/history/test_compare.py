"""Two spans compared in the window: chosen, judged, shown side by side, copied."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.comparison.suggested import suggested
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text.catalogue import use_language
from aios_gui.ui.history.compare.compare import Compare
from aios_gui.ui.history.span_state import SpanState
from aios_gui.ui.history.words import range_text
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.dot import Mark
from aios_gui.ui.widgets.fact_table import Whisker
from tests.ui.children import FOR_LONG, PATIENCE_MS, POLITE, install, is_alive
from tests.ui.fakes import Show
from tests.ui.history.compared import HOUR, A, B, context, prints, worse
from tests.ui.spoken import unspoken
from tests.ui.tabbing import never_reached


@pytest.fixture
def compare(theme: Theme, show: Show, qtbot: QtBot) -> Compare:
    """The comparison as it comes into view over the second span."""
    made = show(Compare(context(theme), SpanState(TimeRange(A.start_ns - 240 * HOUR, B.end_ns), B)))
    with qtbot.waitSignal(made._loader.done):
        made.activate()
    return made


@pytest.fixture
def compared(compare: Compare) -> Callable[[], Compare]:
    """Shows a comparison as it comes from the child."""

    def run() -> Compare:
        compare.worker.answered.emit(worse())
        return compare

    return run


def test_it_begins_with_the_span_and_as_much_before_it(compare: Compare) -> None:
    assert compare.spans.spans() == (A, B)
    assert not compare.grid.isVisible()


def test_the_whole_record_is_compared_by_its_halves(theme: Theme, show: Show, qtbot: QtBot) -> None:
    whole = TimeRange(A.start_ns, B.end_ns)
    made = show(Compare(context(theme), SpanState(whole, whole)))
    with qtbot.waitSignal(made._loader.done):
        made.activate()
    assert made.spans.spans() == (A, B)


def test_the_verdict_comes_first_and_then_what_it_rests_on(compared: Callable[[], Compare]) -> None:
    compare = compared()
    assert compare.verdict.verdict.text() == (
        "The second span is worse: lateness, P99 2.4\u00a0× (interval +90\u00a0% … 2.9\u00a0×)."
    )
    assert compare.verdict.dot.mark is Mark.FAILED
    assert "24 hours of A and 24 of B" in compare.verdict.sentence.text()
    assert "Seed" not in compare.verdict.sentence.text(), "that is for the terminal and the report"
    assert compare.spans.abouts[0].text() == "100 beats · 100.00\u00a0% recorded · 24 hours compared"


def test_each_measure_has_its_interval_noise_and_delta(compared: Callable[[], Compare]) -> None:
    rows = compared().measures.table.facts.rows
    assert [fact.text for fact in rows[2]] == [
        "lateness, P99", "100 µs", "240 µs", "2.4 ×", "", "+90 % … 2.9 ×", "± 2.2 ×", "+0.31", "worse",
    ]  # fmt: skip
    whisker = rows[2][4].whisker
    assert isinstance(whisker, Whisker)
    assert 0 < whisker.low < whisker.at < whisker.high < 1
    assert [fact.text for fact in rows[3]][1:] == ["80 ms", "–", "–", "", "–", "–", "–", ""]
    assert rows[3][4].whisker is None


def test_the_curves_lie_over_each_other_and_are_read_out(
    compared: Callable[[], Compare], qtbot: QtBot
) -> None:
    card = compared().percentiles
    assert [line.name for line in card.chart.drawing.lines] == ["A", "B"]
    qtbot.keyClick(card.chart, Qt.Key.Key_End)
    assert card.chart.said == "most: A 80 ms · B 80 ms"
    qtbot.keyClick(card.chart, Qt.Key.Key_Home)
    qtbot.keyClick(card.chart, Qt.Key.Key_Right)
    assert card.chart.said == "P10: A 100 µs · B 201 µs"
    card.choice.button(1).click()
    assert card.table.facts.rows[-2][1].text == "24 µs"
    card.as_table.click()
    assert card.table.isVisible()
    assert not card.chart.isVisible()


def test_the_medians_lie_over_each_other_from_the_begin_of_each(
    compared: Callable[[], Compare], qtbot: QtBot
) -> None:
    card = compared().medians
    assert card.sentence.text() == (
        "A: medians from 100\u00a0µs to 103\u00a0µs. B: medians from 200\u00a0µs to 203\u00a0µs."
    )
    qtbot.keyClick(card.chart, Qt.Key.Key_Right)
    qtbot.keyClick(card.chart, Qt.Key.Key_Right)
    assert card.chart.said == "6 h: A 101 µs · B 201 µs"
    card.choice.button(1).click()
    assert [[fact.text for fact in row] for row in card.table.facts.rows][1:3] == [
        ["6 h", "25 µs", "25 µs"],
        ["12 h", "–", "–"],
    ]


def test_what_was_found_before_does_not_stay_below_spans_that_could_not_be_compared(
    compared: Callable[[], Compare],
) -> None:
    compare = compared()
    assert compare.grid.isVisible()
    compare.worker.failed.emit("no")
    assert not compare.grid.isVisible()


def test_of_spans_without_beats_nothing_is_drawn(compare: Compare) -> None:
    answer = worse()
    none = replace(answer.a, coverage=replace(answer.a.coverage, made=0))
    compare.worker.answered.emit(replace(answer, a=none, b=none))
    assert compare.verdict.isVisible()
    assert not any(each.isVisible() for each in (compare.percentiles, compare.distribution, compare.medians))
    compare.worker.answered.emit(answer)
    assert compare.percentiles.isVisible()


def test_what_cannot_be_understood_is_told_beside_it(compare: Compare, qtbot: QtBot) -> None:
    compare.spans.edits[0].setText("last tuesdy")
    qtbot.keyClick(compare.spans.edits[0], Qt.Key.Key_Return)
    assert "“last tuesdy” is not a range" in compare.spans.trouble.text()
    assert not compare.worker.running


def test_swapped_and_copied_as_a_command(
    compare: Compare, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    with qtbot.waitSignal(compare.worker.answered, timeout=PATIENCE_MS):
        compare.spans.swap.click()
    assert compare.spans.spans() == (B, A)
    compare.spans.command.click()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words == ["aios-heartbeat", "compare", range_text(B), range_text(A), "--slice", "stall.aiosrec"]
    compare.spans.edits[0].setText("2025-03-10 00:00:20 .. 2025-03-12 00:00:20")
    compare.spans.command.click()
    assert shlex.split(QGuiApplication.clipboard().text())[2].startswith("2025-03-10T00:00:20")


def test_a_suggestion_is_taken_from_the_menu(
    compare: Compare, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, prints(tmp_path, worse()))
    change = Change(B.start_ns - 5 * HOUR, ChangeKind.KERNEL, "kernel", "kernel", "6.1", "6.2")
    found = suggested(B, TimeRange(A.start_ns - 240 * HOUR, B.end_ns), [change])
    compare.spans.show_suggestions(found)
    action = compare.spans.menu.actions()[-1]
    assert "kernel: 6.1 → 6.2" in action.text()
    with qtbot.waitSignal(compare.worker.answered, timeout=PATIENCE_MS):
        action.trigger()
    assert compare.spans.spans() == (found[-1].a, found[-1].b)


def test_it_is_cancelled_and_leaves_nothing(
    compare: Compare, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install(monkeypatch, tmp_path, POLITE + FOR_LONG)
    with qtbot.waitSignal(compare.worker.child.progressed, timeout=PATIENCE_MS) as told:
        compare.spans.go.click()
    assert compare.spans.run.text.text() == "1 min left"
    compare.spans.run.cancel.click()
    assert not is_alive(told.args[0]["pid"])
    assert not compare.spans.run.running


def test_a_card_is_copied_as_text_and_as_a_picture(compared: Callable[[], Compare]) -> None:
    card = compared().measures
    card.menu.actions()[1].trigger()
    text = QGuiApplication.clipboard().text()
    came_from, _newline, words = text.partition("\n")
    assert came_from.startswith("# AIOS Heartbeat ")
    assert words.startswith("Measure by measure\n\nThe change is B against A.")
    assert "lateness, P99\t100 µs\t240 µs\t2.4 ×" in text
    card.menu.actions()[0].trigger()
    assert not QGuiApplication.clipboard().image().isNull()


def test_everything_is_reached_by_tab_and_said_in_chinese(
    compared: Callable[[], Compare], qtbot: QtBot
) -> None:
    compare = compared()
    assert never_reached(compare, qtbot) == []
    assert unspoken(compare) == []
    use_language("zh_CN")
    compare.retranslate()
    assert compare.verdict.title.text() == "结论"
    assert "。" in compare.spans.question.text()
    assert " " not in compare.spans.question.text()
    assert "100 次心跳" in compare.spans.abouts[0].text()
