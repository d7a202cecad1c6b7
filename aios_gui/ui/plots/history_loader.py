"""Reads the record for the panels on a thread of its own, so that the window never waits for a disk."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from traceback import format_exc
from typing import Any

from PySide6.QtCore import QObject, Signal

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.record_reader import incidents
from aios_gui.heartbeat.model.items import ContextSample, RecordedBeat
from aios_gui.history.model.series import Series
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.errors import StoreError
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.selfcheck.record_reader import measurements
from aios_gui.ui.pool import WorkerPool

_log = logging.getLogger(__name__)
_NS = 1_000_000_000
_DAY_NS, _PARTS = 86_400 * _NS, 400
_MOST_OF_A_PAGE = 2_000
Work = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class SeriesLoaded:
    """A span for the plots has come."""

    ticket: int
    series: Series


@dataclass(frozen=True, slots=True)
class PageLoaded:
    """Beats for the table, oldest first, from ``start_ns`` on."""

    ticket: int
    start_ns: int
    beats: list[RecordedBeat]


@dataclass(frozen=True, slots=True)
class MeasurementsLoaded:
    """All measurements of a kind, newest last."""

    measurements: list[Measurement]


@dataclass(frozen=True, slots=True)
class IncidentsLoaded:
    """Incidents of a span, oldest first; ``complete`` tells whether there are no older ones in it."""

    ticket: int
    incidents: tuple[Incident, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ContextsLoaded:
    """What context samples of a span have of something, oldest first: when (s since the epoch), and the values."""

    ticket: int
    times: array[float]
    values: array[float]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question of ``ask`` came to."""

    ticket: int
    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The record could not be read; ``reason`` says why. ``trace`` is of an error that was not expected."""

    doing: str
    reason: str
    trace: str = ""


class HistoryLoader(QObject):
    """One worker; jobs run in the order asked for, and a question for a span supersedes an older one.

    Every question that is not superseded is answered: whatever goes wrong, ``done`` brings a ``Failed``.
    """

    done = Signal(object)

    def __init__(self, open_history: Callable[[], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_history = open_history
        self._pool = WorkerPool()
        self._series_ticket = 0
        self._page_ticket = 0
        self._other_ticket = 0
        self._latest: dict[str, int] = {}
        self._failing: dict[str, str] = {}
        self._closed = False
        # Here and not where it happens: logging from a thread of Qt's leaves a dummy of it in Python for good.
        self.done.connect(self._log_failure)

    def series(self, start_ns: int, end_ns: int, buckets: int) -> int:
        """Ask for a span; the ticket comes back with the answer, and any earlier question is dropped."""
        self._series_ticket += 1
        ticket = self._series_ticket

        def work(history: Any) -> SeriesLoaded | None:
            if ticket != self._series_ticket:
                return None
            return SeriesLoaded(ticket, history.series(TimeRange(start_ns, end_ns), buckets))

        self._run("series", work)
        return ticket

    def page(self, start_ns: int, end_ns: int, page_ns: int) -> int:
        """Ask for beats just before ``end_ns``: a page of about ``page_ns``, further back where it would be empty."""
        self._page_ticket += 1
        ticket = self._page_ticket

        def work(history: Any) -> PageLoaded | None:
            if ticket != self._page_ticket:
                return None
            first_ns = end_ns
            beats: list[RecordedBeat] = []
            while not beats and first_ns > start_ns:  # those that are counted may be damaged
                last_ns = first_ns
                first_ns = _begin_of_page(history.reader.count, start_ns, last_ns, page_ns)
                beats = list(history.beats(TimeRange(first_ns, last_ns)))
            return PageLoaded(ticket, first_ns, beats)

        self._run("page", work)
        return ticket

    def measurements(self, kind: MeasurementKind) -> None:
        """Ask for every measurement of a kind."""
        self._run("measurements", lambda history: MeasurementsLoaded(measurements(history.reader, kind)))

    def incidents(self, start_ns: int, end_ns: int, most: int) -> int:
        """Ask for the newest incidents that touch a span, at most ``most``; the ticket comes back with them."""
        self._other_ticket += 1
        ticket = self._other_ticket

        def work(history: Any) -> IncidentsLoaded:
            found = incidents(history.reader, start_ns, end_ns, most + 1)
            return IncidentsLoaded(ticket, tuple(found[-most:]), len(found) <= most)

        self._run("incidents", work)
        return ticket

    def contexts(self, start_ns: int, end_ns: int, of_sample: Callable[[ContextSample], float | None]) -> int:
        """Ask what the context samples of a span have of something; the ticket comes back with that."""
        self._other_ticket += 1
        ticket = self._other_ticket

        def work(history: Any) -> ContextsLoaded:
            times, values = array("d"), array("d")
            part_ns = max(
                _DAY_NS, (end_ns - start_ns) // _PARTS
            )  # an incident of months is not held as a whole
            for begin_ns in range(start_ns, end_ns, part_ns):
                for sample in history.reader.contexts(begin_ns, min(begin_ns + part_ns, end_ns)):
                    if (value := of_sample(sample)) is not None:
                        times.append(sample.wall_ns / _NS)
                        values.append(value)
            return ContextsLoaded(ticket, times, values)

        self._run("contexts", work)
        return ticket

    def ask(self, doing: str, question: Work) -> int:
        """Ask the history anything; the ticket comes back with an ``Answered``, or a ``Failed`` with ``doing``."""
        self._other_ticket += 1
        ticket = self._other_ticket
        self._run(doing, lambda history: Answered(ticket, question(history)))
        return ticket

    def ask_latest(self, doing: str, question: Work) -> int:
        """As ``ask``; where another one for the same is asked before this one has begun, this one is dropped."""
        self._other_ticket += 1
        ticket = self._latest[doing] = self._other_ticket

        def work(history: Any) -> Answered | None:
            return Answered(ticket, question(history)) if ticket == self._latest[doing] else None

        self._run(doing, work)
        return ticket

    def close(self) -> None:
        """Drop what has not begun and give what has a while to end; nothing is answered any more."""
        self._closed = True
        self._series_ticket += 1
        self._page_ticket += 1
        self._pool.finish()

    def _log_failure(self, answer: object) -> None:
        if not isinstance(answer, Failed):
            self._failing.clear()
        elif self._failing.get(answer.doing) != answer.reason:  # a panel asks again every few seconds
            self._failing[answer.doing] = answer.reason
            _log.warning("%s: %s%s", answer.doing, answer.reason, answer.trace and "\n" + answer.trace)

    def _run(self, doing: str, work: Work) -> None:
        if self._closed:
            return

        def job() -> None:
            answer: object
            try:
                history = self._open_history()
                try:
                    answer = work(history)
                finally:
                    history.close()
            except (StoreError, OSError) as error:
                answer = Failed(doing, str(error))
            except BaseException as error:  # noqa: BLE001 - a panel waits for the answer
                answer = Failed(doing, f"{type(error).__name__}: {error}", format_exc())
            if answer is not None and not self._closed:
                self.done.emit(answer)

        self._pool.start(job)


def is_stale(read_ns: int, every_ns: int, now_ns: int) -> bool:
    """Whether what was read at a moment is to be read again, also where the wall clock was set back before it."""
    return not 0 <= now_ns - read_ns < every_ns


def _begin_of_page(count: Callable[[int, int], int], start_ns: int, end_ns: int, page_ns: int) -> int:
    """Where a page before ``end_ns`` begins, so that it has some beats, if there are any, and not very many.

    Before a long gap, or where the interval was shorter once, a page of fixed length could have millions.
    """
    first_ns, empty_ns, found = end_ns, end_ns, 0
    while not found and first_ns > start_ns:
        empty_ns, first_ns = first_ns, max(start_ns, end_ns - page_ns)
        found, page_ns = count(first_ns, end_ns), page_ns * 4
    while found > _MOST_OF_A_PAGE and empty_ns - first_ns > _NS:
        middle_ns = (first_ns + empty_ns) // 2
        later = count(middle_ns, end_ns)
        if later:
            first_ns, found = middle_ns, later
        else:
            empty_ns = middle_ns
    return first_ns
