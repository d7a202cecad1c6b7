"""A row of a card that does something: what it is, what it means, and the buttons at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from aios_gui.ui.settings.search import finds
from aios_gui.ui.theme import LABEL, TEXT, M, S, font
from aios_gui.ui.widgets.card import muted_label


class ActionRow(QWidget):
    """Its owner gives it its words and connects its buttons."""

    def __init__(self, *buttons: QPushButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = buttons
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.help = muted_label()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.name)
        texts.addWidget(self.help)
        row = QHBoxLayout(self)
        row.setContentsMargins(M, S, 0, S)
        row.setSpacing(S)
        row.addLayout(texts, 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def say(self, name: str, help_text: str) -> None:
        """Give it its words."""
        self.name.setFont(font(TEXT))
        self.help.setFont(font(LABEL + 1))
        self.name.setText(name)
        self.help.setText(help_text)

    def matches(self, query: str) -> bool:
        """Whether a search finds it."""
        return finds(query, self.name.text(), self.help.text(), *(button.text() for button in self.buttons))
