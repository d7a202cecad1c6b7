"""Paints what stands upon a plot: the target line, the hiccups, the crosshair."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from aios_gui.heartbeat.model.items import Event
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.theme import Tokens, mix

_HALF_WIDTH, _HEIGHT = 5.0, 7.0
_NS = 1_000_000_000
_LEAST_SHARE = 0.04
_LEAST_SPAN_PX = 3.0
_SPAN_OPACITY = 30


def hiccups_in(frame: Frame, hiccups: Iterable[Event]) -> list[Event]:
    """The hiccups within the frame."""
    return [event for event in hiccups if frame.start_s <= event.wall_ns / _NS <= frame.end_s]


def paint_target(
    painter: QPainter, frame: Frame, share: float, label: str, tokens: Tokens, type_: QFont
) -> None:
    """A dotted line at ``share`` of the height and its label above it, at the right.

    Nothing where it is off the plot, or so low that it would be one with the bottom line.
    """
    if not _LEAST_SHARE <= share <= 1.0:
        return
    y = round(frame.y(share))
    pen = QPen(QColor(tokens.muted), 0)
    pen.setDashPattern([2, 4])
    painter.setPen(pen)
    painter.drawLine(QPointF(frame.rect.left(), y), QPointF(frame.rect.right(), y))
    metrics = QFontMetricsF(type_)
    width = metrics.horizontalAdvance(label)
    # Above the line; below it where there is no room.
    top = y - metrics.height() if y - metrics.height() >= frame.rect.top() - _HEIGHT else y + 1
    box = QRectF(frame.rect.right() - width - 4, top, width + 4, metrics.height())
    painter.setFont(type_)
    painter.setPen(QColor(tokens.muted))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)


def paint_hiccups(painter: QPainter, frame: Frame, hiccups: Iterable[Event], tokens: Tokens) -> None:
    """A triangle on top of the plot for each hiccup, and a dashed line down from it."""
    colour = QColor(tokens.critical)
    pen = QPen(QColor(mix(tokens.critical, tokens.surface, 0.75)), 1)
    pen.setDashPattern([3, 3])
    top = frame.rect.top()
    last_x = -_HALF_WIDTH
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for event in hiccups_in(frame, hiccups):
        x = round(frame.x(event.wall_ns / _NS)) + 0.5
        # Two triangles on the same pixels would be one.
        if abs(x - last_x) < 2:
            continue
        last_x = x
        painter.setPen(pen)
        painter.drawLine(QPointF(x, top + _HEIGHT - 1), QPointF(x, frame.rect.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        corners = [
            QPointF(x - _HALF_WIDTH, top - 1),
            QPointF(x + _HALF_WIDTH, top - 1),
            QPointF(x, top + _HEIGHT),
        ]
        painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def paint_span(
    painter: QPainter, frame: Frame, span_s: tuple[float, float], tone: str, tokens: Tokens
) -> None:
    """Tint the time from one moment to another over the full height, edges dashed; ``tone`` names its colour."""
    left = max(frame.rect.left(), frame.x(span_s[0]))
    right = min(frame.rect.right(), max(frame.x(span_s[1]), frame.x(span_s[0]) + _LEAST_SPAN_PX))
    if right <= left:
        return
    colour = getattr(tokens, tone)
    ground = QColor(colour)
    ground.setAlpha(_SPAN_OPACITY)
    painter.fillRect(QRectF(left, frame.rect.top(), right - left, frame.rect.height()), ground)
    pen = QPen(QColor(mix(colour, tokens.surface, 0.75)), 0)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    for at_s in span_s:
        x = round(frame.x(at_s)) + 0.5
        if frame.rect.left() <= x <= frame.rect.right() + 1 and right - left > 2 * _LEAST_SPAN_PX:
            painter.drawLine(QPointF(x, frame.rect.top()), QPointF(x, frame.rect.bottom()))


def paint_crosshair(
    painter: QPainter, frame: Frame, at_s: float, share: float | None, colour: str, tokens: Tokens
) -> None:
    """A line at a moment, and a dot where the value is; ``share`` is None where there is none."""
    x = round(frame.x(at_s)) + 0.5
    if not frame.rect.left() <= x <= frame.rect.right() + 1:
        return
    painter.save()
    painter.setPen(QPen(QColor(tokens.gap), 1))
    painter.drawLine(QPointF(x, frame.rect.top()), QPointF(x, frame.rect.bottom()))
    if share is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.surface), 2))
        painter.setBrush(QColor(colour))
        painter.drawEllipse(QPointF(x, frame.y(min(1.0, max(0.0, share)))), 4.0, 4.0)
    painter.restore()
