"""A check box that looks like a switch."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from aios_gui.ui.theme import Theme

_SIZE = QSize(40, 22)
_INSET = 3.0


class Switch(QCheckBox):
    """On at the right in the accent colour, off at the left; framed where it has the keyboard."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(QSize(_SIZE.width() + 6, _SIZE.height() + 6))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return self.size()

    def hitButton(self, point: QPoint) -> bool:
        return self.rect().contains(point)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        on, able = self.isChecked(), self.isEnabled()
        track = QRectF(3, 3, _SIZE.width(), _SIZE.height())
        round_px = track.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = (tokens.accent if able else tokens.gap) if on else tokens.surface
        painter.setPen(QPen(QColor(ground if on else tokens.gap), 1.2))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(track.adjusted(0.6, 0.6, -0.6, -0.6), round_px, round_px)
        side = track.height() - 2 * _INSET
        left = track.right() - _INSET - side if on else track.left() + _INSET
        painter.setPen(Qt.PenStyle.NoPen)
        knob = tokens.surface if on else (tokens.muted if able else tokens.gap)
        painter.setBrush(QColor(knob))
        painter.drawEllipse(QRectF(left, track.top() + _INSET, side, side))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), round_px + 2, round_px + 2)
        painter.end()
