"""The stalls that no beat felt, as the kernel told of them: marked times of the plots of Live."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.plots.history_loader import Answered, HistoryLoader, is_stale
from aios_gui.ui.plots.painting import Span

_NS = 1_000_000_000
_AGAIN_NS = 5 * _NS
_MOST = 300
_TONE = "lateness"
"""The colour of the other stalls, those that the beat felt."""


class Stalls(QObject):
    """Reads those in view, and again now and then. ``changed`` comes where others are to be drawn."""

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
        self._events: tuple[Event, ...] = ()
        self._ticket = -1
        self._read_ns = 0
        loader.done.connect(self._answered)

    def look(self) -> None:
        """Read them again, where it is time to."""
        if is_stale(self._read_ns, _AGAIN_NS, self._now_ns()):
            self.read()

    def read(self) -> None:
        """Read those of what is in view, and a span on either side; of very many the longest."""
        self._read_ns, window = self._now_ns(), self._window
        start_ns = max(0, int((window.full_start_s - window.span_s) * _NS))
        end_ns = int((window.end_s + window.span_s) * _NS)
        self._ticket = self._loader.ask(
            "stalls", lambda history: tuple(history.reader.events(start_ns, end_ns, EventKind.RESOURCE_STALL))
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
            found = tuple(sorted(answer.value, key=hiccup_length_ns)[-_MOST:])
            if found != self._events:
                self._events = found
                self.changed.emit()
