"""Cards in rows of two, or below one another where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from aios_gui.ui.theme import S

_TWO_FROM_PX = 860


class CardGrid(QWidget):
    """Rows of one card or two, which are as wide as each other."""

    def __init__(self, rows: Sequence[Sequence[QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(S + 2)
        self._rows: list[QHBoxLayout] = []
        for cards in rows:
            row = QHBoxLayout()
            row.setSpacing(S + 2)
            for card in cards:
                row.addWidget(card, 1)
            whole.addLayout(row)
            self._rows.append(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction.LeftToRight
        if self.width() < _TWO_FROM_PX:
            way = QBoxLayout.Direction.TopToBottom
        for row in self._rows:
            if row.direction() is not way:
                row.setDirection(way)
