"""The Live panel: four linked plots of the beats, filled from the record and following the heartbeat."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, LiveItem, RecordedBeat
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.incidents.marks import span_of
from aios_gui.ui.incidents.source import IncidentSource
from aios_gui.ui.live.bar import DEFAULT_SPAN_S, LiveBar
from aios_gui.ui.live.beat_model import BeatModel
from aios_gui.ui.live.beat_table import BeatTable
from aios_gui.ui.live.current_value import cpu_foot, duration_foot, lateness_foot, memory_foot
from aios_gui.ui.live.introduction import Introduction
from aios_gui.ui.live.linked_plots import LinkedPlots
from aios_gui.ui.live.moments import Moments
from aios_gui.ui.live.plot_card import PlotCard, Scene
from aios_gui.ui.live.saving import Saving
from aios_gui.ui.live.source import LiveSource
from aios_gui.ui.live.stalls import Stalls
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.plots.curve import Curve
from aios_gui.ui.plots.history_loader import Failed, HistoryLoader, PageLoaded
from aios_gui.ui.plots.painting import Span
from aios_gui.ui.plots.time_ticks import time_ticks
from aios_gui.ui.theme import XL, M, S
from aios_gui.ui.widgets.notice_label import NoticeLabel

_NS = 1_000_000_000
_TICK_PX = 110
_STEP_PX = 0.75
_BESIDE_PX = 1500
_LOW_PX = 440
"""Below this height three sentences leave the plots too little."""
_PAGE_BEATS = 500
_TABLE_SETTLE_MS = 200
_INTRODUCTION = "window.introduction"
_INCIDENTS_NS = 60 * _NS
_STILL = {EngineState.PAUSED: GapKind.PAUSED, EngineState.STOPPED: GapKind.NOT_RECORDED}


class LivePanel(Panel):
    """Pulls from the feed while shown; draws only what has changed."""

    key = "live"

    def __init__(self, context: PanelContext, now_ns: Callable[[], int] = time.time_ns) -> None:
        super().__init__()
        self._context = context
        self._now_ns = now_ns
        self.time_window = TimeWindow(DEFAULT_SPAN_S, now_ns() / _NS)
        self._loader = HistoryLoader(context.open_history, self)
        self.source = LiveSource(context.feed, self._loader, self.time_window, self)
        self.incidents = IncidentSource(self._loader, now_ns, self, _INCIDENTS_NS)
        self._incidents_from_ns = 0
        self.bar = LiveBar(of_slice=context.controller.slice_file is not None)
        self.introduction = Introduction()
        self.plots = LinkedPlots(self.time_window, context.theme.tokens)
        self.cards = self.plots.cards
        self.moments = Moments(
            context,
            self._loader,
            self.plots,
            lambda: (self.time_window.full_start_s, self.time_window.end_s),
            now_ns,
            self,
        )
        self.stalls = Stalls(self._loader, self.time_window, now_ns, self)
        self.model = BeatModel(self)
        self.table = BeatTable(self.model)
        self._page_ticket = -1
        self._drawn: tuple[int, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.refresh)
        # A drag moves the window many times a second; the table is filled again when it has come to rest.
        self._table_timer = QTimer(self, singleShot=True, interval=_TABLE_SETTLE_MS)
        self._table_timer.timeout.connect(self._begin_table)
        self._lay_out()
        self.saving = Saving(self.plots, self.time_window, context.controller.record_words, self)
        self._wire()
        self.retranslate()

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(self.plots)
        self.splitter.addWidget(self.table)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(M)  # the space between the cards
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.table.hide()
        self.trouble, self.unsaved = NoticeLabel(), NoticeLabel()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL - 4, M + 2, XL - 4, M + 2)
        whole.setSpacing(S + 2)
        for widget in (self.bar, self.introduction, self.trouble, self.unsaved):
            whole.addWidget(widget)
        whole.addWidget(self.splitter, 1)
        for card in (self.moments.who, self.moments.note):
            whole.addWidget(card)

    def _wire(self) -> None:
        self.plots.moved.connect(self._on_moved)
        self.plots.live_asked.connect(self.go_live)
        self.plots.incident_asked.connect(self._open_incident)
        self.plots.menu_asked.connect(self._show_menu)
        self.bar.span_chosen.connect(self.choose_span)
        self.bar.live_wanted.connect(self.go_live)
        self.bar.table.toggled.connect(self.show_table)
        self.bar.freeze.toggled.connect(self.freeze)
        for card in self.cards:
            card.log_toggled.connect(self.draw)
        self.source.loaded.connect(self._loaded)
        self.incidents.changed.connect(self.draw)
        self.moments.changed.connect(self.draw)
        self.stalls.changed.connect(self.draw)
        self.source.failed.connect(self._failed)
        self._loader.done.connect(self._answered)
        self.model.page_wanted.connect(self._ask_page)
        self.table.selectionModel().currentRowChanged.connect(self._point_at_row)
        self.saving.noted.connect(self.bar.note)
        self.saving.noted.connect(lambda _said: self.unsaved.say(""))
        self.saving.failed.connect(self._on_unsaved)
        self.saving.report_asked.connect(self._report)
        self._context.theme.changed.connect(self._dress)
        self.introduction.example_wanted.connect(lambda: self._context.show_example())
        self.introduction.read.connect(lambda: self._context.controller.set_value(_INTRODUCTION, False))
        self._context.controller.settings_changed.connect(self._on_setting)
        self._on_setting(_INTRODUCTION)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._loader.close)
            application.aboutToQuit.connect(self.saving.close)

    def _on_setting(self, name: str) -> None:
        if name == _INTRODUCTION:
            self.introduction.setVisible(bool(self._context.settings()[_INTRODUCTION]))

    def title(self) -> str:
        return _("Live")

    @property
    def frozen(self) -> bool:
        """Whether the picture is held still."""
        return bool(self.bar.freeze.isChecked())

    def activate(self) -> None:
        if not self.frozen:
            self._keep_pace()
            self._timer.start()
            self._take_time()
        self.source.load()
        self._read_incidents(again=True)
        self.refresh(force=True)

    def deactivate(self) -> None:
        self._timer.stop()
        self._table_timer.stop()
        self.source.stop()
        self.moments.stop()
        self.bar.stop()

    def open_ground(self) -> LinkedPlots:
        return self.plots

    def go_to(self, place: Place) -> None:
        """Show a span of the past, with the crosshair at a moment of it."""
        self._unfreeze()
        self.time_window.look_at(place.start_ns / _NS, place.end_ns / _NS)
        for card in self.cards:
            card.forget(ranges=True)
        self.plots.crosshair.at_s = place.at_ns / _NS
        self.source.load()
        self._on_moved()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self._loader.close()
        self.saving.close()
        super().closeEvent(event)

    def retranslate(self) -> None:
        self.bar.retranslate()
        self.introduction.retranslate()
        self.bar.show_span(self.time_window.span_s)
        self.bar.menu.clear()
        self.saving.fill(self.bar.menu)
        for card in self.cards:
            card.retranslate()
        self.table.retranslate()
        self.moments.retranslate()
        self._drawn, self._shown = (), ()
        if self.isVisible():
            self.refresh(force=True)

    def refresh(self, force: bool = False) -> None:
        """Take in what is new and draw what has changed; ``force`` draws all of it anyway."""
        self._keep_pace()
        items: list[LiveItem] = []
        moved = False
        if not self.frozen:
            items = self.source.pull()
            # A hiccup is shown at once, also where a pixel is minutes wide.
            moved = self._take_time(at_once=any(isinstance(item, Event) for item in items))
            self.incidents.look(self._context.feed.snapshot)
            self.moments.look()
            moved |= self.stalls.look(items)
        self.draw(moved or force)
        self._show_values(force)
        if items and self.table.isVisible() and self.time_window.following:
            beats = [item for item in items if isinstance(item, RecordedBeat)]
            self.model.add_live(beats, int(self.time_window.start_s * _NS))

    def draw(self, moved: bool = True) -> None:
        """Draw the window; where it has not ``moved``, only what has changed in it."""
        buffer, window, snapshot = self.source.buffer, self.time_window, self._context.feed.snapshot
        versions = tuple(buffer.versions)
        if versions == self._drawn and not moved:
            return
        self._drawn = versions
        width_px = self.plots.width_px
        self._find_begin(snapshot.interval_ns)
        rows = buffer.rows(window.start_s, window.end_s, snapshot.interval_ns)
        ticks = time_ticks(window.start_s, window.end_s, max(3, int(width_px / _TICK_PX)))
        self.introduction.show_interval(snapshot.interval_ns)
        scene = Scene(
            window,
            rows,
            Curve.of(rows, window.shown_s / width_px),
            tuple(ticks),
            (*buffer.gaps, *self._first_gap(), *self._present_gap(snapshot)),
            tuple(buffer.hiccups.events),
            buffer.hiccups.count(int(window.start_s * _NS), int(window.end_s * _NS)),
            snapshot.thresholds,
            snapshot.mode,
            self._spans(),
        )
        self.plots.draw(scene, buffer, moved)
        self.bar.show_live(window.following and not self.frozen)
        self.bar.show_begin(window.begin_s, window.span_s)

    def _spans(self) -> tuple[Span, ...]:
        """The incidents in view, each with the name of who did it, what no beat felt, and the notes."""
        window, now_s = self.time_window, self._now_ns() / _NS
        start_ns, end_ns = int(window.start_s * _NS), int(window.end_s * _NS)
        incidents = (
            span_of(each, now_s)
            for each in self.incidents.incidents
            if each.started_ns <= end_ns
            and (each.cleared_ns is None or max(each.started_ns, each.cleared_ns) >= start_ns)
        )
        spans = (*self.stalls.spans(), *incidents, *self.moments.spans())
        return tuple(each for each in spans if each.start_s < window.end_s and each.end_s >= window.start_s)

    def _read_incidents(self, again: bool = False) -> None:
        """Have the incidents of what is in view, and what was read of them before."""
        from_ns = int(self.time_window.full_start_s * _NS)
        if again or from_ns < self._incidents_from_ns:
            self._incidents_from_ns = from_ns
            self.incidents.load(max(1, (self._now_ns() - from_ns) // _NS))

    def _find_begin(self, interval_ns: int) -> None:
        """Tell the window where the record begins, if that is within its span."""
        window, buffer = self.time_window, self.source.buffer
        begins = [gap.start_ns / _NS for gap in buffer.gaps]
        begins += [float(buffer.times[0])] if len(buffer) else []
        # Less than a few beats before the first one, it is only where the edge of the picture lies.
        edge_s = window.full_start_s + 3 * max(interval_ns, buffer.bucket_ns) / _NS
        begin_s = min(begins, default=window.end_s)
        known = self.source.covers(window.full_start_s)
        window.begin_s = begin_s if known and begin_s > edge_s else None

    def _first_gap(self) -> tuple[Gap, ...]:
        """The span before the first of all beats, which is not recorded as a gap, where it is looked at."""
        window = self.time_window
        if window.following or window.begin_s is None:
            return ()
        return (Gap(GapKind.NOT_RECORDED, int(window.start_s * _NS), int(window.begin_s * _NS)),)

    def _present_gap(self, snapshot: Snapshot) -> tuple[Gap, ...]:
        """The gap that is not over yet, while nothing beats."""
        kind = _STILL.get(snapshot.state)
        if kind is None or snapshot.beat is None:
            return ()
        return (Gap(kind, snapshot.beat.wall_ns, int(self.time_window.latest_s * _NS)),)

    def _keep_pace(self) -> None:
        """Look as often as the settings say, also when they have just been changed."""
        period_ms = round(1000 / self._context.refresh_hz)
        if self._timer.interval() != period_ms:
            self._timer.setInterval(period_ms)

    def _take_time(self, at_once: bool = False) -> bool:
        """Move the window with the newest beat, or with the clock where none comes; whether it moved."""
        snapshot, now_s = self._context.feed.snapshot, self._now_ns() / _NS
        latest_s = now_s
        if snapshot.beat is not None:
            beat_s = snapshot.beat.wall_ns / _NS
            # Between two beats nothing new can be drawn, so the picture may stand still.
            patience_s = max(2.5, min(2.5 * snapshot.interval_ns / _NS, self.time_window.span_s / 10))
            if snapshot.state is EngineState.RUNNING and 0 <= now_s - beat_s < patience_s:
                latest_s = beat_s
        step_s = 0.0 if at_once else _STEP_PX * self.plots.pixel_s
        return self.time_window.advance(latest_s, step_s)

    def _show_values(self, force: bool) -> None:
        """Show the current values and what they are measured against."""
        snapshot, scene = self._context.feed.snapshot, self.plots.scene
        if scene is None or (self.frozen and not force):
            return
        shown = (snapshot.beat, snapshot.context, scene)
        if shown == self._shown and not force:
            return
        self._shown = shown
        feet = (
            duration_foot(snapshot, scene.rows.largest(0)),
            lateness_foot(scene.hiccup_count),
            cpu_foot(snapshot),
            memory_foot(snapshot),
        )
        for card, foot in zip(self.cards, feet, strict=True):
            value = None if snapshot.beat is None else card.quantity.of_beat(snapshot.beat)
            card.value.set_text(*card.quantity.parts(value), foot)

    def freeze(self, frozen: bool) -> None:
        """Hold the picture still, or let it go on; the beats go on either way."""
        if frozen:
            self._timer.stop()
            self.bar.show_live(False)
            self.bar.note(
                _("Frozen at {time}").format(
                    time=figures.clock_time(int(self.time_window.end_s * _NS), seconds=True)
                )
            )
        else:
            self.bar.note("")
            self.activate()
            self.bar.show_live(self.time_window.following)

    def choose_span(self, span_s: int) -> None:
        """Show the latest ``span_s`` seconds."""
        self.time_window.choose_span(span_s)
        self._unfreeze()
        for card in self.cards:
            card.forget(ranges=True)
        self.source.load()
        self._on_moved()

    def go_live(self) -> None:
        """Back to the newest beats, and with them from now on."""
        self._unfreeze()
        if not self.time_window.following:
            self.time_window.follow()
            self.source.load()
            self._on_moved()

    def _on_moved(self) -> None:
        self.bar.show_span(self.time_window.span_s)
        self.draw()
        self.source.load_if_needed()
        self._read_incidents()
        self.fill_table()

    def _unfreeze(self) -> None:
        self.bar.freeze.setChecked(False)

    def _open_incident(self, wall_ns: int) -> None:
        self._context.controller.place_asked.emit(Place("incidents", at_ns=wall_ns))

    def _on_unsaved(self, reason: str) -> None:
        self.bar.note("")
        self.unsaved.say(reason)

    def _report(self, span: TimeRange) -> None:
        place = Place("reports", span.start_ns, span.end_ns, template="production")
        self._context.controller.place_asked.emit(place)

    def menu_for(self, card: PlotCard) -> QMenu:
        """The menu of a plot."""
        menu = QMenu(self)
        if self._context.controller.slice_file is None:
            back = menu.addAction(_("Back to live"), self.go_live)
            back.setEnabled(not self.time_window.following or self.frozen)
        if card.quantity.logarithmic is not None:
            log = menu.addAction(_("Log scale"))
            log.setCheckable(True)
            log.setChecked(card.logarithmic)
            log.toggled.connect(card.log.setChecked)
        hiccup = self.plots.hiccup_read()
        if hiccup is not None:
            menu.addAction(_("Show the incident"), lambda: self._open_incident(hiccup.wall_ns))
        self.moments.fill(menu, card.quantity.key, self.plots.moment_read())
        menu.addSeparator()
        self.saving.fill(menu)
        return menu

    def _show_menu(self, at: QPoint, card: PlotCard) -> None:
        menu = self.menu_for(card)
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    def show_table(self, shown: bool) -> None:
        """Show the beats in view as a table, beside the plots or below them."""
        self.table.setVisible(shown)
        if shown:
            self._arrange()
            self.fill_table()

    def fill_table(self) -> None:
        """Fill the table again with the beats in view."""
        if not self.table.isHidden():
            self._table_timer.start()

    def _begin_table(self) -> None:
        if not self.table.isHidden():
            self.model.show_span(
                int(self.time_window.start_s * _NS), int(self.time_window.end_s * _NS) + 1000
            )

    def _point_at_row(self, current: QModelIndex) -> None:
        """Let the crosshair follow the row that is current in the table."""
        if current.isValid():
            self.plots.point_at(self.model.beat(current.row()).wall_ns / _NS)

    def _ask_page(self, end_ns: int) -> None:
        page_ns = _PAGE_BEATS * self._context.feed.snapshot.interval_ns
        self._page_ticket = self._loader.page(int(self.time_window.start_s * _NS), end_ns, page_ns)

    def _answered(self, answer: object) -> None:
        if isinstance(answer, PageLoaded) and answer.ticket == self._page_ticket:
            self.model.add_page(answer.start_ns, answer.beats)
        elif isinstance(answer, Failed) and answer.doing == "page":
            self.model.page_failed()
            self._failed(answer)

    def _loaded(self) -> None:
        self.trouble.say("")
        self.moments.read()
        self.stalls.read()
        for card in self.cards:
            card.forget()
        self.draw()
        self._show_values(force=True)
        self.fill_table()

    def _failed(self, failure: Failed) -> None:
        self.trouble.say(
            _("The record could not be read, so the plots show only what came since: {reason}").format(
                reason=failure.reason
            )
        )

    def _dress(self) -> None:
        for card in self.cards:
            card.dress(self._context.theme.tokens)

    def _arrange(self) -> None:
        beside = self.width() >= _BESIDE_PX
        wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self.splitter.orientation() != wanted:
            self.splitter.setOrientation(wanted)
        length = self.splitter.width() if beside else self.splitter.height()
        table = min(length * 3 // 5, self.table.wish_px) if beside else length // 3
        self.splitter.setSizes([length - table - self.splitter.handleWidth(), table])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.introduction.use_room(low=self.height() < _LOW_PX)
        if not self.table.isHidden() and (self.width() >= _BESIDE_PX) != (
            self.splitter.orientation() == Qt.Orientation.Horizontal
        ):
            self._arrange()
        if self.isVisible():
            self.draw()
