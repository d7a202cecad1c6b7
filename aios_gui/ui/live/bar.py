"""The bar above the plots: how much time they show, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.text.figures import clock_time
from aios_gui.ui.theme import LABEL, TITLE, M, S, font
from aios_gui.ui.widgets.plain_label import CutLabel, PlainLabel
from aios_gui.ui.widgets.segments import mark, segments

_DAY_S = 86_400
SPANS_S = (60, 900, 3600, 21_600, _DAY_S, 7 * _DAY_S, 30 * _DAY_S, 365 * _DAY_S)
SPARE_S = (21_600, 30 * _DAY_S, 7 * _DAY_S)
"""Left out where there is little room, in this order: the plots are zoomed to any span in between."""
DEFAULT_SPAN_S = 900
_NOTE_MS = 6_000


class LiveBar(QWidget):
    """Title, choice of span, Back to live, Table, Save and Freeze; the title gives way where there is little room."""

    span_chosen = Signal(int)
    live_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, of_slice: bool = False) -> None:
        """``of_slice``: there is nothing live to hold still, or to go back to."""
        super().__init__(parent)
        self._of_slice = of_slice
        self._title = PlainLabel()
        self._spans = QButtonGroup(self)
        self._spans.setExclusive(True)
        self._note = CutLabel()
        self._begin = ""
        self._note.setProperty("look", "muted")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._note_timer = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._note_timer.timeout.connect(self._show_note)
        self.back = QPushButton()
        self.back.setProperty("look", "primary")
        self.back.clicked.connect(self.live_wanted)
        self.back.hide()
        self.table = _toggle()
        self.save = QPushButton()
        self.menu = QMenu(self.save)
        self.save.setMenu(self.menu)
        self.freeze = _toggle()
        self.freeze.setHidden(of_slice)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        self._title.setContentsMargins(0, 0, M, 0)
        row.addWidget(self._title)
        row.addLayout(segments(self._spans, SPANS_S))
        self._spans.idClicked.connect(self.span_chosen)
        row.addWidget(self._note, 1)
        for button in (self.back, self.table, self.save, self.freeze):
            row.addWidget(button)

    def retranslate(self) -> None:
        """Say everything in the language spoken; the menu is filled by its owner."""
        self._title.setFont(font(TITLE, strong=True))
        self._note.setFont(font(LABEL + 1))
        self._title.setText(_("Live"))
        for button in self._spans.buttons():
            text = span_text(self._spans.id(button))
            button.setText(text)
            button.setAccessibleName(_("Show the last {span}").format(span=text))
        for button, text, tip in (
            (self.back, _("Back to live"), _("Show the newest beats and follow them (End)")),
            (self.table, _("Table"), _("Show the beats in view as a table")),
            (self.save, _("Save…"), _("Save or copy the plots or the beats in view")),
            (self.freeze, _("Freeze"), _("Hold the picture still. Beats go on being recorded.")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self._fit()

    def show_span(self, span_s: float) -> None:
        """Mark the choice that is shown; none where the span was zoomed by hand."""
        mark(self._spans, round(span_s))

    def show_live(self, live: bool) -> None:
        """Offer the way back where the plots do not follow."""
        is_hidden = live or self._of_slice
        if self.back.isHidden() != is_hidden:
            self.back.setHidden(is_hidden)
            self._fit()

    def show_begin(self, begin_s: float | None, span_s: float) -> None:
        """Say where the record begins, where that is within the span chosen."""
        begin = ""
        if begin_s is not None:
            at = clock_time(int(begin_s * 1e9))
            begin = _("The record begins at {time}").format(time=at)
        if begin == self._begin:
            return
        self._begin = begin
        for button in self._spans.buttons():
            reaches = self._spans.id(button) >= span_s
            button.setToolTip(begin if reaches else "")
        if not self._note_timer.isActive():
            self._show_note()

    def note(self, text: str) -> None:
        """Say something for a few seconds; "" takes back what is said."""
        self._note_timer.stop()
        self._show_note(text)
        if text:
            self._note_timer.start()

    def _show_note(self, text: str = "") -> None:
        self._note.setText(text or self._begin)

    def stop(self) -> None:
        """Stop the timer."""
        self.note("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out what can be done without where there is little room: the title, then spans between others."""
        wish = sum(each.sizeHint().width() for each in self.findChildren(QPushButton))
        self._title.setVisible(self.width() > wish + self._title.sizeHint().width() + 8 * S)
        asked = (self.back, self.table, self.save, self.freeze)
        left = self.width() - S - sum(each.sizeHint().width() + S for each in asked if not each.isHidden())
        left -= sum(each.sizeHint().width() for each in self._spans.buttons())
        for span_s in SPARE_S:
            button = self._spans.button(span_s)
            button.setVisible(left >= 0)
            if left < 0:
                left += button.sizeHint().width()


def _toggle() -> QPushButton:
    button = QPushButton()
    button.setCheckable(True)
    return button


def span_text(span_s: int) -> str:
    """A length that can be chosen."""
    if span_s < 3600:
        return _("{figure} min").format(figure=span_s // 60)
    if span_s <= _DAY_S:
        return _("{figure} h").format(figure=span_s // 3600)
    return _("{figure} d").format(figure=span_s // _DAY_S) if span_s < 365 * _DAY_S else _("1 year")
