"""Reads for History, off the GUI's thread: where the record reaches, what stands on the strip, what the plots draw."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.ui.history.span_state import LEAST_NS, SpanState
from aios_gui.ui.history.strip import Overview
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.plots.history_loader import Answered, Failed, HistoryLoader

_NS = 1_000_000_000
_LOOK_MS = 1_000
_OVERVIEW_NS = 600 * _NS
"""How often the strip is read again."""
_MOST_STRIP_GAPS = 2_000


class HistorySource(QObject):
    """Looks at the feed once a second between ``start`` and ``stop``, and moves a live span on with it."""

    known = Signal(object, bool)
    """The ``TimeRange`` of the record; whether it was not known before."""
    overview_read = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        context: PanelContext,
        state: SpanState,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._state, self._now_ns = context, state, now_ns
        self._loader = HistoryLoader(context.open_history, self)
        self._limits_ticket = self._overview_ticket = -1
        self._overview_ns = 0
        self.is_known = False
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)
        self._loader.done.connect(self._answered)

    def start(self) -> None:
        """Look at the record, and from now on once a second at what is new."""
        self._timer.start()
        self._limits_ticket = self._loader.ask("limits", lambda history: history.reader.span())

    def stop(self) -> None:
        """Look no more for now."""
        self._timer.stop()

    def close(self) -> None:
        """For good."""
        self._timer.stop()
        self._loader.close()

    def look(self) -> None:
        """Let a live span go on."""
        now_ns = self._now_ns()
        if self.is_known and now_ns - self._overview_ns > _OVERVIEW_NS:
            self._read_overview()

    def _read_overview(self) -> None:
        self._overview_ns = self._now_ns()
        self._overview_ticket = self._loader.ask("overview", overview_of)

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Failed):
            self.failed.emit(answer)
        elif isinstance(answer, Answered) and answer.ticket == self._limits_ticket:
            self._take_limits(answer.value)
        elif isinstance(answer, Answered) and answer.ticket == self._overview_ticket:
            self.overview_read.emit(answer.value)

    def _take_limits(self, limits: tuple[int, int] | None) -> None:
        now_ns = self._now_ns()
        first_ns, last_ns = limits or (now_ns - LEAST_NS, now_ns)
        end_ns = last_ns + 1000  # with the last beat
        first, self.is_known = not self.is_known, True
        self.known.emit(TimeRange(min(first_ns, end_ns - LEAST_NS), end_ns), first)
        self._read_overview()


def overview_of(history: Any) -> Overview:
    """What stands on the strip."""
    gaps = [
        (min(each.start_ns, each.end_ns) / _NS, each.end_ns / _NS)
        for each in history.reader.gaps(0, END_OF_TIME_NS)
    ]
    longest = sorted(gaps, key=lambda each: each[0] - each[1])[:_MOST_STRIP_GAPS]
    return Overview(gaps=tuple(sorted(longest)))
