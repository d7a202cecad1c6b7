"""What tests of the Settings panel get: the panel, shown, over a controller with the fake services."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from aios_gui.ui.panel import PanelContext
from aios_gui.ui.settings.panel import SettingsPanel
from aios_gui.ui.settings.row import SettingRow
from aios_gui.ui.shell.controller import Controller

MakePanel = Callable[[], SettingsPanel]


@pytest.fixture
def make_panel(controller: Controller, qtbot: QtBot) -> Iterator[MakePanel]:
    """Builds Settings panels, shown and with the keyboard."""
    made: list[SettingsPanel] = []

    def build() -> SettingsPanel:
        context = PanelContext(
            controller.feed,
            controller.open_history,
            controller.theme,
            lambda: controller.settings,
            controller,
        )
        panel = SettingsPanel(context)
        made.append(panel)
        panel.resize(1196, 724)
        panel.show()
        panel.activate()
        panel.activateWindow()
        qtbot.waitActive(panel)
        return panel

    yield build
    for panel in made:
        if isValid(panel):
            panel.close()
            panel.deleteLater()


@pytest.fixture
def panel(make_panel: MakePanel) -> SettingsPanel:
    """The panel."""
    return make_panel()


def row_of(panel: SettingsPanel, name: str) -> SettingRow:
    """The row of a setting."""
    return next(row for section in panel.sections for row in section.rows if row.setting.name == name)
