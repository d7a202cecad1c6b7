"""Who ran at a moment, as a small card below the plots: five programs and when that was sampled, or why not known."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from aios_gui.history.who_ran.model import FOREMOST, Ran, WhoAnswer, by_memory
from aios_gui.history.who_ran.words import (
    data_rate,
    not_known_sentence,
    program_name,
    sampled_phrase,
    started_by,
    summary,
)
from aios_gui.instance.words import gap_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row
from aios_gui.ui.widgets.spoken import say_aloud


class WhoCard(Card):
    """Hidden until ``ask_for``; ``show_answer`` fills it. Escape closes it."""

    closed = Signal()
    note_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at_ns = 0
        """The moment that it tells of (wall)."""
        self._by_memory = False
        self._answer: WhoAnswer | None = None
        self._with_lines = False
        self.said = muted_label(wraps=False)
        self.table = FactTable(theme)
        self.note, self.leave = QPushButton(), QPushButton()
        for button, signal in ((self.note, self.note_asked), (self.leave, self.closed)):
            button.setProperty("look", "quiet")
            button.clicked.connect(signal)
        self.head.addWidget(self.said, 1)
        self.head.addWidget(self.note)
        self.head.addWidget(self.leave)
        self.body.addWidget(self.table)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.note.setText(_("Write a note"))
        self.leave.setText(_("Close"))
        self.leave.setAccessibleName(_("Close what ran then"))
        self.table.retranslate()
        self._tell()

    def ask_for(self, at_ns: int, by_memory: bool) -> None:
        """Show the moment that is asked for; the programs come with the answer, most memory first if so."""
        self.at_ns, self._by_memory, self._answer = at_ns, by_memory, None
        self._tell()
        self.show()

    def show_answer(self, answer: WhoAnswer, with_lines: bool) -> None:
        """Fill it, and read it out; command lines only ``with_lines``."""
        self._answer, self._with_lines = answer, with_lines
        self._tell()
        told = _("{title}: {sentence}").format(
            title=self.title.text(), sentence=summary(answer, self._programs(), gap_sentence)
        )
        self.setAccessibleDescription(told)
        say_aloud(self, told)

    def show_failure(self, reason: str) -> None:
        """Say that the record could not be read."""
        set_text(self.said, _("The record could not be read: {reason}").format(reason=reason))

    def _programs(self) -> tuple[Ran, ...]:
        sample = self._answer.sample if self._answer is not None else None
        found = sample.programs if sample is not None else ()
        return tuple(by_memory(found) if self._by_memory else found)[:FOREMOST]

    def _tell(self) -> None:
        answer = self._answer
        self.set_title(_("Who ran at {time}").format(time=figures.clock_time(self.at_ns, seconds=True)))
        said = ""
        if answer is not None and answer.sample is not None:
            said = sampled_phrase(answer.sample, answer.at_ns)
        elif answer is not None:
            said = not_known_sentence(answer, gap_sentence)
        set_text(self.said, said)
        columns = (
            Column(_("Program"), right=False),
            Column(_("CPU")),
            Column(_("Memory")),
            Column(_("Disk")),
            Column(_("Started by"), right=False),
        )
        self.table.setAccessibleName(self.title.text())
        self.table.setVisible(answer is None or answer.sample is not None)
        self.table.show_facts(columns, [self._row(each) for each in self._programs()])

    def _row(self, ran: Ran) -> Row:
        return (
            Fact(program_name(ran), tip=ran.command_line if self._with_lines else "", strong=True),
            Fact(figures.percent(ran.cpu_percent)),
            Fact(figures.size(ran.memory_bytes)),
            Fact(data_rate(ran.io_bytes_per_s)),
            Fact(started_by(ran), tone="muted"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
