"""Which incidents are shown: since when, how bad, whether they go on or were seen, with which words; and the bar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from aios_gui.alerts.model.incident import Incident, IncidentState
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words.incidents import silence_word, state_name, title
from aios_gui.alerts.words.rules import level_name, measure_name, rule_title
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.theme import S
from aios_gui.ui.widgets.choice import Choice
from aios_gui.ui.widgets.segments import mark, segments

_AFTER_TYPING_MS = 200
_LEAST_PX = 84
DAY_S = 86_400
SPANS_S = (DAY_S, 7 * DAY_S, 30 * DAY_S, None)
"""How far back it reaches, s; None for as far as there are any."""
USUAL_SPAN_S = 7 * DAY_S


class Course(StrEnum):
    """Whether an incident goes on, and whether it was acknowledged."""

    ANY = "any"
    OPEN = "open"
    UNSEEN = "unseen"
    """Not acknowledged."""


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """``level`` is None for any; ``text`` are words that must all be found."""

    span_s: int | None = USUAL_SPAN_S
    level: Level | None = None
    course: Course = Course.ANY
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it keeps anything back, beside what is older."""
        return replace(self, span_s=None) != IncidentFilter(None)

    def passes(self, incident: Incident) -> bool:
        """Whether an incident is shown; how old it is has been asked of the record."""
        if self.level is not None and incident.level is not self.level:
            return False
        if not self._fits_course(incident):
            return False
        words = self.text.casefold().split()
        return not words or all(word in _all_text(incident) for word in words)

    def _fits_course(self, incident: Incident) -> bool:
        if self.course is Course.OPEN:
            return incident.state is IncidentState.FIRING
        return self.course is Course.ANY or incident.acknowledged_ns is None


PRESETS: tuple[tuple[Level | None, Course], ...] = (
    (None, Course.ANY),
    (None, Course.OPEN),
    (None, Course.UNSEEN),
    (Level.CRITICAL, Course.ANY),
)
"""All, going on, not acknowledged, critical: each a level and a course."""


def _all_text(incident: Incident) -> str:
    """What is searched: title, rule, measure, level, state, note, and every process that had a part in it."""
    finding = incident.finding
    names = [each.name for each in (*finding.culprits, *finding.movers)] if finding is not None else []
    parts = (
        title(incident),
        incident.rule,
        rule_title(incident.rule),
        incident.measure,
        measure_name(incident.measure),
        level_name(incident.level),
        state_name(incident.state),
        silence_word(incident.silence),
        incident.note,
        *names,
    )
    return "\n".join(parts).casefold()


class Presets(QWidget):
    """The usual choices; none is marked where the filter is none of them."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self.group.setExclusive(True)
        self.setLayout(segments(self.group, range(len(PRESETS))))
        self.group.idClicked.connect(self.chosen)

    def mark(self, place: int) -> None:
        """Mark a choice, −1 for none."""
        mark(self.group, place)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        texts = (_("All"), _("Ongoing"), _("Not acknowledged"), _("Critical"))
        tips = (
            _("Show all incidents"),
            _("Show ongoing incidents"),
            _("Show incidents not acknowledged yet"),
            _("Show critical incidents"),
        )
        for place, (text, tip) in enumerate(zip(texts, tips, strict=True)):
            button = self.group.button(place)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)


class FilterBar(QWidget):
    """``changed`` comes with every other filter, a moment after the last key where it is typed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = IncidentFilter()
        self.presets = Presets(parent)
        self.presets.chosen.connect(self._on_preset)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_LEAST_PX)
        self.span = Choice()
        self._typed = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._typed.timeout.connect(self.settle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        row.addWidget(self.search, 1)
        self.span.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.span.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.span.activated.connect(self._on_chosen)
        row.addWidget(self.span)
        self.search.textEdited.connect(lambda _text: self._typed.start())
        self.search.textChanged.connect(self._on_text)
        self.search.returnPressed.connect(self.settle)

    def set_filter(self, wanted: IncidentFilter) -> None:
        """Use this filter."""
        self._typed.stop()
        if wanted != self.filter:
            self.filter = wanted
            self._show()
            self.changed.emit()

    def clear(self) -> None:
        """Keep nothing back but what is older."""
        self.set_filter(IncidentFilter(self.filter.span_s))

    def stop(self) -> None:
        """Stop the timer."""
        self._typed.stop()

    def settle(self) -> None:
        """Search for what was typed."""
        self._typed.stop()
        self._take()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.presets.retranslate()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search incidents, rules, notes and processes"))
        self.search.setToolTip(_("Finds titles, rules, notes and the names of processes"))
        self.span.setAccessibleName(_("How far back"))
        self.span.setToolTip(_("How far back"))
        self.span.clear()
        for span_s in SPANS_S:
            self.span.addItem(span_text(span_s), span_s)
        self._show()

    def _show(self) -> None:
        chosen = self.filter
        self.span.setCurrentIndex(SPANS_S.index(chosen.span_s) if chosen.span_s in SPANS_S else 0)
        if self.search.text() != chosen.text:
            self.search.setText(chosen.text)
        here = (chosen.level, chosen.course)
        usual = PRESETS.index(here) if here in PRESETS else -1
        self.presets.mark(usual)

    def _on_text(self, text: str) -> None:
        # The button that clears it types nothing.
        if not text and self.filter.text:
            self.settle()

    def _on_chosen(self, _place: int) -> None:
        self._take()

    def _on_preset(self, place: int) -> None:
        level, course = PRESETS[place]
        self.set_filter(replace(self.filter, level=level, course=course))
        self._show()

    def _take(self) -> None:
        text = self.search.text().strip()
        self.set_filter(replace(self.filter, span_s=self.span.currentData(), text=text))


def span_text(span_s: int | None) -> str:
    """How far back, in words."""
    if span_s is None:
        return _("All recorded")
    return _("Last {span}").format(span=back_phrase(span_s))


def back_phrase(span_s: int) -> str:
    """How long a span is, as ``24 h`` or ``7 days``."""
    days = span_s // DAY_S
    return _("24 h") if days == 1 else ngettext("{count} day", "{count} days", days).format(count=days)
