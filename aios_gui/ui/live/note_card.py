"""Writes or changes a note on a moment or a span of the plots: its text, from when, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from aios_gui.history.notes.model import LATEST_NS, Note
from aios_gui.history.notes.words import beyond_sentence
from aios_gui.record.model.timerange import RangeError, parse_length, parse_moment
from aios_gui.record.words import range_sentence
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.incidents.note import NoteEditor
from aios_gui.ui.theme import S
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

_S = 1_000_000_000


class NoteCard(Card):
    """``written`` brings the note as it is to be kept, ``removed`` its number; ``closed``: nothing more is wanted."""

    written = Signal(object)
    removed = Signal(object)
    closed = Signal()

    def __init__(self, now_ns: Callable[[], int] = time.time_ns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ns = now_ns
        self._note = Note(0, 0, "", 0)
        self.editor = NoteEditor()
        self.editor.written.connect(self._keep)
        self.editor.drop.clicked.connect(lambda: self.edit(self._note))
        self.start, self.length = QLineEdit(), QLineEdit()
        self._labels = (PlainLabel(), PlainLabel())
        self.wrong: QLabel = muted_label(wraps=False)
        self.wrong.setProperty("look", "critical")
        self.remove, self.leave = QPushButton(), QPushButton()
        for button in (self.remove, self.leave):
            button.setProperty("look", "quiet")
        self.remove.clicked.connect(lambda: self.removed.emit(self._note.id))
        self.leave.clicked.connect(self.closed)
        for field in (self.start, self.length):
            field.textEdited.connect(self._on_time)
            field.returnPressed.connect(self.editor.keep.click)
        self.head.addWidget(self.wrong, 1)
        self.head.addWidget(self.remove)
        self.head.addWidget(self.leave)
        times = QFormLayout()
        times.setSpacing(S)
        for label, field in zip(self._labels, (self.start, self.length), strict=True):
            label.setBuddy(field)
            times.addRow(label, field)
        row = QHBoxLayout()
        row.setSpacing(2 * S)
        row.addWidget(self.editor, 3)
        row.addLayout(times, 1)
        self.body.addLayout(row)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        for label, text in zip(self._labels, (_("From"), _("For")), strict=True):
            label.setText(text)
        self.start.setAccessibleName(_("From when the note is"))
        self.length.setAccessibleName(_("For how long the note is; empty for a moment"))
        self.length.setPlaceholderText(_("a moment, or 10 min"))
        self.remove.setText(_("Remove"))
        self.leave.setText(_("Close"))
        self.editor.retranslate()
        self.editor.text.setAccessibleName(_("Text of the note"))
        self.set_title(_("Change a note") if self._note.id else _("New note"))

    def edit(self, note: Note) -> None:
        """Show a note to be changed, or a new one, of number 0, to be written."""
        self._note = note
        self.start.setText(self._shown(note.start_ns))
        self.length.setText(_length_text(note))
        self.remove.setVisible(note.id != 0)
        self.editor.changed_elsewhere = False
        self.editor.show_note(-1, "")
        self.editor.show_note(note.id, note.text)
        set_text(self.wrong, "")
        self.retranslate()
        self.show()
        self.editor.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shown(self, wall_ns: int) -> str:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(wall_ns // _S))

    def _on_time(self) -> None:
        self.editor.changed_elsewhere = True
        set_text(self.wrong, "")
        self.editor.look()

    def _keep(self, text: str) -> None:
        try:
            start_ns, length_ns = self._times()
        except RangeError as error:
            self._refuse(range_sentence(error))
            return
        if not 0 < start_ns <= LATEST_NS:
            self._refuse(beyond_sentence())
            return
        if not text:
            self._refuse(_("The note has no text"))
            return
        written_ns = self._note.written_ns or self._now_ns()
        self.written.emit(
            Note(start_ns, min(start_ns + length_ns, LATEST_NS), text, written_ns, self._note.id)
        )

    def _refuse(self, why: str) -> None:
        set_text(self.wrong, why)
        self.editor.changed_elsewhere = True
        self.editor.look()

    def _times(self) -> tuple[int, int]:
        """From when and for how long; RangeError. What was not typed over stays to the nanosecond."""
        note, start, length = self._note, self.start.text(), self.length.text().strip()
        start_ns = (
            note.start_ns if start == self._shown(note.start_ns) else parse_moment(start, self._now_ns())
        )
        if length == _length_text(note):
            return start_ns, note.end_ns - note.start_ns
        return start_ns, parse_length(length) if length else 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _length_text(note: Note) -> str:
    return f"{(note.end_ns - note.start_ns) // _S} s" if note.is_span else ""
