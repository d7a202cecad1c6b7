"""Reads for History, off the GUI's thread: where the record reaches, what stands on the strip, what the plots draw."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from aios_gui.history.changes.record_reader import changes_by_slot
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.ui.history.scene import Scene, scene_of
from aios_gui.ui.history.span_state import LEAST_NS, SpanState, first_span
from aios_gui.ui.history.strip import Overview, StripDay
from aios_gui.ui.history.words import day_sentence
from aios_gui.ui.panel import PanelContext
from aios_gui.ui.plots.history_loader import Answered, Failed, HistoryLoader, is_stale

_NS = 1_000_000_000
_DAY_NS = 86_400 * _NS
_LOOK_MS = 1_000
_OVERVIEW_NS = 600 * _NS
"""How often the strip, and the record behind the plots, is read again."""
_AGAIN_S = 10.0
"""How long until what could not be read is asked for again."""
_LEAST_STEP_NS = 10 * _NS
_MOST_STRIP_GAPS, _MOST_STRIP_MARKS = 2_000, 1_000
_COARSE_PIXELS = 400
_FIRST_PIXELS = 560
"""For a window of the usual width, which is not known yet."""
_REST_MS = 120
"""How long the brush has to rest, while it is dragged, before the span is read: reading takes turns with painting, and
a beat would have to wait for both."""


class HistorySource(QObject):
    """Looks at the feed once a second between ``start`` and ``stop``, and moves a live span on with it.

    A span that stands still is read once.
    """

    known = Signal(object, bool)
    """The ``TimeRange`` of the record; whether it was not known before."""
    overview_read = Signal(object)
    scene_read = Signal(object)
    """The ``Scene`` of the span."""
    whole_read = Signal(object)
    """The ``Scene`` of the whole record, drawn coarsely."""
    failed = Signal(object)

    def __init__(
        self,
        context: PanelContext,
        state: SpanState,
        pixels: Callable[[], int],
        now_ns: Callable[[], int] = time.time_ns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._state, self._pixels, self._now_ns = context, state, pixels, now_ns
        self._loader = HistoryLoader(context.open_history, self)
        self._tickets = dict.fromkeys(("limits", "overview", "whole", "scene"), -1)
        self._overview_ns = 0
        self._again_s = inf
        """When to ask again for what could not be read, by the monotonic clock."""
        self._read: tuple[TimeRange, int] | None = None
        self._scene: Scene | None = None
        """What was read with the limits, while these are told."""
        self.is_known = False
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)
        self._loader.done.connect(self._answered)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.read)
        state.moved.connect(self._rest.start)
        state.changed.connect(self.read)

    def read_first(self) -> None:
        """Read where the record reaches, and already what is shown of it at first."""
        now_ns = self._now_ns()

        def read(history: Any) -> tuple[tuple[int, int] | None, Scene | None]:
            limits = history.reader.span()
            if limits is None:
                return None, None
            return limits, scene_of(history, first_span(_whole_of(limits, now_ns)), _FIRST_PIXELS, now_ns)

        self._tickets["limits"] = self._loader.ask("limits", read)

    def start(self) -> None:
        """Look at the record, and from now on once a second at what is new."""
        self._timer.start()
        if self._tickets["limits"] < 0:
            self._tickets["limits"] = self._loader.ask(
                "limits", lambda history: (history.reader.span(), None)
            )

    def stop(self) -> None:
        """Look no more for now."""
        self._timer.stop()
        self._rest.stop()

    def close(self) -> None:
        """For good."""
        self.stop()
        self._loader.close()

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked for has come."""
        return not any(ticket >= 0 for ticket in self._tickets.values())

    def look(self) -> None:
        """Let the record, and a live span, go on by a pixel at least."""
        beat, whole, state = self._context.feed.snapshot.beat, self._state.whole, self._state
        if time.monotonic() >= self._again_s:
            self._again_s = inf
            self.read(again=True)
            if not self.is_known:
                self.start()
        if not self.is_known:
            return
        step_ns = max(_LEAST_STEP_NS, state.length_ns // (2 * self._pixels()))
        if beat is not None and beat.wall_ns + 1000 - whole.end_ns >= step_ns:
            self.known.emit(TimeRange(whole.start_ns, beat.wall_ns + 1000), False)
        if is_stale(self._overview_ns, _OVERVIEW_NS, self._now_ns()):
            self._read_overview()

    def read(self, again: bool = False) -> None:
        """Read the span for the plots, where it is another one than was read, or ``again``."""
        self._rest.stop()
        wanted = self._state.span, self._pixels()
        if not self.is_known or (wanted == self._read and again is not True):
            return
        self._read = wanted
        if self._scene is not None and self._scene.span == wanted[0] and _is_near(wanted[1], _FIRST_PIXELS):
            self._tickets["scene"] = -1  # what is still being read is of another span
            self.scene_read.emit(self._scene)
            return
        now_ns = self._now_ns()
        self._tickets["scene"] = self._loader.ask_latest(
            "scene", lambda history: scene_of(history, *wanted, now_ns)
        )

    def _read_overview(self) -> None:
        now_ns = self._overview_ns = self._now_ns()
        whole = self._state.whole
        self._tickets["overview"] = self._loader.ask_latest("overview", overview_of)
        self._tickets["whole"] = self._loader.ask_latest(
            "whole", lambda history: scene_of(history, whole, _COARSE_PIXELS, now_ns)
        )

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Failed):
            self._tickets[answer.doing] = -1
            self._again_s = time.monotonic() + _AGAIN_S
            self.failed.emit(answer)
        elif isinstance(answer, Answered):
            doing = next((name for name, ticket in self._tickets.items() if ticket == answer.ticket), "")
            if not doing:
                return
            self._tickets[doing] = -1
            if doing == "limits":
                self._take_limits(*answer.value)
            else:
                told = {"overview": self.overview_read, "whole": self.whole_read, "scene": self.scene_read}
                told[doing].emit(answer.value)

    def _take_limits(self, limits: tuple[int, int] | None, scene: Scene | None) -> None:
        whole = _whole_of(limits, self._now_ns())
        end_ns = max(whole.end_ns, self._state.whole.end_ns if self.is_known else 0)
        first, self.is_known = not self.is_known, True
        self._scene = scene
        self.known.emit(TimeRange(whole.start_ns, end_ns), first)
        self.read(again=not first)
        self._scene = None
        self._read_overview()


