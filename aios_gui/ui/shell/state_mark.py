"""The large mark at the left of the header: a state by shape and colour, never by colour alone; it can be pressed."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.now_words import severity_phrase
from aios_gui.ui.theme import Theme, mix
from aios_gui.ui.widgets.icons import colour_of, paint_mark

SIZE_PX = 36
_SHAPE_PX = 14.0


class StateMark(QAbstractButton):
    """A shape on a tinted disc; pressed, it shows what is behind the state."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._severity = Severity.INACTIVE
        self.setFixedSize(SIZE_PX, SIZE_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.retranslate()

    @property
    def severity(self) -> Severity:
        """The state shown."""
        return self._severity

    def show_severity(self, severity: Severity) -> None:
        """Show a state; repaints only where it is another one."""
        if severity is self._severity:
            return
        self._severity = severity
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(severity_phrase(self._severity))

    def sizeHint(self) -> QSize:
        return QSize(SIZE_PX, SIZE_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        colour = colour_of(self._severity, tokens)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(colour, tokens.surface, 0.16)))
        painter.drawEllipse(QRectF(0, 0, SIZE_PX, SIZE_PX))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(1, 1, SIZE_PX - 2, SIZE_PX - 2))
        side = _SHAPE_PX + (2 if self._severity is Severity.CRITICAL else 0)
        corner = (SIZE_PX - side) / 2
        lift = 1.5 if self._severity is Severity.CRITICAL else 0.0
        paint_mark(painter, QRectF(corner, corner - lift, side, side), self._severity, colour)
        painter.end()
