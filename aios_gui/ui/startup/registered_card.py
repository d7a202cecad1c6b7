"""What is registered, as the system tells it, and what can be done with it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from aios_gui.autostart.words import RegisteredFact
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.startup.head_card import LEVELS
from aios_gui.ui.theme import LABEL, XS, M, S, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.dot import Dot
from aios_gui.ui.widgets.wrapped_text import WrappedText

_LABEL_PX = 150
_LEAST_PX = 30


class FactRow(QFrame):
    """A label, a mark where it is good or bad, and the value; a hairline below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = muted_label()
        self.label.setFixedWidth(_LABEL_PX)
        self.dot = Dot(theme)
        self.value = WrappedText(theme)
        line = QFrame()
        line.setProperty("look", "hairline")
        line.setFixedHeight(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S)
        grid.setVerticalSpacing(0)
        told = QHBoxLayout()
        told.setContentsMargins(0, XS, 0, XS)
        told.setSpacing(S)
        told.addWidget(self.dot)
        told.addWidget(self.value, 1)
        grid.addWidget(self.label, 0, 0)
        grid.addLayout(told, 0, 1)
        grid.addWidget(line, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowMinimumHeight(0, _LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_fact(self, fact: RegisteredFact) -> None:
        """Say another fact."""
        set_text(self.label, fact.label)
        self.value.set_text(fact.value)
        self.dot.setVisible(fact.level is not None)
        if fact.level is not None:
            self.dot.show_mark(LEVELS[fact.level])
        self.setAccessibleName(_("{label}: {value}").format(label=fact.label.rstrip("?？"), value=fact.value))

    def retranslate(self) -> None:
        """The fonts go with the language."""
        self.label.setFont(font(LABEL + 1))
        self.value.retranslate()


class RegisteredCard(Card):
    """Rows are made when there are that many facts, and kept. The owner connects ``test`` and ``remove``."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: list[FactRow] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self.by_hand = muted_label()
        self.test, self.remove = QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        buttons.setSpacing(S)
        buttons.addWidget(self.test)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.by_hand)
        self.body.addSpacing(S)
        self.body.addStretch(1)
        self.body.addLayout(buttons)
        self.body.setContentsMargins(0, 0, 0, M - S)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken; the facts follow with the next snapshot."""
        self.set_title(_("What is registered"))
        self.by_hand.setFont(font(LABEL + 1))
        for row in self.rows:
            row.retranslate()
        for button, text, tip in (
            (
                self.test,
                _("Test now"),
                _(
                    "Start what is registered as the system would, with data of its own, until it beats, and end it "
                    "again. The heartbeat that runs is not touched."
                ),
            ),
            (
                self.remove,
                _("Remove"),
                _("Take it out of the start at log-in, in every way, and leave nothing. The record stays."),
            ),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)

    def show_facts(self, facts: list[RegisteredFact], by_hand: str, able: bool) -> None:
        """Show what is registered; ``able`` where there is something to test and remove, and nothing runs."""
        while len(self.rows) < len(facts):
            row = FactRow(self._theme)
            row.retranslate()
            self._grid.addWidget(row, len(self.rows), 0)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(facts))
            if place < len(facts):
                row.show_fact(facts[place])
        set_text(self.by_hand, by_hand)
        self.by_hand.setVisible(bool(by_hand))
        for button in (self.test, self.remove):
            button.setEnabled(able)
