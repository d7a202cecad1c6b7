"""Tab leads to everything in the Startup panel that can be used."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from aios_gui.ui.startup.panel import StartupPanel
from tests.ui.tabbing import never_reached


def test_in_startup(panel: StartupPanel, qtbot: QtBot) -> None:
    assert never_reached(panel, qtbot) == []
