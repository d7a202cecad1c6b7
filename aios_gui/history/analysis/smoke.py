"""Makes the smoke of a span, and the marks of all days of a record, out of what is known most coarsely."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.history.analysis.model.smoke import DayMark, Puff, Smoke
from aios_gui.history.analysis.stretches import (
    CPU,
    DAY_US,
    DURATION,
    KNOWN,
    LATENESS,
    MEMORY,
    MOST,
    SCALES,
    TOTAL,
    Stretches,
    beats_by_hour,
    read_stretches,
    summed,
)
from aios_gui.history.analysis.tallies import Floats, Ints, Tally, of_values, ranks_of
from aios_gui.history.model.distribution import band_of
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealing import DAY_HOURS

_SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_BEATS_TO_US = 30 * HOUR_US
"""Of spans up to this long the beats are read; to read more would take too long."""
_MINUTES_TO_US, _HOURS_TO_US = 14 * DAY_US, 45 * DAY_US
"""Up to the first a bucket is of an hour, up to the second of a quarter of a day, beyond it of days."""
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_HICCUPS = "SELECT at_us / ?, count(*) FROM event WHERE kind = ? GROUP BY 1"


def smoke_of(reader: RecordReader, start_ns: int, end_ns: int, pixels: int) -> Smoke:
    """The span as smoke, in about ``pixels`` buckets where the record allows for as many; StoreError."""
    with reader.at_once() as (connection, sealed):
        whole = reader.span()
        if connection is None or whole is None:
            return Smoke(start_ns, end_ns, 0)
        first_us, last_us = max(start_ns, whole[0]) // 1000, min(end_ns // 1000, whole[1] // 1000 + 1)
        if first_us >= last_us:
            return Smoke(start_ns, end_ns, 0)
        length_us, wanted_us = last_us - first_us, (last_us - first_us) / max(1, pixels)
        unit_us = DAY_US
        if length_us <= _BEATS_TO_US:
            steps = (step * 1_000_000 for step in _STEPS_S)
            bucket_us = next((step for step in steps if step >= wanted_us), HOUR_US)
        else:
            unit_us = (
                HOUR_US
                if length_us <= _MINUTES_TO_US
                else DAY_US // 4
                if length_us <= _HOURS_TO_US
                else DAY_US
            )
            bucket_us = unit_us * max(1, -int(-wanted_us // unit_us))
        buckets = _Buckets(first_us // bucket_us, (last_us - 1) // bucket_us + 1, bucket_us)
        if length_us <= _BEATS_TO_US:
            for beats in beats_by_hour(connection, sealed, first_us, last_us):
                buckets.add_beats(beats)
        else:
            found = read_stretches(
                connection,
                sealed,
                first_us,
                last_us,
                (),
                by_day=unit_us == DAY_US,
                by_minute=unit_us == HOUR_US,
            )
            buckets.add_stretches(found)
        gaps = tuple(reader.gaps(start_ns, end_ns))
    return buckets.smoke(start_ns, end_ns, gaps)


class _Buckets:
    """The buckets of a span while they are filled, numbered from the first."""

    def __init__(self, first: int, last: int, bucket_us: int) -> None:
        self._first, self._bucket_us, self._count = first, bucket_us, last - first
        self._puffs: list[Floats] = [np.full((len(_SHARES) + 1, self._count), np.nan) for _measure in SCALES]

    def _places(self, at_us: Ints) -> Ints:
        return np.clip(at_us // self._bucket_us - self._first, 0, self._count - 1)

    def add_beats(self, beats: NDArray[np.int64]) -> None:
        """Beats as columns of their time (µs) and the measures: all that there are of the buckets they are in."""
        places = self._places(beats[0])
        if not len(places):
            return
        first, last = int(places.min()), int(places.max()) + 1
        places -= first
        for measure, values in enumerate(beats[1:5]):
            puff, known = self._puffs[measure][:, first:last], np.flatnonzero(values >= 0)
            if measure in (CPU, MEMORY):
                _put_values(puff, places[known], values[known])
            else:
                _put_tally(puff, of_values(places[known], values[known], last - first))
            _put_most(puff, places[known], values[known])

    def add_stretches(self, found: Stretches) -> None:
        """Times of whole stretches, shares by the means of the finest that is known, and the extremes of all."""
        places = self._places(found.start_us)
        _put_tally(self._puffs[DURATION], found.duration.regrouped(places, self._count))
        _put_tally(self._puffs[LATENESS], found.lateness.regrouped(places, self._count))
        is_coarse = ~np.isin(found.hours, (1, DAY_HOURS)) if len(found.fine_us) else np.full(found.size, True)
        means_us = np.concatenate((found.start_us[is_coarse], found.fine_us))
        for measure in (CPU, MEMORY):
            known, total = (
                np.concatenate((own[measure, is_coarse], found.fine[place, measure]))
                for place, own in ((KNOWN, found.sums[KNOWN]), (TOTAL, found.sums[TOTAL]))
            )
            is_known = known > 0
            _put_values(
                self._puffs[measure], self._places(means_us[is_known]), total[is_known] / known[is_known]
            )
        for measure in range(len(SCALES)):
            is_known = found.sums[KNOWN, measure] > 0
            _put_most(self._puffs[measure], places[is_known], found.sums[MOST, measure, is_known])

    def smoke(self, start_ns: int, end_ns: int, gaps: tuple[Gap, ...]) -> Smoke:
        """What was put together."""
        time_s = (self._first + np.arange(self._count)) * (self._bucket_us / 1e6)
        duration, lateness, cpu, memory = (
            Puff(*(array("d", (row * scale).tobytes()) for row in puff))
            for puff, scale in zip(self._puffs, SCALES, strict=True)
        )
        bucket_ns = self._bucket_us * 1000
        return Smoke(
            start_ns, end_ns, bucket_ns, array("d", time_s.tobytes()), duration, lateness, cpu, memory, gaps
        )


def _put_tally(puff: Floats, tally: Tally) -> None:
    puff[:-1] = tally.percentiles(puff.shape[1], *_SHARES)


def _put_values(puff: Floats, group: Ints, values: Ints | Floats) -> None:
    order = np.lexsort((values, group))
    group, values = group[order], values[order]
    counts = np.bincount(group, minlength=puff.shape[1])
    before = np.cumsum(counts) - counts
    full = np.flatnonzero(counts)
    for row, share in enumerate(_SHARES):
        rank = ranks_of(share, counts[full])
        puff[row, full] = values[before[full] + rank - 1]


def _put_most(puff: Floats, group: Ints, values: Ints) -> None:
    most = np.full(puff.shape[1], -1, np.int64)
    np.maximum.at(most, group, values)
    puff[-1] = np.where(most < 0, np.nan, most)
    # A count reaches further than the longest time in it.
    puff[:-1] = np.fmin(puff[:-1], puff[-1])


def days_of(reader: RecordReader) -> tuple[DayMark, ...]:
    """Every UTC day from the first to the last that has a beat; StoreError."""
    with reader.at_once() as (connection, sealed):
        whole = reader.span()
        if connection is None or whole is None:
            return ()
        start_us, end_us = whole[0] // 1000, whole[1] // 1000 + 1
        found = read_stretches(connection, sealed, start_us, end_us, by_day=True, only_times=True)
        first, count = start_us // DAY_US, (end_us - 1) // DAY_US - start_us // DAY_US + 1
        places = found.start_us // DAY_US - first
        worst = np.fmax(
            *(
                tally.regrouped(places, count).percentiles(count, 0.99)[0]
                for tally in (found.duration, found.lateness)
            )
        )
        beats = summed(places, found.beats, count)
        hiccups = _hiccups(connection)
        covered = covered_shares(
            (first + np.arange(count + 1)) * DAY_US * 1000, whole, reader.gaps(0, whole[1] + 1)
        )
    return tuple(
        DayMark(
            (first + place) * DAY_US * 1000,
            band_of(worst[place]) if beats[place] else None,
            float(covered[place]),
            hiccups.get(first + place, 0),
            int(beats[place]),
        )
        for place in range(count)
    )


def _hiccups(connection: sqlite3.Connection) -> dict[int, int]:
    return dict(connection.execute(_HICCUPS, (DAY_US, str(EventKind.HICCUP))))


def covered_shares(bounds_ns: Ints, whole: tuple[int, int], gaps: Iterable[Gap]) -> Floats:
    """Which share of each stretch from bound to bound lies within the record and in none of its gaps, 0 to 1."""
    taken: list[list[int]] = [[int(min(bounds_ns[0], whole[0])), whole[0]]]
    for start_ns, end_ns in sorted(
        (each.start_ns, each.end_ns) for each in gaps if each.end_ns > each.start_ns
    ):
        if start_ns <= taken[-1][1]:
            taken[-1][1] = max(taken[-1][1], end_ns)
        else:
            taken.append([start_ns, end_ns])
    taken.append([max(whole[1], taken[-1][1]), max(int(bounds_ns[-1]), whole[1], taken[-1][1])])
    edges = np.array(taken, np.float64).reshape(-1)
    lengths = np.diff(edges)
    lengths[1::2] = 0.0
    lost = np.interp(bounds_ns, edges, np.concatenate(([0.0], np.cumsum(lengths))))
    found: Floats = 1 - np.diff(lost) / np.diff(bounds_ns)
    return np.clip(found, 0.0, 1.0)
