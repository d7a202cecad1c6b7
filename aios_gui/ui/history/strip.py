"""The whole record as one slim strip, a column a day, with a brush on it that is the span."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.history.model.distribution import Band
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.navigation import Navigation
from aios_gui.ui.history.span_state import LEAST_NS, SpanState, moved_by
from aios_gui.ui.history.words import span_phrase
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.painting import hatch_brush, paint_time_labels
from aios_gui.ui.plots.time_ticks import time_ticks
from aios_gui.ui.theme import LABEL, RADIUS, XS, Theme, font, mix
from aios_gui.ui.widgets.plain_tip import plain_tip

_NS = 1_000_000_000
_COLUMNS_PX, _TICKS_PX = 30, 9
_GRIP_PX, _LEAST_BRUSH_PX = 5.0, 3.0
_TICK_EVERY_PX = 110
_LOOKS = {
    Band.EXCELLENT: ("fine", 0.4),
    Band.GOOD: ("fine", 0.6),
    Band.ACCEPTABLE: ("warning", 0.8),
    Band.POOR: ("critical", 1.0),
}
"""Colour and height of a column, so that it is told also by its shape."""
_BESIDE_OPACITY = 0.62
_BRUSH_OPACITY = 0.10


@dataclass(frozen=True, slots=True)
class StripDay:
    """A column: from when to when, s since the epoch; how good it was, None without beats; what a tooltip tells."""

    start_s: float
    end_s: float
    band: Band | None
    tip: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands on the strip: columns, times without beats, and moments of changes and notes, s since the epoch."""

    days: tuple[StripDay, ...] = ()
    gaps: tuple[tuple[float, float], ...] = ()
    changes: tuple[float, ...] = ()
    notes: tuple[float, ...] = ()


