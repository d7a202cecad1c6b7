"""The incident that is open: a sentence, the figures, the chart, who did it, what was done, what else was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.incident_facts import markdown
from aios_gui.alerts.model.incident import Incident, Mute, Silence
from aios_gui.alerts.model.rules import Measure, Rule
from aios_gui.alerts.words import incidents as words
from aios_gui.alerts.words.incidents import conclusion, what_happened
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.ui.incidents.actions import ActionList
from aios_gui.ui.incidents.blank import Blank
from aios_gui.ui.incidents.chart import IncidentChart
from aios_gui.ui.incidents.delay import DelayBar, delay_of
from aios_gui.ui.incidents.evidence import (
    By,
    compared_by,
    culprit_columns,
    culprit_rows,
    evidence_columns,
    evidence_rows,
    unread_sentence,
)
from aios_gui.ui.incidents.marks import IncidentMark
from aios_gui.ui.incidents.note import NoteEditor
from aios_gui.ui.plots.history_loader import HistoryLoader
from aios_gui.ui.theme import LABEL, STRONG, M, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_look, set_text
from aios_gui.ui.widgets.fact_table import Column, FactTable, Row
from aios_gui.ui.widgets.figure_copy import copy_picture
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView
from aios_gui.ui.widgets.toast import copy_text

_LOOKING_NS = 20_000_000_000
"""How long after it fired a finding may still come."""
_HOUR_NS = 3_600_000_000_000
FOR_EVER_NS = 2**62 - 1
"""As late as a mute can end: until it is unmuted by hand."""
_NEARLY_NS = 2**61
HOURS = (1, 8, 24, None)
_ROW_PX, _HEADING_PX = 27, 24
_BLANK, _INCIDENT, _EMPTY = range(3)


class MuteMenu(QObject):
    """``asked`` brings the mute of a rule, or its end."""

    asked = Signal(object)

    def __init__(self, now_ns: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self._now_ns = now_ns
        self.menu = QMenu(parent)

    def fill(self, rule: str, until_ns: int) -> None:
        """Offer the lengths for a rule, and an end where it is muted until ``until_ns`` (0: it is not)."""
        self.menu.clear()
        for hours in HOURS:
            self.menu.addAction(_length(hours), partial(self._mute, rule, hours))
        if until_ns:
            self.menu.addSeparator()
            self.menu.addAction(_("Unmute"), lambda: self.asked.emit(Mute(rule, 0)))

    def _mute(self, rule: str, hours: int | None) -> None:
        until_ns = FOR_EVER_NS if hours is None else self._now_ns() + hours * _HOUR_NS
        self.asked.emit(Mute(rule, until_ns))


def _length(hours: int | None) -> str:
    if hours is None:
        return _("Until unmuted")
    if hours == 24:
        return _("For a day")
    return _("For {span}").format(span=figures.span(hours * _HOUR_NS))


def muted_sentence(until_ns: int, now_ns: int) -> str:
    """How long a rule is muted."""
    if until_ns > _NEARLY_NS:
        return _("The rule is muted until somebody unmutes it.")
    return _("The rule is muted until {time}.").format(time=figures.clock_time(until_ns, now_ns))


class IncidentDetail(QFrame):
    """``acknowledged`` and ``written`` bring what a person says; ``mutes.asked`` a mute; ``live_wanted`` the way."""

    acknowledged = Signal()
    written = Signal(str)
    live_wanted = Signal()
    report_wanted = Signal()
    slice_wanted = Signal()
    undo_asked = Signal(str)
    """Brings the action that is to be taken back."""

    def __init__(
        self,
        theme: Theme,
        loader: HistoryLoader,
        now_ns: Callable[[], int],
        parent: QWidget | None = None,
        of_slice: bool = False,
    ) -> None:
        """``of_slice``: it is only looked at, so nothing is offered that would change it."""
        super().__init__(parent)
        self._of_slice = of_slice
        self.setProperty("look", "card")
        self._theme = theme
        self._now_ns = now_ns
        self.incident: Incident | None = None
        self.mark = IncidentMark(theme)
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures = muted_label()
        self.remark = muted_label()
        self.chart = IncidentChart(theme, loader, now_ns)
        self.delay = DelayBar(theme)
        self.culprits, self.movers, self.evidence = FactTable(theme), FactTable(theme), FactTable(theme)
        self.unread = muted_label()
        self.done = ActionList(theme, of_slice=of_slice)
        self.note = NoteEditor(remembers=True)
        self.live, self.copy, self.more, self.mute, self.acknowledge = (QPushButton() for _each in range(5))
        self.acknowledge.setProperty("look", "primary")
        self.send_on = QMenu(self.more)
        self.more.setMenu(self.send_on)
        self.acknowledge.setHidden(of_slice)
        self.note.setDisabled(of_slice)
        self.mutes = MuteMenu(now_ns, self.mute)
        self.mute.setMenu(self.mutes.menu)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(S + 2)
        first.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.sentence, 1)
        self.mark.setContentsMargins(0, 3, 0, 0)
        page = self._make_page()
        column = QVBoxLayout(page)
        column.setContentsMargins(M + 2, M, M + 2, M)
        column.setSpacing(S + 2)
        column.addLayout(first)
        parts: list[QWidget] = [self.figures, self.remark, self.chart, self.delay, self.culprits, self.unread]
        for widget in (*parts, self.movers, self.done, self.note, self.evidence):
            column.addWidget(widget)
        column.addStretch(1)
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for table in (self.culprits, self.movers, self.evidence):
            table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _make_page(self) -> QWidget:
        """What scrolls, in its place already: with all that is on it, each move into another parent takes long."""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        self._pages = QStackedWidget()
        outer.addWidget(self._pages)
        self.blank = Blank(self._theme, self._pages)
        whole = QWidget(self._pages)
        for each in (self.blank, whole, QWidget()):
            self._pages.addWidget(each)
        page = QWidget()
        page.setMinimumHeight(1)  # or else it is as high as if every text wrapped at its narrowest
        self.view = ScrollView(page, whole)
        # On a card, and of its colour.
        for widget in (page, self.view.viewport()):
            widget.setAutoFillBackground(False)
        both = QVBoxLayout(whole)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        both.addWidget(self.view, 1)
        both.addLayout(self._make_buttons())
        return page

    def _make_buttons(self) -> QHBoxLayout:
        below = QHBoxLayout()
        below.setContentsMargins(M + 2, S, M + 2, S + 2)
        below.setSpacing(S)
        below.addWidget(self.live)
        below.addWidget(self.copy)
        below.addWidget(self.more)
        below.addStretch(1)
        below.addWidget(self.mute)
        below.addWidget(self.acknowledge)
        return below

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """Show as many buttons as have room; what the others do is in the menu of ``more``, too."""
        room = self.width() - 2 * (M + 2)
        shown = [each for each in (self.more, self.mute, self.acknowledge) if not each.isHidden()]
        for button in (self.live, self.copy):
            fits = sum(each.sizeHint().width() + S for each in (*shown, button)) <= room
            button.setVisible(fits)
            if fits:
                shown.append(button)

    def _wire(self) -> None:
        self.acknowledge.clicked.connect(self.acknowledged)
        self.note.written.connect(self.written)
        self.note.grown.connect(self._reveal_note)
        self.done.undo_asked.connect(self.undo_asked)
        self.live.clicked.connect(self.live_wanted)
        self.chart.opened.connect(self.live_wanted)
        self.copy.clicked.connect(self.copy_markdown)
        self.chart.hiccups_read.connect(self._show_delay)

    # What is shown

    def show_nothing(self, why: str, rules: Iterable[Rule] | None) -> None:
        """No incident is chosen; ``why`` says why, "" where that is not known yet. ``rules`` as of ``Blank``."""
        self.incident = None
        self.blank.show_state(why, rules)
        self._pages.setCurrentIndex(_BLANK if why else _EMPTY)

    def show_incident(self, incident: Incident, snapshot: Snapshot) -> None:
        """Show an incident; nothing is touched that says the same already."""
        another = self.incident is None or self.incident.id != incident.id
        changed = incident != self.incident
        self.incident = incident
        self.chart.interval_ns = snapshot.interval_ns
        self._pages.setCurrentIndex(_INCIDENT)
        self.show_moment(snapshot)
        if changed:
            self._fill(incident)
            self.chart.show_incident(incident)
            self._show_delay()
        if another:
            self.view.verticalScrollBar().setValue(0)

    def show_moment(self, snapshot: Snapshot) -> None:
        """Bring up to date what goes with the clock and with the picture."""
        incident = self.incident
        if incident is None:
            return
        now_ns = self._now_ns()
        self.mark.show_mark(incident.level, incident.state)
        set_text(self.sentence, self._sentence(incident, now_ns))
        set_text(self.figures, words.figures_line(incident, now_ns))
        until_ns = next((each.until_ns for each in snapshot.mutes if each.rule == incident.rule), 0)
        parts = (
            ""
            if until_ns and incident.silence is Silence.MUTED
            else words.silence_sentence(incident.silence),
            muted_sentence(until_ns, now_ns) if until_ns else "",
            words.flapping_sentence(incident.count),
        )
        set_text(self.remark, paragraph(parts))
        self.remark.setVisible(bool(self.remark.text()))
        self.mute.setVisible(incident.silence is not Silence.MADE_UP and not self._of_slice)
        self._set_mute_text(until_ns)
        self._fit_buttons()

    def _sentence(self, incident: Incident, now_ns: int) -> str:
        if incident.finding is not None:
            return conclusion(incident)
        fired_ns = incident.started_ns if incident.cleared_ns is None else incident.cleared_ns
        capture_comes = 0 <= now_ns - fired_ns < _LOOKING_NS or incident.cleared_ns is None
        is_asked = incident.watched and not incident.silence
        if is_asked and capture_comes and now_ns - incident.started_ns < 3_600_000_000_000:
            return _("{what}. Looking for the cause…").format(what=_capital(what_happened(incident)))
        sentence = _("{what}. The cause was not looked into.")
        return sentence.format(what=_capital(what_happened(incident)))

    def _fill(self, incident: Incident) -> None:
        finding = incident.finding
        by = compared_by(incident.measure)
        tone = "cpu" if by is By.CPU else "memory"
        tone = "lateness" if incident.measure == Measure.LATENESS else tone
        found = finding.culprits if finding is not None else ()
        movers = finding.movers if finding is not None else ()
        for table, listed, heading in (
            (self.culprits, found, _("Culprit")),
            (self.movers, movers, _("Biggest changes since normal")),
        ):
            columns = culprit_columns(listed, heading, table is self.movers)
            _show(table, columns, culprit_rows(listed, by, tone, (*found, *movers)))
        unread = [unread_sentence((*found, *movers))]
        if finding is not None and finding.partial:
            unread.append(
                _("The search ran out of time or was denied part of it; other processes may be missing.")
            )
        set_text(self.unread, paragraph(unread))
        self.unread.setVisible(bool(self.unread.text()))
        shown = evidence_rows(finding) if finding is not None else []
        _show(self.evidence, evidence_columns(), shown)
        self.done.show_results(incident.actions)
        self.note.show_note(incident.id, incident.note)
        self.note.setHidden(self._of_slice and not incident.note)
        self._set_acknowledge_text(incident)

    def _reveal_note(self) -> None:
        """Bring the buttons below the note into view, once they have their place."""
        QTimer.singleShot(0, self, lambda: self.view.ensureWidgetVisible(self.note, 0, S))

    def _show_delay(self) -> None:
        if self.incident is not None:
            self.delay.show_delay(delay_of(self.incident, self.chart.hiccups))

    def _set_acknowledge_text(self, incident: Incident) -> None:
        seen = incident.acknowledged_ns is not None
        self.acknowledge.setText(_("Undo acknowledge") if seen else _("Acknowledge"))
        tip = (
            _("Take it back: it counts as not acknowledged again.")
            if seen
            else _("Note that somebody has seen it. It stays in the record.")
        )
        self.acknowledge.setToolTip(tip)
        self.acknowledge.setAccessibleDescription(tip)
        set_look(self.acknowledge, "" if seen else "primary")

    def _set_mute_text(self, until_ns: int) -> None:
        text = _("Muted…") if until_ns else _("Mute rule…")
        if self.mute.text() != text:
            self.mute.setText(text)
        assert self.incident is not None
        key = (self.incident.rule, bool(until_ns))
        if self.mute.property("filled") != str(key):
            self.mute.setProperty("filled", str(key))
            self.mutes.fill(self.incident.rule, until_ns)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.setAccessibleName(_("The incident chosen"))
        self.sentence.setFont(font(STRONG, strong=True))
        for label in (self.figures, self.remark, self.unread):
            label.setFont(font(LABEL + 1))
        for button, text, tip in (
            (self.live, _("Show in Live"), _("Show that time in the Live panel, with all four plots")),
            (self.copy, _("Copy"), _("Put the incident on the clipboard as a page in Markdown")),
            (self.more, _("Send…"), _("Write a report or a slice of it, or copy its picture")),
            (self.mute, _("Mute rule…"), _("Silence this rule for a while. It is still recorded.")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.send_on.clear()
        self.send_on.addAction(self.live.text(), self.live_wanted.emit)
        self.send_on.addAction(self.copy.text(), self.copy_markdown)
        self.send_on.addAction(_("Report this…"), self.report_wanted.emit)
        self.send_on.addAction(_("Save this as a slice…"), self.slice_wanted.emit)
        self.send_on.addAction(_("Copy picture of the plot"), self._copy_chart)
        for table, name in (
            (self.culprits, _("Culprits")),
            (self.movers, _("Biggest changes since normal")),
            (self.evidence, _("Evidence")),
        ):
            table.setAccessibleName(name)
            table.retranslate()
        self.mute.setProperty("filled", "")
        self.blank.retranslate()
        self.chart.retranslate()
        self.delay.retranslate()
        self.done.retranslate()
        self.note.retranslate()
        if self.incident is not None:
            self._fill(self.incident)

    def dress(self) -> None:
        """Put on the colours of the theme."""
        self.chart.dress()
        for child in self.findChildren(QWidget):
            child.update()

    def copy_markdown(self) -> None:
        """Put the incident on the clipboard as Markdown."""
        if self.incident is not None:
            copy_text(self, markdown(self.incident, self._now_ns()), _("Copied as Markdown"))

    def _copy_chart(self) -> None:
        copy_picture(self.chart, *self.chart.span_ns)


def _show(table: FactTable, columns: tuple[Column, ...], rows: list[Row]) -> None:
    """Show rows in the height that they need; the page scrolls, not the table."""
    table.setVisible(bool(rows))
    table.show_facts(columns, rows)
    table.setFixedHeight(_HEADING_PX + len(rows) * _ROW_PX)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
