"""What stands in the place of incidents while there are none: what one would show, and what is watched."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aios_gui.alerts.model.rules import Comparison, Level, Rule
from aios_gui.alerts.words import rules as rule_words
from aios_gui.alerts.words.incidents import short_measure
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, STRONG, TEXT, M, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.scroll_view import ScrollView

_PARTS = 4
_ROW_PX, _HEADING_PX = 27, 24


class Blank(QWidget):
    """``example`` is the button that shows a made-up one; the caller says why there is no incident."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watched: tuple[Rule, ...] | None = ()
        self.heading = PlainLabel()
        self.heading.setWordWrap(True)
        self.intro = muted_label()
        self.names = [PlainLabel() for _part in range(_PARTS)]
        self.meanings = [muted_label() for _part in range(_PARTS)]
        self.title = PlainLabel()
        self.unwatched = muted_label()
        self.table = FactTable(theme)
        self.example = QPushButton()
        page = self._lay_out()
        page.setMinimumHeight(1)  # or else it is as high as if every text wrapped at its narrowest
        self.view = ScrollView(page)
        # On a card, and of its colour.
        for widget in (page, self.view.viewport()):
            widget.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.view)

    def _lay_out(self) -> QWidget:
        parts = QGridLayout()
        parts.setHorizontalSpacing(2 * S)
        parts.setVerticalSpacing(S - 2)
        parts.setColumnStretch(1, 1)
        for place, (name, meaning) in enumerate(zip(self.names, self.meanings, strict=True)):
            parts.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            parts.addWidget(meaning, place, 1, Qt.AlignmentFlag.AlignTop)
        self._line = line = QFrame()
        line.setProperty("look", "hairline")
        line.setFixedHeight(1)
        first = QHBoxLayout()
        first.addWidget(self.example)
        first.addStretch(1)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(M + 2, M, M + 2, M)
        column.setSpacing(S + 2)
        column.addWidget(self.heading)
        column.addWidget(self.intro)
        column.addLayout(parts)
        column.addLayout(first)
        column.addSpacing(S)
        column.addWidget(line)
        column.addWidget(self.title)
        column.addWidget(self.unwatched)
        column.addWidget(self.table)
        column.addStretch(1)
        return page

    def show_state(self, heading: str, rules: Iterable[Rule] | None) -> None:
        """Show why there is no incident, and what is watched by those of the rules in force that are on.

        None for a slice: nothing is watched there, and nothing can be made up in it.
        """
        set_text(self.heading, heading)
        watched = None if rules is None else tuple(rule for rule in rules if rule.enabled)
        if watched != self._watched:
            self._watched = watched
            self._fill()

    def retranslate(self) -> None:
        """Say everything in the language spoken; the heading follows with the next state."""
        self.heading.setFont(font(STRONG, strong=True))
        self.title.setFont(font(TEXT, strong=True))
        self.intro.setFont(font(LABEL + 1))
        self.unwatched.setFont(font(LABEL + 1))
        set_text(self.intro, _("Each incident shows:"))
        for name, meaning, (what, means) in zip(self.names, self.meanings, _parts(), strict=True):
            name.setFont(font(LABEL + 1, strong=True))
            meaning.setFont(font(LABEL + 1))
            set_text(name, what)
            set_text(meaning, means)
        self.title.setText(_("What is watched"))
        self.unwatched.setText(_("Every rule is off, so nothing is watched."))
        self.example.setText(_("Show an example"))
        tip = _("Puts a made-up hiccup into the list. It is marked as made up and counts in no figure.")
        self.example.setToolTip(tip)
        self.example.setAccessibleDescription(tip)
        self.table.setAccessibleName(_("What is watched"))
        self.table.retranslate()
        self._fill()

    def _fill(self) -> None:
        rows = _rows(self._watched or ())
        for widget in (self.example, self._line, self.title):
            widget.setVisible(self._watched is not None)
        self.unwatched.setVisible(self._watched == ())
        self.table.setVisible(bool(rows))
        headings = Column(_("Watched"), right=False), Column(_("Warning"), right=False)
        self.table.show_facts((*headings, Column(_("Critical"), right=False)), rows)
        self.table.setFixedHeight(_HEADING_PX + len(rows) * _ROW_PX)


def _parts() -> tuple[tuple[str, str], ...]:
    return (
        (_("What happened"), _("in one sentence, with how bad it was and how long it lasted")),
        (_("Around it"), _("a chart of the time before, during and after it")),
        (_("Who did it"), _("the processes that took the most at that moment")),
        (_("What was done"), _("by this program, what can be taken back, and your note on it")),
    )


def _rows(watched: tuple[Rule, ...]) -> list[Row]:
    """A row for what is measured, with from when on it is an incident of either level."""
    measures = dict.fromkeys((rule.measure, rule.comparison) for rule in watched)
    rows = []
    for measure, comparison in measures:
        of_it = [rule for rule in watched if (rule.measure, rule.comparison) == (measure, comparison)]
        rows.append((Fact(short_measure(measure)), *(_bounds(of_it, level) for level in Level)))
    return rows


def _bounds(rules: list[Rule], level: Level) -> Fact:
    of_level = [rule for rule in rules if rule.level is level]
    names = "\n".join(rule_words.condition(rule) for rule in of_level)
    return Fact(
        " · ".join(map(_bound, of_level)) or figures.NONE,
        tone="" if of_level else "muted",
        tip=names,
    )


def _bound(rule: Rule) -> str:
    """From when on, as ``80 % or more for 30 s``."""
    above = rule.comparison is Comparison.ABOVE
    limit = rule_words.figure(rule.measure, rule.limit)
    condition = (_("{limit} or more") if above else _("{limit} or less")).format(limit=limit)
    if not rule.for_s:
        return condition
    return _("{condition} for {span}").format(condition=condition, span=figures.span(rule.for_s * 1e9))
