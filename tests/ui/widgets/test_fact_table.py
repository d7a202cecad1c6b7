"""A table of facts: rows that share the height, columns that share the width, copying, and the keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable

COLUMNS = (Column("stage", right=False), Column("", bar=True), Column("P50"))
ROWS = [
    (Fact("Read CPU", tip="reads CPU"), Fact(bar=1.0, tone="accent"), Fact("9 µs", strong=True)),
    (Fact("A much longer title than that"), Fact(bar=None), Fact("7 µs")),
]


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> Iterator[FactTable]:
    around = QWidget()  # Windows makes no window as narrow as a table may be
    qtbot.addWidget(around)
    around.resize(600, 500)
    made = FactTable(theme)
    made.setParent(around)
    made.resize(400, 120)
    around.show()
    made.show_facts(COLUMNS, ROWS)
    yield made
    around.hide()


def widths(table: FactTable) -> list[int]:
    return [table.horizontalHeader().sectionSize(place) for place in range(len(table.facts.columns))]


def test_the_bar_gets_the_width_that_is_left(table: FactTable) -> None:
    before = widths(table)
    assert sum(before) == table.viewport().width()
    table.resize(500, 120)
    after = widths(table)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] - before[1] == 100


def test_one_that_scrolls_sideways_cuts_no_text(table: FactTable) -> None:
    before = widths(table)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    table.resize(160, 120)
    after = widths(table)
    assert (after[0], after[2]) == (before[0], before[2])
    assert sum(after) > table.viewport().width()
    assert table.horizontalScrollBar().maximum() > 0


def test_without_bars_all_columns_grow(table: FactTable) -> None:
    table.show_facts((Column("Beat"), Column("Took")), [(Fact("1"), Fact("23 µs"))])
    before = widths(table)
    table.resize(500, 120)
    assert [after - then for after, then in zip(widths(table), before, strict=True)] == [50, 50]


def test_rows_share_the_height_within_reason(table: FactTable) -> None:
    heights = []
    for height in (40, 80, 400):
        table.resize(400, height)
        heights.append(table.rowHeight(0))
    assert heights[0] == 18
    assert heights[0] < heights[1] <= heights[2] == 34


def test_a_row_is_as_wide_as_its_longest_cell(table: FactTable) -> None:
    table.show_facts(COLUMNS, [(Fact("Short"), Fact(), Fact("1"))])
    narrow = widths(table)[0]
    table.show_facts(COLUMNS, ROWS)
    assert widths(table)[0] > narrow


def test_a_name_that_is_too_long_gives_way_to_the_figures(table: FactTable) -> None:
    table.show_facts(COLUMNS, [(Fact("long " * 40), Fact(bar=0.5), Fact("1,234,567 µs"))])
    assert sum(widths(table)) <= table.viewport().width()
    figure = table.fontMetrics().horizontalAdvance("1,234,567 µs")
    assert widths(table)[2] > figure
    assert widths(table)[1] >= 48
    table.resize(60, 120)
    assert widths(table)[0] >= 90


def test_what_is_copied_is_no_formula_where_it_is_pasted(table: FactTable) -> None:
    names = ("=cmd|' /C calc'!A0", "@SUM(1+1)", "-1+cmd|' /C calc'!A0", "+1 %", "-3.5 kB/s", "−")
    table.show_facts((Column("name", right=False),), [(Fact(name),) for name in names])
    table.copy()
    copied = QGuiApplication.clipboard().text().splitlines()[1:]
    assert copied == [*(f"'{name}" for name in names[:3]), *names[3:]]


def test_the_same_facts_again_change_nothing(table: FactTable, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(table.facts.dataChanged), qtbot.assertNotEmitted(table.facts.modelReset):
        table.show_facts(COLUMNS, list(ROWS))
    with qtbot.waitSignal(table.facts.dataChanged):
        table.show_facts(COLUMNS, ROWS[::-1])
    table.grab()


def test_cells_and_headings_are_read_out(table: FactTable) -> None:
    index = table.facts.index(0, 0)
    assert index.data() == "Read CPU"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "reads CPU"
    assert table.facts.headerData(2, Qt.Orientation.Horizontal) == "P50"
    assert table.facts.headerData(9, Qt.Orientation.Horizontal) is None
    assert table.facts.rowCount(index) == table.facts.columnCount(index) == 0


def test_who_comes_by_keyboard_has_a_row_and_copies_it(table: FactTable, qtbot: QtBot) -> None:
    table.focusInEvent(QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert table.currentIndex().row() == 0
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "stage\tP50\nA much longer title than that\t7 µs\n"
    table.grab()
    table.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert not table.currentIndex().isValid()
    table.copy()
    assert QGuiApplication.clipboard().text().count("\n") == 3
