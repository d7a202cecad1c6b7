"""The History panel: the whole record on a strip, and below it all that its span says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from aios_gui.history.changes.model import bursts
from aios_gui.history.changes.words import changes_tip
from aios_gui.record.model.timerange import TimeRange, View
from aios_gui.system.own_program import WINDOW_PROGRAM
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.bar import HistoryBar
from aios_gui.ui.history.findings.head_place import HeadPlace
from aios_gui.ui.history.navigation import Navigation
from aios_gui.ui.history.plots import SmokePlots
from aios_gui.ui.history.scene import ChangeMark, Scene
from aios_gui.ui.history.smoke_plot import SmokePlot
from aios_gui.ui.history.source import HistorySource
from aios_gui.ui.history.span_state import LEAST_NS, SpanState
from aios_gui.ui.history.strip import RecordStrip
from aios_gui.ui.history.words import command_text, moment_range, range_text
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.plots.history_loader import Answered, Failed, HistoryLoader
from aios_gui.ui.theme import XL, M, S
from aios_gui.ui.widgets.in_steps import InSteps
from aios_gui.ui.widgets.notice_label import NoticeLabel
from aios_gui.ui.widgets.scroll_view import ScrollView
from aios_gui.ui.widgets.toast import confirm, copy_text

if TYPE_CHECKING:
    from aios_gui.ui.history.compare.compare import Compare
    from aios_gui.ui.history.findings.findings import Findings
    from aios_gui.ui.history.moment_cards import MomentCards
    from aios_gui.ui.history.smoke_table import SmokeTable
    from aios_gui.ui.live.moments import Moments

_NS = 1_000_000_000
_LIVE_NS = 3_600 * _NS
_USUAL_PX = 2_200
"""How high the page usually is; until it is filled, so that the scroll bar does not jump."""


class HistoryPanel(Panel):
    """Reads the record when the span is another one; what does not end now is never read again by itself."""

    key = "history"
    moments: Moments
    cards: MomentCards
    table: SmokeTable
    findings: Findings

    def __init__(self, context: PanelContext, now_ns: Callable[[], int] = time.time_ns) -> None:
        super().__init__()
        self._context, self._now_ns = context, now_ns
        now = now_ns()
        first = TimeRange(now - LEAST_NS, now)
        self.state = SpanState(first, first, self, goes_on=context.controller.slice_file is None)
        self.navigation = Navigation(self.state, self)
        self._loader = HistoryLoader(context.open_history, self)
        self.source = HistorySource(context, self.state, lambda: self.plots.pixels, now_ns, self)
        self.source.read_first()  # on a thread of its own, while all else is made
        self.plots = SmokePlots(self.state, self.navigation, context.theme)
        self.bar = HistoryBar(self.state, context.theme, now_ns)
        self.strip = RecordStrip(self.state, self.navigation, context.theme)
        self.compare: Compare | None = None
        """Made when it is first asked for: few compare, and all wait for the panel."""
        self._place: Place | None = None
        self._is_active = False
        self._hiccup_ticket = self._table_ticket = -1
        self._changes_asked: tuple[int, ChangeMark] = (-1, ChangeMark(0.0, 0.0, 0))
        self.is_complete = False
        """Whether also what is not seen at first is made."""
        self._making = InSteps(self)
        self._lay_out()
        self._wire()
        self.retranslate()
        self._making.take(self._make_the_rest())

    def _lay_out(self) -> None:
        self.page = QWidget()
        self.column = QVBoxLayout(self.page)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(S + 2)
        self.head_place = HeadPlace()
        self.column.addWidget(self.head_place)
        self.column.addWidget(self.plots)
        self.column.addStretch(1)
        self.page.setMinimumHeight(_USUAL_PX)
        self.trouble = NoticeLabel()
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(XL - 4, M + 2, XL - 4, M + 2)
        whole.setSpacing(S + 2)
        for widget in (self.bar, self.strip, self.trouble):
            whole.addWidget(widget)
        self.pages = QStackedWidget()
        view = ScrollView(self.page)
        # What is made above and below the plots has its place before it comes: nothing moves then.
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.pages.addWidget(view)
        whole.addWidget(self.pages, 1)

    def _make_the_rest(self) -> Iterator[None]:
        """Once the plots are painted: who ran, the table, and what was found of the span."""
        # Each has its place at once: closed meanwhile, none is left behind.
        from aios_gui.ui.history.moment_cards import MomentCards
        from aios_gui.ui.live.moments import Moments

        yield
        self.moments = Moments(self._context, self._loader, self.plots, self._span_s, self._now_ns, self)
        self.cards = MomentCards(self.moments, self._loader, self._context.theme)
        for card in (self.cards, self.moments.note):
            self._whole.addWidget(card)
        yield
        from aios_gui.ui.history.smoke_table import SmokeTable

        self.table = SmokeTable(self._context.theme)
        self.column.insertWidget(2, self.table)
        yield
        from aios_gui.ui.history.findings.findings import Findings

        yield
        self.findings = Findings(self._context, self.state)
        self.column.insertWidget(3, self.findings)
        self.moments.changed.connect(self._on_notes)
        self.findings.moment_chosen.connect(self._go_to_moment)
        self.findings.filled.connect(lambda: self.page.setMinimumHeight(0))
        yield
        self._say_the_rest()
        self.column.replaceWidget(self.head_place, self.findings.head)
        self.head_place.deleteLater()
        self.is_complete = True
        if self._is_active and self.pages.currentIndex() == 0:
            self.findings.activate()

    def complete(self) -> None:
        """Have all of it at once: what was not seen so far is asked for."""
        self._making.finish()

    def _wire(self) -> None:
        self.source.known.connect(self._on_known)
        self.source.overview_read.connect(self.strip.show_overview)
        self.source.scene_read.connect(self._on_scene)
        self.source.whole_read.connect(self.plots.show_whole)
        self.source.failed.connect(self._on_failed)
        self.navigation.hiccup_wanted.connect(self._find_hiccup)
        self.plots.changes_wanted.connect(self._ask_changes)
        self.plots.menu_asked.connect(self._show_menu)
        self._loader.done.connect(self._answered)
        self.bar.view_asked.connect(self.look_at)
        self.bar.link_asked.connect(self.copy_link)
        self.bar.table.toggled.connect(self.show_table)
        self.state.changed.connect(self._fill_table)
        self.state.stepped.connect(self._follow)
        self.bar.report_asked.connect(self._report)
        self.bar.compare.toggled.connect(self.show_comparison)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.source.close)
            application.aboutToQuit.connect(self._loader.close)

    def _span_s(self) -> tuple[float, float]:
        return self.state.span.start_ns / _NS, self.state.span.end_ns / _NS

    def title(self) -> str:
        return _("History")

    def retranslate(self) -> None:
        self.bar.retranslate()
        self.strip.retranslate()
        if self.compare is not None:
            self.compare.retranslate()
        self.plots.retranslate()
        if not self.is_complete:
            self.head_place.retranslate()
        else:
            self._say_the_rest()
        self.source.read(again=True)  # the names of incidents are read in the language spoken

    def _say_the_rest(self) -> None:
        for part in (self.moments, self.cards, self.table, self.findings):
            part.retranslate()

    def activate(self) -> None:
        self._is_active = True
        self.source.start()
        if self.is_complete:
            self.show_comparison(self.bar.compare.isChecked())
        elif self.source.is_known:
            self._making.go_on()

    def deactivate(self) -> None:
        self.navigation.stop()
        self._is_active = False
        self.source.stop()
        self._making.stop()
        if self.is_complete:
            self.moments.stop()
            self.findings.deactivate()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self.source.close()
        if self.is_complete:
            self.findings.close_down()
        if self.compare is not None:
            self.compare.close_down()
        self._loader.close()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.navigation.take_key(event):
            super().keyPressEvent(event)

    def go_to(self, place: Place) -> None:
        if not self.source.is_known:
            self._place = place  # once it is known where the record ends
            return
        span = TimeRange(place.start_ns, place.end_ns)
        self.look_at(View(span, place.at_ns))

    def look_at(self, view: View) -> None:
        """Show a span, as far as the record reaches; a moment in one on the plots."""
        if view.at_ns:
            self.bar.compare.setChecked(False)
        self.state.go(self.state.clipped(view.span))
        if view.at_ns:
            self.complete()
            self.plots.point_at(view.at_ns / _NS)
            self.moments.show_who(view.at_ns / _NS)

    def _go_to_moment(self, at_ns: int) -> None:
        """Look at a moment that one of the findings is about."""
        self.look_at(View(self.state.around(at_ns), at_ns))

    def _find_hiccup(self, forward: bool) -> None:
        """Ask for the next hiccup, or the one before, seen from the moment that is read."""
        span, at_s = self.state.span, self.plots.moment_read()
        from_ns = (span.start_ns if forward else span.end_ns) if at_s is None else round(at_s * _NS)
        # One that is read is not the next one: the record keeps microseconds.
        self._hiccup_ticket = self._loader.ask_latest(
            "hiccup", lambda history: history.reader.hiccup_beside(from_ns, forward)
        )

    def _ask_changes(self, mark: ChangeMark) -> None:
        ticket, asked = self._changes_asked
        if ticket >= 0 and mark == asked:
            return  # asked again it would be answered later
        span = TimeRange(round(mark.start_s * _NS), round(mark.end_s * _NS) + 1000)
        ticket = self._loader.ask_latest("changes", lambda history: bursts(history.changes(span)))
        self._changes_asked = ticket, mark

    def _answered(self, answer: object) -> None:
        ticket, mark = self._changes_asked
        if isinstance(answer, Failed) and answer.doing == "changes":
            self._changes_asked = -1, mark
        if not isinstance(answer, Answered):
            return
        if answer.ticket == self._hiccup_ticket:
            self._show_hiccup(answer.value)
        elif answer.ticket == self._table_ticket:
            self.table.show_smoke(answer.value)
        elif answer.ticket == ticket:
            self._changes_asked = -1, mark
            self.plots.lanes.tell_changes(mark, changes_tip(answer.value, self._now_ns()))

    def _show_hiccup(self, at_ns: int | None) -> None:
        if at_ns is None:
            confirm(self, _("There is no other hiccup in the record that way"))
            return
        self._go_to_moment(at_ns)

    def show_table(self, wanted: bool) -> None:
        """Show the plots as a table, too, or no more."""
        self.complete()
        self.table.setVisible(wanted)
        self._fill_table()

    def _fill_table(self) -> None:
        if self.is_complete and not self.table.isHidden():
            from aios_gui.ui.history.smoke_table import ROWS

            span = self.state.span
            self._table_ticket = self._loader.ask_latest("table", lambda history: history.smoke(span, ROWS))

    def _on_scene(self, scene: Scene) -> None:
        self.trouble.say("")
        self.plots.show_scene(scene)
        self._making.go_on()

    def _on_notes(self) -> None:
        """Another note was written, or one was removed or changed."""
        self.source.read(again=True)

    def _on_failed(self, failure: Failed) -> None:
        self.trouble.say(_("The record could not be read: {reason}").format(reason=failure.reason))
        self._making.go_on()

    def _show_menu(self, at: QPoint, plot: SmokePlot) -> None:
        menu = self.menu_for(plot)
        menu.popup(at)
        menu.aboutToHide.connect(menu.deleteLater)

    def menu_for(self, plot: SmokePlot) -> QMenu:
        """What can be asked of a plot."""
        self.complete()
        menu = QMenu(self)
        at_s = self.plots.moment_read()
        self.moments.fill(menu, plot.quantity.key, at_s)
        if at_s is not None:
            at_ns = round(at_s * _NS)
            menu.addAction(_("Copy command for this moment"), lambda: self._copy_command(moment_range(at_ns)))
            menu.addAction(_("Show these beats in Live"), lambda: self._lead_to_live(at_ns))
            menu.addSeparator()
        menu.addAction(_("Next hiccup"), lambda: self._find_hiccup(True))
        menu.addAction(_("Previous hiccup"), lambda: self._find_hiccup(False))
        menu.addSeparator()
        menu.addAction(_("Copy command"), self.copy_link)
        return menu

    def _lead_to_live(self, at_ns: int) -> None:
        span = self.state.span
        if self.state.length_ns > _LIVE_NS:
            span = TimeRange(at_ns - _LIVE_NS // 2, at_ns + _LIVE_NS // 2)
        self._context.controller.place_asked.emit(Place("live", span.start_ns, span.end_ns, at_ns))

    def show_comparison(self, wanted: bool) -> None:
        """Compare two spans, or look at the one again."""
        self.complete()
        if wanted and self.compare is None:
            from aios_gui.ui.history.compare.compare import Compare

            self.compare = Compare(self._context, self.state, self._now_ns)
            self.pages.addWidget(ScrollView(self.compare))
        self.pages.setCurrentIndex(int(wanted))
        self.bar.show_comparing(wanted)
        if wanted and self.compare is not None:
            self.moments.close()
            self.findings.deactivate()
            self.compare.activate()
        else:
            self.findings.activate()

    def _follow(self) -> None:
        """A person went to another span: the spans compared follow it while they are shown."""
        if self.compare is not None and self.pages.currentIndex() == 1:
            self.compare.follow()

    def copy_link(self) -> None:
        """Put the command that shows the same on the clipboard: this span, or the two compared."""
        if self.compare is not None and self.bar.compare.isChecked():
            self.compare.spans.copy_command()
            return
        self._copy_command(range_text(self.state.span))

    def _copy_command(self, range_: str) -> None:
        file = self._context.controller.slice_file
        opened = [] if file is None else [str(file)]
        text = command_text(WINDOW_PROGRAM, *opened, "--panel", "history", "--range", range_)
        copy_text(self, text, _("The command is copied"))

    def _report(self) -> None:
        """Have what is looked at reported: the span, or how the second one compares with the first."""
        span, against, template = self.state.span, None, "production"
        if self.compare is not None and self.bar.compare.isChecked():
            spans = self.compare.spans.spans()
            if spans is None:
                return
            (against, span), template = spans, "comparison"
        place = Place("reports", span.start_ns, span.end_ns, template=template, against=against)
        self._context.controller.place_asked.emit(place)

    def _on_known(self, whole: TimeRange, first: bool) -> None:
        """It is known where the record begins and ends."""
        if first:
            self.state.begin(whole)
            if self.bar.compare.isChecked():
                self.show_comparison(True)
        else:
            self.state.know(whole)
        self.strip.forget()
        if self._place is not None:
            place, self._place = self._place, None
            self.go_to(place)
