"""What tests of the Settings panel get: the panel, shown, over a controller with the fake services."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from aios_gui.ui.settings.panel import SettingsPanel
from aios_gui.ui.settings.row import SettingRow
from aios_gui.ui.shell.controller import Controller
from tests.ui.fakes import Show, context_of

MakePanel = Callable[..., SettingsPanel]


@pytest.fixture
def make_panel(controller: Controller, show: Show, qtbot: QtBot) -> MakePanel:
    """Builds Settings panels, shown and with the keyboard; of ``controller`` unless another is given."""

    def build(controller: Controller = controller) -> SettingsPanel:
        panel = show(SettingsPanel(context_of(controller)))
        panel.activate()
        panel.activateWindow()
        qtbot.waitActive(panel)
        return panel

    return build


@pytest.fixture
def panel(make_panel: MakePanel) -> SettingsPanel:
    """The panel."""
    return make_panel()


def row_of(panel: SettingsPanel, name: str) -> SettingRow:
    """The row of a setting."""
    return next(row for section in panel.sections for row in section.rows if row.setting.name == name)
