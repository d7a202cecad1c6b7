"""A card with one finding: a sentence, a picture of it, the same as a table; each can be copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, FactTable, Row
from aios_gui.ui.widgets.figure_copy import copy_picture, copy_words


class FindingCard(Card):
    """``picture`` is shown until *Table* is asked for; a card without one is a sentence and its table.

    Subclasses set ``name`` in ``retranslate`` and call ``tell``.
    """

    def __init__(self, theme: Theme, picture: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = picture
        self._picture_policy = QSizePolicy.Policy.Preferred
        if picture is not None:
            self._picture_policy = picture.sizePolicy().verticalPolicy()
        self.sentence = muted_label()
        self.table = FactTable(theme)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.as_table = QPushButton()
        self.as_table.setCheckable(True)
        self.as_table.setProperty("look", "chip")
        self.as_table.setVisible(picture is not None)
        self.more = QPushButton()
        self.more.setProperty("look", "chip")
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.head.addStretch(1)
        self.head.addWidget(self.as_table)
        self.head.addWidget(self.more)
        self.body.addWidget(self.sentence)
        self.pages = QStackedWidget()
        if picture is not None:
            self.pages.addWidget(picture)
            self.as_table.toggled.connect(self._turn)
        self.pages.addWidget(self.table)
        self._turn(False)
        self.body.addWidget(self.pages, 1)

    def _turn(self, to_table: bool) -> None:
        """Show the table or the picture; the card is as high as that asks for."""
        if self.picture is None:
            return
        self.pages.setCurrentIndex(int(to_table))
        for page, is_shown in ((self.picture, not to_table), (self.table, to_table)):
            policy = page.sizePolicy()
            keep = QSizePolicy.Policy.Expanding if page is self.table else self._picture_policy
            policy.setVerticalPolicy(keep if is_shown else QSizePolicy.Policy.Ignored)
            page.setSizePolicy(policy)

    def add_choice(self, count: int, changed: Callable[[int], None]) -> QButtonGroup:
        """Buttons of which one is chosen, at the right of the head; their texts are set in ``retranslate``."""
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(0)
        for place in range(count):
            button = QPushButton()
            button.setCheckable(True)
            button.setProperty("look", "chip")
            group.addButton(button, place)
            row.addWidget(button)
        group.button(0).setChecked(True)
        group.idClicked.connect(changed)
        self.head.insertLayout(self.head.indexOf(self.as_table), row)
        return group

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.as_table.setText(_("Table"))
        self.as_table.setToolTip(_("Show the figures as a table instead of a picture"))
        self.as_table.setAccessibleDescription(self.as_table.toolTip())
        self.more.setText(_("Copy"))
        self.more.setAccessibleName(_("Copy: {card}").format(card=self.title.text()))
        self.menu.clear()
        self.menu.addAction(_("Copy as picture"), self.copy_picture)
        self.menu.addAction(_("Copy as text"), self.copy_words)
        self.table.setAccessibleName(self.title.text())
        self.table.retranslate()
        if self.picture is not None:
            self.picture.setAccessibleName(self.title.text())

    def tell(self, sentence: str, columns: tuple[Column, ...] = (), rows: Sequence[Row] = ()) -> None:
        """Say a sentence, which is also what a screen reader says of the picture, and fill the table."""
        set_text(self.sentence, sentence)
        self.sentence.setVisible(bool(sentence))
        if self.picture is not None:
            self.picture.setAccessibleDescription(sentence)
        self.table.show_facts(columns, rows)
        self.pages.setVisible(bool(rows) or self.picture is not None)

    def copy_picture(self) -> None:
        """Put a picture of the card on the clipboard."""
        copy_picture(self)

    def copy_words(self) -> None:
        """Put the title, the sentence and the table on the clipboard."""
        copy_words(self, self.as_text())

    def as_text(self) -> str:
        """The card in words: title, sentence, and the table with tabs between the figures."""
        parts = [self.title.text(), self.sentence.text().replace("\u00a0", " ")]
        if self.table.facts.rows:
            parts.append(self.table.as_text())
        return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"
