"""The thread on which the heartbeat runs while there is a window."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

if TYPE_CHECKING:
    from aios_gui.heartbeat.engine import HeartbeatEngine

log = logging.getLogger(__name__)
STOP_TIMEOUT_MS = 5_000


class EngineThread(QThread):
    """Runs an engine's loop. ``failed`` carries the exception that ended it before its time."""

    failed = Signal(object)

    def __init__(self, engine: HeartbeatEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.setObjectName("heartbeat")

    def run(self) -> None:
        try:
            self._engine.run()
        except (Exception, SystemExit) as error:
            log.exception("the heartbeat ended with an error")
            self.failed.emit(error)

    def finish(self, timeout_ms: int = STOP_TIMEOUT_MS) -> bool:
        """Stop the engine and wait for it; False where it would not end in time. It is never killed.

        The caller must keep a thread that did not end: destroying it would bring the process down.
        """
        self._engine.stop()
        if self.wait(timeout_ms):
            return True
        log.critical("the heartbeat's thread did not end within %d ms; it is left behind", timeout_ms)
        return False
