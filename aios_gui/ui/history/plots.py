"""The smoke of the four measures on one time axis and under one crosshair, with what happened below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aios_gui.history.notes.words import first_line
from aios_gui.instance.words import gap_sentence
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.lanes import EventLanes
from aios_gui.ui.history.navigation import Navigation
from aios_gui.ui.history.scene import Scene
from aios_gui.ui.history.smoke_plot import INNER_SHARE, OUTER_SHARE, TOP_SHARE, Choose, SmokePlot
from aios_gui.ui.history.smoke_shape import column
from aios_gui.ui.history.span_state import LEAST_NS, SpanState
from aios_gui.ui.history.words import stretch_text
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.moment_plots import MomentPlots
from aios_gui.ui.plots.painting import Span
from aios_gui.ui.plots.quantity import QUANTITIES, Quantity, without_values
from aios_gui.ui.theme import LABEL, XS, S, Theme, font, mix
from aios_gui.ui.widgets.card import Card

_NS = 1_000_000_000
_FRAME_MS = 33


class SmokePlots(MomentPlots):
    """A gesture moves the span of ``state``; what else is asked is only signalled."""

    changes_wanted = Signal(object)
    """What the ``ChangeMark`` stands for."""

    def __init__(
        self, state: SpanState, navigation: Navigation, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._navigation = state, navigation
        self.plots = [SmokePlot(each, theme, self._take_key, self._take_wheel) for each in QUANTITIES]
        self.lanes = EventLanes(theme)
        self.legend = Legend(theme)
        self.log = QPushButton()
        self.log.setCheckable(True)
        self.log.setChecked(True)
        self.log.setProperty("look", "chip")
        self.scene: Scene | None = None
        self._whole: Scene | None = None
        self.at_s: float | None = None
        """The moment that is read."""
        self._card = Card()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._card)
        self._card.head.addWidget(self.log)
        self._card.head.addStretch(1)
        self._card.head.addWidget(self.legend)
        self._card.body.setSpacing(XS)
        for plot in self.plots:
            plot.gesture.connect(lambda asked, plot=plot: self._on_gesture(asked, plot))
            self._card.body.addWidget(plot, 1)
        self._card.body.addWidget(self.lanes)
        self.lanes.gesture.connect(lambda asked: self._on_gesture(asked, self.plots[1]))
        self.lanes.changes_wanted.connect(self.changes_wanted)
        self.log.toggled.connect(self._use_log)
        state.moved.connect(self._on_moved)
        # A mouse moves the brush more often than an eye can follow, and what paints holds up the beat.
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._is_stale = False
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._card.set_title(_("What was usual, and what stood out"))
        self.log.setText(_("Log scale"))
        self.log.setAccessibleName(_("Logarithmic scale"))
        self.log.setToolTip(_("Logarithmic scale: each grid line is a multiple of the one below it."))
        self.legend.retranslate()
        self.lanes.retranslate()
        for plot in self.plots:
            plot.retranslate()
        if self.scene is not None:
            self.show_scene(self.scene)

    @property
    def pixels(self) -> int:
        """For how many buckets there is room."""
        return max(60, round(self.plots[0].frame.rect.width() / 2))

    # What is drawn

    def show_whole(self, scene: Scene) -> None:
        """The whole record, drawn coarsely wherever nothing finer was read."""
        self._whole = scene
        self._show()

    def show_scene(self, scene: Scene) -> None:
        """What was read of the span."""
        self.scene = scene
        self.lanes.show_scene(scene)
        self._show()

    def _show(self) -> None:
        scenes = tuple(each for each in (self._whole, self.scene) if each is not None)
        for plot in self.plots:
            least, most = _extent(scenes[-1], plot.quantity.key) if scenes else (np.inf, 0.0)
            summary = summary_of(self.scene, plot.quantity) if self.scene is not None else ""
            plot.show_scenes(scenes, least, most, summary)
        self._on_moved()

    def _on_moved(self) -> None:
        start_s, end_s = self._state.span.start_ns / _NS, self._state.span.end_ns / _NS
        for plot in self.plots:
            plot.show_span(start_s, end_s)
        self.lanes.show_span(start_s, end_s)
        self._show_reading()
        self._is_stale = True
        if not self._frame.isActive():
            self._on_frame()

    def _on_frame(self) -> None:
        """Paint the span, where it has moved."""
        if self._is_stale:
            self._is_stale = False
            for each in (*self.plots, self.lanes):
                each.update()
            self._frame.start()

    def _use_log(self, logarithmic: bool) -> None:
        for plot in self.plots:
            plot.use_log(logarithmic)
            if self.scene is not None:
                plot.refit(*_extent(self.scene, plot.quantity.key))

    # The moment that is read

    def point_at(self, at_s: float | None) -> None:
        """Read the plots at a moment, or no more."""
        self.at_s = at_s
        self._show_reading()

    def _show_reading(self) -> None:
        at_s = self.moment_read()
        self.lanes.point(at_s)
        for plot in self.plots:
            plot.point(at_s, "" if at_s is None else self._read(at_s, plot.quantity))

    def _read(self, at_s: float, quantity: Quantity) -> str:
        scene = next(
            (
                each
                for each in (self.scene, self._whole)
                if each is not None and each.bounds_s[0] <= at_s <= each.bounds_s[1]
            ),
            None,
        )
        if scene is None:
            return figures.clock_time(int(at_s * _NS), seconds=True)
        row = scene.row_at(at_s)
        gap = scene.gap_at(at_s)
        if gap is not None:
            return gap_sentence(gap)
        at = figures.clock_time(int(at_s * _NS), seconds=scene.bucket_s < 60)
        if row is None:
            return at
        puff = getattr(scene.smoke, quantity.key)
        if not np.isfinite(puff.p50[row]):
            return at
        return _("{time} · P50 {p50} · P95 {p95} · highest {highest}").format(
            time=at,
            p50=quantity.written(puff.p50[row]),
            p95=quantity.written(puff.p95[row]),
            highest=quantity.written(puff.max[row]),
        )

    def moment_read(self) -> float | None:
        """The moment that is read; None where it has gone out of sight."""
        at_s, span = self.at_s, self._state.span
        return at_s if at_s is not None and span.start_ns <= at_s * _NS <= span.end_ns else None

    def notes_read(self) -> list[Span]:
        """The note at the moment that is read."""
        note = self.lanes.note_at(self.lanes.frame.x(self.at_s)) if self.at_s is not None else None
        if note is None:
            return []
        return [Span(note.start_ns / _NS, note.end_ns / _NS, "accent", first_line(note), note=note.id)]

    def mark(self, span_s: tuple[float, float] | None) -> None:
        """Mark a span, or no more."""
        for plot in self.plots:
            plot.mark(span_s)
        super().mark(span_s)

    def focused_plot(self) -> QWidget | None:
        """The plot that has the keyboard."""
        return next((plot for plot in self.plots if plot.hasFocus()), None)

    # Gestures

    def _on_gesture(self, asked: object, plot: SmokePlot) -> None:
        match asked:
            case gestures.Point(at_s):
                self.point_at(at_s)
            case gestures.Mark(one_s, other_s):
                self.mark((min(one_s, other_s), max(one_s, other_s)))
            case Choose():
                self._choose_marked()
            case gestures.Zoom(factor, at_s):
                at_ns = None if at_s is None else round(at_s * _NS)
                self._state.go(self._state.zoomed(factor, at_ns))
            case gestures.OpenMoment(at_s):
                self._ask_for_moment(at_s, plot)
            case gestures.OpenNote(number):
                self.note_asked.emit(number)
            case gestures.AskMenu(at):
                self.menu_asked.emit(at, plot)

    def _choose_marked(self) -> None:
        if self.marked is None:
            return
        first_ns, last_ns = (round(each * _NS) for each in self.marked)
        self.mark(None)
        self._state.go(self._state.within(TimeRange(first_ns, max(last_ns, first_ns + LEAST_NS))))

    def _ask_for_moment(self, at_s: float | None, plot: SmokePlot) -> None:
        at_s = self.at_s if at_s is None else at_s
        if at_s is not None:
            self.point_at(at_s)
            self.moment_asked.emit(at_s, plot.quantity.key)

    def _take_wheel(self, event: QWheelEvent, at_s: float) -> None:
        self._navigation.take_wheel(event, round(at_s * _NS))

    def _take_key(self, event: QKeyEvent, plot: SmokePlot) -> bool:
        """With a moment that is read, left and right step through the buckets; else they move the span."""
        key = event.key()
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return self._navigation.take_key(event)
        if key == Qt.Key.Key_Escape:
            self.leave_asked.emit()
        elif key == Qt.Key.Key_Space:
            self.point_at(None if self.at_s is not None else self._last_s())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.at_s is None:
                self.point_at(self._last_s())
            else:
                self._ask_for_moment(self.at_s, plot)
        elif self.at_s is not None and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step((10 if large else 1) * (-1 if key == Qt.Key.Key_Left else 1))
        else:
            return self._navigation.take_key(event)
        return True

    def _last_s(self) -> float:
        """The last moment of the span that has something to read, else its middle."""
        start_s, end_s = self._state.span.start_ns / _NS, self._state.span.end_ns / _NS
        scene = self.scene
        if scene is not None and len(scene.starts_s):
            known = np.flatnonzero(np.isfinite(column(scene.smoke.duration.p50)))
            if len(known):
                return min(max(start_s, scene.middle_s(int(known[-1]))), end_s)
        return (start_s + end_s) / 2

    def _step(self, buckets: int) -> None:
        scene, at_s = self.scene, self.at_s
        if scene is None or at_s is None:
            return
        step_s = scene.bucket_s or 1.0
        self.point_at(at_s + buckets * step_s)
        span = self._state.span
        if self.at_s is not None and not span.start_ns <= self.at_s * _NS <= span.end_ns:
            self._navigation.pan(-0.1 if buckets < 0 else 0.1)


def _extent(scene: Scene, key: str) -> tuple[float, float]:
    """The least positive and the greatest value of a measure."""
    puff = getattr(scene.smoke, key)
    low, high = column(puff.p5), column(puff.max)
    least = float(np.fmin.reduce(np.where(low > 0, low, np.inf), initial=np.inf))
    return least, max(0.0, float(np.fmax.reduce(high, initial=0.0)))


def summary_of(scene: Scene, quantity: Quantity) -> str:
    """A measure over the span in one sentence."""
    puff = getattr(scene.smoke, quantity.key)
    medians, tops = column(puff.p50), column(puff.max)
    known = medians[np.isfinite(medians)]
    if not len(known):
        return without_values(bool(np.isfinite(column(scene.smoke.duration.p50)).any()))
    low, middle, high = (float(each) for each in np.percentile(known, (5, 50, 95)))
    first_s, last_s = scene.bucket(int(np.nanargmax(tops)))
    top = float(np.nanmax(tops))
    usual = quantity.written(middle)
    if quantity.written(low) != quantity.written(high):
        usual = _("{low} to {high}").format(low=quantity.written(low), high=quantity.written(high))
    return _("P50 mostly {usual} · highest {highest}, {time}").format(
        usual=usual,
        highest=quantity.written(top),
        time=stretch_text(round(first_s * _NS), round(last_s * _NS)),
    )


class Legend(QWidget):
    """What line and shades mean."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: tuple[str, ...] = ()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._font = font(LABEL)
        self._items = (_("highest"), "P5–P95", "P25–P75", "P50")
        self.setAccessibleName(_("Line: P50; shades: P25–P75 and P5–P95; thin line: highest"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        width = sum(metrics.horizontalAdvance(each) + 18 + 2 * S for each in self._items)
        return QSize(round(width), round(metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        x, middle = float(self.width()), self.height() / 2
        for text, share, tall in zip(
            reversed(self._items), (1.0, INNER_SHARE, OUTER_SHARE, TOP_SHARE), (2, 9, 9, 1), strict=True
        ):
            x -= metrics.horizontalAdvance(text)
            if x < 18:
                break
            painter.setPen(QPen(QColor(tokens.muted)))
            painter.drawText(
                QRectF(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, text
            )
            colour = QColor(mix(tokens.duration, tokens.surface, share))
            painter.fillRect(QRectF(x - 18, middle - tall / 2, 14, tall), colour)
            x -= 18 + 2 * S
        painter.end()
