"""Paints gaps: hatched over the full height, so that nobody takes them for calm."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QTransform

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.theme import Tokens

_TILE = 8
_OPACITY = 0.55
_LEAST_WIDTH = 2.0
_NS = 1_000_000_000


@lru_cache(maxsize=8)
def hatch_brush(colour: str, pixel_ratio: float) -> QBrush:
    """Diagonal lines, crisp on a display with ``pixel_ratio`` device pixels to one."""
    side = round(_TILE * pixel_ratio)
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(colour)
    ink.setAlphaF(_OPACITY)
    painter.setPen(QPen(ink, 1.2 * pixel_ratio))
    for shift in (-side, 0, side):
        painter.drawLine(QLineF(shift - 1, side + 1, shift + side + 1, -1))
    painter.end()
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(1 / pixel_ratio, 1 / pixel_ratio))
    return brush


def paint_gaps(painter: QPainter, frame: Frame, gaps: Iterable[Gap], tokens: Tokens) -> None:
    """Hatch each gap that touches the frame; a short one still gets two pixels."""
    ratio = painter.device().devicePixelRatioF()
    for gap in gaps:
        # A clock set back leaves no hole, but a seam where it landed.
        first_ns = min(gap.start_ns, gap.end_ns)
        left = max(frame.rect.left(), frame.x(first_ns / _NS))
        right = min(
            frame.rect.right(), max(frame.x(gap.end_ns / _NS), frame.x(first_ns / _NS) + _LEAST_WIDTH)
        )
        if right > left:
            box = QRectF(left, frame.rect.top(), right - left, frame.rect.height())
            # The ground too: the line of a band or the grid must not show through as if something were known.
            painter.fillRect(box, QColor(tokens.surface))
            painter.fillRect(box, hatch_brush(tokens.gap, ratio))
