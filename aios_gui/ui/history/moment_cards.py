"""A moment of the record: who ran then, what changed before, and the beats around it, beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.changes.model import Burst, bursts
from aios_gui.history.changes.words import burst_sentence
from aios_gui.record.model.timerange import TimeRange
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.moments import Moments
from aios_gui.ui.plots.history_loader import Answered, Failed, HistoryLoader
from aios_gui.ui.theme import S, Theme
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, FactTable, Row

_NS = 1_000_000_000
_BEFORE_NS = (86_400 * _NS, 14 * 86_400 * _NS)
"""How far back what changed is looked for: a day, and where nothing did, two weeks."""
_MOST_CHANGES = 5
_BEATS_BESIDE = 3
_NARROW_PX, _BEATS_PX = 1000, 344


@dataclass(frozen=True, slots=True)
class Around:
    """What is told of a moment beside who ran: changes before it, the latest first, and its beats, oldest first."""

    changes: tuple[Burst, ...]
    beats: tuple[RecordedBeat, ...]


def around(history: Any, at_ns: int) -> Around:
    """What changed before a moment, and the beats around it."""
    found: list[Burst] = []
    for back_ns in _BEFORE_NS:
        found = bursts(history.changes(TimeRange(max(0, at_ns - back_ns), at_ns + 1)))
        if found:
            break
    reach_ns = (_BEATS_BESIDE + 1) * (history.reader.intervals().at(at_ns) or _NS)
    beats = list(history.beats(TimeRange(max(0, at_ns - reach_ns), at_ns + reach_ns)))
    nearest = min(range(len(beats)), key=lambda place: abs(beats[place].wall_ns - at_ns), default=0)
    beats = beats[max(0, nearest - _BEATS_BESIDE) : nearest + _BEATS_BESIDE + 1]
    return Around(tuple(found[: -_MOST_CHANGES - 1 : -1]), tuple(beats))


class MomentCards(QWidget):
    """Opens and closes with what ``moments`` tells of who ran."""

    def __init__(
        self, moments: Moments, loader: HistoryLoader, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._moments, self._loader = moments, loader
        self._ticket = -1
        self._at_ns = 0
        self._around: Around | None = None
        self._reason = ""
        """Why neither is known, where the record could not be read."""
        self.changes, self.beats = _TableCard(theme), _TableCard(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(S + 2)
        row.addWidget(moments.who, 5)
        row.addWidget(self.changes, 4)
        row.addWidget(self.beats)
        self.beats.setFixedWidth(_BEATS_PX)
        # When it was sampled stands below the title, which stays on top where there is no table.
        who = moments.who
        who.said.setWordWrap(True)
        who.body.insertWidget(0, who.said)
        who.head.insertStretch(2, 1)
        who.body.addStretch()
        moments.opened.connect(self._open)
        moments.closed.connect(self.hide)
        loader.done.connect(self._answered)
        self.hide()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.changes.table.retranslate()
        self.beats.table.retranslate()
        self._tell()

    def _open(self, at_ns: int) -> None:
        self._at_ns, self._around, self._reason = at_ns, None, ""
        self._ticket = self._loader.ask("around", lambda history: around(history, at_ns))
        self._tell()
        self.show()

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Answered) and answer.ticket == self._ticket:
            self._around = answer.value
            self._tell()
        elif isinstance(answer, Failed) and answer.doing == "around":
            self._around, self._reason = Around((), ()), answer.reason
            self._tell()

    def _tell(self) -> None:
        known, at_ns = self._around, self._at_ns
        self.changes.set_title(_("What changed before"))
        self.beats.set_title(_("The beats around it"))
        changes = [] if known is None else [self._change_row(each) for each in known.changes]
        beats = () if known is None else known.beats
        nearest = min(beats, key=lambda each: abs(each.wall_ns - at_ns), default=None)
        self.changes.tell(
            (Column(_("Before"), right=False), Column(_("What"), right=False)),
            changes,
            self._why_none(_("Nothing that is known, in two weeks.")),
        )
        self.beats.tell(
            (Column(_("Time"), right=False), *map(Column, (_("Duration"), _("Lateness"), _("CPU")))),
            [_beat_row(each, each is nearest, _digits(beats)) for each in beats],
            self._why_none(_("No beats here.")),
        )

    def _why_none(self, sentence: str) -> str:
        """What stands in the place of a table: nothing while the answer is still to come."""
        if self._reason:
            return _("The record could not be read: {reason}").format(reason=self._reason)
        return sentence if self._around is not None else ""

    def _change_row(self, burst: Burst) -> Row:
        at_ns = burst.changes[-1].at_ns
        sentence = burst_sentence(burst)
        when = figures.clock_time(at_ns, seconds=True)
        return Fact(figures.span(self._at_ns - at_ns), tone="muted", tip=when), Fact(sentence, tip=sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.beats.setVisible(self.width() >= _NARROW_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._moments.who.closed.emit()
        else:
            super().keyPressEvent(event)


def _digits(beats: tuple[RecordedBeat, ...]) -> slice:
    """The part of a moment in full that tells these apart: the time of day, to the millisecond where it must be."""
    seconds = {beat.wall_ns // _NS for beat in beats}
    return slice(11, 19 if len(seconds) == len(beats) else None)


def _beat_row(beat: RecordedBeat, strong: bool, digits: slice) -> Row:
    texts = (
        figures.moment(beat.wall_ns)[digits],
        figures.duration(beat.duration_ns),
        figures.duration(beat.lateness_ns),
        figures.percent(beat.cpu_percent),
    )
    return tuple(Fact(text, strong=strong) for text in texts)


class _TableCard(Card):
    """A title and a table, or a word why there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = FactTable(theme)
        self.said = muted_label()
        self.head.addStretch(1)
        self.body.addWidget(self.said)
        self.body.addWidget(self.table)
        self.body.addStretch()

    def tell(self, columns: tuple[Column, ...], rows: list[Row], otherwise: str) -> None:
        """Show the rows, or say ``otherwise``."""
        self.table.setAccessibleName(self.title.text())
        set_text(self.said, "" if rows else otherwise)
        self.said.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.table.show_facts(columns, rows)
