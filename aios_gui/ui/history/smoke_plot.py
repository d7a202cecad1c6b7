"""One measure as smoke: the median as a line, what is usual as shades around it, the maximum as a thin line above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.scene import Scene, joined
from aios_gui.ui.history.smoke_shape import NOTHING, SmokeShape, shape_of
from aios_gui.ui.plots import gestures, painting
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.quantity import Quantity
from aios_gui.ui.plots.value_scale import ValueScale
from aios_gui.ui.theme import LABEL, RADIUS, XS, Theme, font, mix

LEFT_TEXT = "100 ms"
OUTER_SHARE, INNER_SHARE, TOP_SHARE = 0.16, 0.34, 0.55
"""How much of the colour of a measure the shades and the line of the maxima have."""
_LEAST_PX, _USUAL_PX = 72, 96
_LEAST_GAP_PX = 1.5
_DRAG_PX = 4


@dataclass(frozen=True, slots=True)
class Choose:
    """What is marked is the span from now on."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scene as it is drawn in one plot, for the value axis in force."""

    scene: Scene
    shape: SmokeShape = NOTHING


class SmokePlot(QWidget):
    """What does not change while the mouse moves over it is painted once; gestures are only signalled."""

    accessible_role = QAccessible.Role.Chart
    gesture = Signal(object)

    def __init__(
        self,
        quantity: Quantity,
        theme: Theme,
        take_key: Callable[[QKeyEvent, SmokePlot], bool],
        take_wheel: Callable[[QWheelEvent, float], None],
        parent: QWidget | None = None,
    ) -> None:
        """``take_key`` tells whether a key meant anything, ``take_wheel`` gets the moment under the mouse, too."""
        super().__init__(parent)
        self.quantity = quantity
        self._theme, self._take_key, self._take_wheel = theme, take_key, take_wheel
        self.logarithmic = quantity.logarithmic is not None
        self._scale: ValueScale = self._made_scale()
        self._drawn: tuple[Drawn, ...] = ()
        self._start_s, self._end_s = 0.0, 1.0
        self._rect = QRectF(0, 0, 10, 10)
        self._still: QPixmap | None = None
        self._axis_painted: tuple[tuple[object, ...], QPixmap] | None = None
        self._at_s: float | None = None
        self._readout = self._summary = ""
        self._marked: tuple[float, float] | None = None
        self._pressed: float | None = None
        self._ring = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.forget)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._label_font, self._title_font = font(LABEL), font(LABEL + 1, strong=True)
        self.setAccessibleName(_("{quantity} over time").format(quantity=_(self.quantity.title)))
        self.setToolTip(_(self.quantity.tip))
        self._rect = self._place()
        self.forget()

    def sizeHint(self) -> QSize:
        return QSize(600, _USUAL_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _LEAST_PX)

    @property
    def frame(self) -> Frame:
        """Where the plot lies now."""
        return Frame(self._rect, self._start_s, self._end_s)

    def _place(self) -> QRectF:
        left, above = plot_edges()
        return QRectF(left, above, max(10.0, self.width() - left - 6), max(10.0, self.height() - above - 5))

    # What is drawn

    def use_log(self, logarithmic: bool) -> None:
        """Draw on a logarithmic or a linear axis, where the measure knows both."""
        if logarithmic != self.logarithmic and self.quantity.logarithmic is not None:
            self.logarithmic = logarithmic
            self._scale = self._made_scale()
            self._lay_out()

    def _made_scale(self) -> ValueScale:
        make = self.quantity.logarithmic if self.logarithmic else None
        return (make or self.quantity.linear)()

    def show_scenes(self, scenes: tuple[Scene, ...], least: float, most: float, summary: str) -> None:
        """Draw these, the last one on top; the value axis reaches from ``least`` to ``most``."""
        self._summary = summary
        changed = self._scale.fit(least, most)
        known = {id(each.scene): each for each in self._drawn} if not changed else {}
        self._drawn = tuple(known.get(id(scene)) or Drawn(scene, self._shape(scene)) for scene in scenes)
        if not self._readout:
            self.setAccessibleDescription(summary)
        self.forget()

    def _lay_out(self) -> None:
        """Lay all of it out again, for another value axis."""
        self._drawn = tuple(Drawn(each.scene, self._shape(each.scene)) for each in self._drawn)
        self.forget()

    def _shape(self, scene: Scene) -> SmokeShape:
        puff = getattr(scene.smoke, self.quantity.key)
        return shape_of(puff, scene.starts_s, scene.bucket_s, self._scale) if len(scene.starts_s) else NOTHING

    def refit(self, least: float, most: float) -> None:
        """Let the value axis reach from ``least`` to ``most``."""
        self._scale.reset()
        self._scale.fit(least, most)
        self._lay_out()

    def show_span(self, start_s: float, end_s: float) -> None:
        """Set the time axis; the owner says when that is painted."""
        if (start_s, end_s) != (self._start_s, self._end_s):
            self._start_s, self._end_s = start_s, end_s
            self._still = None

    def forget(self) -> None:
        """Paint all of it again."""
        self._still = None
        self.update()

    def point(self, at_s: float | None, text: str) -> None:
        """Read it at a moment, or no more."""
        if (at_s, text) != (self._at_s, self._readout):
            self._at_s, self._readout = at_s, text
            self.setAccessibleDescription(text or self._summary)
            self.update()

    def mark(self, marked: tuple[float, float] | None) -> None:
        """Mark from when to when."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._still is None or self._still.devicePixelRatio() != ratio:
            self._still = self._painted(ratio)
        tokens, frame = self._theme.tokens, self.frame
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        if self._marked is not None:
            span = painting.Span(min(self._marked), max(self._marked), "accent")
            painting.paint_span(painter, frame, span, tokens)
        if self._at_s is not None:
            painting.paint_crosshair(painter, frame, self._at_s, None, tokens.accent, tokens)
        self._paint_head(painter)
        if self._ring:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(1, 1, self.width() - 2, self.height() - 2), RADIUS, RADIUS)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        """The name of the measure, and what is read of it."""
        tokens, rect = self._theme.tokens, self._rect
        metrics = QFontMetricsF(self._title_font)
        baseline = rect.top() - metrics.descent() - 3
        painter.setPen(QColor(tokens.text))
        painter.setFont(self._title_font)
        title = _(self.quantity.title)
        painter.drawText(QPointF(rect.left(), baseline), title)
        left = rect.left() + metrics.horizontalAdvance(title) + 2 * XS
        said = self._readout or self._summary
        if not self._readout:
            painter.setPen(QColor(tokens.muted))
            painter.setFont(self._label_font)
            metrics = QFontMetricsF(self._label_font)
        said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, rect.right() - left)
        painter.drawText(QPointF(rect.right() - metrics.horizontalAdvance(said), baseline), said)

    def _painted(self, ratio: float) -> QPixmap:
        """All but what follows the mouse."""
        tokens, frame = self._theme.tokens, self.frame
        still = self._axis(ratio).copy()
        painter = QPainter(still)
        self._paint_gaps(painter, frame)
        if self._drawn:
            painting.paint_spans(painter, frame, self._drawn[-1].scene.incidents, tokens)
        covered: tuple[float, float] | None = None
        for each in reversed(self._drawn):
            self._paint_smoke(painter, frame, each, covered)
            covered = each.scene.bounds_s
        painter.end()
        return still

    def _axis(self, ratio: float) -> QPixmap:
        """Grid and labels of the value axis, which stay while the span is dragged."""
        tokens, ticks = self._theme.tokens, self._scale.ticks()
        painted_for = (tokens, ticks, self.size(), ratio, self._label_font)
        if self._axis_painted is None or self._axis_painted[0] != painted_for:
            axis = QPixmap(self.size() * ratio)
            axis.setDevicePixelRatio(ratio)
            axis.fill(QColor(tokens.surface))
            painter = QPainter(axis)
            painting.paint_grid(painter, self.frame, ticks, tokens)
            painting.paint_value_labels(painter, self.frame, ticks, tokens, self._label_font)
            painter.end()
            self._axis_painted = painted_for, axis
        return self._axis_painted[1]

    def _paint_gaps(self, painter: QPainter, frame: Frame) -> None:
        if not self._drawn:
            return
        scene, rect = self._drawn[0].scene, frame.rect
        inside = (scene.gap_ends_s >= frame.start_s) & (scene.gap_starts_s <= frame.end_s)
        found = joined(
            scene.gap_starts_s[inside],
            scene.gap_ends_s[inside],
            lambda at_s: rect.left() + (at_s - frame.start_s) / frame.pixel_s,
            _LEAST_GAP_PX,
        )
        boxes = [
            QRectF(
                max(left, rect.left()),
                rect.top(),
                min(right, rect.right()) - max(left, rect.left()),
                rect.height(),
            )
            for left, right in found
            if right > rect.left() and left < rect.right()
        ]
        painting.paint_hatched(painter, boxes, self._theme.tokens)

    def _paint_smoke(
        self, painter: QPainter, frame: Frame, drawn: Drawn, covered: tuple[float, float] | None
    ) -> None:
        """Its shades and lines; not where a finer one covers it."""
        rect, tokens, scene, shape = frame.rect, self._theme.tokens, drawn.scene, drawn.shape
        colour = getattr(tokens, self.quantity.key)
        begin_s, end_s = scene.bounds_s
        parts = [(begin_s, end_s)]
        if covered is not None:
            parts = [(begin_s, min(end_s, covered[0])), (max(begin_s, covered[1]), end_s)]
        for first_s, last_s in parts:
            left = max(rect.left(), frame.x(max(first_s, frame.start_s)))
            right = min(rect.right(), frame.x(min(last_s, frame.end_s)))
            if right - left < 0.5:
                continue
            painter.save()
            painter.setClipRect(QRectF(left, rect.top() - 1, right - left, rect.height() + 2))
            painter.translate(frame.x(scene.origin_s), rect.bottom())
            painter.scale(1 / frame.pixel_s, -rect.height())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for path, share in ((shape.outer, OUTER_SHARE), (shape.inner, INNER_SHARE)):
                painter.setBrush(QColor(mix(colour, tokens.surface, share)))
                painter.drawPath(path)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            _stroke(painter, shape.top, mix(colour, tokens.surface, TOP_SHARE), 1.0)
            _stroke(painter, shape.median, colour, 1.4)
            painter.restore()

    # Mouse and keyboard

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rect = self._place()
        self.forget()

    def _within(self, x: float) -> bool:
        return self._rect.left() <= x <= self._rect.right()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().x()
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, frame = event.position().x(), self.frame
        if self._pressed is not None and (self._marked is not None or abs(x - self._pressed) > _DRAG_PX):
            self.gesture.emit(gestures.Mark(frame.at_s(self._pressed), frame.at_s(x)))
        elif self._pressed is None:
            self.gesture.emit(gestures.Point(frame.at_s(x) if self._within(x) else None))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        x, pressed, self._pressed = event.position().x(), self._pressed, None
        if pressed is None:
            return
        if self._marked is not None:
            self.gesture.emit(Choose())
        elif self._within(x):
            self.gesture.emit(gestures.OpenMoment(self.frame.at_s(x)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.gesture.emit(gestures.Zoom(0.25, self.frame.at_s(event.position().x())))

    def leaveEvent(self, event: QEvent) -> None:
        self.gesture.emit(gestures.Point(None))

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The page scrolls under the wheel; with Ctrl it is the time axis.
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier) or (
            abs(event.angleDelta().x()) > abs(event.angleDelta().y())
        ):
            self._take_wheel(event, self.frame.at_s(event.position().x()))
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.gesture.emit(gestures.AskMenu(event.globalPos()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event, self):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.update()


def plot_edges() -> tuple[float, float]:
    """How much room the labels take at the left of plots and lanes, and its name above a plot."""
    metrics = QFontMetricsF(font(LABEL))
    labels = (LEFT_TEXT, _("Incidents"), _("Changes"), _("Notes"))
    return round(max(map(metrics.horizontalAdvance, labels))) + 14, round(metrics.height()) + 7


def _stroke(painter: QPainter, path: QPainterPath, colour: str, width_px: float) -> None:
    pen = QPen(QColor(colour), width_px)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawPath(path)
