"""Joins the record and what is happening now into the one buffer that the plots draw."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import ContextSample, EventKind, LiveItem, RecordedBeat
from aios_gui.instance.feed import Feed
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.plots.history_loader import Failed, HistoryLoader, SeriesLoaded
from aios_gui.ui.plots.series_buffer import BUCKETS, RAW_LIMIT, SeriesBuffer

_RECENT = 4096
_SETTLE_MS = 120
_AGAIN_MS = 10_000
"""How long until what could not be read is asked for again."""
_MARGIN = 0.25
_NS = 1_000_000_000
_STORED_TO_S = 2e-6
"""The record keeps microseconds: a live beat that is no later than this after a stored one is the same."""


class LiveSource(QObject):
    """Fills ``buffer`` from the record for the window's span, and from the feed as long as the window follows."""

    loaded = Signal()
    failed = Signal(object)

    def __init__(
        self, feed: Feed, loader: HistoryLoader, window: TimeWindow, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.buffer = SeriesBuffer()
        self._feed = feed
        self._loader = loader
        self._window = window
        self._cursor = 0
        self._ticket = -1
        self._waiting = self._stopped = False
        self._recent: deque[LiveItem] = deque(maxlen=_RECENT)
        self._asked = self._covered = (0.0, 0.0)
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self.load)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self.load)
        loader.done.connect(self._answered)

    def load(self) -> None:
        """Read the window's span from the record; a margin either side where it does not follow."""
        self.stop()
        self._stopped = False
        window = self._window
        margin_s = 0.0 if window.following else window.span_s * _MARGIN
        start_s, end_s = window.full_start_s - margin_s, window.end_s + margin_s
        share = (end_s - start_s) / window.span_s
        interval_s = self._feed.snapshot.interval_ns / _NS
        few = window.shown_s / interval_s <= RAW_LIMIT
        buckets = int((RAW_LIMIT if few else BUCKETS) * share)
        self._waiting = True
        # Beyond the edge: the window moves by whole pixels, and the newest beat may have come since.
        end_ns = int((max(end_s, window.latest_s) + 1.0 if window.following else end_s) * _NS)
        self._asked = (start_s, end_s)
        self._ticket = self._loader.series(int(start_s * _NS), end_ns, buckets)

    def load_if_needed(self) -> None:
        """Read from the record, soon, unless the buffer holds the window's span finely enough already."""
        window, buffer = self._window, self.buffer
        inside = self._covered[0] <= window.start_s and (window.following or window.end_s <= self._covered[1])
        coarse = buffer.bucket_ns > 2.5 * window.shown_s / BUCKETS * _NS
        if window.following or not inside or coarse or not self.settled:
            self._settle.start(_SETTLE_MS)  # it may last have been started without any

    @property
    def settled(self) -> bool:
        """Whether all that was asked of the record has come."""
        return not self._waiting and not self._settle.isActive()

    def covers(self, at_s: float) -> bool:
        """Whether the buffer holds all that the record has from ``at_s`` on."""
        return self._covered[0] <= at_s < self._covered[1]

    def stop(self) -> None:
        """Ask for nothing more for now."""
        self._stopped = True
        self._settle.stop()
        self._again.stop()

    def pull(self) -> list[LiveItem]:
        """What is new in the feed, added to the buffer where the window follows."""
        self._cursor, items = self._feed.since(self._cursor)
        if items is None:
            # So much has happened that some is gone from the feed; the record has it.
            self._recent.clear()
            self._settle.start(0)
            return []
        self._recent.extend(items)
        if self._window.following and items:
            self._take(items)
            self.buffer.trim(self._window.end_s - self._window.span_s * (1 + _MARGIN))
            self.buffer.coarsen(self._window.span_s)
        return items

    def _take(self, items: list[LiveItem]) -> None:
        buffer = self.buffer
        for item in items:
            if isinstance(item, RecordedBeat):
                buffer.append(item)
            elif isinstance(item, ContextSample):
                buffer.append_own(item, self._window.span_s)
            elif isinstance(item, Gap):
                buffer.append_gap(item)
            elif item.kind is EventKind.HICCUP:
                buffer.append_hiccup(item)

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Failed) and answer.doing == "series":
            self._waiting = False
            if not self._stopped:
                self._again.start()
            self.failed.emit(answer)
        elif isinstance(answer, SeriesLoaded) and answer.ticket == self._ticket:
            self._waiting = False
            self._covered = self._asked
            self.buffer.load(answer.series)
            # The record lags up to a second behind, and more where the disk is full.
            self._take(self._not_yet_in(answer))
            self.loaded.emit()

    def _not_yet_in(self, answer: SeriesLoaded) -> list[LiveItem]:
        series, buffer = answer.series, self.buffer
        start_s = buffer.times[-1] if len(buffer) else series.start_ns / _NS
        own_s = series.own_time_s[-1] if series.own_time_s else 0.0
        later: list[LiveItem] = []
        for item in self._recent:
            if isinstance(item, RecordedBeat):
                new = start_s < item.wall_ns / _NS and (
                    self._window.following or item.wall_ns < series.end_ns
                )
            elif isinstance(item, ContextSample):
                new = own_s + _STORED_TO_S < item.wall_ns / _NS
            elif isinstance(item, Gap):
                new = item.end_ns >= series.start_ns
            else:
                new = item.wall_ns >= series.start_ns
            if new:
                later.append(item)
        return later
