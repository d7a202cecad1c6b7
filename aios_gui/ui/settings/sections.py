"""The sections of the panel: each in a card, and their names at the left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from aios_gui.settings.model import Declarations, Section, Setting, Settings
from aios_gui.settings.words import title
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.settings.row import ActionRow, SettingRow, hairline
from aios_gui.ui.theme import XS, Theme
from aios_gui.ui.widgets.card import Card

INDEX_PX = 176


def sections_shown(declared: Declarations, apart: Section) -> list[tuple[Section, list[Setting]]]:
    """The settings by the section that they are shown in, but those of ``apart``; a later one is there by itself."""
    by_key = {section.key: section for section in declared.sections}
    shown: dict[str, list[Setting]] = {}
    for section in declared.sections:
        for setting in section.settings if section is not apart else ():
            shown.setdefault(setting.shown_in or section.shown_in or section.key, []).append(setting)
    return [(by_key[key], settings) for key, settings in shown.items()]


class SectionCard(Card):
    """The rows of settings under a title, and below them ``actions``; hairlines between them."""

    def __init__(
        self,
        words: Callable[[], str],
        settings: Sequence[Setting],
        theme: Theme,
        actions: Sequence[ActionRow] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.rows = [SettingRow(setting, theme) for setting in settings]
        self._all: list[SettingRow | ActionRow] = [*self.rows, *actions]
        self._lines: list[QFrame] = []
        self.body.setSpacing(0)
        for number, row in enumerate(self._all):
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
        """Say everything in the language spoken; the actions say theirs already."""
        self.set_title(self._words())
        for row in self.rows:
            row.retranslate()

    def filter(self, query: str) -> bool:
        """Show the rows that a search finds; whether there are any."""
        shown = [row.matches(query, self.title.text()) for row in self._all]
        for number, (row, found) in enumerate(zip(self._all, shown, strict=True)):
            row.setVisible(found)
            if number:
                self._lines[number - 1].setVisible(found and any(shown[:number]))
        self.setVisible(any(shown))
        return any(shown)


class SectionIndex(QWidget):
    """``chosen`` brings the card to show."""

    chosen = Signal(object)

    def __init__(self, cards: Sequence[Card], parent: QWidget | None = None) -> None:
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

    @property
    def marked(self) -> int:
        """The number of the section that is marked as being in view."""
        return self._group.checkedId()

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
