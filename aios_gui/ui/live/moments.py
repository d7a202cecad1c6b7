"""What Live tells of a moment and what is noted on it: the cards below the plots, and the marks of notes in them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from aios_gui.alerts.settings import keeps_command_lines
from aios_gui.history.notes.model import Note
from aios_gui.history.notes.words import first_line, when_phrase
from aios_gui.instance.commands import EditNote, KeepNote, RemoveNote
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.note_card import NoteCard
from aios_gui.ui.live.who_card import WhoCard
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.plots.history_loader import Answered, Failed, HistoryLoader, is_stale
from aios_gui.ui.plots.moment_plots import MomentPlots
from aios_gui.ui.plots.painting import Span

_NS = 1_000_000_000
_MOST_NOTES = 300
_AGAIN_NS = 10 * _NS
_WRITTEN_MS = 700
"""After a note was sent off, the record has it by then."""


class Moments(QObject):
    """Answers what is asked of a moment of the plots. ``changed`` comes where other notes are to be drawn."""

    changed = Signal()
    opened = Signal(object)
    """It is told who ran at this moment (wall, ns)."""
    closed = Signal()

    def __init__(
        self,
        context: PanelContext,
        loader: HistoryLoader,
        plots: MomentPlots,
        span_s: Callable[[], tuple[float, float]],
        now_ns: Callable[[], int] = time.time_ns,
        parent: QObject | None = None,
    ) -> None:
        """``span_s``: from when to when the plots show, s since the epoch."""
        super().__init__(parent)
        self._context, self._loader, self._plots, self._span_s = context, loader, plots, span_s
        self._now_ns = now_ns
        self._of_slice = context.controller.slice_file is not None
        self.who, self.note = WhoCard(context.theme), NoteCard(now_ns)
        self.notes: tuple[Note, ...] = ()
        self._who_ticket = self._notes_ticket = -1
        self._read_ns = 0
        self._asked_from: QWidget | None = None
        self._written = QTimer(self, singleShot=True, interval=_WRITTEN_MS)
        self._written.timeout.connect(self.read)
        plots.moment_asked.connect(self.show_who)
        plots.note_asked.connect(self.edit_note)
        plots.note_wanted.connect(self.write_note)
        plots.marked_changed.connect(self.changed)
        plots.leave_asked.connect(self._leave)
        plots.live_asked.connect(self.who.hide)
        self.who.closed.connect(self.close)
        self.who.note_asked.connect(lambda: self._write_on(self.who.at_ns, self.who.at_ns))
        self.note.closed.connect(self.close)
        self.note.written.connect(self._keep)
        self.note.removed.connect(self._remove)
        self.who.note.setHidden(self._of_slice)
        loader.done.connect(self._answered)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.who.retranslate()
        self.note.retranslate()

    def stop(self) -> None:
        """Ask for nothing more for now."""
        self._written.stop()

    def spans(self) -> tuple[Span, ...]:
        """The notes as marks of the plots, and what a person has marked."""
        marked = self._plots.marked
        return (
            *((Span(*marked, "accent"),) if marked is not None else ()),
            *self._note_spans(),
        )

    def _note_spans(self) -> tuple[Span, ...]:
        return tuple(
            Span(
                each.start_ns / _NS,
                each.end_ns / _NS,
                "accent",
                first_line(each),
                f"{when_phrase(each)}\n{each.text}",
                each.id,
            )
            for each in self.notes
        )

    def look(self) -> None:
        """Read the notes again now and then: others may write some."""
        if is_stale(self._read_ns, _AGAIN_NS, self._now_ns()):
            self.read()

    def read(self) -> None:
        """Read the notes of what is in view, and a span on either side."""
        self._read_ns, (start_s, end_s) = self._now_ns(), self._span_s()
        start_ns = int((2 * start_s - end_s) * _NS)
        end_ns = int((2 * end_s - start_s) * _NS)
        self._notes_ticket = self._loader.ask(
            "notes", lambda history: tuple(history.notes(TimeRange(max(0, start_ns), end_ns), _MOST_NOTES))
        )

    def show_who(self, at_s: float, quantity: str = "") -> None:
        """Tell who ran then, by the plot of a quantity."""
        at_ns = int(at_s * _NS)
        self._asked_from = self._plots.focused_plot() or self._asked_from
        self.note.hide()
        self.who.ask_for(at_ns, by_memory=quantity == "memory")
        self._who_ticket = self._loader.ask("who", lambda history: history.who_at(at_ns))
        self.opened.emit(at_ns)

    def write_note(self) -> None:
        """Have a new note written on the span that is marked, on the moment that is read, or on the newest one."""
        at_s = self._plots.moment_read()
        at_s = self._span_s()[1] if at_s is None else at_s
        start_s, end_s = self._plots.marked or (at_s, at_s)
        self._write_on(int(start_s * _NS), int(end_s * _NS))

    def _write_on(self, start_ns: int, end_ns: int) -> None:
        self._open(Note(start_ns, end_ns, "", 0))

    def edit_note(self, number: int) -> None:
        """Have a note changed, where it is still known."""
        found = next((each for each in self.notes if each.id == number), None)
        if found is not None:
            self._open(found)

    def _open(self, note: Note) -> None:
        if self._of_slice:
            return  # it is looked at and not changed
        self._asked_from = self._plots.focused_plot() or self._asked_from
        self.who.hide()
        self.closed.emit()
        self.note.edit(note)

    def fill(self, menu: QMenu, quantity: str, at_s: float | None) -> None:
        """What can be asked of the moment that is read, and of the notes beside it."""
        if at_s is None:
            return
        menu.addAction(_("Who ran then"), lambda: self.show_who(at_s, quantity))
        if self._of_slice:
            return
        menu.addAction(_("Write a note…"), self.write_note)
        for span in self._plots.notes_read():
            text = _("Change the note “{text}”…").format(text=span.name[:40])
            menu.addAction(text.replace("&", "&&"), partial(self.edit_note, span.note))

    def _keep(self, note: Note) -> None:
        if note.id:
            length_ns = note.end_ns - note.start_ns
            self._context.controller.send(EditNote(note.id, note.text, note.start_ns, length_ns))
            self.notes = tuple(note if each.id == note.id else each for each in self.notes)
        else:
            note = replace(note, written_ns=self._now_ns())
            self._context.controller.send(KeepNote(note.text, note.start_ns, note.end_ns, note.written_ns))
            self.notes = (*self.notes, note)
        self._sent()

    def _remove(self, number: int) -> None:
        self._context.controller.send(RemoveNote(number))
        self.notes = tuple(each for each in self.notes if each.id != number)
        self._sent()

    def _sent(self) -> None:
        """Shown at once; the record has it a moment later."""
        self.close()
        self._plots.mark(None)
        self.changed.emit()
        self._written.start()

    def _leave(self) -> None:
        if not (self.who.isHidden() and self.note.isHidden()):
            self.close()
        elif self._plots.marked is not None:
            self._plots.mark(None)
        else:
            self._plots.point_at(None)

    def close(self) -> None:
        """Tell of no moment any more."""
        self.who.hide()
        self.note.hide()
        self.closed.emit()
        if self._asked_from is not None:
            self._asked_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Answered) and answer.ticket == self._who_ticket:
            self.who.show_answer(answer.value, keeps_command_lines(self._context.settings()))
        elif isinstance(answer, Failed) and answer.doing == "who":
            self.who.show_failure(answer.reason)
        elif isinstance(answer, Answered) and answer.ticket == self._notes_ticket:
            self._take_notes(answer.value)

    def _take_notes(self, found: tuple[Note, ...]) -> None:
        # What was sent off a moment ago may not be in the record yet.
        if found != self.notes and not self._written.isActive():
            self.notes = found
            self.changed.emit()
