"""A row of a checklist: how a step is by its mark, what it is called, its figure, and below what it found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import TEXT, XS, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.dot import Dot, Mark
from aios_gui.ui.widgets.plain_label import PlainLabel

MARKS = {
    StepState.WAITING: Mark.WAITING,
    StepState.RUNNING: Mark.RUNNING,
    StepState.DONE: Mark.FINE,
    StepState.FAILED: Mark.FAILED,
}
_LEAST_PX, _MOST_PX = 23, 38


class StepRow(QFrame):
    """Nothing is touched where it says the same already."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[object, ...] = ()
        self.dot = Dot(theme)
        self.title = PlainLabel()
        self.figure = PlainLabel()
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.detail = muted_label()
        self.detail.setContentsMargins(0, 0, 0, XS)
        self.detail.hide()
        line = QFrame()
        line.setProperty("look", "hairline")
        line.setFixedHeight(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(S)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.dot, 0, 0)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.figure, 0, 2)
        grid.addWidget(self.detail, 1, 1, 1, 2)
        grid.addWidget(line, 2, 0, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)
        self.setMinimumHeight(_LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_state(self, mark: Mark, title: str, figure: str, detail: str, state: str) -> None:
        """Say how a step is; ``state`` is its state in a word, for who cannot see the mark."""
        shown = (mark, title, figure, detail, state)
        if shown == self._shown:
            return
        self._shown = shown
        self.dot.show_mark(mark)
        self.title.setFont(font(TEXT))
        self.figure.setFont(font(TEXT))
        set_text(self.title, title)
        set_text(self.figure, figure)
        set_text(self.detail, detail)
        self.detail.setVisible(bool(detail))
        self.setMaximumHeight(16_777_215 if detail else _MOST_PX)
        described = _(", ").join(dict.fromkeys(part for part in (state, figure, detail) if part))
        self.setAccessibleName(_("{step}: {state}").format(step=title, state=described))
