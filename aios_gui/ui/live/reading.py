"""The column beside a plot: the current value in large figures, and a line below that puts it in proportion."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.ui.theme import FIGURE, LABEL, TEXT, XS, Tokens, font

WIDTH = 176


class Reading(QWidget):
    """Figure, unit and foot, painted by itself: three labels would lay the window out anew with every beat."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._said = ("", "", "")
        self._name = ""
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    @property
    def text(self) -> str:
        """All that it says, in one line."""
        figure, unit, foot = self._said
        return f"{figure} {unit}, {foot}".strip(" ,")

    def dress(self, tokens: Tokens) -> None:
        """Put on the colours of a theme."""
        self._tokens = tokens
        self.update()

    def name(self, quantity: str) -> None:
        """Say for a screen reader which quantity this is."""
        self._name = quantity
        self.setAccessibleName(f"{quantity}: {self.text}")

    def say(self, figure: str, unit: str, foot: str) -> None:
        """Show these words; nothing is painted where they are the same."""
        said = (figure, unit, foot)
        if said != self._said:
            self._said = said
            self.setAccessibleName(f"{self._name}: {self.text}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 54)

    def paintEvent(self, event: QPaintEvent) -> None:
        figure, unit, foot = self._said
        large, small, footing = font(FIGURE, strong=True), font(TEXT), font(LABEL + 1)
        metrics = QFontMetricsF(large)
        foot_metrics = QFontMetricsF(footing)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        foot_box = foot_metrics.boundingRect(QRectF(0, 0, self.width(), 400), int(flags), foot)
        height = metrics.ascent() + XS + foot_box.height()
        baseline = max(metrics.ascent(), (self.height() - height) / 2 + metrics.ascent())
        painter = QPainter(self)
        painter.setFont(large)
        painter.setPen(QColor(self._tokens.text))
        painter.drawText(QPointF(0, baseline), figure)
        painter.setFont(small)
        painter.setPen(QColor(self._tokens.muted))
        painter.drawText(QPointF(metrics.horizontalAdvance(figure) + 6, baseline), unit)
        painter.setFont(footing)
        below = QRectF(0, baseline + XS + 2, self.width(), self.height() - baseline)
        painter.drawText(below, int(flags), foot)
        painter.end()
