"""Labels that show their text as it is: names, paths and errors come from outside, and none of them is markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A ``QLabel`` takes anything that looks like markup for some unless it is told not to; this one is."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


class CutLabel(PlainLabel):
    """One line that ends in "…" where it is given too little room."""

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        if text == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        flags = self.alignment().value | Qt.TextFlag.TextSingleLine.value
        self.style().drawItemText(
            painter, room, flags, self.palette(), self.isEnabled(), text, self.foregroundRole()
        )
        painter.end()
