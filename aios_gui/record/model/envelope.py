"""The extremes and sums of beats by the minute or by the hour, which plots and figures of long spans are made of."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import chain, compress, groupby
from typing import NamedTuple

from aios_gui.record.model.columns import UNKNOWN, Packed, PackedError, finish, packing
from aios_gui.record.model.page import FAILED, BeatColumns

MEASURES = ("duration_ns", "lateness_ns", "cpu_hundredths", "memory_hundredths")
"""Columns of beats that have an envelope; in all else they are in this order."""
_HIGHEST = (1 << 63) - 1


class Counts(NamedTuple):
    """By slot: how many beats, how many were missed, how many failed, how many were over a threshold."""

    beats: array[int]
    missed: array[int]
    failed: array[int]
    breached: array[int]


class Extremes(NamedTuple):
    """By slot, of one measure: how many beats know it, and the least, the most and the sum of what they know.

    These are 0 where none knows it. A sum ends at the highest number of 64 bits.
    """

    known: array[int]
    least: array[int]
    most: array[int]
    total: array[int]


_WIDTH = len(Counts._fields) + len(MEASURES) * len(Extremes._fields)


class Envelope:
    """Beats summed up in some slots of the same length, one after the other."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.counts = Counts(*(_zeros(slots) for _each in Counts._fields))
        self.measures = {name: Extremes(*(_zeros(slots) for _each in Extremes._fields)) for name in MEASURES}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Envelope) and self.counts == other.counts and self.measures == other.measures

    __hash__ = None  # type: ignore[assignment]

    def adding(self, beats: BeatColumns, begin_us: int, slot_us: int) -> Iterator[None]:
        """Take in beats, in steps; the first slot begins at ``begin_us``, and each lasts ``slot_us``.

        Beats before the first slot or after the last one count for it.
        """
        last = self.slots - 1
        for part in beats.parts():
            start = 0
            for slot, run in groupby(min(max((at - begin_us) // slot_us, 0), last) for at in part.at_us):
                end = start + sum(1 for _each in run)
                self._take(slot, part, start, end)
                start = end
            yield

    def _take(self, slot: int, beats: BeatColumns, start: int, end: int) -> None:
        failed = sum(1 for flags in beats.flags[start:end] if flags & FAILED)
        breached = sum(1 for each in beats.breached[start:end] if each)
        self._count(slot, end - start, sum(beats.missed[start:end]), failed, breached)
        for name in MEASURES:
            values = getattr(beats, name)[start:end]
            if UNKNOWN in values:
                values = [each for each in values if each != UNKNOWN]
            if values:
                self._widen(name, slot, len(values), min(values), max(values), sum(values))

    def _count(self, slot: int, *counts: int) -> None:
        for column, count in zip(self.counts, counts, strict=True):
            column[slot] = min(max(column[slot] + count, 0), _HIGHEST)

    def _widen(self, name: str, slot: int, known: int, least: int, most: int, total: int) -> None:
        extremes = self.measures[name]
        if extremes.known[slot]:
            least = min(least, extremes.least[slot])
            most = max(most, extremes.most[slot])
        extremes.known[slot] += known
        extremes.least[slot], extremes.most[slot] = least, most
        extremes.total[slot] = min(max(extremes.total[slot] + total, -_HIGHEST), _HIGHEST)

    def merge(self, other: Envelope, into: int | None = None) -> None:
        """Take in another one, slot by slot, or all of it ``into`` one slot."""
        if into is not None:
            other = other._in_one_slot()
        for slot in range(other.slots):
            target = slot if into is None else into
            self._count(target, *(column[slot] for column in other.counts))
            for name, extremes in other.measures.items():
                known, least, most, total = (column[slot] for column in extremes)
                if known:
                    self._widen(name, target, known, least, most, total)

    def _in_one_slot(self) -> Envelope:
        one = Envelope(1)
        one._count(0, *map(sum, self.counts))
        for name, extremes in self.measures.items():
            known, least, most, total = (list(compress(each, extremes.known)) for each in extremes)
            if known:
                one._widen(name, 0, sum(known), min(least), max(most), sum(total))
        return one

    def pack(self) -> bytes:
        """As bytes."""
        return finish(packing([*self.counts, *chain.from_iterable(self.measures.values())]))

    @classmethod
    def unpack(cls, packed: bytes, slots: int) -> Envelope:
        """What was packed; PackedError where that is damaged or has another number of slots."""
        found, envelope = open_envelope(packed, slots), cls(slots)
        columns = map(found.column, range(_WIDTH))
        envelope.counts = Counts(*(next(columns) for _each in Counts._fields))
        envelope.measures = {
            name: Extremes(*(next(columns) for _each in Extremes._fields)) for name in MEASURES
        }
        return envelope


_FIRSTS = range(len(Counts._fields), _WIDTH, len(Extremes._fields))
EXTREMES = (0, *(first + place for first in _FIRSTS for place in range(3)))
"""The columns of what is packed: how many beats, and of each measure how many know it, the least and the most."""
SUMS = (0, *(first + place for first in _FIRSTS for place in range(4)))
"""The same with the sums."""


def open_envelope(packed: bytes, slots: int) -> Packed:
    """What was packed, for some of its columns; PackedError where it is damaged or has another number of slots."""
    found = Packed(packed)
    if found.count != slots or found.width != _WIDTH:
        raise PackedError("it is no envelope of this kind")
    return found


def _zeros(slots: int) -> array[int]:
    return array("q", bytes(8 * slots))
