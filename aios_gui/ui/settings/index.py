"""The names of the sections at the left: a click brings one into view."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import XS
from aios_gui.ui.widgets.card import Card

WIDTH_PX = 176


class SectionIndex(QWidget):
    """``chosen`` brings the card to show."""

    chosen = Signal(object)

    def __init__(self, cards: list[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = cards
        self._group = QButtonGroup(self)
        self.setFixedWidth(WIDTH_PX)
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
