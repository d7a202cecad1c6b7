"""Paints the grid lines of a plot, the labels of its two axes, and the bands behind it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.plots.value_scale import Tick
from aios_gui.ui.theme import XS, Tokens

_BAND_OPACITY = 14
_LABEL_GAP = 6.0


def paint_bands(painter: QPainter, frame: Frame, edges: tuple[float, ...], tokens: Tokens) -> None:
    """Tint the spans between ``edges`` (shares, upwards); the lowest is the best.

    Nothing is painted where the whole plot lies in one band.
    """
    if not any(0.0 < edge < 1.0 for edge in edges):
        return
    colours = (tokens.fine, tokens.accent, tokens.warning, tokens.critical)
    bounds = (0.0, *(min(1.0, max(0.0, edge)) for edge in edges), 1.0)
    for low, high, name in zip(bounds, bounds[1:], colours, strict=False):
        if high > low:
            colour = QColor(name)
            colour.setAlpha(_BAND_OPACITY)
            top, bottom = frame.y(high), frame.y(low)
            painter.fillRect(QRectF(frame.rect.left(), top, frame.rect.width(), bottom - top), colour)


def paint_grid(painter: QPainter, frame: Frame, ticks: tuple[Tick, ...], tokens: Tokens) -> None:
    """A hairline at each tick of the value axis."""
    painter.setPen(QColor(tokens.grid))
    for tick in ticks:
        y = round(frame.y(tick.share))
        painter.drawLine(QPointF(frame.rect.left(), y), QPointF(frame.rect.right(), y))


def paint_value_labels(
    painter: QPainter, frame: Frame, ticks: tuple[Tick, ...], tokens: Tokens, type_: QFont
) -> None:
    """The labels of the value axis, to the left of the plot."""
    painter.setFont(type_)
    painter.setPen(QColor(tokens.muted))
    height = QFontMetricsF(type_).height()
    for tick in ticks:
        box = QRectF(0, frame.y(tick.share) - height / 2, frame.rect.left() - _LABEL_GAP, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)


def paint_time_labels(
    painter: QPainter, frame: Frame, ticks: list[TimeTick], tokens: Tokens, type_: QFont
) -> None:
    """The labels of the time axis, below the plot; at its edges they give way, so that none is cut off."""
    painter.setFont(type_)
    painter.setPen(QColor(tokens.muted))
    metrics = QFontMetricsF(type_)
    baseline = frame.rect.bottom() + XS + metrics.ascent()
    # Not into the corner where the lowest label of the value axis stands.
    taken = frame.rect.left() - 2 * XS
    for tick in ticks:
        width = metrics.horizontalAdvance(tick.label)
        left = min(frame.x(tick.at_s) - width / 2, frame.rect.right() - width)
        if left > taken:
            painter.drawText(QPointF(left, baseline), tick.label)
            taken = left + width + XS
