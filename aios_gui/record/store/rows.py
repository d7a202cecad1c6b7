"""Values to rows of the record; ``decode`` has the way back."""

from __future__ import annotations

from typing import Any

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import ContextSample, Event, RecordedBeat
from aios_gui.heartbeat.model.thresholds import CPU, MEMORY
from aios_gui.record.model.page import CAUSE_SHIFT, FAILED, REHEARSED
from aios_gui.record.store.encode import encode

BEAT_COLUMNS = (
    "at_us, session, seq, duration_ns, lateness_ns, start_offset_ns, missed, flags, breached, "
    "cpu_hundredths, memory_hundredths, unrehearsed_ns"
)
_COLUMNS_SINCE = {
    "unrehearsed_ns": 2,
    "disk_free_hundredths": 4,
    "disk_busy_hundredths": 5,
    "cpu_stalled_hundredths": 6,
    "io_stalled_hundredths": 6,
    "memory_stalled_hundredths": 6,
}
CONTEXT_COLUMNS = (
    "at_us, own_cpu_hundredths, own_memory_bytes, own_threads, memory_total_bytes, swap_hundredths, "
    "disk_read_bytes_per_s, disk_written_bytes_per_s, network_received_bytes_per_s, network_sent_bytes_per_s, "
    "disk_free_hundredths, disk_busy_hundredths, cpu_stalled_hundredths, io_stalled_hundredths, "
    "memory_stalled_hundredths"
)
HIGHEST_NUMBER = 2**53
"""No session or incident ever has a higher number; one in a record was put there, and is not counted on from."""
BREACHABLE = (CPU, MEMORY)
"""Bit n of ``breached`` stands for the n-th name; the order is stored, so names are only ever added."""

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


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def beat_row(beat: RecordedBeat) -> tuple[int | None, ...]:
    """The row of a beat, in the order of ``BEAT_COLUMNS``."""
    flags = (REHEARSED * beat.rehearsed) | (FAILED * beat.failed) | (int(beat.cause) << CAUSE_SHIFT)
    breached = 0
    if beat.breached:
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
        hundredths(sample.cpu_stalled_percent),
        hundredths(sample.io_stalled_percent),
        hundredths(sample.memory_stalled_percent),
    )


def gap_row(gap: Gap) -> tuple[int | str, ...]:
    """start_us, end_us, kind, unrecorded_beats."""
    return gap.start_ns // 1000, gap.end_ns // 1000, str(gap.kind), gap.unrecorded_beats


def event_row(event: Event, session: int) -> tuple[Any, ...]:
    """at_us, kind, session, seq, facts."""
    return event.wall_ns // 1000, str(event.kind), session, event.seq, encode(event.facts)
