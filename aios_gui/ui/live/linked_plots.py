"""The four plots on one time axis and under one crosshair: a gesture on any of them moves all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from aios_gui.heartbeat.model.items import Event
from aios_gui.instance.words import gap_sentence
from aios_gui.text import figures
from aios_gui.ui.live.plot_card import PlotCard, Scene
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.crosshair import Crosshair, gap_at, hiccup_remark
from aios_gui.ui.plots.moment_plots import MomentPlots
from aios_gui.ui.plots.painting import Span, spans_at
from aios_gui.ui.plots.quantity import QUANTITIES
from aios_gui.ui.plots.series_buffer import SeriesBuffer
from aios_gui.ui.theme import S, Tokens

_NS = 1_000_000_000
_NEAR_PX = 6
_LEAST_CARD_PX, _USUAL_CARD_PX = 92, 108
_TWO_BESIDE_PX = 600


class LinkedPlots(MomentPlots):
    """Cards, crosshair, and what is drawn. Pan and zoom change ``window``; what else is asked is only signalled."""

    moved = Signal()
    """The window was moved or zoomed by hand."""
    incident_asked = Signal(object)
    """Of the hiccup at this moment (wall, ns)."""

    def __init__(self, window: TimeWindow, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self.cards = [PlotCard(each, index, tokens) for index, each in enumerate(QUANTITIES)]
        self.scene: Scene | None = None
        self.crosshair = Crosshair()
        self._pointed: tuple[object, ...] = ()
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(S + 2)
        self._arrange(1)
        for card in self.cards:
            card.plot.gesture.connect(lambda asked, card=card: self._on_gesture(asked, card))

    def _arrange(self, columns: int) -> None:
        """One below the other, or two beside two where the window is too low for that."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
            card.use_room(narrow=columns > 1)
        for row in range(len(self.cards)):
            self._grid.setRowStretch(row, 1 if row * columns < len(self.cards) else 0)
        self._grid.setColumnStretch(1, 1 if columns > 1 else 0)
        self._grid.setColumnStretch(0, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < len(self.cards) * (_USUAL_CARD_PX + S + 2)
        self._arrange(2 if low and self.width() >= _TWO_BESIDE_PX else 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(_TWO_BESIDE_PX, 2 * (_LEAST_CARD_PX + S))

    @property
    def width_px(self) -> float:
        """How wide the time axis is."""
        return max(1.0, self.cards[0].plot.frame.rect.width())

    @property
    def pixel_s(self) -> float:
        """Seconds that a pixel is wide."""
        return self.cards[0].plot.frame.pixel_s

    def draw(self, scene: Scene, buffer: SeriesBuffer, moved: bool) -> None:
        """Draw ``scene``; where the window has not ``moved``, only the quantities that have changed."""
        self.scene = scene
        for card in self.cards:
            card.draw(scene, buffer, moved)
        self._show_crosshair()

    def point_at(self, at_s: float | None) -> None:
        """Read the plots at a moment, or no more."""
        self.crosshair.at_s = at_s
        self._show_crosshair()

    def hiccup_read(self) -> Event | None:
        """The hiccup that the crosshair stands on."""
        at_s = self.crosshair.at_s
        if at_s is None or self.scene is None:
            return None
        near_s = _NEAR_PX * self.pixel_s
        return next((each for each in self.scene.hiccups if abs(each.wall_ns / _NS - at_s) <= near_s), None)

    def moment_read(self) -> float | None:
        """The moment that the crosshair reads: that of its beat, or its own in a gap."""
        scene, at_s = self.scene, self.crosshair.at_s
        if scene is None or at_s is None or gap_at(scene.gaps, at_s) is not None:
            return at_s
        row = self.crosshair.row(scene.rows)
        return at_s if row is None else float(scene.rows.times[row])

    def notes_read(self) -> list[Span]:
        """The notes that the crosshair stands on."""
        frame, at_s = self.cards[0].plot.frame, self.crosshair.at_s
        if at_s is None or self.scene is None:
            return []
        return [each for each in spans_at(frame, self.scene.spans, frame.x(at_s), _NEAR_PX) if each.note]

    def focused_plot(self) -> QWidget | None:
        """The plot that has the keyboard."""
        return next((card.plot for card in self.cards if card.plot.hasFocus()), None)

    def _ask_for_moment(self, at_s: float | None, card: PlotCard) -> None:
        at_s = self.moment_read() if at_s is None else at_s
        if at_s is not None:
            self.moment_asked.emit(at_s, card.quantity.key)

    def _on_gesture(self, asked: gestures.Gesture, card: PlotCard) -> None:
        window = self._window
        match asked:
            case gestures.Pan(share):
                window.pan(share * window.shown_s)
                self.moved.emit()
            case gestures.Zoom(factor, at_s):
                window.zoom(factor, at_s)
                self.moved.emit()
            case gestures.GoToStart():
                window.pan(-window.shown_s)
                self.moved.emit()
            case gestures.Follow():
                self.live_asked.emit()
            case gestures.OpenHiccup(wall_ns):
                self.incident_asked.emit(wall_ns)
            case gestures.AskMenu(at):
                self.menu_asked.emit(at, card)
            case gestures.OpenMoment(at_s):
                self._ask_for_moment(at_s, card)
            case gestures.OpenNote(number):
                self.note_asked.emit(number)
            case gestures.WriteNote():
                self.note_wanted.emit()
            case gestures.Mark(one_s, other_s):
                self.mark((min(one_s, other_s), max(one_s, other_s)))
            case gestures.Leave():
                self.leave_asked.emit()
            case _:
                self._move_crosshair(asked)

    def _move_crosshair(self, asked: gestures.Gesture) -> None:
        if self.scene is None:
            return
        match asked:
            case gestures.Point(at_s):
                self.crosshair.at_s = at_s
            case gestures.Step(beats):
                self.crosshair.step(self.scene.rows, beats)
                self._bring_into_view()
            case gestures.ToggleCrosshair():
                self.crosshair.toggle(self.scene.rows, self._window.end_s)
        self._show_crosshair()

    def _bring_into_view(self) -> None:
        window, at_s = self._window, self.crosshair.at_s
        if at_s is not None and at_s < window.start_s:
            window.pan(at_s - window.start_s - window.shown_s / 10)
            self.moved.emit()
        elif at_s is not None and at_s > window.end_s and not window.following:
            window.pan(at_s - window.end_s + window.shown_s / 10)
            self.moved.emit()

    def _show_crosshair(self) -> None:
        """Put the crosshair of every plot on the row nearest to the moment that is read, or into its gap."""
        scene, at_s = self.scene, self.crosshair.at_s
        if scene is None:
            return
        edge_s = 2 * self.pixel_s  # the newest beat may lie a pixel beyond
        if (
            at_s is not None
            and not -edge_s <= at_s - self._window.start_s <= self._window.shown_s + 2 * edge_s
        ):
            at_s = None  # zoomed or moved away from
        row = self.crosshair.row(scene.rows) if at_s is not None else None
        gap = gap_at(scene.gaps, at_s)
        pointed = (at_s if gap else row, scene)
        if pointed == self._pointed:
            return
        self._pointed = pointed
        if gap is not None and at_s is not None:
            for card in self.cards:
                card.point_gap(at_s, gap_sentence(gap))
        else:
            self._point_cards(scene, row)

    def _point_cards(self, scene: Scene, row: int | None) -> None:
        time_text, remark = "", ""
        if row is not None:
            at_s = float(scene.rows.times[row])
            time_text = figures.clock_time(int(at_s * _NS), seconds=True)
            remark = hiccup_remark(scene.hiccups, at_s, _NEAR_PX * self.pixel_s)
        for card in self.cards:
            card.point(scene.rows, row, time_text, remark if card.quantity.key == "lateness" else "")
