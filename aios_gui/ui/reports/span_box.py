"""Which span a report is of: one of the usual ones, or any that can be typed, with what it comes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from aios_gui.record.model.timerange import END_OF_TIME_NS, RangeError, TimeRange, parse_range
from aios_gui.record.words import range_sentence
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.history.words import field_text, moment_text, range_text
from aios_gui.ui.theme import LABEL, XS, font
from aios_gui.ui.widgets.card import muted_label, set_look, set_text
from aios_gui.ui.widgets.choice import Choice

USUAL = {
    "1h": N_("Last hour"),
    "24h": N_("Last 24 hours"),
    "yesterday": N_("Yesterday"),
    "7d": N_("Last 7 days"),
    "30d": N_("Last 30 days"),
    "365d": N_("Last year"),
    "all": N_("All recorded"),
}
DEFAULT, ALL = "7d", "all"
_AFTER_TYPING_MS = 400
_SECOND_NS = 1_000_000_000
_HOURS_OF_A_DAY = 24


class SpanBox(QWidget):
    """``changed`` comes when another span was chosen, or a moment after the last key of one that was typed."""

    changed = Signal()

    def __init__(
        self,
        now_ns: Callable[[], int] = time.time_ns,
        of_slice: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Of a slice nothing is as long ago as a command would take it: what is typed becomes two moments."""
        super().__init__(parent)
        self._now_ns, self._of_slice = now_ns, of_slice
        self._words = ALL if of_slice else DEFAULT
        self._meant = parse_range(self._words, now_ns())
        self.fault = ""
        """What is wrong with what stands there; "" for nothing."""
        self.line = QLineEdit()
        self.box = Choice()
        self.box.setEditable(True)
        self.box.setLineEdit(self.line)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setCompleter(None)  # type: ignore[arg-type]
        self.said = muted_label()
        self._typed = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._typed.timeout.connect(self.settle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(XS)
        column.addWidget(self.box)
        column.addWidget(self.said)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._on_activated)
        self.line.textEdited.connect(lambda _text: self._typed.start())
        self.line.editingFinished.connect(self.settle)
        self.retranslate()

    @property
    def words(self) -> str:
        """The span in the words of the command line, as ``7d``; what was last understood."""
        return range_text(self.span) if self._of_slice and self._words != ALL else self._words

    @property
    def span(self) -> TimeRange:
        """What these words mean now; where that would by now end before it begins, what they meant last."""
        with suppress(RangeError):  # as of “yesterday 14:00..2025-03-12” two days later
            self._meant = parse_range(self._words, self._now_ns())
        return self._meant

    def show_words(self, words: str) -> None:
        """Have this span; as if it had been typed."""
        self._typed.stop()
        self._take(words)
        self._show()

    def show_span(self, start_ns: int, end_ns: int) -> None:
        """Have the span between two moments, rounded to whole seconds so that all of it is in it."""
        first_ns = start_ns // _SECOND_NS * _SECOND_NS
        last_ns = -(-end_ns // _SECOND_NS) * _SECOND_NS
        span = TimeRange(first_ns, max(last_ns, first_ns + _SECOND_NS))
        typed = field_text(span, live=False)
        self.show_words(typed if parse_range(typed, self._now_ns()) == span else range_text(span))

    def settle(self) -> None:
        """Take what was typed."""
        self._typed.stop()
        text = self.box.currentText().strip()
        labels = {self.box.itemText(place): self.box.itemData(place) for place in range(self.box.count())}
        self._take(labels.get(text, text))

    def stop(self) -> None:
        """Stop the timer."""
        self._typed.stop()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.said.setFont(font(LABEL + 1))
        self.box.setAccessibleName(_("Time span"))
        self.box.setToolTip(
            _("One of the list, or typed: 15m, yesterday 14:03..15:00, 2025-03-12..2025-03-14")
        )
        self.box.setAccessibleDescription(self.box.toolTip())
        self.box.blockSignals(True)
        self.box.clear()
        for words, label in USUAL.items():
            if words == ALL or not self._of_slice:
                self.box.addItem(_(label), words)
        self.box.blockSignals(False)
        self.fault = ""  # what was last understood stands there again
        self._show()
        self._say()

    def _on_activated(self, place: int) -> None:
        self._typed.stop()
        self._take(str(self.box.itemData(place)))

    def _take(self, words: str) -> None:
        before, fault_before = self._words, self.fault
        try:
            parse_range(words, self._now_ns())
        except RangeError as error:
            self.fault = range_sentence(error)
        else:
            self.fault, self._words = "", words
        self._say()
        if (self._words, self.fault) != (before, fault_before):
            self.changed.emit()

    def _show(self) -> None:
        place = self.box.findData(self._words)
        self.box.setCurrentIndex(place)
        if place < 0:
            self.box.setEditText(self._words)

    def _say(self) -> None:
        set_look(self.said, "critical" if self.fault else "muted")
        set_text(
            self.said, self.fault[:1].upper() + self.fault[1:] if self.fault else span_sentence(self.span)
        )


def span_sentence(span: TimeRange) -> str:
    """From when to when, local."""
    if span.start_ns == 0 and span.end_ns == END_OF_TIME_NS:
        return _("From the first beat to the latest")
    day_ns = _HOURS_OF_A_DAY * (span.end_ns - span.start_ns)  # so that only below an hour seconds count
    until = _("now") if span.end_ns >= END_OF_TIME_NS else moment_text(span.end_ns, day_ns)
    since = _("the first beat") if span.start_ns == 0 else moment_text(span.start_ns, day_ns)
    return _("{begin} to {end}").format(begin=since, end=until)
