"""A row of joined buttons, of which at most one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class Segments(QWidget):
    """``chosen`` brings the value of the button that a person has clicked."""

    chosen = Signal(int)

    def __init__(self, values: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        self.setLayout(segments(self._group, values))

    def button(self, value: int) -> QPushButton | None:
        """The button of a value."""
        found = self._group.button(value)
        return found if isinstance(found, QPushButton) else None

    def name(self, text_of: Callable[[int], str], accessible: Callable[[str], str]) -> None:
        """Give every button its text, and its name for a screen reader that says what it does."""
        for button in self._group.buttons():
            text = text_of(self._group.id(button))
            button.setText(text)
            button.setAccessibleName(accessible(text))

    def mark(self, value: int) -> None:
        """Mark the button of a value as chosen; none where it has no button."""
        mark(self._group, value)


def segments(group: QButtonGroup, values: Sequence[int]) -> QHBoxLayout:
    """Joined buttons, by these values in ``group``; their owner gives them their texts."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    for place, value in enumerate(values):
        button = QPushButton()
        button.setCheckable(True)
        looks = {0: "segment-first", len(values) - 1: "segment-last"}
        button.setProperty("look", looks.get(place, "segment"))
        group.addButton(button, value)
        row.addWidget(button)
    group.buttonToggled.connect(lambda _button, _on: lead_tab(group))
    return row


def mark(group: QButtonGroup, value: int) -> None:
    """Mark the button of a value as chosen; none where it has no button."""
    chosen = group.button(value)
    group.setExclusive(False)  # an exclusive group cannot be without a choice
    for button in group.buttons():
        button.setChecked(button is chosen)
    group.setExclusive(True)


def lead_tab(group: QButtonGroup) -> None:
    """Let Tab come to the button that is chosen, or to the first; the arrow keys lead to the others."""
    goal = group.checkedButton() or group.buttons()[0]
    for button in group.buttons():
        policy = Qt.FocusPolicy.StrongFocus if button is goal else Qt.FocusPolicy.ClickFocus
        button.setFocusPolicy(policy)
