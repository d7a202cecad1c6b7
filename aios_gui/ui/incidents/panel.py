"""The Incidents panel: what the rules found, with who did it; and the rules themselves on a page of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.model.incident import Incident, Mute
from aios_gui.alerts.model.rules import Measure
from aios_gui.alerts.settings import rules_of, shown
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.incidents.detail import IncidentDetail
from aios_gui.ui.incidents.filter import SPANS_S, FilterBar, IncidentFilter
from aios_gui.ui.incidents.list import IncidentList, ListCard, is_blank, why_empty
from aios_gui.ui.incidents.source import IncidentSource
from aios_gui.ui.incidents.table_model import IncidentModel
from aios_gui.ui.panel import Panel, PanelContext, Place
from aios_gui.ui.plots.history_loader import HistoryLoader
from aios_gui.ui.shell.notices import Notice
from aios_gui.ui.theme import TITLE, XL, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from aios_gui.instance.commands import AcknowledgeIncident, AddNote
    from aios_gui.ui.incidents.rules.page import RulesPage

_NS = 1_000_000_000
_FILTER_BESIDE_PX = 900
"""From this width on the filter stands in the line of the title."""
_DETAIL_BESIDE_PX = 740
_WRITTEN_NS = 5 * _NS
_AROUND_NS = 1_100_000_000
_LIVE_AROUND_NS = 60 * _NS
_BEFORE_NS, _AFTER_NS = 3600 * _NS, 900 * _NS


class IncidentsPanel(Panel):
    """Pulls from the feed while shown; touches only what says something else."""

    key = "incidents"

    def __init__(self, context: PanelContext, now_ns: Callable[[], int] = time.time_ns) -> None:
        super().__init__()
        self._context = context
        self._controller = context.controller
        self._now_ns = now_ns
        self._loader = HistoryLoader(context.open_history, self)
        self.source = IncidentSource(self._loader, now_ns, self)
        self._title = PlainLabel()
        self.model = IncidentModel(self)
        self.list = IncidentList(context.theme, self.model)
        # From the outside in: moving into another parent moves all children too, and takes long. In this order, too,
        # the keyboard goes through them.
        self._pages = QStackedWidget(self)
        self._page = QWidget(self._pages)
        self.filters = FilterBar(self._page)
        self.open_rules = QPushButton(self._page)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self._page)
        self.card = ListCard(self.list, self.splitter)
        of_slice = context.controller.slice_file is not None
        self.open_rules.setHidden(of_slice)
        self.detail = IncidentDetail(context.theme, self._loader, now_ns, self.splitter, of_slice)
        self._rules: RulesPage | None = None
        self._trouble = self._remark = ""
        self._wanted: Place | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.refresh)
        self._has_texts = False
        self._lay_out()
        self._wire()

    # How it is built

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setSpacing(S)
        self._head.addWidget(self._title)
        self._head.addSpacing(M)
        self._head.addWidget(self.filters.presets)
        self._head.addSpacing(S)
        self._head.addWidget(self.filters, 1)
        self._head.addStretch(0)  # takes the room that the filter leaves when it has a line of its own
        self._head.addWidget(self.open_rules)
        self._below_head = QVBoxLayout()
        self._below_head.setContentsMargins(0, 0, 0, 0)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(M)  # the space between the cards
        self.splitter.setSizes([450, 550])
        self.splitter.setStretchFactor(0, 45)
        self.splitter.setStretchFactor(1, 55)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(XL - 4, M + 2, XL - 4, M + 2)
        column.setSpacing(S + 2)
        column.addLayout(self._head)
        column.addLayout(self._below_head)
        column.addWidget(self.splitter, 1)
        self._pages.addWidget(self._page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def _wire(self) -> None:
        controller = self._controller
        self.filters.changed.connect(self._on_filter)
        self.card.clear.clicked.connect(self.filters.clear)
        self.source.changed.connect(self._on_incidents)
        self.source.failed.connect(self._on_failed)
        self.list.chosen.connect(self._on_chosen)
        self.detail.acknowledged.connect(self._acknowledge)
        self.detail.written.connect(self._write)
        self.detail.mutes.asked.connect(self._mute)
        self.detail.undo_asked.connect(self._take_back)
        self.detail.live_wanted.connect(self._show_in_live)
        self.detail.report_wanted.connect(self._report)
        self.detail.slice_wanted.connect(self._save_slice)
        self.open_rules.clicked.connect(lambda: self.show_rules())
        self.detail.blank.example.clicked.connect(lambda: self._context.show_example())
        self.list.order_asked.connect(self._show)
        controller.notice_raised.connect(self._on_notice)
        controller.settings_changed.connect(self._on_setting)
        controller.source_changed.connect(self._on_source)
        self._context.theme.changed.connect(self._dress)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._close_down)

    @property
    def rules(self) -> RulesPage:
        """The page of the rules; it is built when it is first wanted, since it takes as long as all the rest."""
        if self._rules is None:
            from aios_gui.ui.incidents.rules.page import RulesPage

            self._rules = RulesPage(self._context, self._pages)
            self._rules.left.connect(self.show_incidents)
            self._pages.addWidget(self._rules)
            self._rules.retranslate()
        return self._rules

    # As of every panel

    def title(self) -> str:
        return _("Incidents")

    def activate(self) -> None:
        if not self._has_texts:
            # Not before: Qt forgets fonts that are set within a stack of pages which then comes into another.
            self.retranslate()
        self._timer.start(round(1000 / self._context.refresh_hz))
        self._load()
        if self._rules is not None:
            self._rules.activate()
        self.refresh()

    def deactivate(self) -> None:
        self._timer.stop()
        self.filters.stop()
        if self._rules is not None:
            self._rules.deactivate()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.deactivate()
        self._close_down()
        super().closeEvent(event)

    def _close_down(self) -> None:
        self._loader.close()
        if self._rules is not None:
            self._rules.close_down()

    def retranslate(self) -> None:
        self._has_texts = True
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("Incidents"))
        self.open_rules.setText(_("Rules…"))
        tip = _("See and change what is watched and when it alerts")
        self.open_rules.setToolTip(tip)
        self.open_rules.setAccessibleDescription(tip)
        self.card.retranslate()
        self.filters.retranslate()
        self.list.retranslate()
        self.detail.retranslate()
        if self._rules is not None:
            self._rules.retranslate()
        self._show()

    def go_to(self, place: Place) -> None:
        """Show an incident, known by its number or by a moment of it; or a rule."""
        if place.rule:
            self.show_rules(place.rule)
            return
        self.show_incidents()
        self._wanted, self._remark = place, ""
        moment_ns = place.at_ns or place.incident * _NS
        age_s = (self._now_ns() - moment_ns) // _NS
        reaching = next((each for each in SPANS_S if each is None or each > age_s + 60), None)
        shown = self.filters.filter.span_s
        if shown is not None and (reaching is None or reaching > shown):
            shown = reaching
        self.filters.set_filter(IncidentFilter(shown))
        self.source.stir()
        self._load()

    # What is shown

    def refresh(self) -> None:
        """Take in what is new; nothing is touched where nothing is."""
        snapshot = self._context.feed.snapshot
        self.source.look(snapshot)
        if self._reaches_too_far_back():
            self._load()
        if self._wanted is not None and not self.source.reading:
            self._show()
        incident = self.detail.incident
        if incident is not None:
            self.detail.show_moment(snapshot)
            self.detail.chart.look()
        self.model.look(self._now_ns())

    def _reaches_too_far_back(self) -> bool:
        """Whether an incident has left the span since it was read, as where the panel stays open for a day."""
        span_s, oldest = self.source.span_s, self.source.incidents[-1:]
        if not span_s or self.source.reading:
            return False
        from_ns = self._now_ns() - span_s * _NS * 101 // 100
        return any(each.cleared_ns is not None and each.cleared_ns < from_ns for each in oldest)

    def _load(self) -> None:
        self._trouble = ""
        self.source.load(self.filters.filter.span_s)
        self._show_empty()

    def _on_incidents(self) -> None:
        self._trouble = ""
        self._show()

    def _on_failed(self, reason: str) -> None:
        self._trouble = _("The record could not be read: {reason}").format(reason=reason)
        self._show()

    def _on_filter(self) -> None:
        if self.source.span_s != self.filters.filter.span_s:
            self._load()
        self._show(strictly=True)

    def _show(self, strictly: bool = False) -> None:
        """Show the incidents that the filter lets through; unless ``strictly``, the one chosen stays in any case."""
        passes = self.filters.filter.passes
        stays = 0 if strictly else self.list.number
        shown = [each for each in self.source.incidents if passes(each) or each.id == stays]
        self.model.show(self.list.in_order(shown), self._now_ns())
        if not self._take_to_wanted() and shown and self.model.row_of(self.list.number) < 0:
            self.list.choose(self.model.incidents[0].id)
        self._show_chosen()
        self._show_empty()

    def _take_to_wanted(self) -> bool:
        """Choose the place that was asked for, once it is known; whether that was so."""
        place = self._wanted
        if place is None or self.source.reading or self._trouble:
            return False
        found = place.incident or _at(self.model.incidents, place.at_ns)
        if found and self.list.choose(found):
            self._wanted = None
            self.list.scrollTo(self.list.currentIndex())
            return True
        if 0 <= self._now_ns() - place.at_ns < _WRITTEN_NS:
            return False  # it is written within a second or so
        self._wanted = None
        self._remark = _("There is no incident of that moment: no rule found anything wrong with it.")
        return False

    def _show_chosen(self) -> None:
        row = self.model.row_of(self.list.number)
        if row < 0:
            nothing = is_blank(self.source, self._trouble)
            why = why_empty(self.source, self.source.span_s, self._enabled()) if nothing else ""
            is_slice = self._controller.slice_file is not None
            self.detail.show_nothing(why, None if is_slice else rules_of(self._context.settings()))
        else:
            incident = shown(self.model.incidents[row], self._context.settings())
            self.detail.show_incident(incident, self._context.feed.snapshot)

    def _show_empty(self) -> None:
        """Say why the list is empty, or what it leaves out."""
        self.card.show_state(self.source, self.filters.filter, self._enabled(), self._trouble, self._remark)

    def _enabled(self) -> int | None:
        """How many rules are watched; None for a slice, where none is."""
        if self._controller.slice_file is not None:
            return None
        return sum(rule.enabled for rule in rules_of(self._context.settings()))

    # What the user asks for

    def _on_chosen(self, _number: int) -> None:
        self._remark = ""
        self._show_chosen()
        self._show_empty()

    def _acknowledge(self) -> None:
        from aios_gui.instance.commands import AcknowledgeIncident

        incident = self.detail.incident
        if incident is not None:
            at_ns = 0 if incident.acknowledged_ns is not None else self._now_ns()
            self._mark(AcknowledgeIncident(incident.id, at_ns))

    def _write(self, note: str) -> None:
        from aios_gui.instance.commands import AddNote

        if self.detail.incident is not None:
            self._mark(AddNote(self.detail.incident.id, note))

    def _mark(self, command: AcknowledgeIncident | AddNote) -> None:
        self._controller.send(command)
        self.source.mark(command.item())

    def _take_back(self, action: str) -> None:
        from aios_gui.instance.commands import UndoAction

        if self.detail.incident is not None:
            self._controller.send(UndoAction(self.detail.incident.id, action))
            self.source.stir()

    def _mute(self, mute: Mute) -> None:
        from aios_gui.instance.commands import MuteRule, UnmuteRule

        self._controller.send(MuteRule(mute.rule, mute.until_ns) if mute.until_ns else UnmuteRule(mute.rule))

    def _show_in_live(self) -> None:
        incident = self.detail.incident
        if incident is None:
            return
        start_ns, end_ns = self.detail.chart.span_ns
        if incident.measure == Measure.LATENESS and incident.count == 1:
            start_ns, end_ns = incident.started_ns - _LIVE_AROUND_NS, incident.started_ns + _LIVE_AROUND_NS
        self._controller.place_asked.emit(Place("live", start_ns, end_ns, incident.started_ns))

    def _report(self) -> None:
        incident = self.detail.incident
        if incident is not None:
            place = Place("reports", *self._around(incident), incident=incident.id, template="incident")
            self._controller.place_asked.emit(place)

    def _save_slice(self) -> None:
        from aios_gui.ui.shell.slicing import SliceDialog  # few ever send one

        incident = self.detail.incident
        if incident is not None:
            span, record_words = TimeRange(*self._around(incident)), self._controller.record_words
            SliceDialog(span, record_words, self.window()).show()

    def _around(self, incident: Incident) -> tuple[int, int]:
        """An incident with what led to it and what came of it, as far as there is a record of that."""
        ended_ns = incident.cleared_ns or self._now_ns()
        return incident.started_ns - _BEFORE_NS, min(self._now_ns(), ended_ns + _AFTER_NS)

    def show_rules(self, rule: str = "") -> None:
        """Show the page of the rules, at one of them."""
        chosen = self.detail.incident.rule if self.detail.incident is not None else ""
        self.rules.open_at(rule or chosen)
        self._pages.setCurrentWidget(self.rules)
        self.rules.form.lines["name"].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_incidents(self) -> None:
        """Back from the rules."""
        if self._pages.currentIndex():
            self._pages.setCurrentIndex(0)
            self.open_rules.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_find(self) -> None:
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    def _on_notice(self, notice: Notice) -> None:
        if notice.key == "steering":
            self.source.take_back()

    def _on_setting(self, name: str) -> None:
        if name == "window.refresh_hz" and self._timer.isActive():
            self._timer.start(round(1000 / self._context.refresh_hz))
        self._show()

    def _on_source(self) -> None:
        if self._timer.isActive():
            self._load()

    # How it looks

    def _dress(self) -> None:
        self.detail.dress()
        self.update_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _FILTER_BESIDE_PX
        if (self._below_head.count() == 0) != beside:
            self._head.removeWidget(self.filters)
            self._below_head.removeWidget(self.filters)
            if beside:
                self._head.insertWidget(self._head.count() - 2, self.filters, 1)
            else:
                self._below_head.addWidget(self.filters)
        way = Qt.Orientation.Horizontal if self.width() >= _DETAIL_BESIDE_PX else Qt.Orientation.Vertical
        if self.splitter.orientation() != way:
            self.splitter.setOrientation(way)


def _at(incidents: list[Incident], at_ns: int) -> int:
    """The incident that a moment belongs to, one about lateness first; 0 for none."""
    near = [
        each
        for each in incidents
        if each.started_ns - _AROUND_NS <= at_ns <= (each.cleared_ns or 2**63) + _AROUND_NS
    ]
    of_lateness = [each for each in near if each.measure == Measure.LATENESS]
    return (of_lateness or near)[0].id if near else 0
