"""The History panel: the whole record on a strip, and below it all that its span says."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange, View
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.bar import HistoryBar
from aios_gui.ui.history.compare.compare import Compare
from aios_gui.ui.history.navigation import Navigation
from aios_gui.ui.history.source import HistorySource
from aios_gui.ui.history.span_state import LEAST_NS, SpanState
from aios_gui.ui.history.strip import RecordStrip
from aios_gui.ui.history.words import range_text
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.theme import XL, M, S
from aios_gui.ui.widgets.scroll_view import ScrollView
from aios_gui.ui.widgets.toast import copy_text

_NS = 1_000_000_000
_FIRST_NS = 7 * 86_400 * _NS
"""How much is shown at first."""


class HistoryPanel(Panel):
    """Reads the record when the span is another one; what does not end now is never read again by itself."""

    key = "history"

    def __init__(self, context: PanelContext, now_ns: Callable[[], int] = time.time_ns) -> None:
        super().__init__()
        self._context, self._now_ns = context, now_ns
        now = now_ns()
        self.state = SpanState(TimeRange(now - LEAST_NS, now), TimeRange(now - LEAST_NS, now), self)
        self.navigation = Navigation(self.state, self)
        self.source = HistorySource(context, self.state, now_ns, self)
        self.bar = HistoryBar(self.state, context.theme, now_ns)
        self.strip = RecordStrip(self.state, self.navigation, context.theme)
        self.compare = Compare(context, self.state, now_ns)
        self._place: Place | None = None
        self._lay_out()
        self._wire()
        self.retranslate()

    def _lay_out(self) -> None:
        self.page = QWidget()
        self.column = QVBoxLayout(self.page)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(S + 2)
        self.column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(XL - 4, M + 2, XL - 4, M + 2)
        whole.setSpacing(S + 2)
        for widget in (self.bar, self.strip):
            whole.addWidget(widget)
        self.pages = QStackedWidget()
        for page in (self.page, self.compare):
            self.pages.addWidget(ScrollView(page))
        whole.addWidget(self.pages, 1)

    def _wire(self) -> None:
        self.source.known.connect(self._on_known)
        self.source.overview_read.connect(self.strip.show_overview)
        self.bar.view_asked.connect(self.look_at)
        self.bar.link_asked.connect(self.copy_link)
        self.bar.compare.toggled.connect(self.show_comparison)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.source.close)

    def title(self) -> str:
        return _("History")

    def retranslate(self) -> None:
        self.bar.retranslate()
        self.strip.retranslate()
        self.compare.retranslate()

    def activate(self) -> None:
        self.source.start()

    def deactivate(self) -> None:
        self.navigation.stop()
        self.source.stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self.source.close()
        self.compare.close_down()
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
        """Show a span, where it is open only as far as the record reaches."""
        whole, span = self.state.whole, view.span
        start_ns = max(span.start_ns, whole.start_ns) if span.start_ns == 0 else span.start_ns
        end_ns = whole.end_ns if span.end_ns == END_OF_TIME_NS else span.end_ns
        self.state.go(TimeRange(start_ns, max(end_ns, start_ns + 1)))

    def show_comparison(self, wanted: bool) -> None:
        """Compare two spans, or look at the one again."""
        self.pages.setCurrentIndex(int(wanted))
        if wanted:
            self.compare.activate()

    def copy_link(self) -> None:
        """Put the command that opens this span on the clipboard."""
        command = f"aios-gui --panel history --range {range_text(self.state.span)}"
        copy_text(self, command, _("The command is copied"))

    def _on_known(self, whole: TimeRange, first: bool) -> None:
        """It is known where the record begins and ends."""
        self.state.know(whole)
        if first:
            start_ns = max(whole.start_ns, whole.end_ns - _FIRST_NS)
            self.state.begin_at(TimeRange(start_ns, whole.end_ns))
        self.strip.update()
        if self._place is not None:
            place, self._place = self._place, None
            self.go_to(place)
