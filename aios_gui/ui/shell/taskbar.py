"""Marks the window's button in the task bar of Windows for the worst open state.

Loaded only there, and only once there is a button.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.model.now import now_of
from aios_gui.instance.now_words import severity_phrase
from aios_gui.system.windows.taskbar import mark_button
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.icons import mark_icon

log = logging.getLogger(__name__)
MARK_PX = 16
AGAIN_NS = 10_000_000_000


class TaskbarMark(QObject):
    """Keeps the mark on the button of ``window`` in step with the state; ``looked`` tells when to look for it.

    A mark that stays is laid again every ten seconds: a task bar that restarted has lost it.
    """

    def __init__(
        self,
        controller: Controller,
        window: QWidget,
        looked: SignalInstance,
        mark: Callable[[int, int, str], None] = mark_button,
        icon_of: Callable[[QImage], int] = lambda image: image.toHICON(),  # type: ignore[attr-defined, unused-ignore]
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._window = window
        self._mark = mark
        self._icon_of = icon_of
        self._now_ns = now_ns
        self._shown: tuple[Severity, int, int, int] | None = None
        self._has_failed = False
        looked.connect(self.look)
        controller.theme.changed.connect(self.renew)
        controller.language_changed.connect(self.renew)
        self.look()

    def look(self) -> None:
        """Look once; a window that is hidden has no button."""
        if not self._window.isVisible():
            self._shown = None
            return
        now_ns = self._now_ns()
        severity = now_of(self._controller.snapshot, now_ns).severity
        side_px = round(MARK_PX * self._window.devicePixelRatioF())
        turn = 0 if severity is Severity.OK else now_ns // AGAIN_NS
        wanted = (severity, side_px, int(self._window.winId()), turn)
        if wanted != self._shown:
            self._shown = wanted
            self._lay(severity, side_px)

    def renew(self) -> None:
        """Lay the mark again: colours or language have changed."""
        self._shown = None
        self.look()

    def _lay(self, severity: Severity, side_px: int) -> None:
        try:
            icon = 0 if severity is Severity.OK else self._icon_of(self._picture(severity, side_px))
            self._mark(int(self._window.winId()), icon, severity_phrase(severity))
        except OSError as error:
            if not self._has_failed:
                log.debug("the button in the task bar was not marked: %s", error)
            self._has_failed = True

    def _picture(self, severity: Severity, side_px: int) -> QImage:
        icon = mark_icon(severity, self._controller.theme.tokens)
        return icon.pixmap(QSize(side_px, side_px), 1.0).toImage()
