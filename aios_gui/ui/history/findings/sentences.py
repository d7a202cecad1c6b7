"""A list of sentences, each with a mark before it and, smaller, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from aios_gui.text.plain import paragraph
from aios_gui.ui.theme import TEXT, XS, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.dot import Dot, Mark
from aios_gui.ui.widgets.plain_label import PlainLabel

_DOT_DOWN_PX = 4
"""So that a mark stands at the middle of the first line."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, how much it matters, and what it rests on, "" for nothing."""

    text: str
    mark: Mark = Mark.NONE
    basis: str = ""


class Sentences(QWidget):
    """Its labels are made once and used again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        # Or else it is as high as if every sentence wrapped at its narrowest.
        self.setMinimumHeight(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(S)
        self._grid.setVerticalSpacing(XS)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[Dot, QLabel, QLabel]] = []
        self.sentences: tuple[Sentence, ...] = ()

    def show_sentences(self, sentences: Sequence[Sentence]) -> None:
        """Say these instead."""
        self.sentences = tuple(sentences)
        while len(self._lines) < len(sentences):
            self._add()
        for place, (dot, label, basis) in enumerate(self._lines):
            each = sentences[place] if place < len(sentences) else None
            for widget in (dot, label):
                widget.setVisible(each is not None)
            basis.setVisible(each is not None and bool(each.basis))
            if each is not None:
                label.setFont(font(TEXT))
                dot.show_mark(each.mark)
                set_text(label, each.text)
                set_text(basis, each.basis)

    def as_text(self) -> str:
        """The sentences, a line each."""
        return "\n".join(paragraph((each.text, each.basis)) for each in self.sentences)

    def _add(self) -> None:
        row = 2 * len(self._lines)
        dot, label, basis = Dot(self._theme), PlainLabel(), muted_label()
        label.setWordWrap(True)
        holder = QVBoxLayout()
        holder.addSpacing(_DOT_DOWN_PX)
        holder.addWidget(dot)
        holder.addStretch(1)
        self._grid.addLayout(holder, row, 0)
        self._grid.addWidget(label, row, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(basis, row + 1, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(row + 2, 1)
        self._lines.append((dot, label, basis))
