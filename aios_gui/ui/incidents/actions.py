"""What was done about an incident: each action with its state, what it said, and how to take it back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from aios_gui.alerts.model.action import ActionResult, ActionState
from aios_gui.alerts.words.incidents import action_detail, action_name, action_state, can_take_back
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import LABEL, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.dot import Dot, Mark
from aios_gui.ui.widgets.plain_label import PlainLabel

_MARKS = {
    ActionState.WAITING: Mark.WAITING,
    ActionState.RUNNING: Mark.RUNNING,
    ActionState.DONE: Mark.FINE,
    ActionState.PASSED_ON: Mark.FINE,
    ActionState.FAILED: Mark.FAILED,
    ActionState.REFUSED: Mark.WARNING,
    ActionState.TIMED_OUT: Mark.WARNING,
    ActionState.UNDONE: Mark.NONE,
}


class ActionRow(QWidget):
    """One action; ``undo_asked`` brings it as it stands in the settings."""

    undo_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, of_slice: bool = False) -> None:
        super().__init__(parent)
        self._of_slice = of_slice
        self.dot = Dot(theme)
        self.name = PlainLabel()
        self.state = muted_label(wraps=False)
        self.output = muted_label()
        self.undo = QPushButton()
        self.undo.clicked.connect(self._on_undo)
        self._result = ActionResult("", ActionState.WAITING)
        self._asked: ActionResult | None = None
        first = QHBoxLayout()
        first.setSpacing(S)
        first.addWidget(self.dot)
        first.addWidget(self.name)
        first.addStretch(1)
        first.addWidget(self.state)
        first.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self.output)
        self.output.setIndent(self.dot.width() + S)  # below the name

    def show_result(self, result: ActionResult) -> None:
        """Show how far it is and what came of it."""
        self._result = result
        name, state = action_name(result.action), action_state(result.state)
        at = figures.clock_time(result.at_ns, seconds=True) if result.at_ns else ""
        self.dot.show_mark(_MARKS[result.state])
        self.name.setFont(font(LABEL + 1))
        self.state.setFont(font(LABEL + 1))
        self.output.setFont(font(LABEL + 1))
        set_text(self.name, name)
        set_text(self.state, " · ".join(part for part in (state, at) if part))
        detail = action_detail(result)
        set_text(self.output, detail)
        self.output.setVisible(bool(detail))
        self.undo.setText(_("Undo"))
        self.undo.setAccessibleName(_("Undo: {action}").format(action=name))
        self.undo.setVisible(can_take_back(result) and not self._of_slice)
        self.undo.setEnabled(result != self._asked)
        self.setAccessibleName(": ".join(part for part in (name, state, detail) if part))

    def _on_undo(self) -> None:
        # Until it says what came of it, it is not asked again.
        self._asked = self._result
        self.undo.setEnabled(False)
        self.undo_asked.emit(self._result.action)


class ActionList(QWidget):
    """Rows are kept and filled again, so that nothing flickers."""

    undo_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, of_slice: bool = False) -> None:
        super().__init__(parent)
        self._theme, self._of_slice = theme, of_slice
        self._shown: tuple[ActionResult, ...] = ()
        self.rows: list[ActionRow] = []
        self.title = PlainLabel()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S - 2)
        self._column.addWidget(self.title)
        self.hide()

    def show_results(self, results: tuple[ActionResult, ...]) -> None:
        """Show these; nothing where there are none."""
        if results == self._shown:
            return
        self._shown = results
        while len(self.rows) < len(results):
            row = ActionRow(self._theme, self, self._of_slice)
            row.undo_asked.connect(self.undo_asked)
            self.rows.append(row)
            self._column.addWidget(row)
        for row, result in zip(self.rows, results, strict=False):
            row.show_result(result)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(results))
        self.setVisible(bool(results))

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.title.setFont(font(LABEL + 1, strong=True))
        self.title.setText(_("What was done"))
        shown, self._shown = self._shown, ()
        self.show_results(shown)
