"""One plot: a curve drawn by pyqtgraph, with grid, gaps, marks and axes painted around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QToolTip, QWidget

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import Event
from aios_gui.ui.plots import gestures, painting
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.plots.value_scale import Tick
from aios_gui.ui.theme import LABEL, RADIUS, XS, Tokens, font, mix
from aios_gui.ui.widgets.plain_tip import plain_tip

pg.setConfigOptions(useOpenGL=False, antialias=False, useNumba=False, useCupy=False)

Floats = npt.NDArray[np.float64]
_WHEEL_NOTCH = 120
_ZOOM_NOTCH = 0.8
_LEFT_TEXT = "100 ms"
_BODY_SHARE = 0.3
_LEAST_HEIGHT = 58
_MARK_PX = 6.0
_EDGE_PX = 1
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is painted around the curve; shares lie between 0 at the bottom and 1 at the top."""

    ticks: tuple[Tick, ...] = ()
    time_ticks: tuple[TimeTick, ...] = ()
    bands: tuple[float, ...] = ()
    gaps: tuple[Gap, ...] = ()
    hiccups: tuple[Event, ...] = ()
    target: float = -1.0
    target_label: str = ""
    spans: tuple[painting.Span, ...] = ()


class PlotView(pg.GraphicsView):  # type: ignore[misc]
    """A plot of one quantity over time. Its ranges are set, never found by itself; gestures are only signalled."""

    accessible_role = QAccessible.Role.Chart
    gesture = Signal(object)

    def __init__(self, colour: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False)
        self._colour_name = colour
        self._tokens = tokens
        self._around = Surroundings()
        self._crosshair: tuple[float, float | None] | None = None
        self._dragged_from: float | None = None
        self._marked_from: float | None = None
        self._clicked = False
        self._ring = False
        self._has_body = False
        self._label_font = font(LABEL)
        self.described: Callable[[], str] | None = None
        """What a screen reader is told when the keyboard comes here; more often it would never end."""
        self._start_s, self._end_s = 0.0, 1.0
        self._rect = QRectF(0, 0, 10, 10)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        # Axes and curve change together, so one whole update is cheaper than finding out which parts did.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCentralItem(None)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._box.disableAutoRange()
        self._box.setYRange(0.0, 1.0, padding=0)
        self.scene().addItem(self._box)
        self._body = pg.PlotCurveItem(connect="finite")
        self._own = pg.PlotCurveItem(connect="finite")
        # Smooth edges where the eye follows the line; the body is too dense to gain by them.
        self._curve = pg.PlotCurveItem(connect="finite", antialias=True)
        for item in (self._body, self._own, self._curve):
            self._box.addItem(item, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.dress(tokens)

    @property
    def frame(self) -> Frame:
        """Where the plot lies now."""
        return Frame(self._rect, self._start_s, self._end_s)

    def _place(self) -> QRectF:
        metrics = QFontMetricsF(self._label_font)
        left = round(metrics.horizontalAdvance(_LEFT_TEXT)) + 10
        top = round(metrics.height()) + 2  # names and the target are written there
        bottom = self.height() - round(metrics.height()) - XS - 1
        return QRectF(left, top, max(10, self.width() - left - 6), max(10, bottom - top))

    def dress(self, tokens: Tokens) -> None:
        """Put on the colours of a theme."""
        self._tokens = tokens
        self.setBackground(QColor(tokens.surface))
        colour = getattr(tokens, self._colour_name)
        self._curve.setPen(QPen(QColor(colour), 0))
        self._body.setPen(QPen(QColor(mix(colour, tokens.surface, _BODY_SHARE)), 0))
        dashed = QPen(QColor(tokens.muted), 0)
        dashed.setDashPattern([4, 3])
        self._own.setPen(dashed)
        self._repaint()

    def use_colour(self, name: str) -> None:
        """Draw the curve in another colour of the theme."""
        if name != self._colour_name:
            self._colour_name = name
            self.dress(self._tokens)

    def show_span(self, start_s: float, end_s: float) -> None:
        """Set the time axis."""
        self._start_s, self._end_s = start_s, end_s
        self._box.setXRange(start_s, end_s, padding=0)

    def show_curve(self, x: Floats, shares: Floats) -> None:
        """Draw a line through these points, interrupted at NaN."""
        self._curve.setData(x, shares)

    def show_body(self, x: Floats, shares: Floats) -> None:
        """Draw, paler, what lies below the line in each bucket; nothing where the line says it all."""
        if len(x) or self._has_body:
            self._body.setData(x, shares)
            self._has_body = len(x) > 0

    def show_own(self, x: Floats, shares: Floats) -> None:
        """Draw this program's own share, dashed."""
        self._own.setData(x, shares)

    def surround(self, around: Surroundings) -> None:
        """Set what is painted around the curve."""
        self._around = around
        # Otherwise the base class settles the ranges while it paints, which asks for a second paint.
        self.scene().prepareForPaint()
        self._repaint()

    def show_crosshair(self, at_s: float | None, share: float | None) -> None:
        """Show the crosshair at a moment, or take it away."""
        wanted = None if at_s is None else (at_s, share)
        if wanted != self._crosshair:
            self._crosshair = wanted
            self._repaint()

    def _repaint(self) -> None:
        # By way of the scene, which collects: asked for directly, the four plots would paint between
        # the scene's own updates, three of them twice.
        self.scene().update()

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        frame, around, tokens = self.frame, self._around, self._tokens
        painter.fillRect(rect, QColor(tokens.surface))
        painting.paint_bands(painter, frame, around.bands, tokens)
        painting.paint_grid(painter, frame, around.ticks, tokens)
        painting.paint_gaps(painter, frame, around.gaps, tokens)
        painting.paint_spans(painter, frame, around.spans, tokens)
        painting.paint_target(painter, frame, around.target, tokens)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        frame, around, tokens, type_ = self.frame, self._around, self._tokens, self._label_font
        painting.paint_value_labels(painter, frame, around.ticks, tokens, type_)
        painting.paint_time_labels(painter, frame, list(around.time_ticks), tokens, type_)
        right = frame.rect.right()
        if around.target_label:
            right = painting.paint_target_label(painter, frame, around.target_label, tokens, type_)
        painting.paint_names(painter, frame, around.spans, right, tokens, type_)
        painting.paint_flags(painter, frame, around.spans, tokens)
        if around.hiccups:
            painting.paint_hiccups(painter, frame, around.hiccups, tokens)
        if self._crosshair is not None:
            at_s, share = self._crosshair
            painting.paint_crosshair(painter, frame, at_s, share, getattr(tokens, self._colour_name), tokens)
        if self._ring:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.drawRoundedRect(QRectF(1, 1, self.width() - 2, self.height() - 2), RADIUS, RADIUS)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        # The base class calls this while it is being built.
        if hasattr(self, "_box"):
            self._rect = self._place()
            # A pixel more at either end, or half of a line at 0 or at 100 % would be cut off.
            self._box.setGeometry(self._rect.adjusted(0, -_EDGE_PX, 0, _EDGE_PX))
            edge = _EDGE_PX / self._rect.height()
            self._box.setYRange(-edge, 1.0 + edge, padding=0)

    # Events do not go to the scene: what a gesture does is decided for all four plots at once.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            x = event.position().x()
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._marked_from = self.frame.at_s(x)
            else:
                self._dragged_from = x
            self._clicked = True
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._marked_from is not None:
            self._clicked = False
            self.gesture.emit(gestures.Mark(self._marked_from, self.frame.at_s(x)))
            return
        if self._dragged_from is not None:
            share = (self._dragged_from - x) / self.frame.rect.width()
            if share:
                self._clicked = False
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._dragged_from = x
                self.gesture.emit(gestures.Pan(share))
            return
        if self.hiccup_at(x) is not None or self._note_at(x) is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif self.cursor().shape() == Qt.CursorShape.PointingHandCursor:
            self.unsetCursor()
        self._point_to(x)

    def _point_to(self, x: float) -> None:
        frame = self.frame
        inside = frame.rect.left() <= x <= frame.rect.right()
        self.gesture.emit(gestures.Point(frame.at_s(x) if inside else None))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = self._marked_from = None
        self.unsetCursor()
        if self._clicked:
            self._click(event.position().x())
        self._clicked = False

    def _click(self, x: float) -> None:
        """What a click opens: a hiccup or a note by its mark, else the moment."""
        frame, hiccup, note = self.frame, self.hiccup_at(x), self._note_at(x)
        if hiccup is not None:
            self.gesture.emit(gestures.OpenHiccup(hiccup.wall_ns))
        elif note is not None:
            self.gesture.emit(gestures.OpenNote(note.note))
        elif frame.rect.left() <= x <= frame.rect.right():
            self.gesture.emit(gestures.OpenMoment(frame.at_s(x)))

    def _note_at(self, x: float) -> painting.Span | None:
        """The note whose flag is at ``x``, px."""
        frame = self.frame
        return next(
            (
                each
                for each in self._around.spans
                if each.note and -_MARK_PX / 2 <= x - frame.x(each.start_s) <= 1.5 * _MARK_PX
            ),
            None,
        )

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = painting.spans_at(self.frame, self._around.spans, event.pos().x(), _MARK_PX)
            tip = plain_tip("\n".join(each.tip for each in found))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return bool(super().viewportEvent(event))

    def hiccup_at(self, x: float) -> Event | None:
        """The hiccup whose mark is at ``x``, px; None for none."""
        frame = self.frame
        near = [
            event
            for event in painting.hiccups_in(frame, self._around.hiccups)
            if abs(frame.x(event.wall_ns / _NS) - x) <= _MARK_PX
        ]
        return min(near, key=lambda event: abs(frame.x(event.wall_ns / _NS) - x), default=None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.gesture.emit(gestures.Follow())

    def leaveEvent(self, event: object) -> None:
        self.gesture.emit(gestures.Point(None))

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta()
        if abs(steps.x()) > abs(steps.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.gesture.emit(gestures.Pan(-(steps.x() or steps.y()) / _WHEEL_NOTCH / 10))
        elif steps.y():
            at_s = self.frame.at_s(event.position().x())
            self.gesture.emit(gestures.Zoom(_ZOOM_NOTCH ** (steps.y() / _WHEEL_NOTCH), at_s))
        self._point_to(event.position().x())  # another moment is under the mouse now
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.gesture.emit(gestures.AskMenu(event.globalPos()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        asked = gestures.gesture_of_key(event, self._crosshair is not None)
        if asked is None:
            event.ignore()
        else:
            self.gesture.emit(asked)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.described is not None:
            self.setAccessibleDescription(self.described())
        # A ring is for those who come by keyboard.
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self._repaint()
