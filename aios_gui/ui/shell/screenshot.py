"""Takes a picture of the window once it shows beats: for tests and for the documentation."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.shell.window import Window

log = logging.getLogger(__name__)
_LOOK_EVERY_MS = 100
_BEATS = 3
_SETTLE_MS = 700


class Photographer(QObject):
    """``done`` tells whether the picture was saved."""

    done = Signal(bool)

    def __init__(self, controller: Controller, window: Window, file: Path) -> None:
        super().__init__(window)
        self._controller, self._window, self._file = controller, window, file
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_EVERY_MS)

    def _look(self) -> None:
        snapshot, window = self._controller.snapshot, self._window
        cost = snapshot.context.own_cpu_percent if snapshot.context is not None else None
        if window.panel in window.panels and snapshot.made >= _BEATS and cost is not None:
            self._timer.stop()
            QTimer.singleShot(_SETTLE_MS, self, self._take)

    def _take(self) -> None:
        self._window.refresh()
        saved = self._window.grab().save(str(self._file))
        if not saved:
            log.error("the picture could not be written to %s", self._file)
        self.done.emit(saved)
