"""Unpacks pages and envelopes as arrays: the same values as column by column, many times as fast."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from aios_gui.record.model.columns import BLOCK, DELTA, NULLABLE, UNKNOWN, Block, Packed, PackedError, fill
from aios_gui.record.model.envelope import open_envelope
from aios_gui.record.model.page import BeatColumns, Page, levels
from aios_gui.record.store.sealed import SLOTS, SealedHours

Columns = NDArray[np.int64]
"""A row for each column."""
_MOST_BITS, _MOST_STEP_BITS = 61, 50
"""Numbers of at most this many bits, and steps that are added up, stay within 64 bits; others are unpacked singly."""
_LEVELS = np.array(levels())
_OFFSETS_US = np.concatenate((_LEVELS, -_LEVELS[:0:-1])) // 1000
"""By the level, of which a negative one counts from the end."""


def beats_of_page(sealed: SealedHours, hour: int, *names: str) -> Columns | None:
    """The times (µs) of the beats of a page and more of their columns; None where it is damaged."""
    return sealed.unpacked(hour, lambda page: _beats(page, names))


def envelopes(
    sealed: SealedHours, table: str, numbers: Iterable[int], places: Sequence[int]
) -> dict[int, Columns]:
    """Columns of the envelopes of pages or days, by their numbers; those that are damaged are left out."""
    slots, opened, blocks = SLOTS[table], [], []
    for number, packed in sealed.packed_envelopes(table, numbers):
        try:
            envelope = open_envelope(packed, slots)
            blocks += [block for place in places for block in envelope.blocks(place)]
        except (PackedError, TypeError) as error:
            sealed.damaged(table, number, error)
        else:
            opened.append((number, envelope))
    values, singly = _values(blocks, slots)
    found = {
        number: values[row * len(places) :][: len(places)] for row, (number, _envelope) in enumerate(opened)
    }
    for row in singly:
        number, envelope = opened[row // len(places)]
        try:
            values[row] = envelope.column(places[row % len(places)])
        except PackedError as error:
            found.pop(number, None)
            sealed.damaged(table, number, error)
    return found


def _beats(page: Page, names: Sequence[str]) -> Columns:
    places = [BeatColumns._fields.index(name) for name in ("at_us", *names, "start_offset_ns")]
    parts = [each for part in page.parts for each in _columns(part, places)]
    found = np.hstack(parts) if parts else np.zeros((len(places), 0), np.int64)
    at_us, level, most = found[0], found[-1], len(_OFFSETS_US) // 2
    if ((level > most) | (level < -most)).any():
        raise PackedError("there is no such level")
    if (np.abs(at_us) >> _MOST_BITS).any():
        found[0] = page.column("at_us")
    else:
        # The time was packed without the offset from the grid.
        at_us += _OFFSETS_US[level]
    return found[:-1]


def _columns(part: Packed, places: Sequence[int]) -> list[Columns]:
    """The columns of each block, one after the other."""
    found = []
    for start, *blocks in zip(range(0, part.count, BLOCK), *map(part.blocks, places), strict=True):
        values, singly = _values(blocks, min(BLOCK, part.count - start))
        if singly:
            return [np.array([part.column(place) for place in places], np.int64)]
        found.append(values)
    return found


def _values(blocks: Sequence[Block], count: int) -> tuple[Columns, list[int]]:
    """What blocks of ``count`` values each hold, and which of them are to be unpacked singly."""
    numbers, heads, singly = bytearray(8 * count * len(blocks)), [], []
    for row, block in enumerate(blocks):
        is_stepped = block.kind == DELTA
        most, start = (_MOST_STEP_BITS, block.start) if is_stepped else (_MOST_BITS, 0)
        head = block.kind, block.base, block.grain, start
        bits = max(block.grain.bit_length() + 8 * len(block.planes), block.base.bit_length())
        try:
            if bits > most or start.bit_length() > _MOST_BITS:
                raise OverflowError
            fill(numbers, 8 * count * row, block, count)
        except (OverflowError, PackedError, zlib.error):
            singly.append(row)
            head = 0, 0, 0, 0
        heads.append(head)
    values = np.frombuffer(numbers, "<i8").reshape(len(blocks), count)  # changed in place
    kinds, bases, grains, starts = np.array(heads, np.int64).reshape(-1, 4).T
    unsure = [(row, values[row] == 0) for row in np.flatnonzero(kinds & NULLABLE).tolist()]
    if (grains != 1).any():
        values *= grains[:, None]
    values += bases[:, None]
    for row, is_unknown in unsure:
        values[row, is_unknown] = UNKNOWN
    for row in np.flatnonzero(kinds == DELTA).tolist():
        values[row, 0] = starts[row]
        np.cumsum(values[row], out=values[row])
    return values, singly
