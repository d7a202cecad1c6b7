"""A span of a record as the formats of raw data take it: its beats as columns, a few thousand at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from aios_gui.heartbeat.model.beat import Cause, Outcome, Path, outcome_of
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.queries import History
from aios_gui.record.importing.model import ImportedBeat
from aios_gui.record.importing.record_reader import imported_span
from aios_gui.record.model.columns import UNKNOWN
from aios_gui.record.model.page import CAUSE_SHIFT, FAILED, REHEARSED, BeatColumns, beats_of
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.rows import BREACHABLE, beat_row

_TOGETHER = 2048
_CAUSES = {int(cause) for cause in Cause}
UNKNOWN_MACHINE = "unknown"


class Beats(NamedTuple):
    """Beats as columns, with the fields of an ``ImportedBeat``; what is not known is ``UNKNOWN``, a result ""."""

    at_us: Sequence[int]
    duration_ns: Sequence[int]
    lateness_ns: Sequence[int]
    start_offset_ns: Sequence[int]
    missed: Sequence[int]
    rehearsed: Sequence[int]
    cause: Sequence[int]
    cpu_hundredths: Sequence[int]
    memory_hundredths: Sequence[int]
    unrehearsed_ns: Sequence[int]
    session: Sequence[int]
    seq: Sequence[int]
    result: Sequence[str]


@dataclass(frozen=True, slots=True)
class RawData:
    """What is to be written. ``imported`` is the number of a source of imported beats, 0 for all of them.

    ``machine`` is the one that it tells of, ``UNKNOWN_MACHINE`` where that may not be this one.
    """

    history: History
    span: TimeRange
    imported: int | None = None
    total: int = 0
    """How many beats there are, 0 where that is not known before."""
    begins_with_mark: bool = False
    """Whether a CSV begins with the mark by which Excel knows UTF-8."""
    measure: str = "duration"
    """What a distribution is of: `duration` or `lateness`."""
    every_ns: int = 0
    """By which stretch of time metrics and histograms are made; 0 where that is not asked for."""
    on_beats: Callable[[int], object] = lambda _count: None
    """Told now and then how many beats were read so far."""
    machine: str = UNKNOWN_MACHINE

    @property
    def covered(self) -> TimeRange:
        """The part of the span from the first to the last beat that there is; as asked where there is none."""
        start_ns, end_ns = self.span.start_ns, self.span.end_ns
        reader = self.history.reader
        known = reader.span() if self.imported is None else imported_span(reader, self.imported)
        if known is None:
            return self.span
        start_ns, end_ns = max(start_ns, known[0]), min(end_ns, known[1] + 1000)
        return TimeRange(start_ns, end_ns) if start_ns < end_ns else self.span

    def beats(self) -> Iterator[Beats]:
        """The beats as they are read, in the order in which they were made; StoreError."""
        count = 0
        for each in self._read():
            self.on_beats(count)
            count += len(each.at_us)
            yield each

    def _read(self) -> Iterator[Beats]:
        if self.imported is None:
            yield from map(_own, self.history.beat_columns(self.span))
            return
        found = self.history.imported_beats(self.span, self.imported)
        while some := list(islice(found, _TOGETHER)):
            yield of_imported(some)


def of_imported(beats: Iterable[ImportedBeat]) -> Beats:
    """Imported beats, one at least, as columns."""
    return Beats(*zip(*beats, strict=True))


def of_recorded(beats: Iterable[RecordedBeat]) -> Iterator[Beats]:
    """This machine’s own beats as columns."""
    left = iter(beats)
    while rows := [beat_row(each) for each in islice(left, _TOGETHER)]:
        yield _own(beats_of(rows))


def path_of_result(result: str) -> Path:
    """Which way a beat with this result took."""
    return Path.FAST if result in ("", Outcome.OK) else Path.SLOW


def _own(found: BeatColumns) -> Beats:
    meanings = list(map(_meaning, found.flags, found.breached))
    rehearsed, cause, result = zip(*meanings, strict=True) if meanings else ((), (), ())
    return Beats(
        found.at_us,
        found.duration_ns,
        found.lateness_ns,
        found.start_offset_ns,
        found.missed,
        array("q", rehearsed),
        array("q", cause),
        found.cpu_hundredths,
        found.memory_hundredths,
        found.unrehearsed_ns,
        found.session,
        found.seq,
        result,
    )


@lru_cache(1024)
def _meaning(flags: int, breached: int) -> tuple[int, int, str]:
    """Rehearsed, cause and result as the record has them in two numbers."""
    rehearsed = UNKNOWN if flags == UNKNOWN else flags & REHEARSED
    cause = flags >> CAUSE_SHIFT
    names = tuple(name for bit, name in enumerate(BREACHABLE) if breached >> bit & 1)
    outcome = outcome_of(names, bool(flags & FAILED))
    detail = ":" + ",".join(names) if outcome is Outcome.ALERT else ""
    return rehearsed, cause if cause in _CAUSES else int(Cause.UNKNOWN), f"{outcome}{detail}"
