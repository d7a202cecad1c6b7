"""Lines over one axis: curves of percentiles, distributions, medians; read out by mouse, keyboard and screen reader."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
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
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.painting import paint_grid, paint_value_labels
from aios_gui.ui.plots.value_scale import Tick
from aios_gui.ui.theme import LABEL, XS, M, S, Theme, font
from aios_gui.ui.widgets.spoken import say_aloud

_LEFT_PX, _BOTTOM_PX, _TOP_PX = 56.0, 20.0, 22.0
_SAMPLE_PX = 16.0
_LINES_PX = 200
_FILL_OPACITY = 34
_PAGE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """Points as shares of the axes, 0 to 1, from left to right; ``tone`` is a colour of the theme.

    A line without a ``name`` is in no legend. Where a point is NaN the line is broken.
    """

    points: tuple[tuple[float, float], ...]
    tone: str
    name: str = ""
    is_dashed: bool = False
    is_filled: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the axis that can be read out: its share, and what there is."""

    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart shows. ``stops`` go from left to right; ``columns`` are the shares of the ticks below."""

    lines: tuple[Line, ...] = ()
    rows: tuple[Tick, ...] = ()
    columns: tuple[Tick, ...] = ()
    stops: tuple[Stop, ...] = ()


class ReadChart(QWidget):
    """A picture with places that are read out one by one; subclasses paint, and say where the places are."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, height_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._height_px = height_px
        self.place: int | None = None
        """Which place is read out."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def texts(self) -> list[str]:
        """What is said at each place."""
        raise NotImplementedError

    def place_at(self, point: QPointF) -> int | None:
        """The place nearest to a pixel."""
        raise NotImplementedError

    def stepped(self, key: Qt.Key) -> int | None:
        """Where a key leads to from the place that is read out; None for a key that leads nowhere."""
        now, last = self.place, len(self.texts()) - 1
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -_PAGE,
            Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_Home: -last - 1,
            Qt.Key.Key_End: last + 1,
        }
        if key not in steps or last < 0:
            return None
        if now is None:
            return last if key == Qt.Key.Key_End else 0
        return max(0, min(last, now + steps[key]))

    @property
    def said(self) -> str:
        """What is read out now."""
        texts = self.texts()
        return texts[self.place] if self.place is not None and self.place < len(texts) else ""

    def read(self, place: int | None, aloud: bool = False) -> None:
        """Read out another place; ``aloud`` by a screen reader, too."""
        if place == self.place:
            return
        self.place = place
        self.update()
        if aloud and self.said:
            say_aloud(self, self.said)

    def sizeHint(self) -> QSize:
        return QSize(320, self._height_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._height_px)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self.stepped(Qt.Key(event.key()))
        if place is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self.read(place, aloud=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.read(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self.read(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.read(None)

    def paint_focus(self, painter: QPainter) -> None:
        """A frame around the picture while the keyboard is with it."""
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.tokens.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), S, S)


class LineChart(ReadChart):
    """Lines with their legend above and ticks at both axes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, _LINES_PX, parent)
        self.drawing = Drawing()

    def show_drawing(self, drawing: Drawing) -> None:
        """Show another drawing."""
        if drawing != self.drawing:
            self.drawing = drawing
            self.place = None
            self.update()

    def texts(self) -> list[str]:
        return [stop.text for stop in self.drawing.stops]

    def place_at(self, point: QPointF) -> int | None:
        stops = self.drawing.stops
        if not stops:
            return None
        frame = self._frame()
        share = (point.x() - frame.rect.left()) / max(1.0, frame.rect.width())
        after = bisect_left(stops, share, key=lambda stop: stop.share)
        near = stops[max(0, after - 1) : after + 1]
        return max(0, after - 1) + min(range(len(near)), key=lambda place: abs(near[place].share - share))

    def _frame(self) -> Frame:
        rect = QRectF(self.rect()).adjusted(_LEFT_PX, _TOP_PX, -M, -_BOTTOM_PX)
        return Frame(rect, 0.0, 1.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, frame, type_ = self.theme.tokens, self._frame(), font(LABEL)
        paint_grid(painter, frame, self.drawing.rows, tokens)
        paint_value_labels(painter, frame, self.drawing.rows, tokens, type_)
        self._paint_columns(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self.drawing.lines:
            self._paint_line(painter, frame, line)
        self._paint_place(painter, frame)
        self._paint_legend(painter, frame)
        self.paint_focus(painter)
        painter.end()

    def _paint_columns(self, painter: QPainter, frame: Frame) -> None:
        tokens, type_ = self.theme.tokens, font(LABEL)
        metrics = QFontMetricsF(type_)
        painter.setFont(type_)
        taken = frame.rect.left() - M
        for tick in self.drawing.columns:
            x = round(frame.x(tick.share))
            painter.setPen(QColor(tokens.grid))
            painter.drawLine(QPointF(x, frame.rect.top()), QPointF(x, frame.rect.bottom()))
            width = metrics.horizontalAdvance(tick.label)
            left = min(x - width / 2, self.width() - width - 1)
            if left > taken:
                painter.setPen(QColor(tokens.muted))
                painter.drawText(QPointF(left, frame.rect.bottom() + XS + metrics.ascent()), tick.label)
                taken = left + width + S

    def _paint_line(self, painter: QPainter, frame: Frame, line: Line) -> None:
        colour = QColor(getattr(self.theme.tokens, line.tone))
        painter.setPen(_pen(colour, line.is_dashed))
        for piece in _pieces(line.points):
            points = [QPointF(frame.x(x), frame.y(min(1.0, max(0.0, y)))) for x, y in piece]
            if line.is_filled:
                ground = QColor(colour)
                ground.setAlpha(_FILL_OPACITY)
                base = frame.rect.bottom()
                ends = QPointF(points[0].x(), base), QPointF(points[-1].x(), base)
                painter.save()
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ground)
                painter.drawPolygon(QPolygonF([ends[0], *points, ends[1]]))
                painter.restore()
            painter.drawPolyline(QPolygonF(points))

    def _paint_place(self, painter: QPainter, frame: Frame) -> None:
        if not self.said or self.place is None:
            return
        x = round(frame.x(self.drawing.stops[self.place].share)) + 0.5
        painter.setPen(QPen(QColor(self.theme.tokens.gap), 1))
        painter.drawLine(QPointF(x, frame.rect.top()), QPointF(x, frame.rect.bottom()))

    def _paint_legend(self, painter: QPainter, frame: Frame) -> None:
        """What is read out, or else what each line is."""
        tokens, type_ = self.theme.tokens, font(LABEL)
        metrics = QFontMetricsF(type_)
        painter.setFont(type_)
        baseline = frame.rect.top() - metrics.descent() - XS
        if self.said:
            painter.setPen(QColor(tokens.text))
            room = self.width() - frame.rect.left()
            text = metrics.elidedText(self.said, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(frame.rect.left(), baseline), text)
            return
        left = frame.rect.left()
        for line in self.drawing.lines:
            if not line.name:
                continue
            middle = baseline - metrics.xHeight() / 2
            painter.setPen(_pen(QColor(getattr(tokens, line.tone)), line.is_dashed, 2.0))
            painter.drawLine(QPointF(left, middle), QPointF(left + _SAMPLE_PX, middle))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QPointF(left + _SAMPLE_PX + XS, baseline), line.name)
            left += _SAMPLE_PX + XS + metrics.horizontalAdvance(line.name) + M


def _pen(colour: QColor, is_dashed: bool, width: float = 1.4) -> QPen:
    pen = QPen(colour, width)
    if is_dashed:
        pen.setDashPattern([3, 3])
    return pen


def _pieces(points: tuple[tuple[float, float], ...]) -> list[list[tuple[float, float]]]:
    """The stretches of a line without a hole."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point[1] == point[1]:
            pieces[-1].append(point)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]
