"""The stalls that no beat felt, as the kernel told of them: marked times of the plots of Live."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from heapq import nlargest

from PySide6.QtCore import QObject, Signal

from aios_gui.heartbeat.model.items import Event, EventKind, LiveItem, hiccup_length_ns
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.plots.history_loader import Answered, HistoryLoader, is_stale
from aios_gui.ui.plots.painting import Span

_NS = 1_000_000_000
_AGAIN_NS = 60 * _NS
_LAG_NS = 10 * _NS
"""What is younger may not be in the record yet."""
_MOST = 300
_TONE = "lateness"
"""The colour of the other stalls, those that the beat felt."""


class Stalls(QObject):
    """Reads those in view, and takes in what the feed tells. ``changed`` comes where others were read."""

    changed = Signal()

    def __init__(
        self,
        loader: HistoryLoader,
        window: TimeWindow,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._loader, self._window, self._now_ns = loader, window, now_ns
        self._events: list[Event] = []
        self._ticket = -1
        self._read_ns = 0
        loader.done.connect(self._answered)

    def look(self, items: Iterable[LiveItem]) -> bool:
        """Take in what is new in the feed; whether others are to be drawn.

        Once a minute all are read again, since the feed may leave some out.
        """
        if is_stale(self._read_ns, _AGAIN_NS, self._now_ns()):
            self.read()
        new = [each for each in items if isinstance(each, Event) and each.kind is EventKind.RESOURCE_STALL]
        return bool(new) and self._take((*self._events, *new))

    def read(self) -> None:
        """Read those of what is in view, and a span on either side; of very many the longest."""
        self._read_ns, window = self._now_ns(), self._window
        start_ns = max(0, int((window.full_start_s - window.span_s) * _NS))
        end_ns = int((window.end_s + window.span_s) * _NS)
        self._ticket = self._loader.ask(
            "stalls",
            lambda history: history.reader.longest_hiccups(start_ns, end_ns, _MOST, EventKind.RESOURCE_STALL),
        )

    def spans(self) -> tuple[Span, ...]:
        """Each as a marked time, named after what was waited for."""
        names = {
            "cpu": _("waiting for a core"),
            "io": _("waiting for the disk"),
            "memory": _("waiting for memory"),
        }
        return tuple(
            Span(
                (each.wall_ns - hiccup_length_ns(each)) / _NS,
                each.wall_ns / _NS,
                _TONE,
                names.get(str(each.facts.get("resource")), ""),
            )
            for each in self._events
        )

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Answered) and answer.ticket == self._ticket:
            young = (each for each in self._events if each.wall_ns >= self._read_ns - _LAG_NS)
            if self._take((*young, *answer.value)):
                self.changed.emit()

    def _take(self, events: Iterable[Event]) -> bool:
        by_moment = {each.wall_ns // 1000: each for each in events}  # the record keeps no finer time
        found = nlargest(_MOST, by_moment.values(), key=hiccup_length_ns)
        before, self._events = self._events, found
        return found != before
