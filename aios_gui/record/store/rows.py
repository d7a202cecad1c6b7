"""Values to rows of the record and back. What does not decode raises ValueError or TypeError: see ``decode_row``."""

from __future__ import annotations

from typing import Any

import msgspec

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.thresholds import CPU, MEMORY
from aios_gui.record.store.decode import Fact, Facts, Row, Text, encode, known

BEAT_COLUMNS = (
    "at_us, session, seq, duration_ns, lateness_ns, start_offset_ns, missed, flags, breached, "
    "cpu_hundredths, memory_hundredths, unrehearsed_ns"
)
_COLUMNS_SINCE = {"unrehearsed_ns": 2, "disk_free_hundredths": 4, "disk_busy_hundredths": 5}
CONTEXT_COLUMNS = (
    "at_us, own_cpu_hundredths, own_memory_bytes, own_threads, memory_total_bytes, swap_hundredths, "
    "disk_read_bytes_per_s, disk_written_bytes_per_s, network_received_bytes_per_s, network_sent_bytes_per_s, "
    "disk_free_hundredths, disk_busy_hundredths"
)
BREACHABLE = (CPU, MEMORY)
"""Bit n of ``breached`` stands for the n-th name; the order is stored, so names are only ever added."""

_REHEARSED, _FAILED, _CAUSE_SHIFT = 1, 2, 2
_CAUSES = {int(cause): cause for cause in Cause}
_GAPS = {str(kind): kind for kind in GapKind}
_EVENTS = {str(kind): kind for kind in EventKind}
GAP_COLUMNS = "id, start_us, end_us, kind, unrecorded_beats"
EVENT_COLUMNS = "id, at_us, kind, seq, facts"


def columns_of(columns: str, version: int) -> str:
    """``columns`` for tables of an older version, which have nothing in those that they lack."""
    names = columns.split(", ")
    return ", ".join("NULL" if _COLUMNS_SINCE.get(name, 0) > version else name for name in names)


def places_of(columns: str) -> str:
    """As many question marks as there are ``columns``, for a statement that fills them."""
    return ",".join("?" for _column in columns.split(","))


def hundredths(value: float | None) -> int | None:
    """A share in percent as whole hundredths."""
    return None if value is None else round(value * 100)


def _percent(value: int | None) -> float | None:
    return None if value is None else value / 100


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def beat_row(beat: RecordedBeat) -> tuple[int | None, ...]:
    """The row of a beat, in the order of ``BEAT_COLUMNS``."""
    flags = (_REHEARSED * beat.rehearsed) | (_FAILED * beat.failed) | (int(beat.cause) << _CAUSE_SHIFT)
    breached = sum(1 << bit for bit, name in enumerate(BREACHABLE) if name in beat.breached)
    return (
        beat.wall_ns // 1000,
        beat.session,
        beat.seq,
        beat.duration_ns,
        beat.lateness_ns,
        beat.start_offset_ns,
        beat.missed,
        flags,
        breached,
        hundredths(beat.cpu_percent),
        hundredths(beat.memory_percent),
        beat.unrehearsed_ns,
    )


class _BeatRow(msgspec.Struct, array_like=True, gc=False):
    at_us: int
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
        bool(found.flags & _REHEARSED),
        _CAUSES.get(found.flags >> _CAUSE_SHIFT, Cause.UNKNOWN),
        tuple(name for bit, name in enumerate(BREACHABLE) if found.breached >> bit & 1),
        bool(found.flags & _FAILED),
        _percent(found.cpu_hundredths),
        _percent(found.memory_hundredths),
        found.unrehearsed_ns,
    )


def context_row(sample: ContextSample) -> tuple[int | None, ...]:
    """The row of a context sample, in the order of ``CONTEXT_COLUMNS``."""
    return (
        sample.wall_ns // 1000,
        hundredths(sample.own_cpu_percent),
        sample.own_memory_bytes,
        sample.own_threads,
        sample.memory_total_bytes,
        hundredths(sample.swap_percent),
        _whole(sample.disk_read_bytes_per_s),
        _whole(sample.disk_written_bytes_per_s),
        _whole(sample.network_received_bytes_per_s),
        _whole(sample.network_sent_bytes_per_s),
        hundredths(sample.disk_free_percent),
        hundredths(sample.disk_busy_percent),
    )


class _ContextRow(msgspec.Struct, array_like=True, gc=False):
    at_us: int
    own_cpu: int | None
    own_memory: int | None
    threads: int | None
    total: int | None
    swap: int | None
    read: int | None
    written: int | None
    received: int | None
    sent: int | None
    free: int | None
    busy: int | None


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
    )


def gap_row(gap: Gap) -> tuple[int | str, ...]:
    """start_us, end_us, kind, unrecorded_beats."""
    return gap.start_ns // 1000, gap.end_ns // 1000, str(gap.kind), gap.unrecorded_beats


class _GapRow(msgspec.Struct, array_like=True):
    id: int
    start_us: int
    end_us: int
    kind: Text
    unrecorded_beats: int


def gap_of(row: Row) -> Gap | None:
    """The gap of a row in the order of ``GAP_COLUMNS``; None for a kind of a newer program."""
    found = msgspec.convert(row, _GapRow)
    kind = _GAPS.get(found.kind)
    if kind is None:
        return None
    return Gap(kind, found.start_us * 1000, found.end_us * 1000, found.unrecorded_beats)


def event_row(event: Event, session: int) -> tuple[Any, ...]:
    """at_us, kind, session, seq, facts."""
    return event.wall_ns // 1000, str(event.kind), session, event.seq, encode(event.facts)


class _EventRow(msgspec.Struct, array_like=True):
    id: int
    at_us: int
    kind: Text
    seq: int | None
    facts: Facts


def event_of(row: Row) -> Event | None:
    """The event of a row in the order of ``EVENT_COLUMNS``; None for a kind of a newer program."""
    found = msgspec.convert(row, _EventRow)
    kind = _EVENTS.get(found.kind)
    facts = msgspec.json.decode(found.facts, type=dict[Text, Fact])
    return None if kind is None else Event(kind, found.at_us * 1000, found.seq, known(facts))
