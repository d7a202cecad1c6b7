"""The strip of the last 60 beats: height and colour by state, gaps hatched."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.heartbeat.model.severity import Severity
from aios_gui.instance.model.snapshot import STRIP_CELLS
from aios_gui.instance.now_words import cell_sentence
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.icons import colour_of

HEIGHT_PX = 32
_SHARE_OF_HEIGHT: dict[Severity | None, float] = {
    None: 0.1,
    Severity.OK: 0.58,
    Severity.WARNING: 0.78,
    Severity.CRITICAL: 1.0,
    Severity.INACTIVE: 0.58,
}
_WIDEST_CELL_PX = 12.0
_FINE_OPACITY, _STALE_OPACITY = 0.85, 0.35
_HATCH_PX = 4.0


class Strip(QWidget):
    """Paints the newest beat at the right; repaints only when a cell has changed."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cells: tuple[Severity, ...] = ()
        self._is_stale = False
        self._moments: tuple[tuple[int, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.retranslate()

    @property
    def cells(self) -> tuple[Severity, ...]:
        """The cells shown, oldest first."""
        return self._cells

    def show_cells(
        self,
        cells: tuple[Severity, ...],
        moments: tuple[tuple[int, int], ...] = (),
        is_stale: bool = False,
    ) -> None:
        """Show the last 60 of ``cells``, oldest first; ``moments`` are when each was and how long, ns.

        ``is_stale``: they say nothing of now, and are pale.
        """
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            self.update()
        cells, self._moments = cells[-STRIP_CELLS:], moments[-STRIP_CELLS:]
        if cells == self._cells:
            return
        if self._counts(cells) != self._counts(self._cells):
            self.setAccessibleDescription(self._summary(cells))
        self._cells = cells
        self.update()

    def retranslate(self) -> None:
        """The language has changed."""
        self.setAccessibleName(_("Last {count} beats").format(count=STRIP_CELLS))
        self.setAccessibleDescription(self._summary(self._cells))

    def sizeHint(self) -> QSize:
        return QSize(430, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(STRIP_CELLS * 2, HEIGHT_PX)

    def cell_at(self, x: float) -> int | None:
        """Index of the cell under ``x``, or None where there is none."""
        pitch, left = self._layout()
        index = int((x - left) // pitch) - (STRIP_CELLS - len(self._cells))
        return index if 0 <= index < len(self._cells) and x >= left else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        pitch, left = self._layout()
        gap_px = 2.0 if pitch >= 5 else 1.0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_STALE_OPACITY if self._is_stale else 1.0)
        bottom = (self.height() + HEIGHT_PX) / 2
        x = left
        for cell in (*[None] * (STRIP_CELLS - len(self._cells)), *self._cells):
            tall = HEIGHT_PX * _SHARE_OF_HEIGHT[cell]
            box = QRectF(x, bottom - tall, pitch - gap_px, tall)
            colour = QColor(tokens.line if cell is None else colour_of(cell, tokens))
            if cell is Severity.INACTIVE:
                _hatch(painter, box, colour)
            else:
                colour.setAlphaF(_FINE_OPACITY if cell is Severity.OK else 1.0)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                painter.drawRoundedRect(box, 1.5, 1.5)
            x += pitch
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.cell_at(event.position().x())
        self.setToolTip("" if index is None else self.tip_of(index))

    def tip_of(self, index: int) -> str:
        """What the tooltip of a cell says."""
        known = len(self._moments) == len(self._cells)
        return cell_sentence(self._cells[index], self._moments[index] if known else None, time.time_ns())

    def _layout(self) -> tuple[float, float]:
        pitch = min(self.width() / STRIP_CELLS, _WIDEST_CELL_PX)
        return pitch, (self.width() - pitch * STRIP_CELLS) / 2

    @staticmethod
    def _counts(cells: tuple[Severity, ...]) -> tuple[int, ...]:
        return tuple(cells.count(cell) for cell in Severity)

    @staticmethod
    def _summary(cells: tuple[Severity, ...]) -> str:
        fine, warning, critical, gap = (cells.count(cell) for cell in Severity)
        return _("{fine} fine, {warning} with a warning, {critical} critical, {gap} without beats").format(
            fine=fine, warning=warning, critical=critical, gap=gap
        )


def _hatch(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Diagonal lines within ``box``, which go on in the next box."""
    painter.save()
    painter.setClipRect(box)
    painter.setPen(QPen(colour, 1.3))
    offset = box.left() % _HATCH_PX
    start = box.left() - offset - box.height()
    while start < box.right():
        painter.drawLine(QPointF(start, box.bottom()), QPointF(start + box.height(), box.top()))
        start += _HATCH_PX
    painter.restore()
