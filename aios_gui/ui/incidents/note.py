"""The note on an incident: what a person wants to remember of it, kept in the record."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from aios_gui.alerts.model.incident import NOTE_CHARACTERS, clean_note
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.ui.theme import LABEL, TEXT, S, font
from aios_gui.ui.widgets.card import muted_label, set_text

_LINES = 3


class NoteEditor(QWidget):
    """``written`` brings a note to be kept. What is being typed stays when the same incident is shown again.

    With ``remembers`` it also comes back after other incidents were shown.
    """

    written = Signal(str)
    grown = Signal()
    """What is typed can be kept or discarded now, by buttons that were not there."""

    def __init__(self, parent: QWidget | None = None, remembers: bool = False) -> None:
        super().__init__(parent)
        self._remembers = remembers
        self._typed: dict[int, str] = {}
        self._number = 0
        self._kept = ""
        self.changed_elsewhere = False
        """Something beside the text is to be kept, too."""
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self.look)
        self.text.installEventFilter(self)
        self.left = muted_label(wraps=False)
        self.keep, self.drop = QPushButton(), QPushButton()
        self.keep.clicked.connect(self._keep)
        self.drop.clicked.connect(self._drop)
        self.drop.setProperty("look", "quiet")
        below = QHBoxLayout()
        below.setSpacing(S)
        below.addWidget(self.left, 1)
        below.addWidget(self.drop)
        below.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S - 2)
        column.addWidget(self.text)
        column.addLayout(below)

    def show_note(self, number: int, note: str) -> None:
        """Show the note of an incident."""
        typed = self.text.toPlainText()
        if number != self._number:
            if self._remembers and typed != self._kept:
                self._typed[self._number] = typed
            typed = self._typed.pop(number, note)
        elif typed == self._kept:
            typed = note
        self._number, self._kept = number, note
        if self.text.toPlainText() != typed:
            self.text.setPlainText(typed)
        self.look()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.text.setFont(font(TEXT))
        self.text.setFixedHeight(QFontMetrics(self.text.font()).lineSpacing() * _LINES + 2 * S)
        self.text.setPlaceholderText(_("A note for later readers"))
        self.text.setAccessibleName(_("Note on this incident"))
        self.left.setFont(font(LABEL + 1))
        self.keep.setText(_("Keep note"))
        self.keep.setToolTip("Ctrl+Enter")
        self.drop.setText(_("Discard"))
        self.drop.setAccessibleName(_("Discard what was typed"))
        self.look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep it by keyboard."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._keep()
                return True
        return super().eventFilter(watched, event)

    def look(self) -> None:
        """Offer to keep what was changed, unless it is too long."""
        typed = self.text.toPlainText()
        over = len(typed) - NOTE_CHARACTERS
        changed = typed.strip() != self._kept or (self.changed_elsewhere and bool(typed.strip()))
        self.keep.setEnabled(changed and over <= 0)
        grows = changed and self.keep.isHidden()
        for button in (self.keep, self.drop):
            button.setVisible(changed)
        if grows:
            self.grown.emit()
        text = ""
        if over > 0:
            way = ngettext(
                "{count} character too many: a note has at most {most}",
                "{count} characters too many: a note has at most {most}",
                over,
            )
            text = way.format(count=over, most=NOTE_CHARACTERS)
        set_text(self.left, text)

    def _keep(self) -> None:
        if self.keep.isEnabled():
            note = clean_note(self.text.toPlainText())
            self._kept = note
            self.text.setPlainText(note)
            self.written.emit(note)

    def _drop(self) -> None:
        self.text.setPlainText(self._kept)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
