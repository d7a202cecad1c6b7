"""The filter of the Incidents panel: each part of it, the usual choices, and what is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.rules import Level
from aios_gui.ui.incidents.filter import DAY_S, Course, IncidentFilter
from aios_gui.ui.incidents.panel import IncidentsPanel
from tests.ui.incidents.test_panel import shown, text_of


def test_every_part_of_the_filter(incidents: IncidentsPanel) -> None:
    for wanted, numbers in (
        (IncidentFilter(level=Level.CRITICAL), [70, 60, 40, 30]),
        (IncidentFilter(course=Course.UNSEEN, level=Level.WARNING), [80, 50, 10]),
        (IncidentFilter(text="memory critical"), [60, 30]),
        (IncidentFilter(text="CARGO hiccup"), [80, 50, 10]),
        (IncidentFilter(text="backups"), [20]),
        (IncidentFilter(course=Course.OPEN), []),
    ):
        incidents.filters.set_filter(wanted)
        assert [each.id for each in incidents.model.incidents] == numbers, wanted
        assert incidents.list.number in (numbers or [0]), wanted
        incidents.filters.set_filter(IncidentFilter())


def test_the_span_is_asked_of_the_record(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    box = incidents.filters.span
    box.setCurrentIndex(box.findData(DAY_S))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: not incidents.source.reading)
    assert [each.id for each in incidents.model.incidents] == [80, 70, 60, 50, 40]


def test_the_usual_choices_and_the_way_back(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    presets = incidents.filters.presets
    qtbot.keyClick(presets.group.button(3), Qt.Key.Key_Space)
    assert incidents.filters.filter == IncidentFilter(level=Level.CRITICAL)
    qtbot.keyClick(presets.group.button(2), Qt.Key.Key_Space)
    assert incidents.filters.filter == IncidentFilter(course=Course.UNSEEN)
    qtbot.keyClick(presets.group.button(1), Qt.Key.Key_Space)
    card = incidents.card
    assert text_of(card.empty) == "No incident matches the filter."
    assert card.clear.isVisible()
    card.clear.click()
    assert presets.group.checkedId() == 0
    assert len(shown(incidents)) == 8
    incidents.filters.set_filter(IncidentFilter(text="memory"))
    assert presets.group.checkedId() == 0
    incidents.filters.set_filter(IncidentFilter(course=Course.OPEN, level=Level.WARNING))
    assert presets.group.checkedId() == -1


def test_typing_searches_a_moment_later(incidents: IncidentsPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(incidents.filters.search, "disk")
    qtbot.waitUntil(lambda: shown(incidents) == ["Free disk space under 5.0 %"])
    incidents.filters.search.clear()
    assert len(shown(incidents)) == 8
