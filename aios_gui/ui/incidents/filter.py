"""Which incidents are shown: since when, how bad, whether they go on, of which rule, with which words; and the bar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words.incidents import title
from aios_gui.alerts.words.rules import level_name, measure_name
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.theme import S

_AFTER_TYPING_MS = 200
_LEAST_PX, _RULE_PX = 84, 160
_NAME_LENGTH = 40
DAY_S = 86_400
SPANS_S = (DAY_S, 7 * DAY_S, 30 * DAY_S, None)
"""How far back it reaches, s; None for as far as there are any."""
USUAL_SPAN_S = 7 * DAY_S


class Course(StrEnum):
    """Whether an incident goes on, and whether it was acknowledged."""

    ANY = "any"
    OPEN = "open"
    OVER = "over"
    UNSEEN = "unseen"
    """Not acknowledged."""


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """``rule`` is a name, "" for any; ``level`` None for any; ``text`` are words that must all be found."""

    span_s: int | None = USUAL_SPAN_S
    level: Level | None = None
    course: Course = Course.ANY
    rule: str = ""
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it keeps anything back, beside what is older."""
        return replace(self, span_s=None) != IncidentFilter(None)

    def passes(self, incident: Incident) -> bool:
        """Whether an incident is shown; how old it is has been asked of the record."""
        if self.level is not None and incident.level is not self.level:
            return False
        if self.rule and incident.rule != self.rule:
            return False
        if not self._fits_course(incident):
            return False
        words = self.text.casefold().split()
        return not words or all(word in _all_text(incident) for word in words)

    def _fits_course(self, incident: Incident) -> bool:
        if self.course is Course.OPEN:
            return incident.cleared_ns is None
        if self.course is Course.OVER:
            return incident.cleared_ns is not None
        return self.course is Course.ANY or incident.acknowledged_ns is None


PRESETS: tuple[tuple[Level | None, Course], ...] = (
    (None, Course.ANY),
    (None, Course.OPEN),
    (Level.CRITICAL, Course.ANY),
)
"""All, open, critical: each a level and a course."""


def _all_text(incident: Incident) -> str:
    """What is searched: title, rule, measure, level, note, and every process that had a part in it."""
    finding = incident.finding
    names = [each.name for each in (*finding.culprits, *finding.movers)] if finding is not None else []
    parts = (
        title(incident),
        incident.rule,
        incident.measure,
        measure_name(incident.measure),
        level_name(incident.level),
        incident.note,
        *names,
    )
    return "\n".join(parts).casefold()


class Presets(QWidget):
    """All, open, critical; none is marked where the filter is none of them."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self.group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for place in range(len(PRESETS)):
            button = QPushButton()
            button.setCheckable(True)
            looks = {0: "segment-first", len(PRESETS) - 1: "segment-last"}
            button.setProperty("look", looks.get(place, "segment"))
            self.group.addButton(button, place)
            row.addWidget(button)
        self.group.idClicked.connect(self.chosen)

    def mark(self, place: int) -> None:
        """Mark a choice, −1 for none."""
        # An exclusive group cannot be without a choice.
        self.group.setExclusive(False)
        for button in self.group.buttons():
            button.setChecked(self.group.id(button) == place)
        self.group.setExclusive(True)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        texts = (_("All"), _("Open"), _("Critical"))
        tips = (_("Show all incidents"), _("Show incidents that go on"), _("Show critical incidents"))
        for place, (text, tip) in enumerate(zip(texts, tips, strict=True)):
            button = self.group.button(place)
            button.setText(text)
            button.setAccessibleName(tip)


class _Choice(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class FilterBar(QWidget):
    """``changed`` comes with every other filter, a moment after the last key where it is typed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = IncidentFilter()
        self._rules: tuple[str, ...] = ()
        self.presets = Presets()
        self.presets.chosen.connect(self._on_preset)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_LEAST_PX)
        self.span, self.level, self.course, self.rule = (_Choice() for _each in range(4))
        self._typed = QTimer(self, singleShot=True, interval=_AFTER_TYPING_MS)
        self._typed.timeout.connect(self.settle)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S)
        row.addWidget(self.search, 1)
        for box in (self.span, self.level, self.course, self.rule):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._on_chosen)
            row.addWidget(box)
        # Rules may have any names; what they are called gives way, and no choice is cut.
        for box in (self.span, self.level, self.course):
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rule.setMinimumWidth(_LEAST_PX)
        self.rule.setMaximumWidth(_RULE_PX)
        self.search.textEdited.connect(lambda _text: self._typed.start())
        self.search.textChanged.connect(self._on_text)
        self.search.returnPressed.connect(self.settle)

    def show_rules(self, rules: Iterable[str]) -> None:
        """Offer these rules."""
        wanted = tuple(dict.fromkeys(rules))
        if wanted != self._rules:
            self._rules = wanted
            self._fill()

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
        for box, name in (
            (self.span, _("How far back")),
            (self.level, _("Level")),
            (self.course, _("State")),
            (self.rule, _("Rule")),
        ):
            box.setAccessibleName(name)
            box.setToolTip(name)
        self._fill()

    def _fill(self) -> None:
        courses = {
            Course.ANY: _("Any state"),
            Course.OPEN: _("Going on"),
            Course.OVER: _("Over"),
            Course.UNSEEN: _("Not acknowledged"),
        }
        rules = self._rules if self.filter.rule in ("", *self._rules) else (*self._rules, self.filter.rule)
        for box, entries in (
            (self.span, [(span_text(span_s), span_s) for span_s in SPANS_S]),
            (self.level, [(_("Any level"), None), *((level_name(level), level) for level in Level)]),
            (self.course, [(text, course) for course, text in courses.items()]),
            (self.rule, [(_("Any rule"), ""), *((plain(name, _NAME_LENGTH), name) for name in rules)]),
        ):
            box.clear()
            for text, value in entries:
                box.addItem(text, value)
        self._show()

    def _show(self) -> None:
        chosen = self.filter
        for box, value in (
            (self.span, chosen.span_s),
            (self.level, chosen.level),
            (self.course, chosen.course),
            (self.rule, chosen.rule),
        ):
            if box.currentData() != value or box.currentIndex() < 0:
                place = next((n for n in range(box.count()) if box.itemData(n) == value), 0)
                box.setCurrentIndex(place)
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
        level = self.level.currentData()
        self.set_filter(
            IncidentFilter(
                self.span.currentData(),
                None if level is None else Level(level),
                Course(self.course.currentData()),
                str(self.rule.currentData()),
                self.search.text().strip(),
            )
        )


def span_text(span_s: int | None) -> str:
    """How far back, in words."""
    if span_s is None:
        return _("All recorded")
    return _("Last {span}").format(span=figures.span(span_s * 1e9) if span_s > 86_400 else _("24 h"))
