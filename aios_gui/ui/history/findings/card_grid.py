"""Cards in rows of two, or below one another where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from aios_gui.ui.theme import S

_TWO_FROM_PX = 860


class CardGrid(QWidget):
    """Rows of one card or two, which are as wide as each other."""

    def __init__(self, rows: Sequence[Sequence[QWidget]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(S + 2)
        self._whole = whole
        self._rows: list[QHBoxLayout] = []
        for cards in rows:
            self.add(*cards)

    def add(self, *cards: QWidget) -> None:
        """Add a row."""
        row = QHBoxLayout()
        row.setSpacing(S + 2)
        for card in cards:
            row.addWidget(card, 1)
        self._whole.addLayout(row)
        self._rows.append(row)
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        way = QBoxLayout.Direction.LeftToRight
        if self.width() < _TWO_FROM_PX:
            way = QBoxLayout.Direction.TopToBottom
        for row in self._rows:
            if row.direction() is not way:
                row.setDirection(way)
