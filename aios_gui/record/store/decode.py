"""Rows of the record and their JSON, decoded strictly: what does not fit is a StoreError that names table and row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from sys import intern
from typing import Annotated, Any, TypeVar

import msgspec

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.record.model.page import CAUSE_SHIFT, FAILED, REHEARSED
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.rows import BREACHABLE
from aios_gui.system.ready_type import ready

log = logging.getLogger(__name__)
_CAUSES = {int(cause): cause for cause in Cause}
_GAPS = {str(kind): kind for kind in GapKind}
_EVENTS = {str(kind): kind for kind in EventKind}
T = TypeVar("T")
Row = tuple[Any, ...]
TEXT_CHARACTERS = 20_000
Text = Annotated[str, msgspec.Meta(max_length=TEXT_CHARACTERS)]
"""A text in a row or its facts; what is longer was not written by this program."""
WallUs = Annotated[int, msgspec.Meta(ge=0, le=(2**63 - 1) // 1000)]
"""A moment, as it can be told: from 1970 to 2262."""
Facts = Annotated[str, msgspec.Meta(max_length=1_000_000)]
"""The column with the facts of a row, as JSON."""
Hundredths = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A share in hundredths of a percent; what is beyond cannot be written again as it was read."""
Figure = Annotated[float, msgspec.Meta(ge=-1e300, le=1e300)]
"""A figure that is finite, as SQLite's REAL need not be."""
Fact = bool | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | float | Text | None
"""A fact as it is read; null where it was not finite. A whole number is one that a column could hold."""


def known(facts: Mapping[str, int | float | str | None]) -> dict[str, int | float | str]:
    """``facts`` without those that are unknown. Rows share the text of a name, which costs more than its figure."""
    return {intern(name): value for name, value in facts.items() if value is not None}


def decode_row(table: str, decode: Callable[[Row], T], row: Row) -> T:
    """What ``decode`` makes of a row that begins with its number; StoreError where it does not decode."""
    try:
        return decode(row)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise StoreError(f"row {row[0]} of {table} cannot be read: {str(error)[:200]}") from error


def decode_rows(
    table: str,
    decode: Callable[[Row], T | None],
    rows: Iterable[Row],
    on_unreadable: Callable[[StoreError], object] = log.warning,
) -> Iterator[T]:
    """What the rows decode to. Those that do not are passed over and told; None, as of a newer program, is not."""
    for row in rows:
        try:
            found = decode_row(table, decode, row)
        except StoreError as error:
            on_unreadable(error)
            continue
        if found is not None:
            yield found


# Rows of the record itself. What does not decode raises ValueError or TypeError.


def _percent(value: int | None) -> float | None:
    return None if value is None else value / 100


@ready
class _BeatRow(msgspec.Struct, array_like=True, gc=False):
    at_us: WallUs
    session: int
    seq: int
    duration_ns: int
    lateness_ns: int
    start_offset_ns: int
    missed: int
    flags: int
    breached: int
    cpu_hundredths: int | None
    memory_hundredths: int | None
    unrehearsed_ns: int | None


def beat_of(row: Row) -> RecordedBeat:
    """The beat of a row in the order of ``BEAT_COLUMNS``."""
    found = msgspec.convert(row, _BeatRow)
    return RecordedBeat(
        found.session,
        found.seq,
        found.at_us * 1000,
        found.duration_ns,
        found.lateness_ns,
        found.start_offset_ns,
        found.missed,
        bool(found.flags & REHEARSED),
        _CAUSES.get(found.flags >> CAUSE_SHIFT, Cause.UNKNOWN),
        tuple(name for bit, name in enumerate(BREACHABLE) if found.breached >> bit & 1),
        bool(found.flags & FAILED),
        _percent(found.cpu_hundredths),
        _percent(found.memory_hundredths),
        found.unrehearsed_ns,
    )


def whole_beat(row: Row) -> Row:
    """The row itself, in the order of ``BEAT_COLUMNS``, where it is one of a beat."""
    msgspec.convert(row, _BeatRow)
    return row


@ready
class _ContextRow(msgspec.Struct, array_like=True, gc=False):
    at_us: WallUs
    own_cpu: Hundredths | None
    own_memory: int | None
    threads: int | None
    total: int | None
    swap: Hundredths | None
    read: int | None
    written: int | None
    received: int | None
    sent: int | None
    free: Hundredths | None
    busy: Hundredths | None
    cpu_stalled: Hundredths | None
    io_stalled: Hundredths | None
    memory_stalled: Hundredths | None


def context_of(row: Row) -> ContextSample:
    """The context sample of a row in the order of ``CONTEXT_COLUMNS``."""
    found = msgspec.convert(row, _ContextRow)
    return ContextSample(
        found.at_us * 1000,
        _percent(found.own_cpu),
        found.own_memory,
        found.threads,
        found.total,
        _percent(found.swap),
        found.read,
        found.written,
        found.received,
        found.sent,
        _percent(found.free),
        _percent(found.busy),
        _percent(found.cpu_stalled),
        _percent(found.io_stalled),
        _percent(found.memory_stalled),
    )


@ready
class _GapRow(msgspec.Struct, array_like=True):
    id: int
    start_us: WallUs
    end_us: WallUs
    kind: Text
    unrecorded_beats: int


def gap_of(row: Row) -> Gap | None:
    """The gap of a row in the order of ``GAP_COLUMNS``; None for a kind of a newer program."""
    found = msgspec.convert(row, _GapRow)
    kind = _GAPS.get(found.kind)
    if kind is None:
        return None
    return Gap(kind, found.start_us * 1000, found.end_us * 1000, found.unrecorded_beats)


@ready
class _EventRow(msgspec.Struct, array_like=True):
    id: int
    at_us: WallUs
    kind: Text
    seq: int | None
    facts: Facts


def event_of(row: Row) -> Event | None:
    """The event of a row in the order of ``EVENT_COLUMNS``; None for a kind of a newer program."""
    found = msgspec.convert(row, _EventRow)
    kind = _EVENTS.get(found.kind)
    facts = msgspec.json.decode(found.facts, type=dict[Text, Fact])
    return None if kind is None else Event(kind, found.at_us * 1000, found.seq, known(facts))


@ready
class _SessionRow(msgspec.Struct, array_like=True):
    id: int
    started_us: WallUs
    facts: Facts


@ready
class _SessionFacts(msgspec.Struct):
    interval_ns: int = 0


def session_interval_of(row: Row) -> tuple[int, int]:
    """When a session began (wall, ns) and its first interval (ns), 0 where it is not told, of id, start and facts."""
    found = msgspec.convert(row, _SessionRow)
    facts = msgspec.json.decode(found.facts, type=_SessionFacts)
    return found.started_us * 1000, max(0, facts.interval_ns)
