"""Has spans analysed and compared by a child process, so that neither beat nor window feels it."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from aios_gui.history.passing import received
from aios_gui.record.model.timerange import TimeRange
from aios_gui.system.progress import progress_of
from aios_gui.text.plain import plain
from aios_gui.ui.history.words import range_text
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.widgets.own_process import Ended, OwnProcess

_log = logging.getLogger(__name__)
_KEPT = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A command that answers with ``kind``, and the spans that it is about."""

    command: str
    spans: tuple[TimeRange, ...]
    kind: Any


_Key = tuple[Question, str, int]
"""The question, the record, and up to where that reached into what is asked (ns)."""


class Worker(QObject):
    """One question at a time: a new one ends the child that works on the old one, and nothing comes of that.

    Answers are kept where they may be asked for again. One about what is past stays true; one whose span has not ended
    is true until the next beat.
    """

    began = Signal()
    progressed = Signal(float, float)
    """How far it is, 0 to 1, and about how many seconds are left."""
    answered = Signal(object)
    failed = Signal(str)
    """Why, in words."""

    def __init__(self, context: PanelContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._key: _Key | None = None
        self._keep = True
        self._kept: OrderedDict[_Key, Any] = OrderedDict()
        self.child = OwnProcess(self)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        """Whether a question is being worked on."""
        return self.child.running

    def ask(self, question: Question, keep: bool = True) -> None:
        """Have it answered, at once where the answer is known. Without ``keep`` the answer is not held."""
        self.cancel()
        self._forget_stale()
        key = question, self._record(), self._reach_ns(question)
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            self.answered.emit(known)
            return
        self._key, self._keep = key, keep
        self.began.emit()
        self.child.start([*words_of(question), "--slice", key[1], "--progress"], tells_progress=True)

    def cancel(self) -> None:
        """Drop the question that is being worked on."""
        self._key = None
        self.child.cancel()

    def close(self) -> None:
        """The program ends: leave no process behind."""
        self.cancel()
        self._kept.clear()

    def _forget_stale(self) -> None:
        for key in [key for key in self._kept if key[2] != self._reach_ns(key[0])]:
            del self._kept[key]

    def _record(self) -> str:
        history = self._context.open_history()
        history.close()
        return str(history.reader.path)

    def _reach_ns(self, question: Question) -> int:
        beat = self._context.feed.snapshot.beat
        latest_ns = beat.wall_ns if beat is not None else 0
        return min(latest_ns, max(span.end_ns for span in question.spans))

    def _on_progress(self, line: dict[str, Any]) -> None:
        made = progress_of(line)
        if made is not None:
            self.progressed.emit(made.share, made.remaining_s)

    def _on_ended(self, end: Ended) -> None:
        key, self._key = self._key, None
        if key is None:
            return
        question = key[0]
        try:
            if not end.succeeded:
                raise ValueError(end.message)
            answer = received(end.result, question.kind)
        except ValueError as error:
            _log.warning("%s failed: %s", question.command, error)
            self.failed.emit(plain(error))
            return
        if self._keep:
            self._kept[key] = answer
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.answered.emit(answer)


def words_of(question: Question) -> list[str]:
    """The question as arguments of the command line."""
    spans = [range_text(span) for span in question.spans]
    return [question.command, "--range", *spans] if len(spans) == 1 else [question.command, *spans]
