"""The rail: a number beside the icon of a panel, seen and heard."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.incident import IncidentBrief, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.ui.shell.rail import Rail, RailButton
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import LIGHT, Theme
from tests.ui.fakes import FakeResident, entries

CPU = IncidentBrief(7, "cpu", "cpu_percent", Level.CRITICAL, 10, 97.0, 80.0, 1, Silence.NONE, False)


def _has(button: RailButton, colour: str) -> bool:
    image = button.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height() // 2))


def test_the_badge_has_the_colour_of_the_worst(theme: Theme, qtbot: QtBot) -> None:
    rail = Rail(theme, entries("live", "incidents"))
    qtbot.addWidget(rail)
    rail.show()
    button = rail.button("incidents")
    assert not _has(button, LIGHT.critical)
    rail.show_badge("incidents", 2, True)
    assert _has(button, LIGHT.critical)
    assert button.accessibleDescription() == "2 open"
    rail.show_badge("incidents", 120, False)
    assert _has(button, LIGHT.warning)
    assert not _has(button, LIGHT.critical)
    rail.show_badge("incidents", 0, False)
    assert not _has(button, LIGHT.warning)
    assert button.accessibleDescription() == ""


def test_a_panel_that_is_not_there_has_no_badge(theme: Theme, qtbot: QtBot) -> None:
    rail = Rail(theme, entries("live"))
    qtbot.addWidget(rail)
    rail.show_badge("incidents", 2, True)


def test_the_window_counts_what_alerts(
    make_window: Callable[..., Window], resident: FakeResident, qtbot: QtBot
) -> None:
    window = make_window(entries("live", "incidents"))
    window.show()
    muted = replace(CPU, id=8, silence=Silence.MUTED)
    resident.feed.snapshot = replace(
        resident.feed.snapshot, open_incidents=(CPU, muted), worst=Level.CRITICAL
    )
    window.refresh()
    assert window.rail.button("incidents").accessibleDescription() == "1 open"
    qtbot.waitUntil(lambda: "live" in window.panels)
