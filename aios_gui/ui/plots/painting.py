"""Paints what stands around the curve of a plot: grid, labels, bands, gaps, target, hiccups, crosshair.

By hand, because it is faster: see docs/decisions/hand-drawn-axes.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import Event
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.plots.value_scale import Tick
from aios_gui.ui.theme import XS, Tokens, mix

_MARK_HALF_WIDTH, _MARK_HEIGHT = 5.0, 7.0
_BAND_OPACITY = 14
_LABEL_GAP = 6.0
_HATCH_TILE = 8
_HATCH_OPACITY = 0.55
_SHEET = 256
"""How wide a picture of hatching is, and of what its height is a multiple, in pixels of the display."""
_LEAST_GAP_PX = 2.0
_NS = 1_000_000_000
_LEAST_TARGET_SHARE = 0.04
_LEAST_SPAN_PX = 3.0
_FLAG_PX = 7.0
_SPAN_OPACITY = 30
_MOST_NAME_PX = 180.0
_DOTS_PX = 18.0


@dataclass(frozen=True, slots=True)
class Span:
    """A time that is marked in a colour of the theme, ``tone``; ``name`` stands above it where there is room.

    ``tip`` is told by a tooltip. A ``note`` has a flag at its begin, which is clicked to change the one of that number.
    """

    start_s: float
    end_s: float
    tone: str
    name: str = ""
    tip: str = ""
    note: int = 0


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
    """The labels of the value axis, to the left of the plot, top first; one that would touch another gives way."""
    painter.setFont(type_)
    painter.setPen(QColor(tokens.muted))
    height = QFontMetricsF(type_).height()
    lowest = frame.y(ticks[-1].share) if ticks else 0.0
    taken = -height
    for place, tick in enumerate(ticks):
        y = frame.y(tick.share)
        if y - taken < height or (place < len(ticks) - 1 and lowest - y < height):
            continue
        taken = y
        box = QRectF(0, y - height / 2, frame.rect.left() - _LABEL_GAP, height)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)


def paint_time_labels(
    painter: QPainter,
    frame: Frame,
    ticks: list[TimeTick],
    tokens: Tokens,
    type_: QFont,
    edge_px: float | None = None,
) -> None:
    """The labels of the time axis, below the plot; at its edges they give way, so that none is cut off.

    Left of the plot is its value axis, or, where it has none, the edge of the widget at ``edge_px``.
    """
    painter.setFont(type_)
    painter.setPen(QColor(tokens.muted))
    metrics = QFontMetricsF(type_)
    baseline = frame.rect.bottom() + XS + metrics.ascent()
    # Not into the corner where the lowest label of the value axis stands.
    taken = frame.rect.left() - 2 * XS if edge_px is None else edge_px - 1
    for tick in ticks:
        width = metrics.horizontalAdvance(tick.label)
        left = min(frame.x(tick.at_s) - width / 2, frame.rect.right() - width)
        if edge_px is not None:
            left = max(left, edge_px)
        if left > taken:
            painter.drawText(QPointF(left, baseline), tick.label)
            taken = left + width + XS


@lru_cache(maxsize=8)
def hatch_brush(colour: str, pixel_ratio: float) -> QBrush:
    """Diagonal lines, crisp on a display with ``pixel_ratio`` device pixels to one."""
    side = round(_HATCH_TILE * pixel_ratio)
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(colour)
    ink.setAlphaF(_HATCH_OPACITY)
    painter.setPen(QPen(ink, 1.2 * pixel_ratio))
    for shift in (-side, 0, side):
        painter.drawLine(QLineF(shift - 1, side + 1, shift + side + 1, -1))
    painter.end()
    brush = QBrush(tile)
    brush.setTransform(QTransform.fromScale(1 / pixel_ratio, 1 / pixel_ratio))
    return brush


def paint_gaps(painter: QPainter, frame: Frame, gaps: Iterable[Gap], tokens: Tokens) -> None:
    """Hatch each gap that touches the frame; a short one still gets two pixels, and those that touch are one."""
    rect, start_ns, pixel_ns = frame.rect, round(frame.start_s * _NS), frame.pixel_s * _NS
    first_px, last_px = rect.left(), rect.right()
    edges: list[tuple[float, float]] = []
    for gap in gaps:
        # A clock set back leaves no hole, but a seam where it landed.
        left = first_px + (min(gap.start_ns, gap.end_ns) - start_ns) / pixel_ns
        right = max(first_px + (gap.end_ns - start_ns) / pixel_ns, left + _LEAST_GAP_PX)
        if right > first_px and left < last_px:
            edges.append((max(left, first_px), min(right, last_px)))
    boxes = [QRectF(left, rect.top(), right - left, rect.height()) for left, right in _joined(edges)]
    paint_hatched(painter, boxes, tokens)


def _joined(extents: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The extents from left to right, those that touch as one."""
    found: list[tuple[float, float]] = []
    for left, right in sorted(extents):
        if not found or left > found[-1][1]:
            found.append((left, right))
        elif right > found[-1][1]:
            found[-1] = found[-1][0], right
    return found


