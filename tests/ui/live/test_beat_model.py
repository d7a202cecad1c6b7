"""The table: newest first, read page by page, and every cell in words."""

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.text.catalogue import use_language
from aios_gui.ui.live.beat_model import BeatModel
from aios_gui.ui.live.beat_table import BeatTable
from aios_gui.ui.widgets.toast import Toast
from tests.ui.machine import NS, beat_at

START = 1_741_785_300.0


def ns(offset_s: float) -> int:
    return int((START + offset_s) * NS)


def seqs(model: BeatModel) -> list[int]:
    return [model.beat(row).seq for row in range(model.rowCount())]


def filled(count: int = 10) -> BeatModel:
    model = BeatModel()
    model.show_span(ns(0), ns(100))
    model.add_page(ns(90), [beat_at(START + 90 + n, 90 + n) for n in range(count)])
    return model


def test_it_is_a_well_behaved_model(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    qtmodeltester.check(filled())


def test_pages_go_back_in_time_until_the_span_is_whole(qtbot: QtBot) -> None:
    model = BeatModel()
    asked: list[int] = []
    model.page_wanted.connect(asked.append)
    model.show_span(ns(0), ns(100))
    assert asked == [ns(100)]
    model.fetchMore()
    assert asked == [ns(100)]
    model.add_page(ns(90), [beat_at(START + n, n) for n in range(90, 100)])
    assert seqs(model) == list(range(99, 89, -1))
    model.fetchMore()
    assert asked == [ns(100), ns(90)]
    model.add_page(ns(0), [beat_at(START + n, n) for n in range(80, 90)])
    assert seqs(model) == list(range(99, 79, -1))
    assert not model.canFetchMore()


def test_a_page_that_failed_can_be_asked_for_again(qtbot: QtBot) -> None:
    model = BeatModel()
    model.show_span(ns(0), ns(100))
    model.page_failed()
    assert model.canFetchMore()


def test_live_beats_come_on_top_and_old_ones_go(qtbot: QtBot) -> None:
    model = filled(3)
    model.add_live([beat_at(START + 91, 91), beat_at(START + 93, 93), beat_at(START + 94, 94)], ns(91.5))
    assert seqs(model) == [94, 93, 92]


def test_where_the_clock_was_set_back_the_new_beats_come_on_top_in_place_of_those_after_them(
    qtbot: QtBot,
) -> None:
    model = filled()
    model.add_live([beat_at(START + 100, 100)], ns(0))
    model.add_live([beat_at(START + 93.5, 101), beat_at(START + 94.5, 102)], ns(0))
    assert seqs(model)[0] == 100, "the record is a little behind: these are not new"
    model.add_live([beat_at(START + 50, 103), beat_at(START + 51, 104)], ns(-50))
    assert seqs(model) == [104, 103]
    asked: list[int] = []
    model.page_wanted.connect(asked.append)
    model.fetchMore()
    assert asked == [ns(50)]
    empty = BeatModel()
    empty.show_span(ns(90), ns(100))
    empty.add_live([beat_at(START + 50, 105)], ns(40))
    assert seqs(empty) == [105]


def test_it_does_not_grow_for_good_with_live_beats_and_reads_again_what_it_let_go(qtbot: QtBot) -> None:
    model = filled()
    model.add_page(ns(0), [])
    assert not model.canFetchMore()
    for first in range(100, 60_100, 1_000):
        model.add_live([beat_at(START + n, n) for n in range(first, first + 1_000)], ns(0))
    assert model.rowCount() <= 21_000
    oldest = model.beat(model.rowCount() - 1)
    asked: list[int] = []
    model.page_wanted.connect(asked.append)
    model.fetchMore()
    assert asked == [oldest.wall_ns]
    model.add_live([beat_at(START + n, n) for n in range(60_100, 90_100)], ns(0))
    model.add_page(ns(0), [beat_at(START + 5, 5)])
    assert model.beat(model.rowCount() - 1).seq == 5, "what was asked for still fits to what is there"


def test_live_beats_before_the_first_page_are_not_doubled_by_it(qtbot: QtBot) -> None:
    model = BeatModel()
    model.show_span(ns(0), ns(100))
    model.add_live([beat_at(START + 99, 99)], ns(0))
    model.add_page(ns(90), [beat_at(START + n, n) for n in range(95, 100)])
    assert seqs(model) == [99, 98, 97, 96, 95]


def test_cells_are_in_words(qtbot: QtBot) -> None:
    model = BeatModel()
    model.show_span(ns(0), ns(100))
    model.add_page(
        ns(0), [beat_at(START, 1, 24_000, 380_000_000, None, 42.0, 2, Cause.RUN_QUEUE, ("cpu", "memory"))]
    )
    cells = [model.data(model.index(0, column)) for column in range(model.columnCount())]
    assert cells[1:] == ["24", "380.00", "2", "–", "42 %", "slow", "AIOS_ALERT:cpu,memory", "no free core"]
    spoken = model.data(model.index(0, 2), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Lateness, ms: 380.00"
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert heads == [
        "Time",
        "Duration, µs",
        "Lateness, ms",
        "Missed",
        "CPU",
        "Memory",
        "Path",
        "Result",
        "Cause",
    ]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_each_cause_has_room_and_can_be_read_whole(qtbot: QtBot, language: str) -> None:
    use_language(language)
    model = BeatModel()
    model.show_span(ns(0), ns(100))
    model.add_page(ns(0), [beat_at(START + each, each, cause=each) for each in Cause])
    table = BeatTable(model)
    qtbot.addWidget(table)
    table.resize(table.wish_px, 400)
    table.show()
    column, metrics = model.columnCount() - 1, QFontMetrics(table.font())
    for row in range(model.rowCount()):
        index = model.index(row, column)
        text = str(model.data(index))
        assert metrics.horizontalAdvance(text) + 16 <= table.columnWidth(column), text
        assert model.data(index, Qt.ItemDataRole.ToolTipRole) == text, "where the window is too small for it"


def test_chosen_rows_are_copied_as_csv_by_keyboard(qtbot: QtBot) -> None:
    table = BeatTable(filled())
    qtbot.addWidget(table)
    table.show()
    table.setFocus()
    table.choose(0)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = list(csv.DictReader(QGuiApplication.clipboard().text().splitlines()[1:]))
    assert [row["seq"] for row in rows] == ["98", "99"]
    assert table.accessibleName() == "Beats in view"
    assert [(each.isVisible(), each.text()) for each in table.findChildren(Toast)] == [
        (True, "Copied 2 beats")
    ]