def _whole_of(limits: tuple[int, int] | None, now_ns: int) -> TimeRange:
    """From the first beat up to and with the last; a moment that ends now where there is none."""
    first_ns, last_ns = limits or (now_ns - LEAST_NS, now_ns)
    return TimeRange(min(first_ns, last_ns + 1000 - LEAST_NS), last_ns + 1000)


def _is_near(pixels: int, others: int) -> bool:
    """Whether what was read for one number of pixels will do for another."""
    return 0.7 < pixels / others < 1.4


def overview_of(history: Any) -> Overview:
    """What stands on the strip."""
    reader = history.reader
    span = reader.span()
    if span is None:
        return Overview()
    gaps = [
        (min(each.start_ns, each.end_ns) / _NS, each.end_ns / _NS) for each in reader.gaps(0, END_OF_TIME_NS)
    ]
    longest = sorted(gaps, key=lambda each: each[0] - each[1])[:_MOST_STRIP_GAPS]
    slots = changes_by_slot(reader, span[0], span[1], (span[1] - span[0]) // _MOST_STRIP_MARKS)
    notes = history.notes(TimeRange(span[0], span[1] + 1), _MOST_STRIP_MARKS)
    return Overview(
        tuple(
            StripDay(each.start_ns / _NS, (each.start_ns + _DAY_NS) / _NS, each.band, day_sentence(each))
            for each in history.days()
        ),
        tuple(sorted(longest)),
        tuple(first_ns / _NS for first_ns, _last, _count in slots),
        tuple(each.start_ns / _NS for each in notes),
    )
