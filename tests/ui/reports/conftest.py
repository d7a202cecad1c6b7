"""What tests of reports get: the panel, shown, with what it would open outside noted down instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QMimeData, QUrl
from pytestqt.qtbot import QtBot

from aios_gui.ui.reports.panel import ReportsPanel
from aios_gui.ui.shell.controller import Controller
from tests.fakes import Kept
from tests.ui.children import PATIENCE_MS
from tests.ui.fakes import Show, context_of


class Outside:
    """The desktop around the window: what was opened, started and dragged."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.started: list[list[str]] = []
        self.dragged: list[QMimeData] = []
        self.opens = True

    def open_url(self, url: QUrl) -> bool:
        self.opened.append(QDir.toNativeSeparators(url.toLocalFile()))
        return self.opens

    def run(self, program: str, arguments: list[str], _otherwise: Callable[[], object]) -> None:
        self.started.append([program, *arguments])


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def reports(controller: Controller, outside: Outside, show: Show, tmp_path: Path) -> ReportsPanel:
    """The Reports panel over an empty record; it writes to a folder of the test."""
    panel = ReportsPanel(context_of(controller))
    panel.files.open_url, panel.files.run = outside.open_url, outside.run
    panel.order.result.drag = outside.dragged.append
    panel.order.choose_folder = lambda: tmp_path / "written"
    panel.order.change.click()
    show(panel).activate()
    return panel


@pytest.fixture
def offered(reports: ReportsPanel, qtbot: QtBot) -> ReportsPanel:
    """The same, with the templates read, over a record of ten beats."""
    kept = Kept(reports._context.controller.paths.store)
    for _beat in range(10):
        kept.beat()
    kept.close()
    reports.form.span.show_words("all")
    qtbot.waitUntil(lambda: bool(reports.templates.offers), timeout=PATIENCE_MS)
    return reports
