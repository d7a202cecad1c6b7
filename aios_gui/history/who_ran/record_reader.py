"""Reads who ran from the record: at a moment, or the samples of a span."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.history.stretches import HOUR_NS, by_day
from aios_gui.history.who_ran.codec import unpack, unpack_cpu
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

_OPEN = "SELECT at_us, length_ms, programs FROM who_ran WHERE at_us >= ? AND at_us < ?"
_PAGES = "SELECT id, packed FROM page_part WHERE id BETWEEN ? AND ? AND id % ? = ? ORDER BY id"
_LATE_NS = 15_000_000_000
"""For this long after the last beat the record may still be going on."""


def samples(reader: RecordReader, start_ns: int, end_ns: int) -> list[WhoRan]:
    """The samples taken in the span, oldest first; StoreError where the record cannot be read."""
    with reader.at_once():
        open_hours = reader.read("who_ran", sample_of, _OPEN, start_ns // 1000, end_ns // 1000)
        pages = reader.read("page_part", lambda row: unpack(row[1]), *_sealed(start_ns, end_ns))
    sealed = (each for page in pages for each in page if start_ns <= each.wall_ns < end_ns)
    return sorted((*sealed, *open_hours), key=lambda each: each.wall_ns)


def samples_by_day(reader: RecordReader, start_ns: int, end_ns: int) -> Iterator[WhoRan]:
    """The same, of which a day at a time is in memory: those of a year take a gigabyte."""
    for part in by_day(reader, start_ns, end_ns):
        yield from samples(reader, *part)


@dataclass(slots=True)
class ProgramSums:
    """What programs did, by their name: seconds of samples, of CPU in them, and the memory at its highest."""

    seconds: float
    cpu_s: dict[str, float]
    memory_bytes: dict[str, int]

    def add(self, other: ProgramSums) -> None:
        """Take in another one."""
        self.seconds += other.seconds
        for name, cpu_s in other.cpu_s.items():
            self.take(name, cpu_s, other.memory_bytes.get(name, 0))

    def take(self, name: str, cpu_s: float, memory_bytes: int) -> None:
        """Take in what one did."""
        self.cpu_s[name] = self.cpu_s.get(name, 0.0) + cpu_s
        self.memory_bytes[name] = max(self.memory_bytes.get(name, 0), memory_bytes)


def program_sums(reader: RecordReader, start_ns: int, end_ns: int) -> ProgramSums:
    """What programs did in the samples that were taken in the span; StoreError where the record cannot be read."""
    found = ProgramSums(0.0, {}, {})
    with reader.at_once():
        pages = reader.read("page_part", lambda row: unpack_cpu(row[1]), *_sealed(start_ns, end_ns))
        open_hours = reader.read("who_ran", sample_of, _OPEN, start_ns // 1000, end_ns // 1000)
    for times, programs in pages:
        inside = [start_ns <= wall_ns < end_ns for wall_ns, _seconds in times]
        found.seconds += sum(seconds for (_at, seconds), is_in in zip(times, inside, strict=True) if is_in)
        for name, did in programs:
            for place, cpu, memory_bytes in did:
                if inside[place]:
                    found.take(name, cpu / 100 * times[place][1], memory_bytes)
    for sample in open_hours:
        found.seconds += sample.seconds
        for ran in sample.programs:
            found.take(ran.name, (ran.cpu_percent or 0.0) / 100 * sample.seconds, ran.memory_bytes or 0)
    return found


def _sealed(start_ns: int, end_ns: int) -> tuple[str, int, int, int, int]:
    """The query for the sealed hours of a span, with its values."""
    first, last = (part_id(at_ns // HOUR_NS, WHO_RAN_PART) for at_ns in (start_ns, end_ns - 1))
    return _PAGES, first, last, PARTS, WHO_RAN_PART


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
    if span is None:
        return WhoAnswer(at_ns, not_known=NotKnown.EMPTY_RECORD)
    if at_ns < span[0]:
        return WhoAnswer(at_ns, not_known=NotKnown.BEFORE_RECORD)
    if at_ns > span[1] + _LATE_NS:
        return WhoAnswer(at_ns, not_known=NotKnown.AFTER_RECORD)
    return WhoAnswer(at_ns, not_known=NotKnown.NO_SAMPLE)


def _lies_in(gap: Gap, at_ns: int) -> bool:
    return gap.start_ns < at_ns < gap.end_ns
