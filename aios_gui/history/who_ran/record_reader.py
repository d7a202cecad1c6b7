"""Reads who ran from the record: at a moment, or the samples of a span."""

from __future__ import annotations

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.history.who_ran.codec import unpack
from aios_gui.history.who_ran.model import (
    LONGEST_NS,
    NEAR_NS,
    NotKnown,
    WhoAnswer,
    WhoRan,
    distance_ns,
    nearest,
)
from aios_gui.history.who_ran.record import WHO_RAN_PART, sample_of
from aios_gui.record.part import PARTS, part_id
from aios_gui.record.store.reader import RecordReader

HOUR_NS = 3_600_000_000_000
_LATE_NS = 15_000_000_000
"""So long after the last beat the record may still be going on."""


def samples(reader: RecordReader, start_ns: int, end_ns: int) -> list[WhoRan]:
    """The samples taken in the span, oldest first; StoreError where the record cannot be read."""
    query = "SELECT at_us, length_ms, programs FROM who_ran WHERE at_us >= ? AND at_us < ?"
    open_hours = reader.read("who_ran", sample_of, query, start_ns // 1000, end_ns // 1000)
    query = "SELECT id, packed FROM page_part WHERE id BETWEEN ? AND ? AND id % ? = ? ORDER BY id"
    first, last = (part_id(at_ns // HOUR_NS, WHO_RAN_PART) for at_ns in (start_ns, end_ns - 1))
    pages = reader.read("page_part", lambda row: unpack(row[1]), query, first, last, PARTS, WHO_RAN_PART)
    sealed = (each for page in pages for each in page if start_ns <= each.wall_ns < end_ns)
    return sorted((*sealed, *open_hours), key=lambda each: each.wall_ns)


def who_at(reader: RecordReader, at_ns: int) -> WhoAnswer:
    """Who ran at a moment (wall, ns), or why that is not known; StoreError where the record cannot be read."""
    sample = nearest(samples(reader, max(0, at_ns - NEAR_NS), at_ns + LONGEST_NS), at_ns)
    if sample is not None and not distance_ns(sample, at_ns):
        return WhoAnswer(at_ns, sample)  # also where beats were paused
    gap = next((each for each in reader.gaps(at_ns, at_ns + 1000) if _lies_in(each, at_ns)), None)
    if gap is not None:
        return WhoAnswer(at_ns, not_known=NotKnown.GAP, gap=gap)
    if sample is not None:
        return WhoAnswer(at_ns, sample)
    span = reader.span()
    if span is None or at_ns < span[0]:
        return WhoAnswer(at_ns, not_known=NotKnown.BEFORE_RECORD)
    if at_ns > span[1] + _LATE_NS:
        return WhoAnswer(at_ns, not_known=NotKnown.AFTER_RECORD)
    return WhoAnswer(at_ns, not_known=NotKnown.NO_SAMPLE)


def _lies_in(gap: Gap, at_ns: int) -> bool:
    return gap.start_ns < at_ns < gap.end_ns
