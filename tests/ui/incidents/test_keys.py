"""The incidents panel by the keyboard: everything is reached, and has a name."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aios_gui.ui.incidents.panel import IncidentsPanel
from tests.ui.spoken import unspoken


def test_it_works_by_keyboard_alone(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    incidents.list.setFocus()
    qtbot.keyClick(incidents.list, Qt.Key.Key_Down)
    assert incidents.list.number == 70
    qtbot.keyClick(incidents.list, Qt.Key.Key_End)
    assert incidents.list.number == 10
    qtbot.keyClick(incidents, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(incidents.open_rules, Qt.Key.Key_Space)
    assert incidents.rules.isVisible()
    qtbot.keyClick(incidents.rules, Qt.Key.Key_Escape)
    assert not incidents.rules.isVisible()
    reached = _tab_order(incidents)
    for widget in (
        incidents.list,
        incidents.filters.search,
        incidents.detail.chart.plot,
        incidents.detail.culprits,
        incidents.detail.note.text,
        incidents.detail.acknowledge,
        incidents.open_rules,
    ):
        assert widget in reached
    filters = incidents.filters
    in_order = [
        filters.presets.group.button(0),
        filters.search,
        filters.span,
        incidents.open_rules,
        incidents.list,
    ]
    places = [reached.index(widget) for widget in in_order if widget in reached]
    assert places == sorted(places)
    assert places[-1] < reached.index(incidents.detail.chart.plot)


def _tab_order(panel: QWidget) -> list[QWidget]:
    found: list[QWidget] = []
    widget = panel.nextInFocusChain()
    while widget is not None and widget is not panel and widget not in found:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(panel):
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_whatever_takes_the_keyboard_has_a_name(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    assert unspoken(incidents) == []
    plot = incidents.detail.chart.plot
    qtbot.waitUntil(lambda: " to " in plot.accessibleDescription().splitlines()[0])
    row = incidents.model.index(0, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "warning, over"