class RecordStrip(QWidget):
    """Dragging its brush drags the span of ``state``; a click beside the brush brings it there."""

    accessible_role = QAccessible.Role.Chart

    def __init__(
        self, state: SpanState, navigation: Navigation, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._navigation, self._theme = state, navigation, theme
        self._overview = Overview()
        self._still: QPixmap | None = None
        self._grabbed = ""
        self._pressed_ns = 0
        self._grabbed_span = state.span
        self._has_moved = False
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._label_font = font(LABEL)
        state.moved.connect(self._on_moved)
        theme.changed.connect(self.forget)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.setAccessibleName(_("The whole record, and the span that is shown"))
        self._on_moved()

    def show_overview(self, overview: Overview) -> None:
        """Draw the record; where it reaches is known by the state."""
        self._overview = overview
        self.forget()

    def forget(self) -> None:
        """Paint all of it again, as where the record reaches further."""
        self._still = None
        self.update()

    def _on_moved(self) -> None:
        said = span_phrase(self._state.span, self._state.live)
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, round(_COLUMNS_PX + _TICKS_PX + XS + QFontMetricsF(self._label_font).height()) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    @property
    def frame(self) -> Frame:
        """Where the columns stand."""
        whole = self._state.whole
        box = QRectF(_GRIP_PX, 2, max(10.0, self.width() - 2 * _GRIP_PX), _COLUMNS_PX)
        return Frame(box, whole.start_ns / _NS, whole.end_ns / _NS)

    def _brush(self, frame: Frame) -> QRectF:
        """The brush; it stays in sight where the span is short or lies beyond the record."""
        span, box = self._state.span, frame.rect
        left = min(max(box.left(), frame.x(span.start_ns / _NS)), box.right() - _LEAST_BRUSH_PX)
        right = min(box.right(), frame.x(span.end_ns / _NS))
        width = max(_LEAST_BRUSH_PX, right - left)
        return QRectF(min(left, box.right() - width), box.top(), width, box.height() + _TICKS_PX)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._still is None or self._still.devicePixelRatio() != ratio:
            self._still = self._painted(ratio)
        tokens, frame = self._theme.tokens, self.frame
        brush = self._brush(frame)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        beside = QColor(tokens.window)
        beside.setAlphaF(_BESIDE_OPACITY)
        left, right = frame.rect.left(), frame.rect.right()
        painter.fillRect(QRectF(left, brush.top(), brush.left() - left, brush.height()), beside)
        painter.fillRect(QRectF(brush.right(), brush.top(), right - brush.right(), brush.height()), beside)
        inside = QColor(tokens.accent)
        inside.setAlphaF(_BRUSH_OPACITY)
        painter.fillRect(brush, inside)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = brush.center().y()
        for x in (brush.left(), brush.right()):
            painter.drawRect(QRectF(x - 1, brush.top(), 2, brush.height()))
            painter.drawRoundedRect(QRectF(x - 2.5, middle - 7, 5, 14), 2.5, 2.5)
        if self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.drawRoundedRect(
                QRectF(0.75, 0.75, self.width() - 1.5, self.height() - 1.5), RADIUS, RADIUS
            )
        painter.end()

    def _painted(self, ratio: float) -> QPixmap:
        """What does not move with the brush."""
        tokens, frame, overview = self._theme.tokens, self.frame, self._overview
        still = QPixmap(self.size() * ratio)
        still.setDevicePixelRatio(ratio)
        still.fill(Qt.GlobalColor.transparent)
        painter = QPainter(still)
        box = frame.rect
        painter.fillRect(box, QColor(tokens.surface))
        apart = 1.0 if overview.days and box.width() / len(overview.days) >= 4 else 0.0
        for day in overview.days:
            left, right = max(box.left(), frame.x(day.start_s)), min(box.right(), frame.x(day.end_s))
            if right > left and day.band is not None:
                tone, height = _LOOKS[day.band]
                tall = height * box.height()
                width = max(1.0, right - left - apart)
                colour = mix(getattr(tokens, tone), tokens.surface, 0.85)
                painter.fillRect(QRectF(left, box.bottom() - tall, width, tall), QColor(colour))
        hatch = hatch_brush(tokens.gap, ratio)
        for start_s, end_s in overview.gaps:
            left, right = max(box.left(), frame.x(start_s)), min(box.right(), frame.x(end_s))
            if right - left >= 0.5:
                room = QRectF(left, box.top(), max(1.0, right - left), box.height())
                painter.fillRect(room, QColor(tokens.surface))
                painter.fillRect(room, hatch)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(QPointF(box.left(), box.bottom()), QPointF(box.right(), box.bottom()))
        self._paint_ticks(painter, frame, overview.changes, tokens.muted, 5.0)
        self._paint_ticks(painter, frame, overview.notes, tokens.accent, 8.0)
        most = max(3, int(box.width() / _TICK_EVERY_PX))
        below = Frame(box.adjusted(0, 0, 0, _TICKS_PX), frame.start_s, frame.end_s)
        painter.setFont(self._label_font)
        ticks = time_ticks(frame.start_s, frame.end_s, most)
        paint_time_labels(painter, below, ticks, tokens, self._label_font, edge_px=0.0)
        painter.end()
        return still

    @staticmethod
    def _paint_ticks(
        painter: QPainter, frame: Frame, moments: tuple[float, ...], colour: str, tall: float
    ) -> None:
        painter.setPen(QPen(QColor(colour), 1))
        last = -1
        for at_s in moments:
            x = round(frame.x(at_s))
            if x != last and frame.rect.left() <= x <= frame.rect.right():
                painter.drawLine(
                    QPointF(x + 0.5, frame.rect.bottom() + 2), QPointF(x + 0.5, frame.rect.bottom() + tall)
                )
                last = x

    # The brush, by mouse

    def _part_at(self, x: float) -> str:
        brush = self._brush(self.frame)
        grip = _GRIP_PX if brush.width() > 3 * _GRIP_PX else brush.width() / 4
        if abs(x - brush.left()) <= _GRIP_PX and x < brush.left() + grip:
            return "start"
        if abs(x - brush.right()) <= _GRIP_PX and x > brush.right() - grip:
            return "end"
        return "span" if brush.left() <= x <= brush.right() else "beside"

    def _at_ns(self, x: float) -> int:
        frame, whole = self.frame, self._state.whole
        at_ns = round(frame.at_s(min(max(x, frame.rect.left()), frame.rect.right())) * _NS)
        return min(max(whole.start_ns, at_ns), whole.end_ns)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        x = event.position().x()
        self._grabbed, self._pressed_ns = self._part_at(x), self._at_ns(x)
        self._grabbed_span, self._has_moved = self._state.span, False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if not self._grabbed:
            self._point(x)
            return
        state, was, at_ns = self._state, self._grabbed_span, self._at_ns(x)
        if at_ns == self._pressed_ns and not self._has_moved:
            return
        self._has_moved = True
        if self._grabbed == "span":
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            state.drag(state.within(moved_by(was, at_ns - self._pressed_ns)))
        elif self._grabbed == "start":
            state.drag(TimeRange(min(at_ns, was.end_ns - LEAST_NS), was.end_ns))
        elif self._grabbed == "end":
            state.drag(TimeRange(was.start_ns, max(at_ns, was.start_ns + LEAST_NS)))
        else:
            first, last = sorted((self._pressed_ns, at_ns))
            state.drag(TimeRange(first, max(last, first + LEAST_NS)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._grabbed:
            return
        if self._grabbed == "beside" and not self._has_moved:
            half_ns = self._state.length_ns // 2
            span = TimeRange(self._pressed_ns - half_ns, self._pressed_ns + half_ns)
            self._state.drag(self._state.within(span))
        self._grabbed = ""
        self._state.settle()
        self._point(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._grabbed = ""
        self._state.go(self._state.clipped(day_of(self._at_ns(event.position().x()))))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._navigation.take_wheel(event, self._at_ns(event.position().x()))

    def _point(self, x: float) -> None:
        shape = {
            "start": Qt.CursorShape.SizeHorCursor,
            "end": Qt.CursorShape.SizeHorCursor,
            "span": Qt.CursorShape.OpenHandCursor,
        }.get(self._part_at(x), Qt.CursorShape.ArrowCursor)
        if self.cursor().shape() != shape:
            self.setCursor(shape)
        at_s = self._at_ns(x) / _NS
        tip = next((day.tip for day in self._overview.days if day.start_s <= at_s < day.end_s), "")
        self.setToolTip(plain_tip(tip))

    # By keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._navigation.take_key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget()


def day_of(at_ns: int) -> TimeRange:
    """The local day of a moment."""
    at = datetime.fromtimestamp(at_ns // _NS).replace(hour=0, minute=0, second=0, microsecond=0)
    first_s, last_s = (time.mktime((at + timedelta(days=each)).timetuple()) for each in (0, 1))
    return TimeRange(int(first_s) * _NS, int(last_s) * _NS)
