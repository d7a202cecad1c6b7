"""Shares of a whole side by side in one bar, with their names and figures below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, XS, M, S, Theme, font, mix

_BAR_PX, _DOT_PX = 12.0, 8.0
_LEAST_PX = 2.0


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of the bar: 0 to 1, its name, its figure, its colour among the tokens and how much of it is laid on."""

    share: float
    name: str
    figure: str
    tone: str
    opacity: float = 1.0


class BandBar(QWidget):
    """What is there at all gets two pixels, since one beat in a million may be what matters."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.parts: tuple[BarPart, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[BarPart], name: str) -> None:
        """Show other parts; ``name`` is what they are parts of."""
        self.parts = tuple(parts)
        listed = _(", ").join(f"{part.name} {part.figure}" for part in self.parts)
        self.setAccessibleName(_("{label}: {value}").format(label=name, value=listed) if listed else name)
        self._fit()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the words need that stand below the bar."""
        lines = len({top for _part, _left, top in self._places(float(self.width()))})
        self.setFixedHeight(round(_BAR_PX + S + max(1, lines) * self._line_px()))

    def _line_px(self) -> float:
        return QFontMetricsF(font(LABEL)).height() + XS

    def _places(self, width: float) -> list[tuple[BarPart, float, float]]:
        """Where the words for each part begin: to the right, and in which line."""
        metrics, left, top, found = QFontMetricsF(font(LABEL)), 0.0, 0.0, []
        for part in self.parts:
            wish = _DOT_PX + XS + metrics.horizontalAdvance(f"{part.name}  {part.figure}") + M
            if left and left + wish - M > width:
                left, top = 0.0, top + self._line_px()
            found.append((part, left, top))
            left += wish
        return found

    def _colour(self, part: BarPart) -> QColor:
        tokens = self._theme.tokens
        return QColor(mix(getattr(tokens, part.tone), tokens.surface, part.opacity))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, type_ = self._theme.tokens, font(LABEL)
        metrics = QFontMetricsF(type_)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(0, 0, self.width(), _BAR_PX)
        path = QPainterPath()
        path.addRoundedRect(whole, _BAR_PX / 2, _BAR_PX / 2)
        painter.fillPath(path, QColor(tokens.grid))
        painter.setClipPath(path)
        for box, part in zip(_boxes(self.parts, whole), self.parts, strict=True):
            painter.fillRect(box, self._colour(part))
        painter.setClipping(False)
        painter.setFont(type_)
        for part, left, top in self._places(float(self.width())):
            baseline = _BAR_PX + S + top + metrics.ascent()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(part))
            middle = baseline - metrics.xHeight() / 2 - _DOT_PX / 2
            painter.drawRoundedRect(QRectF(left, middle, _DOT_PX, _DOT_PX), 2, 2)
            painter.setPen(QColor(tokens.muted))
            text = left + _DOT_PX + XS
            painter.drawText(QPointF(text, baseline), part.name)
            painter.setPen(QColor(tokens.text))
            painter.drawText(
                QPointF(text + metrics.horizontalAdvance(part.name + "  "), baseline), part.figure
            )
        painter.end()


def _boxes(parts: Sequence[BarPart], whole: QRectF) -> list[QRectF]:
    """The place of each part; the largest gives way to those that would be too small to see."""
    widths = [max(_LEAST_PX, part.share * whole.width()) if part.share > 0 else 0.0 for part in parts]
    over = sum(widths) - whole.width()
    if widths and over > 0:
        widths[widths.index(max(widths))] -= over
    boxes, left = [], whole.left()
    for width in widths:
        boxes.append(QRectF(left, whole.top(), width, whole.height()))
        left += width
    return boxes
