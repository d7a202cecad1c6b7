"""Doing things with a Startup panel and waiting for what the system then says."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from aios_gui.ui.startup.panel import StartupPanel


def looked(panel: StartupPanel, qtbot: QtBot) -> StartupPanel:
    """The panel after another look at the system."""
    qtbot.waitUntil(lambda: not panel.worker._looking and not panel.worker.busy)
    with qtbot.waitSignal(panel.worker.looked):
        panel.look()
    return panel


def done(panel: StartupPanel, qtbot: QtBot, press: Callable[[], object]) -> StartupPanel:
    """The panel after something was pressed, done and read back."""
    with qtbot.waitSignal(panel.worker.ended):
        press()
    qtbot.waitUntil(lambda: not panel.worker._looking)
    return panel
