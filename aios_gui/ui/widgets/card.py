"""A card of a panel: its title, what can be done at the right of it, and its body."""

from __future__ import annotations

from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from aios_gui.text.figures import with_units_kept
from aios_gui.ui.theme import LABEL, TEXT, M, S, font
from aios_gui.ui.widgets.plain_label import PlainLabel

_HEAD_PX = 30


class Card(QFrame):
    """Subclasses fill ``head``, after the title, and ``body``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.title = PlainLabel()
        self.head = QHBoxLayout()
        self.head.setSpacing(S)
        self.head.addStrut(_HEAD_PX)  # so that the titles of cards beside each other are on one line
        self.head.addWidget(self.title)
        self.body = QVBoxLayout()
        self.body.setSpacing(S)
        self.body.setContentsMargins(0, 0, 0, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(M + 2, S, M + 2, S + 2)
        whole.setSpacing(S - 2)
        whole.addLayout(self.head)
        whole.addLayout(self.body, 1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Whatever a card shows can be copied."""
        from aios_gui.ui.widgets.figure_copy import fill_copies  # whose table is made of cards' parts

        menu = QMenu(self)
        fill_copies(menu, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def set_title(self, text: str) -> None:
        """Set the title, which is also the name that a screen reader gives the card."""
        self.title.setFont(font(TEXT, strong=True))
        self.title.setText(text)
        self.setAccessibleName(text)


def muted_label(wraps: bool = True) -> QLabel:
    """Small, quiet text; plain, whatever stands in it."""
    label = PlainLabel()
    label.setProperty("look", "muted")
    label.setFont(font(LABEL + 1))
    label.setWordWrap(wraps)
    if wraps:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def set_text(label: QLabel, text: str) -> None:
    """Set a label's text, where it is another one: each setting lays the window out again.

    Where it wraps, a figure is kept together with its unit.
    """
    if label.wordWrap():
        text = with_units_kept(text)
    if label.text() != text:
        label.setText(text)
        label.setAccessibleName(text)


def set_look(widget: QWidget, look: str) -> None:
    """Put on another look of the stylesheet."""
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
