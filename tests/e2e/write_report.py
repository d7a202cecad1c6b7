"""Opens the window at its Reports panel over a heartbeat of its own, has it write an HTML report, and prints where."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from aios_gui.instance.settings import settings_file
from aios_gui.system.paths import find_paths
from aios_gui.ui.reports.order_card import OrderCard
from aios_gui.ui.reports.panel import ReportsPanel
from aios_gui.ui.shell.controller import Controller, Kit
from aios_gui.ui.shell.language import Language
from aios_gui.ui.shell.sources import start_local
from aios_gui.ui.shell.window import Window
from aios_gui.ui.theme import Theme

_LOOK_MS, _PATIENCE_MS = 100, 50_000


def main(folder: str) -> int:
    """Write it into ``folder``; 1 where that took too long."""
    app, paths, theme = QApplication(sys.argv[:1]), find_paths(), Theme()
    file = settings_file(paths)
    settings = file.load(set_aside=False).settings
    theme.apply(app)
    theme.dress()
    local = start_local(paths, settings)
    controller = Controller(Kit(paths, file, theme, Language(), lambda: local), settings, local)
    local.start()
    window = Window(controller)
    window.show()
    window.open_panel("reports")
    looking = QTimer(interval=_LOOK_MS)
    looking.timeout.connect(lambda: _press(window, folder))
    looking.start()
    QTimer.singleShot(_PATIENCE_MS, lambda: app.exit(1))
    window.panel_ready.connect(lambda _key: _listen(window, app))
    status = app.exec()
    looking.stop()
    window.leave()
    controller.shutdown()
    return status


def _listen(window: Window, app: QApplication) -> None:
    def written(file: Path, _order: object, _span: object) -> None:
        print(file, flush=True)
        app.exit(0)

    _order_of(window).written.connect(written)


def _press(window: Window, folder: str) -> None:
    """Press the button as soon as it can be, once there are beats."""
    if "reports" not in window.panels or not window._controller.snapshot.made:
        return
    order = _order_of(window)
    order.choose_folder = lambda: Path(folder)
    if order.make.isEnabled() and not order.run.running:
        order.form.span.show_words("1h")
        order.change.click()
        order.make.click()


def _order_of(window: Window) -> OrderCard:
    panel = window.panels["reports"]
    assert isinstance(panel, ReportsPanel)
    return panel.order


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
