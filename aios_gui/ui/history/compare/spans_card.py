"""Which two spans are compared: typed, swapped, suggested, copied as a command."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMenu, QPushButton, QWidget

from aios_gui.history.comparison.suggested import Suggestion
from aios_gui.history.comparison.words import suggestion_phrase
from aios_gui.record.model.timerange import RangeError, TimeRange, parse_range
from aios_gui.record.words import range_sentence
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import paragraph
from aios_gui.text.terminal.output import PROGRAM
from aios_gui.ui.history.words import command_text, field_text, range_text
from aios_gui.ui.theme import S
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.run_bar import RunBar
from aios_gui.ui.widgets.toast import copy_text

_NAMES = "A", "B"


class SpansCard(Card):
    """``wanted`` brings two spans that are to be compared."""

    wanted = Signal(object, object)

    def __init__(
        self,
        record_words: list[str],
        now_ns: Callable[[], int] = time.time_ns,
        parent: QWidget | None = None,
    ) -> None:
        """``record_words`` have a command read the record that is looked at."""
        super().__init__(parent)
        self._record_words, self._now_ns = record_words, now_ns
        self._suggestions: Sequence[Suggestion] = ()
        self.edits = QLineEdit(), QLineEdit()
        self.labels = PlainLabel(), PlainLabel()
        self.abouts = muted_label(), muted_label()
        self.suggest = QPushButton()
        self.menu = QMenu(self.suggest)
        self.suggest.setMenu(self.menu)
        self.swap = QPushButton()
        self.swap.clicked.connect(self.swap_spans)
        self.command = QPushButton()
        self.command.clicked.connect(self.copy_command)
        self.go = QPushButton()
        self.go.setProperty("look", "primary")
        self.go.clicked.connect(self.ask)
        self.run = RunBar(self.suggest, self.swap, self.command, self.go)
        self.head.addWidget(self.run, 1)
        self.question = muted_label()
        self.body.addWidget(self.question)
        grid = QGridLayout()
        grid.setHorizontalSpacing(S)
        grid.setVerticalSpacing(S)
        for place, (label, edit, about) in enumerate(zip(self.labels, self.edits, self.abouts, strict=True)):
            label.setBuddy(edit)
            edit.returnPressed.connect(self.ask)
            column = 2 * place
            grid.addWidget(label, 0, column)
            grid.addWidget(edit, 0, column + 1)
            grid.addWidget(about, 1, column + 1)
            grid.setColumnStretch(column + 1, 1)
        self.body.addLayout(grid)
        self.trouble = muted_label()
        self.trouble.setProperty("look", "critical")
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Compare"))
        question = _("Is the second span better or worse than the first?")
        hint = _("A span chosen above becomes the second, and as much before it the first.")
        set_text(self.question, paragraph((question, hint)))
        self.run.retranslate()
        for label, edit, name, which in zip(
            self.labels, self.edits, _NAMES, (_("first span"), _("second span")), strict=True
        ):
            label.setText(name)
            edit.setAccessibleName(f"{name}: {which}")
            edit.setPlaceholderText(_("7d, yesterday, or START..END"))
        for button, text, tip in (
            (self.suggest, _("Suggested"), _("Spans that are worth comparing, as those around a change")),
            (self.swap, _("Swap A and B"), _("The first span becomes the second")),
            (self.command, _("Copy command"), _("The command that compares these spans in the terminal")),
            (self.go, _("Compare"), _("Is the second span better or worse than the first?")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self._fill_menu()

    def show_spans(self, a: TimeRange, b: TimeRange) -> None:
        """Put these into the fields."""
        for edit, span in zip(self.edits, (a, b), strict=True):
            edit.setText(field_text(span, live=False))
            edit.setCursorPosition(0)
        self.say("")

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Offer these."""
        self._suggestions = suggestions
        self._fill_menu()

    def show_abouts(self, texts: tuple[str, str]) -> None:
        """Say something of each span below it."""
        for about, text in zip(self.abouts, texts, strict=True):
            set_text(about, text)

    def say(self, trouble: str) -> None:
        """Say what is wrong, or that nothing is."""
        set_text(self.trouble, trouble)
        self.trouble.setVisible(bool(trouble))

    def _fill_menu(self) -> None:
        self.menu.clear()
        for each in self._suggestions:
            action = self.menu.addAction(suggestion_phrase(each).replace("&", "&&"))
            action.triggered.connect(partial(self._take, each))
        self.suggest.setEnabled(bool(self._suggestions))

    def _take(self, suggestion: Suggestion, _checked: bool = False) -> None:
        self.show_spans(suggestion.a, suggestion.b)
        self.ask()

    def spans(self) -> tuple[TimeRange, TimeRange] | None:
        """What is typed; None where it cannot be understood, which is told."""
        found = []
        for edit in self.edits:
            try:
                found.append(parse_range(edit.text(), self._now_ns()))
            except RangeError as error:
                self.say(range_sentence(error))
                edit.setFocus()
                return None
        self.say("")
        return found[0], found[1]

    def ask(self) -> None:
        """Have them compared."""
        spans = self.spans()
        if spans is not None:
            self.wanted.emit(*spans)

    def swap_spans(self) -> None:
        """The first becomes the second; compared again where they can be understood."""
        one, other = (edit.text() for edit in self.edits)
        self.edits[0].setText(other)
        self.edits[1].setText(one)
        self.ask()

    def copy_command(self) -> None:
        """Put the command that does the same on the clipboard."""
        spans = self.spans()
        if spans is not None:
            words = [*(range_text(span) for span in spans), *self._record_words]
            copy_text(self, command_text(PROGRAM, "compare", *words), _("Copied"))
