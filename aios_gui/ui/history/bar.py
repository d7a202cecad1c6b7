"""The bar of History: back and forward, quick ranges, a range that is typed or chosen in a calendar."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from aios_gui.record.model.timerange import RangeError, TimeRange, View, parse_view
from aios_gui.record.words import range_sentence
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.calendar import CalendarPopup
from aios_gui.ui.history.span_state import SpanState
from aios_gui.ui.history.words import field_text, span_phrase
from aios_gui.ui.live.bar import span_text
from aios_gui.ui.theme import TITLE, XS, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.icons import icon
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.segments import Segments

_DAY_S = 86_400
ALL_S = 0
SPANS_S = (3600, _DAY_S, 7 * _DAY_S, 30 * _DAY_S, 365 * _DAY_S, ALL_S)
_NS = 1_000_000_000
_ICON = QSize(16, 16)
_NEAR = 0.01
_FIELD_TEXT = "2025-12-31 14:00 .. 2025-12-31 15:00"


class RangeField(QLineEdit):
    """A range, a day or a moment as people type it; ``asked`` brings a ``View``, ``wrong`` why it cannot be understood.

    While it has the keyboard, what is typed is not written over.
    """

    asked = Signal(object)
    wrong = Signal(str)

    def __init__(self, now_ns: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ns = now_ns
        self._shown = ""
        self.setClearButtonEnabled(False)
        self.returnPressed.connect(self._ask)
        self.textEdited.connect(lambda: self.wrong.emit(""))

    def show_range(self, text: str) -> None:
        """Show the span that is in force."""
        self._shown = text
        if not self.hasFocus():
            self.setText(text)
            self.setCursorPosition(0)

    def _ask(self) -> None:
        if self.text() == self._shown:
            return
        try:
            view = parse_view(self.text(), self._now_ns())
        except RangeError as error:
            self.wrong.emit(range_sentence(error))
            self.selectAll()
            return
        self.wrong.emit("")
        self.asked.emit(view)
        self.setText(self._shown)
        self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setText(self._shown)
            self.setCursorPosition(0)
            self.wrong.emit("")


class HistoryBar(QWidget):
    """Whatever chooses a span changes ``state``; what else is asked is only signalled."""

    view_asked = Signal(object)
    """A ``View`` was typed: a span, or a moment in one."""
    link_asked = Signal()
    report_asked = Signal()

    def __init__(
        self,
        state: SpanState,
        theme: Theme,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._theme, self._now_ns = state, theme, now_ns
        self._title = PlainLabel()
        self.back, self.forward = QPushButton(), QPushButton()
        self.spans = Segments(SPANS_S)
        self.field = RangeField(now_ns)
        self.days = QPushButton()
        self.link, self.table, self.compare = QPushButton(), QPushButton(), QPushButton()
        self.report = QPushButton()
        for button in (self.table, self.compare):
            button.setCheckable(True)
        self.wrong: QLabel = muted_label(wraps=False)
        self.wrong.setProperty("look", "critical")
        self.wrong.hide()
        self._lay_out()
        self.back.clicked.connect(state.back)
        self.forward.clicked.connect(state.forward)
        self.spans.chosen.connect(self._choose)
        self.days.clicked.connect(self._open_calendar)
        self.link.clicked.connect(self.link_asked)
        self.report.clicked.connect(self.report_asked)
        self.field.asked.connect(self.view_asked)
        self.field.wrong.connect(self._complain)
        state.moved.connect(self._show)
        state.stepped.connect(self._show_steps)
        theme.changed.connect(self._dress)
        self._dress()
        self.retranslate()

    def _lay_out(self) -> None:
        self._row, self._second = QHBoxLayout(), QHBoxLayout()
        self._is_narrow = False
        row = self._row
        for each in (row, self._second):
            each.setSpacing(S)
        row.addWidget(self._title)
        steps = QHBoxLayout()
        steps.setSpacing(XS)
        for button in (self.back, self.forward, self.days):
            button.setProperty("look", "quiet")
            button.setIconSize(_ICON)
        steps.addWidget(self.back)
        steps.addWidget(self.forward)
        row.addLayout(steps)
        row.addWidget(self.spans)
        row.addStretch()
        self._place(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(XS)
        whole.addLayout(row)
        whole.addLayout(self._second)
        whole.addWidget(self.wrong)

    def _place(self, row: QHBoxLayout) -> None:
        """Put the range, and what is done with it, into a row; what else there is ends the first one."""
        row.addWidget(self.field, 1)
        for button in (self.days, self.link, self.report):
            row.addWidget(button)
        for button in (self.table, self.compare):
            self._row.addWidget(button)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self._title.setFont(font(TITLE, strong=True))
        self._title.setText(_("History"))
        self.spans.name(
            lambda span_s: span_text(span_s) if span_s else _("All"),
            lambda text: _("Show the last {span}").format(span=text),
        )
        everything = self.spans.button(ALL_S)
        if everything is not None:
            everything.setAccessibleName(_("Show the whole record"))
        for button, text, tip in (
            (self.back, "", _("Back to the span before (Alt+Left)")),
            (self.forward, "", _("Forward to the span after (Alt+Right)")),
            (self.days, "", _("Choose days in a calendar")),
            (self.link, _("Copy command"), _("Copy the command that opens this span")),
            (self.report, _("Report this…"), _("Write a report on this span, to keep or to send")),
            (self.table, _("Table"), ""),
            (self.compare, _("Compare"), _("Is this span better or worse than another one?")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(text or tip)
            button.setAccessibleDescription(tip)
        self.field.setAccessibleName(_("Range"))
        self.field.setToolTip(
            _("Type a span or a moment, as yesterday 14:03, 3 h ago, 7d, last week, 2026-03 or START..END.")
        )
        self.field.setPlaceholderText(_("yesterday 14:03, 3 h ago, 7d, START..END"))
        self.show_comparing(not self.table.isEnabled())
        self._show()
        self._show_steps()
        self._make_room()

    def show_comparing(self, comparing: bool) -> None:
        """Offer what suits the page that is shown: two spans compared, or one."""
        tip = _("Show the plots as a table")
        if comparing:
            tip = _("The plots, and their table, are shown again once Compare is closed")
        self.table.setEnabled(not comparing)
        self.table.setToolTip(tip)
        self.table.setAccessibleDescription(tip)

    def _dress(self) -> None:
        colour = self._theme.tokens.muted
        for button, name in ((self.back, "earlier"), (self.forward, "later"), (self.days, "calendar")):
            button.setIcon(icon(name, colour))

    def _show(self) -> None:
        state = self._state
        length_s = state.length_ns / _NS
        chosen = -1
        if state.is_at_end and state.span.start_ns <= state.whole.start_ns:
            chosen = ALL_S
        elif state.is_at_end:
            chosen = next((each for each in SPANS_S if each and abs(each / length_s - 1) < _NEAR), -1)
        self.spans.mark(chosen)
        self.field.show_range(field_text(state.span, state.live))
        self.field.setAccessibleDescription(span_phrase(state.span, state.live))

    def _show_steps(self) -> None:
        self.back.setEnabled(self._state.can_go_back)
        self.forward.setEnabled(self._state.can_go_forward)

    def _choose(self, span_s: int) -> None:
        whole = self._state.whole
        start_ns = whole.end_ns - span_s * _NS if span_s else whole.start_ns
        self._state.go(TimeRange(start_ns, whole.end_ns))
        self._show()

    def _complain(self, sentence: str) -> None:
        set_text(self.wrong, sentence)
        self.wrong.setVisible(bool(sentence))

    def _open_calendar(self) -> None:
        popup = CalendarPopup(self._state.span, self._state.whole, self._theme, self)
        popup.chosen.connect(lambda span: self.view_asked.emit(View(span)))
        popup.open_below(self.days)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def _make_room(self) -> None:
        """The title gives way first; then there are two rows."""
        first = (self.back, self.forward, self.spans, self.table, self.compare)
        first_px, others_px = (
            sum(each.sizeHint().width() + S for each in row)
            for row in (first, (self.days, self.link, self.report))
        )
        wish = first_px + others_px + self.field.fontMetrics().horizontalAdvance(_FIELD_TEXT) + 3 * S
        title = self._title.sizeHint().width() + S
        narrow = self.width() < wish
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self._place(self._second if narrow else self._row)
            # Later: the layout around it, which is at work just now, would not hear of the other height.
            QTimer.singleShot(0, self, self.updateGeometry)
        self._title.setVisible(self.width() > (first_px if narrow else wish) + title)
