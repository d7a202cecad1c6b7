"""Tab leads to everything in the Settings panel that can be used."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from aios_gui.ui.settings.panel import SettingsPanel
from tests.ui.tabbing import never_reached


def test_in_settings(panel: SettingsPanel, qtbot: QtBot) -> None:
    assert never_reached(panel, qtbot) == []
