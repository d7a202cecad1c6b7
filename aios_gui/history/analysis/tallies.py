"""Very many histograms at once, as arrays: decoded, put together and asked for percentiles in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aios_gui.record.model.histogram import (
    HIGHEST_NS,
    LOWEST_NS,
    MOST_COUNTS,
    SHARE_GRAIN,
    HistogramError,
    body_of,
    index_of,
)

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

_UNIT_BITS = LOWEST_NS.bit_length() - 1
_HALF_BITS = (index_of(1 << 20) - index_of(1 << 19)).bit_length() - 1
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Tally:
    """Histograms of several groups: how many times of a group belong to a count, by the number of the count.

    Sorted by group, then by number; no pair is there twice, and no count is 0.
    """

    group: Ints
    index: Ints
    count: Ints

    @classmethod
    def joined(cls, parts: Sequence[Tally]) -> Tally:
        """One after the other, as they are."""
        if len(parts) < 2:
            return parts[0] if parts else NO_TALLY
        return cls(
            *(np.concatenate([getattr(each, name) for each in parts]) for name in ("group", "index", "count"))
        )

    def chosen(self, places: NDArray[np.bool_] | slice) -> Tally:
        """Some of the counts."""
        return Tally(self.group[places], self.index[places], self.count[places])

    def reordered(self, lengths: Ints, order: Ints) -> Tally:
        """The groups, ``lengths`` tells how many counts each has, in another order, and numbered in that."""
        ends = np.cumsum(lengths)
        group = np.repeat(np.arange(len(order), dtype=np.int32), lengths[order])
        breaks = np.flatnonzero(np.diff(order) != 1)
        if not len(breaks):
            return Tally(group, self.index, self.count)
        # Most follow each other in both orders: what does is moved as one.
        firsts, lasts = order[np.concatenate(([0], breaks + 1))], order[np.concatenate((breaks, [-1]))]
        runs = list(map(slice, (ends - lengths)[firsts].tolist(), ends[lasts].tolist()))
        return Tally(
            group, *(np.concatenate([each[run] for run in runs]) for each in (self.index, self.count))
        )

    def bounds(self, groups: int) -> Ints:
        """Where the counts of each of the first groups begin, and those of the last one end."""
        return np.searchsorted(self.group, np.arange(groups + 1, dtype=self.group.dtype))

    def percentiles(self, groups: int, *shares: float) -> Floats:
        """A row for each share, a column for each group, ns, as ``Histogram.at`` has them; NaN in an empty group."""
        found = np.full((len(shares), groups), np.nan)
        summed = np.zeros(len(self.count) + 1, np.int64)
        np.cumsum(self.count, out=summed[1:])
        bounds = self.bounds(groups)
        before, totals = summed[bounds[:-1]], np.diff(summed[bounds])
        full = np.flatnonzero(totals)
        for row, share in enumerate(shares):
            rank = ranks_of(share, totals[full])
            found[row, full] = highest_of(self.index[np.searchsorted(summed, before[full] + rank) - 1])
        return found

    def regrouped(self, new_group: Ints, groups: int) -> Tally:
        """The histograms of each new group put together; ``new_group`` is by the old one, -1 for none."""
        moved, steps = (
            Tally(new_group.astype(np.int32)[self.group], self.index, self.count),
            np.diff(new_group, prepend=-1),
        )
        if (steps < 0).any():
            return put_together(moved, groups)
        # In their order, those before the first that is put to another stay by themselves.
        shared = new_group[steps == 0][:1]
        start = np.searchsorted(moved.group, shared[0]) if len(shared) else len(moved.group)
        rest = put_together(moved.chosen(np.s_[start:]), groups)
        return Tally.joined([moved.chosen(np.s_[:start]), rest])

    def from_on(self, limit_ns: int, groups: int) -> Ints:
        """How many times of each group belong to the count of a time, or to one of longer times."""
        there = self.index >= index_of(limit_ns)
        return np.bincount(self.group[there], self.count[there], groups).astype(np.int64)


def ranks_of(share: float | Floats, totals: int | Ints) -> Ints:
    """Of ``totals`` times, shortest first, the number of the one that is the percentile, as in ``Histogram.at``."""
    return np.maximum(1, np.ceil(share * totals - SHARE_GRAIN)).astype(np.int64)


_FEW_RUNS = 64
NO_TALLY = Tally(_NONE, _NONE, _NONE)


def highest_of(index: Ints) -> Ints:
    """The longest time that belongs to each count, ns."""
    index = index.astype(np.int64)
    bucket = np.maximum(0, (index >> _HALF_BITS) - 1)
    highest: Ints = ((index - (bucket << _HALF_BITS) + 1) << (bucket + _UNIT_BITS)) - 1
    return highest


def indexes_of(values_ns: Ints) -> Ints:
    """Which count each time belongs to."""
    values = np.clip(values_ns, 0, HIGHEST_NS)
    mask = ((2 << _HALF_BITS) - 1) << _UNIT_BITS
    # Up to ten days a float holds every ns, so that the exponent, which is above its 52 bits, is exact.
    bits = ((values | mask).astype(np.float64).view(np.int64) >> 52) - 1022
    bucket = bits - (_UNIT_BITS + _HALF_BITS + 1)
    found: Ints = (bucket << _HALF_BITS) + (values >> (bucket + _UNIT_BITS))
    return found


def put_together(found: Tally, groups: int) -> Tally:
    """Counts in any order as a tally; what is of group -1 is left out."""
    if (found.group < 0).any():
        found = found.chosen(found.group >= 0)
    group, index, count = found.group, found.index, found.count
    if not len(group):
        return NO_TALLY
    width = int(index.max()) + 1
    key = group.astype(np.int64) * width + index
    runs = np.count_nonzero(key[1:] <= key[:-1])
    if not runs:
        return found
    if runs > _FEW_RUNS and _is_dense(groups * width, len(index)):
        dense = np.bincount(key, count, groups * width).astype(np.int64)
        return of_dense(dense.reshape(groups, width))
    # A stable sort of few runs that are sorted already costs next to nothing.
    order = np.argsort(key, kind="stable")
    firsts = np.flatnonzero(np.diff(key[order], prepend=-1))
    places = order[firsts]
    return Tally(group[places], index[places], np.add.reduceat(count[order], firsts))


def _is_dense(cells: int, counts: int) -> bool:
    """Whether a table of that many cells costs less than to sort the counts."""
    return cells <= 8 * counts + 65_536


def of_dense(counts: Ints) -> Tally:
    """A row of counts for each group, by their number."""
    places = np.flatnonzero(counts.reshape(-1) != 0)
    group, index = np.divmod(places, counts.shape[1])
    return Tally(group, index, counts.reshape(-1)[places])


def of_values(group: Ints, values_ns: Ints, groups: int) -> Tally:
    """The histograms of single times, each of a group."""
    index = indexes_of(values_ns)
    width = int(index.max(initial=0)) + 1
    if _is_dense(groups * width, len(index)):
        counts = np.bincount(group.astype(np.int64) * width + index, minlength=groups * width)
        return of_dense(counts.reshape(groups, width))
    return put_together(Tally(group, index, np.ones(len(group), np.int64)), groups)


def decoded(encoded: Sequence[bytes]) -> tuple[Tally, dict[int, HistogramError]]:
    """Encoded histograms, the place of each its group; and what is wrong with the damaged ones, which are empty."""
    bodies, faults = [], {}
    for place, each in enumerate(encoded):
        try:
            bodies.append(_whole(body_of(each)))
        except (HistogramError, TypeError) as error:
            faults[place] = HistogramError(str(error))
            bodies.append(b"")
    starts = range(0, len(bodies), _AT_ONCE)
    found = Tally.joined([_decoded(bodies[start : start + _AT_ONCE], start) for start in starts])
    if found.index.max(initial=0) >= MOST_COUNTS:
        for place in np.unique(found.group[found.index >= MOST_COUNTS]).tolist():
            faults[place] = HistogramError("it has too many counts")
    return found.chosen(~np.isin(found.group, list(faults))) if faults else found, faults


def _decoded(bodies: Sequence[bytes], begin: int) -> Tally:
    """The counts of some bodies, numbered from ``begin``: few enough that the arrays stay in the processor's cache."""
    found = np.frombuffer(b"".join(bodies), np.uint8)
    if not len(found):
        return NO_TALLY
    starts = np.flatnonzero(np.concatenate(([True], found[:-1] < 0x80)))
    heads = found[starts]
    number = _SIGNED[heads]
    longer = np.flatnonzero(heads >= 0x80)
    first, second = (found[starts[longer] + place].astype(np.int64) for place in (0, 1))
    raw = first & 0x7F | second << 7
    number[longer] = np.where(raw & 1, -(raw + 1 >> 1), raw >> 1)
    for place in longer[second >= 0x80].tolist():
        # A step over more counts than there are would come round in 32 bits, to a count that is there.
        number[place] = max(_number(found[starts[place] : starts[place] + 9].tolist()), -MOST_COUNTS)
    ends = np.searchsorted(starts, np.cumsum([len(each) for each in bodies]))
    # Where each number begins, and the next one after the last: the index goes on over the bodies.
    index = np.zeros(len(number) + 1, np.int64)
    np.cumsum(np.where(number < 0, -number, 1), out=index[1:])
    places = np.flatnonzero(number > 0)
    sizes = np.diff(np.searchsorted(places, ends), prepend=0)
    firsts = np.repeat(index[np.concatenate(([0], ends[:-1]))], sizes)
    group = np.repeat(np.arange(begin, begin + len(bodies), dtype=np.int32), sizes)
    return Tally(group, (index[places] - firsts).astype(np.int32), number[places])


def _number(digits: list[int]) -> int:
    """A signed number of seven bits a byte, which begins with these."""
    value = 0
    for place, digit in enumerate(digits):
        value |= (digit & 0x7F) << 7 * place
        if digit < 0x80:
            break
    return -(value + 1 >> 1) if value & 1 else value >> 1


def _whole(body: bytes) -> bytes:
    """The body; HistogramError where it ends within a number, or has one that no count comes near."""
    if body and body[-1] >= 0x80:
        raise HistogramError("it ends too early")
    if body.translate(_LONG).find(b"\1" * 8) >= 0:
        raise HistogramError("it has a number that is too large")
    return body


_AT_ONCE = 64
_SIGNED = np.array([_number([each]) for each in range(256)], np.int64)
_LONG = bytes(each >= 0x80 for each in range(256))
