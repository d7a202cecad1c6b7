"""The rail: a number beside the icon of a panel, seen and heard."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from aios_gui.alerts.model.incident import Unseen
from aios_gui.alerts.model.rules import Level
from aios_gui.instance.commands import NoteAllSeen
from aios_gui.ui.shell.rail import Rail, RailButton
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import LIGHT, Theme
from tests.ui.fakes import FakeResident, entries


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
    assert button.accessibleDescription() == "2 incidents not seen yet"
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


def test_the_window_counts_what_no_one_has_seen(
    make_window: Callable[..., Window], resident: FakeResident, qtbot: QtBot
) -> None:
    window = make_window(entries("live", "incidents"))
    window.show()
    resident.feed.snapshot = replace(resident.feed.snapshot, unseen=(Unseen(7, Level.CRITICAL),))
    window.refresh()
    assert window.rail.button("incidents").accessibleDescription() == "1 incident not seen yet"
    assert resident.commands == []
    qtbot.waitUntil(lambda: "live" in window.panels)


def test_what_stands_in_the_list_before_a_person_is_seen(
    make_window: Callable[..., Window], resident: FakeResident, qtbot: QtBot
) -> None:
    window = make_window(entries("live", "incidents"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    resident.feed.snapshot = replace(resident.feed.snapshot, unseen=(Unseen(7, Level.CRITICAL),))
    window.open_panel("incidents")
    window.refresh()
    window.refresh()
    assert resident.commands == [NoteAllSeen()], "once is enough"
    resident.feed.snapshot = replace(resident.feed.snapshot, made=resident.feed.snapshot.made + 1)
    window.refresh()
    assert resident.commands == [NoteAllSeen(), NoteAllSeen()], "it fired again between two looks"
    resident.feed.snapshot = replace(resident.feed.snapshot, unseen=())
    window.refresh()
    assert resident.commands == [NoteAllSeen(), NoteAllSeen()]
