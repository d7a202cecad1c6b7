"""A small mark before a line of text: a state by shape and colour, never by colour alone."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.icons import paint_mark


class Mark(Enum):
    """What a dot says: its shape (a state's, or None for a ring) and its colour among the theme's tokens."""

    WAITING = (None, "gap")
    RUNNING = (None, "accent")
    FINE = (Severity.OK, "fine")
    WARNING = (Severity.WARNING, "warning")
    FAILED = (Severity.CRITICAL, "critical")
    COLD = (Severity.WARNING, "accent")
    NONE = (Severity.INACTIVE, "gap")


class Dot(QWidget):
    """Repaints only where the mark is another one."""

    def __init__(self, theme: Theme, side_px: int = 9, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = Mark.NONE
        self.setFixedSize(QSize(side_px, side_px))

    @property
    def mark(self) -> Mark:
        """What it says."""
        return self._mark

    def show_mark(self, mark: Mark) -> None:
        """Say something else."""
        if mark is not self._mark:
            self._mark = mark
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        severity, tone = self._mark.value
        colour = getattr(self._theme.tokens, tone)
        painter = QPainter(self)
        box = QRectF(self.rect())
        if severity is not None:
            paint_mark(painter, box, severity, colour)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colour), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        painter.end()
