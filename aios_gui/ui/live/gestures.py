"""Turns gestures on any plot of the Live panel into moves of all four."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from aios_gui.heartbeat.model.items import Event
from aios_gui.instance.words import gap_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.plot_card import PlotCard, Scene
from aios_gui.ui.place import Place
from aios_gui.ui.plots import gestures
from aios_gui.ui.plots.crosshair import Crosshair, gap_at, hiccup_remark

if TYPE_CHECKING:
    from aios_gui.ui.live.panel import LivePanel

_NS = 1_000_000_000
_NEAR_PX = 6


class LiveGestures(QObject):
    """Pan, zoom, crosshair and the menu of the plots."""

    def __init__(self, panel: LivePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._window = panel.time_window
        self.crosshair = Crosshair()
        self._pointed: tuple[object, ...] = ()
        for card in panel.cards:
            card.plot.gesture.connect(lambda asked, card=card: self._follow(asked, card))

    def _follow(self, asked: gestures.Gesture, card: PlotCard) -> None:
        window = self._window
        match asked:
            case gestures.Pan(share):
                window.pan(share * window.shown_s)
                self._moved()
            case gestures.Zoom(factor, at_s):
                window.zoom(factor, at_s)
                self._moved()
            case gestures.GoToStart():
                window.pan(-window.shown_s)
                self._moved()
            case gestures.Follow():
                self.go_live()
            case gestures.OpenHiccup(wall_ns):
                self._open_incident(wall_ns)
            case gestures.AskMenu(at):
                self._show_menu(at, card)
            case _:
                self._read(asked)

    def _read(self, asked: gestures.Gesture) -> None:
        scene = self._panel.scene
        if scene is None:
            return
        match asked:
            case gestures.Point(at_s):
                self.crosshair.at_s = at_s
            case gestures.Step(beats):
                self.crosshair.step(scene.rows, beats)
                self._bring_into_view()
            case gestures.ToggleCrosshair():
                self.crosshair.toggle(scene.rows, self._window.end_s)
        self.show_crosshair()

    def _bring_into_view(self) -> None:
        window, at_s = self._window, self.crosshair.at_s
        if at_s is not None and at_s < window.start_s:
            window.pan(at_s - window.start_s - window.shown_s / 10)
            self._moved()
        elif at_s is not None and at_s > window.end_s and not window.following:
            window.pan(at_s - window.end_s + window.shown_s / 10)
            self._moved()

    def _moved(self) -> None:
        panel = self._panel
        panel.bar.show_span(self._window.span_s)
        panel.draw()
        panel.source.load_if_needed()
        panel.fill_table()

    def choose_span(self, span_s: int) -> None:
        """Show the latest so many seconds."""
        self._window.choose_span(span_s)
        self._unfreeze()
        for card in self._panel.cards:
            card.forget(ranges=True)
        self._panel.source.load()
        self._moved()

    def look_at(self, start_s: float, end_s: float, at_s: float) -> None:
        """Show a span of the past, with the crosshair at a moment of it."""
        self._unfreeze()
        self._window.look_at(start_s, end_s)
        for card in self._panel.cards:
            card.forget(ranges=True)
        self.crosshair.at_s = at_s
        self._panel.source.load()
        self._moved()

    def _open_incident(self, wall_ns: int) -> None:
        self._panel.place_asked.emit(Place("incidents", at_ns=wall_ns))

    def go_live(self) -> None:
        """Back to the newest beats, and with them from now on."""
        self._unfreeze()
        if not self._window.following:
            self._window.follow()
            self._panel.source.load()
            self._moved()

    def _unfreeze(self) -> None:
        self._panel.bar.freeze.setChecked(False)

    def use_log(self, logarithmic: bool) -> None:
        """Draw duration and lateness on a logarithmic scale, or on a linear one."""
        for card in self._panel.cards:
            card.use_log(logarithmic)
        self._panel.show_log()
        self._panel.draw()

    def point_at(self, at_s: float | None) -> None:
        """Read the plots at a moment, or no more."""
        self.crosshair.at_s = at_s
        self.show_crosshair()

    def show_crosshair(self) -> None:
        """Put the crosshair of every plot on the row nearest to the moment that is read, or into its gap."""
        panel, scene, at_s = self._panel, self._panel.scene, self.crosshair.at_s
        if scene is None:
            return
        row, gap = self.crosshair.row(scene.rows), gap_at(scene.gaps, at_s)
        pointed = (at_s if gap else row, scene)
        if pointed == self._pointed:
            return
        self._pointed = pointed
        if gap is not None and at_s is not None:
            for card in panel.cards:
                card.point_gap(at_s, gap_sentence(gap))
        else:
            self._point_cards(scene, row)

    def _point_cards(self, scene: Scene, row: int | None) -> None:
        time_text, remark = "", ""
        if row is not None:
            at_s = float(scene.rows.times[row])
            time_text = figures.clock_time(int(at_s * _NS), seconds=True)
            near_s = _NEAR_PX * self._panel.cards[0].plot.frame.pixel_s
            remark = hiccup_remark(scene.hiccups, at_s, near_s)
        for card in self._panel.cards:
            card.point(scene.rows, row, time_text, remark if card.quantity.key == "lateness" else "")

    def _show_menu(self, at: QPoint, card: PlotCard) -> None:
        menu = self.menu_for(card)
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    def menu_for(self, card: PlotCard) -> QMenu:
        """The menu of a plot."""
        panel = self._panel
        menu = QMenu(panel)
        back = menu.addAction(_("Back to live"), self.go_live)
        back.setEnabled(not self._window.following or panel.frozen)
        if card.quantity.logarithmic is not None:
            log = menu.addAction(_("Log scale"))
            log.setCheckable(True)
            log.setChecked(card.logarithmic)
            log.triggered.connect(lambda checked: self._use_log_for(card, checked))
        hiccup = self._hiccup_read()
        if hiccup is not None:
            menu.addAction(_("Show the incident"), lambda: self._open_incident(hiccup.wall_ns))
        menu.addSeparator()
        panel.saving.fill(menu)
        return menu

    def _hiccup_read(self) -> Event | None:
        """The hiccup that the crosshair stands on."""
        at_s, scene = self.crosshair.at_s, self._panel.scene
        if at_s is None or scene is None:
            return None
        near_s = _NEAR_PX * self._panel.cards[0].plot.frame.pixel_s
        return next((each for each in scene.hiccups if abs(each.wall_ns / _NS - at_s) <= near_s), None)

    def _use_log_for(self, card: PlotCard, logarithmic: bool) -> None:
        card.use_log(logarithmic)
        self._panel.show_log()
        self._panel.draw()