def paint_hatched(painter: QPainter, boxes: Iterable[QRectF], tokens: Tokens) -> None:
    """Hatch boxes as high as a plot, in which nothing is known.

    The ground too: the line of a band or the grid must not show through as if something were known.
    """
    for box in boxes:
        _paint_sheet(painter, box, tokens.surface, tokens.gap)


def _paint_sheet(painter: QPainter, box: QRectF, ground: str, hatch: str = "") -> None:
    """Fill a box as high as a plot, hatched in the colour ``hatch`` where one is given.

    Part by part from a picture: what Qt fills itself, if not with a plain colour, it shares between threads, which are
    woken up to fifteen times for each such box of each paint.
    """
    ratio = painter.device().devicePixelRatioF()
    sheet = _sheet(ground, hatch, ratio, (int(box.height() * ratio) // _SHEET + 1) * _SHEET)
    most = sheet.width() / ratio
    for number in range(ceil(box.width() / most)):
        left = box.left() + number * most
        part = QRectF(left, box.top(), min(most, box.right() - left), box.height())
        # Of a picture of less than a pixel Qt would draw all.
        width = max(1.0, part.width() * ratio)
        painter.drawPixmap(part, sheet, QRectF(0, 0, width, part.height() * ratio))


@lru_cache(maxsize=8)
def _sheet(ground: str, hatch: str, ratio: float, height: int) -> QPixmap:
    side = round(_HATCH_TILE * ratio)
    sheet = QPixmap(_SHEET // side * side, height)
    sheet.fill(QColor(ground))
    if hatch:
        painter = QPainter(sheet)
        painter.scale(ratio, ratio)
        painter.fillRect(QRectF(sheet.rect()), hatch_brush(hatch, ratio))
        painter.end()
    return sheet


def paint_spans(painter: QPainter, frame: Frame, spans: Iterable[Span], tokens: Tokens) -> None:
    """Tint all spans; those of one tone that touch on the screen are tinted as one, but for those with a tip.

    The tints of hundreds of stalls of a day would add up to a wall that hides the curve.
    """
    plain: dict[str, list[tuple[float, float]]] = {}
    for span in spans:
        left, right = _extent(frame, span)
        if span.tip:
            _paint_tint(painter, frame, left, right, span.tone, tokens)
        elif right > frame.rect.left() and left < frame.rect.right():
            plain.setdefault(span.tone, []).append((left, right))
    for tone, extents in plain.items():
        for left, right in _joined(extents):
            _paint_tint(painter, frame, left, right, tone, tokens)


def paint_span(painter: QPainter, frame: Frame, span: Span, tokens: Tokens) -> None:
    """Tint the time from one moment to another over the full height, edges dashed."""
    _paint_tint(painter, frame, *_extent(frame, span), span.tone, tokens)


def _paint_tint(
    painter: QPainter, frame: Frame, left: float, right: float, tone: str, tokens: Tokens
) -> None:
    rect, colour = frame.rect, getattr(tokens, tone)
    first, last = _within(frame, left, right)
    if last <= first:
        return
    ground = QColor(colour)
    ground.setAlpha(_SPAN_OPACITY)
    box = QRectF(first, rect.top(), last - first, rect.height())
    _paint_sheet(painter, box, ground.name(QColor.NameFormat.HexArgb))
    if last - first <= 2 * _LEAST_SPAN_PX:
        return
    pen = QPen(QColor(mix(colour, tokens.surface, 0.75)), 0)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    for edge in (left, right):
        x = round(edge) + 0.5
        if rect.left() <= x <= rect.right() + 1:
            painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))


def paint_flags(painter: QPainter, frame: Frame, spans: Iterable[Span], tokens: Tokens) -> None:
    """A flag at the begin of each note, at the foot of the plot, and a line up from it."""
    bottom = frame.rect.bottom()
    for span in spans:
        x = round(frame.x(span.start_s)) + 0.5
        if span.tip and frame.rect.left() <= x <= frame.rect.right():
            colour = QColor(getattr(tokens, span.tone))
            painter.setPen(QPen(colour, 1))
            painter.drawLine(QPointF(x, frame.rect.top()), QPointF(x, bottom))
            painter.fillRect(QRectF(x, bottom - 2 * _FLAG_PX, _FLAG_PX + 2, _FLAG_PX), colour)


def spans_at(frame: Frame, spans: Iterable[Span], x: float, near_px: float) -> list[Span]:
    """The spans with a tip that lie at ``x``, or no further from it than ``near_px``."""
    return [
        each
        for each in spans
        if each.tip and frame.x(each.start_s) - near_px <= x <= frame.x(each.end_s) + near_px
    ]


def _extent(frame: Frame, span: Span) -> tuple[float, float]:
    """From where to where a span is tinted, px, also beyond the frame."""
    left = frame.x(span.start_s)
    return left, max(frame.x(span.end_s), left + _LEAST_SPAN_PX)


def _within(frame: Frame, left: float, right: float) -> tuple[float, float]:
    """What of an extent lies within the frame, px; the end is not after the begin where none of it does."""
    return max(frame.rect.left(), left), min(frame.rect.right(), right)


def paint_names(
    painter: QPainter, frame: Frame, spans: Iterable[Span], right: float, tokens: Tokens, type_: QFont
) -> None:
    """The names of spans in the line above the plot, up to ``right``; one that finds no room is left out."""
    painter.setFont(type_)
    metrics = QFontMetricsF(type_)
    taken = frame.rect.left() - XS
    for span in sorted(spans, key=lambda each: each.start_s):
        start, end = _within(frame, *_extent(frame, span))
        width = min(_MOST_NAME_PX, metrics.horizontalAdvance(span.name) + 1)
        left = min(start, right - width)
        if not span.name or end <= start or left < taken + XS:
            continue
        taken = left + width
        text = metrics.elidedText(span.name, Qt.TextElideMode.ElideRight, width)
        painter.setPen(QColor(getattr(tokens, span.tone)))
        painter.drawText(QPointF(left, _line_above(frame, metrics)), text)


def _line_above(frame: Frame, metrics: QFontMetricsF) -> float:
    """The baseline of what is written above the plot."""
    return frame.rect.top() - metrics.descent() - 1


def paint_target(painter: QPainter, frame: Frame, share: float, tokens: Tokens) -> None:
    """A dotted line at ``share`` of the height.

    Nothing where it is off the plot, or so low that it would be one with the bottom line.
    """
    if _LEAST_TARGET_SHARE <= share <= 1.0:
        y = round(frame.y(share))
        _paint_dots(painter, frame.rect.left(), frame.rect.right(), y, tokens)


def _paint_dots(painter: QPainter, left: float, right: float, y: float, tokens: Tokens) -> None:
    pen = QPen(QColor(tokens.muted), 0)
    pen.setDashPattern([2, 4])
    painter.setPen(pen)
    painter.drawLine(QPointF(left, y), QPointF(right, y))


def paint_target_label(painter: QPainter, frame: Frame, label: str, tokens: Tokens, type_: QFont) -> float:
    """What the dotted line is, above the plot at the right, where no curve can lie; where it begins, px."""
    metrics = QFontMetricsF(type_)
    left = frame.rect.right() - metrics.horizontalAdvance(label)
    baseline = _line_above(frame, metrics)
    painter.setFont(type_)
    painter.setPen(QColor(tokens.muted))
    painter.drawText(QPointF(left, baseline), label)
    dots = left - XS - _DOTS_PX
    _paint_dots(painter, dots, left - XS, round(baseline - metrics.xHeight() / 2), tokens)
    return dots - 2 * XS


def hiccups_in(frame: Frame, hiccups: Iterable[Event]) -> list[Event]:
    """The hiccups within the frame."""
    return [event for event in hiccups if frame.start_s <= event.wall_ns / _NS <= frame.end_s]


def paint_hiccups(painter: QPainter, frame: Frame, hiccups: Iterable[Event], tokens: Tokens) -> None:
    """A triangle on top of the plot for each hiccup, and a dashed line down from it."""
    colour = QColor(tokens.critical)
    pen = QPen(QColor(mix(tokens.critical, tokens.surface, 0.75)), 1)
    pen.setDashPattern([3, 3])
    top = frame.rect.top()
    last_x = -_MARK_HALF_WIDTH
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for event in hiccups_in(frame, hiccups):
        x = round(frame.x(event.wall_ns / _NS)) + 0.5
        # Two triangles on the same pixels would be one.
        if abs(x - last_x) < 2:
            continue
        last_x = x
        painter.setPen(pen)
        painter.drawLine(QPointF(x, top + _MARK_HEIGHT - 1), QPointF(x, frame.rect.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        corners = [
            QPointF(x - _MARK_HALF_WIDTH, top - 1),
            QPointF(x + _MARK_HALF_WIDTH, top - 1),
            QPointF(x, top + _MARK_HEIGHT),
        ]
        painter.drawPolygon(QPolygonF(corners))
    painter.restore()


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
