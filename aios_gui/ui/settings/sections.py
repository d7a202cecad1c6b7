"""The sections of the panel: each in a card, and their names at the left."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from aios_gui.settings.model import Section, Settings
from aios_gui.settings.words import section_title, title
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.settings.row import SettingRow, hairline
from aios_gui.ui.theme import XS, Theme
from aios_gui.ui.widgets.card import Card

INDEX_PX = 176


class SectionCard(Card):
    """Rows under the name of the section, hairlines between them."""

    def __init__(self, section: Section, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.rows = [SettingRow(setting, theme) for setting in section.settings]
        self._lines: list[QFrame] = []
        self.body.setSpacing(0)
        for number, row in enumerate(self.rows):
            if number:
                line = hairline()
                self._lines.append(line)
                self.body.addWidget(line)
            self.body.addWidget(row)

    def show_settings(self, settings: Settings, clashes: dict[str, str]) -> None:
        """Show what is in force."""
        for row in self.rows:
            other = clashes.get(row.setting.name, "")
            row.show_settings(settings, title(settings.declared[other]) if other else "")

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(section_title(self.section))
        for row in self.rows:
            row.retranslate()

    def filter(self, query: str) -> bool:
        """Show the rows that a search finds; whether there are any."""
        shown = [row.matches(query, self.title.text()) for row in self.rows]
        for number, (row, found) in enumerate(zip(self.rows, shown, strict=True)):
            row.setVisible(found)
            if number:
                self._lines[number - 1].setVisible(found and any(shown[:number]))
        self.setVisible(any(shown))
        return any(shown)


class SectionIndex(QWidget):
    """``chosen`` brings the card to show."""

    chosen = Signal(object)

    def __init__(self, cards: list[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = cards
        self._group = QButtonGroup(self)
        self.setFixedWidth(INDEX_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(XS)
        for number, card in enumerate(cards):
            button = QPushButton()
            button.setProperty("look", "index")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, card=card: self.chosen.emit(card))
            self._group.addButton(button, number)
            layout.addWidget(button)
        layout.addStretch(1)

    def retranslate(self) -> None:
        """Say the names in the language spoken; the cards have theirs already."""
        self.setAccessibleName(_("Sections"))
        for number, card in enumerate(self._cards):
            self._group.button(number).setText(card.title.text())

    def mark(self, card: Card) -> None:
        """Mark the section that is in view."""
        self._group.button(self._cards.index(card)).setChecked(True)

    def show_found(self) -> None:
        """Offer only the sections that a search has left."""
        for number, card in enumerate(self._cards):
            self._group.button(number).setVisible(not card.isHidden())
