"""Cold against warm: the first beats as dots on a logarithmic scale, and the same values as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QBrush,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalStatus
from aios_gui.heartbeat.model.warmup_stats import FIRST_BEATS, WarmupStatus
from aios_gui.heartbeat.warmup import words
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.plots import painting
from aios_gui.ui.plots.frame import Frame
from aios_gui.ui.plots.time_ticks import TimeTick
from aios_gui.ui.plots.value_scale import LogScale
from aios_gui.ui.theme import LABEL, TITLE, XS, M, S, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row
from aios_gui.ui.widgets.plain_label import PlainLabel

_LEFT_TEXT = "100 µs"
_DOT_PX = 6
_KEY_PX = 6.0
_LEAST_HEIGHT_PX = 110
_FIRST, _LAST = -1.0, FIRST_BEATS + 1.0
Points = tuple[tuple[int, int], ...]
"""Number of the beat, 1 to 60, and what it took, ns."""


# What is drawn


@dataclass(frozen=True, slots=True)
class FirstBeatsScene:
    """``first_run_ns`` is the cold run that the last warm-up began with; 0 where there is none.

    What a rehearsed beat would have taken without is the first run of its rehearsal; a beat that had none took it.
    """

    rehearsed: Points = ()
    unrehearsed: Points = ()
    cold: Points = ()
    first_run_ns: int = 0

    @classmethod
    def of(cls, status: WarmupStatus) -> FirstBeatsScene:
        """The series of a status."""
        first, report = status.first, status.report
        pairs = list(enumerate(zip(first.warm, first.unrehearsed, strict=False), start=1))
        return cls(
            tuple((number, warm) for number, (warm, without) in pairs if without),
            tuple((number, without or warm) for number, (warm, without) in pairs),
            tuple(enumerate(first.cold, start=1)),
            report.cold_ns if report is not None else 0,
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.unrehearsed or self.cold or self.first_run_ns)

    @property
    def extremes(self) -> tuple[int, int]:
        """The least and the greatest duration, ns; ValueError where it is empty."""
        found = [ns for points in (self.rehearsed, self.unrehearsed, self.cold) for _number, ns in points]
        found += [self.first_run_ns] if self.first_run_ns else []
        return min(found), max(found)


def median_ns(points: Points) -> int:
    """The median of what they took; ValueError where there are none."""
    ranked = sorted(ns for _number, ns in points)
    return ranked[(len(ranked) - 1) // 2] if ranked else 0


def description(scene: FirstBeatsScene) -> str:
    """The figures of a scene in words, for a screen reader."""
    parts = []
    for points, sentence in (
        (scene.rehearsed, _("{count} rehearsed beats, median {duration}")),
        (scene.unrehearsed, _("{count} not rehearsed, median {duration}")),
        (scene.cold, _("{count} after cooling down, median {duration}")),
    ):
        if points:
            parts.append(
                sentence.format(count=len(points), duration=figures.spoken_duration(median_ns(points)))
            )
    if scene.first_run_ns:
        parts.append(
            _("first run of the warm-up {duration}").format(
                duration=figures.spoken_duration(scene.first_run_ns)
            )
        )
    return _("; ").join(parts) or _("No beats yet")


def columns() -> tuple[Column, ...]:
    """Of the table of the same values."""
    return (
        Column(_("Beat"), right=False),
        Column(_("Rehearsed")),
        Column(_("Not rehearsed")),
        Column(_("After cooling down")),
    )


def rows(scene: FirstBeatsScene) -> list[Row]:
    """A row a beat; the run before the first is the one that the warm-up began with."""
    made: list[Row] = []
    if scene.first_run_ns:
        made.append((Fact(_("First run")), Fact(), Fact(figures.duration(scene.first_run_ns)), Fact()))
    series = [dict(points) for points in (scene.rehearsed, scene.unrehearsed, scene.cold)]
    for number in range(1, FIRST_BEATS + 1):
        if any(number in each for each in series):
            found = [Fact(figures.duration(each.get(number))) for each in series]
            made.append((Fact(str(number)), *found))
    return made


# The chart


@dataclass(frozen=True, slots=True)
class _Series:
    """A series: its colour among the tokens, the symbol that pyqtgraph knows, its name, and its dots."""

    tone: str
    symbol: str
    name: str
    points: Points

    @property
    def label(self) -> str:
        """Its name, and its figure where it has only one: what is usual is said above the chart."""
        if len(self.points) > 1:
            return self.name
        return _("{name} {figure}").format(name=self.name, figure=figures.duration(median_ns(self.points)))


class FirstBeatsPlot(pg.GraphicsView):  # type: ignore[misc]
    """Built once; drawn again only after a change of scene, size, theme or language."""

    accessible_role = QAccessible.Role.Chart

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False)
        self._theme = theme
        self._scene_shown = FirstBeatsScene()
        self._scale = LogScale(4, 6)
        self._series: list[_Series] = []
        self._labels: list[tuple[float, _Series]] = []
        self._brushes: dict[str, QBrush] = {}
        self._type = font(LABEL)
        self._ring = False
        self._rect = QRectF(0, 0, 10, 10)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCentralItem(None)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._box.disableAutoRange()
        self._box.setXRange(_FIRST, _LAST, padding=0)
        self._box.setYRange(0.0, 1.0, padding=0)
        # A dot on the edge is drawn whole.
        self._box.setFlag(self._box.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self.scene().addItem(self._box)
        self._dots = [pg.ScatterPlotItem(pxMode=True, pen=None, antialias=True) for _each in range(4)]
        for dots in self._dots:
            self._box.addItem(dots, ignoreBounds=True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(280)
        self.dress()
        self.retranslate()

    @property
    def labels(self) -> list[tuple[str, QRectF]]:
        """What stands at the right, and where."""
        return [(series.label, self._label_box(y, series.label)) for y, series in self._labels]

    def show_scene(self, scene: FirstBeatsScene) -> None:
        """Draw these beats, where they are others."""
        if scene != self._scene_shown:
            self._scene_shown = scene
            self._draw()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._type = font(LABEL)
        self.setAccessibleName(_("The first {count} beats: each dot is one beat").format(count=FIRST_BEATS))
        self._draw()

    def dress(self) -> None:
        """Put on the colours of the theme."""
        self.setBackground(QColor(self._theme.tokens.surface))
        self._draw()

    def _draw(self) -> None:
        scene = self._scene_shown
        self.setAccessibleDescription(description(scene))
        if not scene.empty:
            smallest, largest = scene.extremes
            self._scale.reset()
            self._scale.fit(smallest, largest)
        self._series = _series_of(scene)
        for dots, series in zip(self._dots, [*self._series, *[None] * 4], strict=False):
            self._fill(dots, series)
        self._place()
        self.scene().prepareForPaint()
        self.scene().update()

    def _fill(self, dots: pg.ScatterPlotItem, series: _Series | None) -> None:
        if series is None:
            dots.setData([], [])
            return
        numbers = np.array([number for number, _ns in series.points], dtype=float)
        shares = self._scale.shares(np.array([ns for _number, ns in series.points], dtype=float))
        colour = str(getattr(self._theme.tokens, series.tone))
        # pyqtgraph keeps a picture of a dot for each brush that it has ever been given.
        brush = self._brushes.setdefault(colour, pg.mkBrush(QColor(colour)))
        size = _DOT_PX + (2 if series.symbol == "d" else 0)
        dots.setData(numbers, shares, symbol=series.symbol, size=size, brush=brush)

    def _place(self) -> None:
        """Lay out axes and labels; the labels have a margin of their own, so that none covers a dot."""
        metrics = QFontMetricsF(self._type)
        left = round(metrics.horizontalAdvance(_LEFT_TEXT)) + 10
        top = round(metrics.height() / 2) + 1
        bottom = self.height() - round(metrics.height()) - XS - 1
        widest = max((metrics.horizontalAdvance(series.label) for series in self._series), default=0.0)
        right = self.width() - (widest + _KEY_PX + 3 * S if widest else S)
        self._rect = QRectF(left, top, max(10.0, right - left), max(10.0, bottom - top))
        self._box.setGeometry(self._rect)
        wanted = []
        for series in self._series:
            share = float(self._scale.shares(np.array([median_ns(series.points)], dtype=float))[0])
            wanted.append((self.frame.y(min(1.0, max(0.0, share))), series))
        wanted.sort(key=lambda pair: pair[0])
        heights = apart([y for y, _series in wanted], metrics.height(), self._rect.top(), self._rect.bottom())
        self._labels = list(zip(heights, (series for _y, series in wanted), strict=True))

    @property
    def frame(self) -> Frame:
        """Where the beats lie now, px; across it their numbers."""
        return Frame(self._rect, _FIRST, _LAST)

    def _label_box(self, y: float, label: str) -> QRectF:
        metrics = QFontMetricsF(self._type)
        left = self._rect.right() + 2 * S + _KEY_PX
        return QRectF(left, y - metrics.height() / 2, metrics.horizontalAdvance(label) + 2, metrics.height())

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, QColor(self._theme.tokens.surface))
        painting.paint_grid(painter, self.frame, self._scale.ticks(), self._theme.tokens)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        tokens, frame = self._theme.tokens, self.frame
        painting.paint_value_labels(painter, frame, self._scale.ticks(), tokens, self._type)
        ticks = [TimeTick(float(number), str(number)) for number in (1, 20, 40, FIRST_BEATS)]
        painting.paint_time_labels(painter, frame, ticks, tokens, self._type)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._type)
        for y, series in self._labels:
            box = self._label_box(y, series.label)
            colour = QColor(getattr(tokens, series.tone))
            _paint_key(painter, QPointF(box.left() - S, y), series.symbol, colour)
            painter.setPen(colour)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, series.label)
        if self._scene_shown.empty:
            painter.setPen(QColor(tokens.muted))
            painter.drawText(frame.rect, Qt.AlignmentFlag.AlignCenter, _("No beats yet"))
        if self._ring:
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, self.height() - 1))
        painter.restore()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        # The base class calls this while it is being built.
        if hasattr(self, "_dots"):
            self._place()

    def sizeHint(self) -> QSize:
        return QSize(400, _LEAST_HEIGHT_PX)

    def tip_at(self, x: float) -> str:
        """What the beat under ``x`` took."""
        frame = self.frame
        number = round(frame.at_s(x))
        found = [
            _("{name} {figure}").format(
                name=series.name, figure=figures.duration(dict(series.points)[number])
            )
            for series in self._series
            if number in dict(series.points)
        ]
        if not found:
            return ""
        which = _("Beat {number}").format(number=number) if number else _("First run")
        return "\n".join([which, *found])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setToolTip(self.tip_at(event.position().x()))

    # Nothing here is dragged or zoomed: the page around it scrolls.

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = True
        self.scene().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        self.scene().update()


def apart(wanted: Sequence[float], step: float, top: float, bottom: float) -> list[float]:
    """Heights near the ``wanted`` ones, which ascend, at least ``step`` apart, from ``top`` to ``bottom``."""
    placed: list[float] = []
    for height in wanted:
        least = placed[-1] + step if placed else top
        placed.append(max(height, least))
    over = placed[-1] - bottom if placed else 0.0
    for place in range(len(placed) - 1, -1, -1):
        if over <= 0:
            break
        placed[place] -= over
        over = placed[place - 1] + step - placed[place] if place else 0.0
    return placed


def _series_of(scene: FirstBeatsScene) -> list[_Series]:
    first = ((0, scene.first_run_ns),) if scene.first_run_ns else ()
    series = (
        _Series("muted", "s", _("after cooling down"), scene.cold),
        _Series("lateness", "o", _("without rehearsal"), scene.unrehearsed),
        _Series("duration", "o", _("with rehearsal"), scene.rehearsed),
        _Series("text", "d", _("first run"), first),
    )
    return [each for each in series if each.points]


def _paint_key(painter: QPainter, centre: QPointF, symbol: str, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    half = _KEY_PX / 2
    box = QRectF(centre.x() - half, centre.y() - half, _KEY_PX, _KEY_PX)
    if symbol == "o":
        painter.drawEllipse(box)
    elif symbol == "s":
        painter.drawRect(box)
    else:
        x, y = centre.x(), centre.y()
        half += 1
        corners = [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)]
        painter.drawPolygon(QPolygonF(corners))


# The card


class FirstBeatsCard(Card):
    """What warming up is worth in a sentence, and the chart that shows it, or in its place the table."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = FirstBeatsScene()
        self.plot = FirstBeatsPlot(theme)
        self.table = FactTable(theme)
        self.worth = PlainLabel()
        self.worth.setWordWrap(True)
        self.why = muted_label()
        self.toggle = QPushButton()
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._show_table)
        self.title.setProperty("look", "muted")
        self.head.addStretch(1)
        self.head.addWidget(self.toggle)
        whole = self.layout()
        assert isinstance(whole, QVBoxLayout)
        whole.setContentsMargins(M + 2, M, M + 2, S + 2)
        whole.insertWidget(0, self.worth)
        whole.insertWidget(1, self.why)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.plot)
        self._pages.addWidget(self.table)
        self.body.addWidget(self._pages)
        theme.changed.connect(self.plot.dress)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("The first {count} beats: each dot is one beat").format(count=FIRST_BEATS))
        self.title.setFont(font(LABEL + 1))
        self.worth.setFont(font(TITLE, strong=True))
        self.why.setFont(font(LABEL + 1))
        self.toggle.setText(_("Table"))
        self.toggle.setToolTip(_("Show the same values as a table"))
        self.toggle.setAccessibleDescription(self.toggle.toolTip())
        self.table.setAccessibleName(self.title.text())
        self.table.retranslate()
        self.plot.retranslate()
        self._fill_table()

    def show_status(self, status: WarmupStatus, rehearsal: RehearsalStatus, duration: Percentiles) -> None:
        """Say what it is worth, and draw the first beats; only where something is new."""
        set_text(self.worth, words.worth_sentence(status, rehearsal, duration))
        set_text(self.why, words.worth_reason(rehearsal))
        scene = FirstBeatsScene.of(status)
        if scene != self._scene:
            self._scene = scene
            self.plot.show_scene(scene)
            self._fill_table()

    def _show_table(self, shown: bool) -> None:
        self._pages.setCurrentWidget(self.table if shown else self.plot)
        self._fill_table()

    def _fill_table(self) -> None:
        if self.toggle.isChecked():
            self.table.show_facts(columns(), rows(self._scene))
