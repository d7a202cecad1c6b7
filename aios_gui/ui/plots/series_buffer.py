"""The beats behind the plots: loaded from the record as columns, then added to as they happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import ContextSample, Event, RecordedBeat
from aios_gui.history.model.series import Series
from aios_gui.record.model.hiccups import Hiccups
from aios_gui.ui.plots.curve import Layout, Rows
from aios_gui.ui.plots.quantity import QUANTITIES

Floats = npt.NDArray[np.float64]
BUCKETS = 600
"""Buckets of a long span, two points each: as many as a plot has pixels, more or less."""
RAW_LIMIT = 1300
"""Beats that are drawn one by one; a span with more is cut into buckets."""
_SAME_S = 2e-6
"""The record keeps microseconds: a live beat as close as this to a stored one is the same."""
_LAG_NS = 10_000_000_000
"""Beats come from the record and from the feed; either may be so far behind the other."""
_COUNT = len(QUANTITIES)
_LEAST_CAPACITY = 4096
OWN_NAMES = ("own_cpu_percent", "own_memory_percent")
_OWN_HOLE_S = 180.0
"""While it is throttled, a service takes a sample every other minute."""
_NS = 1_000_000_000
_ROUNDING_NS = 1000
"""More than a float of seconds since 1970 is off; less than two beats are apart."""


class OwnShare:
    """Points of the context samples, thinned to what a plot can show."""

    def __init__(self, most: int) -> None:
        """``most``: how many points a loaded series keeps."""
        self._most = most
        self._hole_s = _OWN_HOLE_S
        self._times: list[float] = []
        self._values: dict[str, list[float]] = {name: [] for name in OWN_NAMES}

    def load(self, series: Series) -> None:
        """Hold the own share of this series; of a long one, every n-th point."""
        step = max(1, -(-len(series.own_time_s) // self._most))
        self._hole_s = _OWN_HOLE_S * step
        self._times = list(series.own_time_s[::step])
        self._values = {name: list(getattr(series, name)[::step]) for name in OWN_NAMES}

    def append(self, sample: ContextSample, least_apart_s: float) -> bool:
        """Add a sample unless the last one is closer than ``least_apart_s``; whether it was added."""
        at_s = sample.wall_ns / _NS
        while self._times and at_s < self._times[-1]:
            self._times.pop()
            for values in self._values.values():
                values.pop()
        if self._times and at_s - self._times[-1] < least_apart_s:
            return False
        self._times.append(at_s)
        for name in OWN_NAMES:
            value = getattr(sample, name)
            self._values[name].append(np.nan if value is None else value)
        return True

    def trim(self, start_s: float) -> None:
        """Forget points before ``start_s``, but for one."""
        gone = max(0, int(np.searchsorted(self._times, start_s)) - 1)
        if gone:
            del self._times[:gone]
            for values in self._values.values():
                del values[:gone]

    def points(
        self, name: str, until_s: float = -np.inf, broken_at_s: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Seconds since the Unix epoch, and percent; NaN where samples are missing or at ``broken_at_s``.

        The last value holds until ``until_s``, as the next sample may be a while off.
        """
        times, values = np.array(self._times), np.array(self._values[name])
        if not len(times):
            return times, values
        if times[-1] < until_s <= times[-1] + self._hole_s:
            times, values = np.append(times, until_s), np.append(values, values[-1])
        broken = np.diff(times, prepend=times[0]) > self._hole_s
        at = np.searchsorted(times, np.empty(0) if broken_at_s is None else broken_at_s)
        broken[at[at < len(times)]] = True
        layout = Layout.of(times, broken, 1, np.zeros(len(times)))
        return layout.x, layout.y(values, values)


class SeriesBuffer:
    """Rows of time, minimum and maximum of each quantity: a row a beat, or one a bucket where ``bucket_ns`` > 0.

    ``versions`` counts, for each quantity, the changes to what would be drawn.
    """

    def __init__(self) -> None:
        self._columns: Floats = np.empty((1 + 2 * _COUNT, _LEAST_CAPACITY))
        self._start = 0
        self._end = 0
        self._bucket = -1
        self.bucket_ns = 0
        self.own = OwnShare(BUCKETS)
        self.gaps: list[Gap] = []
        self.hiccups = Hiccups()
        self.versions = [0] * _COUNT

    def __len__(self) -> int:
        return self._end - self._start

    @property
    def times(self) -> Floats:
        """Seconds since the Unix epoch, growing."""
        return self._columns[0, self._start : self._end]

    def low(self, index: int) -> Floats:
        """The minimum of each row of a quantity."""
        return self._columns[1 + index, self._start : self._end]

    def high(self, index: int) -> Floats:
        """The maximum of each row of a quantity."""
        return self._columns[1 + _COUNT + index, self._start : self._end]

    def load(self, series: Series) -> None:
        """Hold this series instead of what there was."""
        count = len(series.time_s)
        self._columns = np.empty((1 + 2 * _COUNT, max(_LEAST_CAPACITY, 2 * count)))
        self._start, self._end = 0, count
        self.bucket_ns = series.bucket_ns
        names = ["time_s", *(q.low for q in QUANTITIES), *(q.high for q in QUANTITIES)]
        for row, name in enumerate(names):
            self._columns[row, :count] = getattr(series, name)
        self._bucket = self._bucket_of(self._last_ns()) if count else -1
        self.own.load(series)
        self.gaps = list(series.gaps)
        self.hiccups = series.hiccups.copy()
        self._touch()

    def append(self, beat: RecordedBeat) -> None:
        """Add a beat, to its bucket or as a row of its own. One that is held already changes nothing.

        A beat well before the last one means that the wall clock was set back: what lay after it goes.
        """
        at_s = beat.wall_ns / _NS
        self._end_gaps(beat.wall_ns)
        if self.bucket_ns and len(self):
            behind = self._bucket - self._bucket_of(beat.wall_ns)
            if behind == 0:
                self._merge(beat)
            if behind == 0 or 0 < behind * self.bucket_ns <= max(_LAG_NS, 2 * self.bucket_ns):
                return
        if len(self) and at_s < self.times[-1] + _SAME_S:
            self._cut_from(at_s - _SAME_S)
        if self._end == self._columns.shape[1]:
            self._make_room()
        column = self._columns[:, self._end]
        column[0] = at_s
        for index, quantity in enumerate(QUANTITIES):
            value = quantity.of_beat(beat)
            column[1 + index] = column[1 + _COUNT + index] = np.nan if value is None else value
        self._end += 1
        self._bucket = self._bucket_of(beat.wall_ns)
        self._touch()

    def append_own(self, sample: ContextSample, span_s: float) -> None:
        """Add this program's own share, at most one point for each bucket of ``span_s``."""
        if self.own.append(sample, span_s / BUCKETS):
            self._touch()

    def append_gap(self, gap: Gap) -> None:
        """Add a span without beats; the same one only once."""
        if not any(gap.kind is known.kind and _same(gap.start_ns, known.start_ns) for known in self.gaps):
            self.gaps.append(gap)
            self._touch()

    def append_hiccup(self, event: Event) -> None:
        """Add a hiccup; the same one only once."""
        if self.hiccups.add(event):
            self._touch()

    def trim(self, start_s: float) -> None:
        """Forget what lies before ``start_s``, but for one row, so that the line still enters the picture."""
        self._start += max(0, int(np.searchsorted(self.times, start_s)) - 1)
        self.own.trim(start_s)
        self.gaps = [gap for gap in self.gaps if gap.end_ns >= start_s * _NS]
        self.hiccups.trim(int(start_s * _NS))

    def coarsen(self, span_s: float) -> bool:
        """Cut rows that stand one a beat into buckets once there are too many; whether that was so."""
        if self.bucket_ns or len(self) <= RAW_LIMIT:
            return False
        self.bucket_ns = max(1, int(span_s / BUCKETS * _NS))
        numbers = ((self.times * _NS).astype(np.int64) + _ROUNDING_NS) // self.bucket_ns
        firsts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
        merged = [self.times[firsts]]
        merged += [np.fmin.reduceat(self.low(index), firsts) for index in range(_COUNT)]
        merged += [np.fmax.reduceat(self.high(index), firsts) for index in range(_COUNT)]
        self._start, self._end = 0, len(firsts)
        for row, values in enumerate(merged):
            self._columns[row, : self._end] = values
        self._bucket = int(numbers[-1])
        self._touch()
        return True

    def rows(self, start_s: float, end_s: float, interval_ns: int) -> Rows:
        """What is to be drawn from ``start_s`` to ``end_s``, with one row beyond either edge.

        Rows with a gap between are not joined, nor those further apart than three beats or two buckets.
        """
        first = max(0, int(np.searchsorted(self.times, start_s)) - 1)
        last = min(len(self), int(np.searchsorted(self.times, end_s, side="right")) + 1)
        # A clock set back leaves no hole: its gap lies over beats that were made.
        moments = [(gap.start_ns + gap.end_ns) / 2 / _NS for gap in self.gaps if gap.end_ns > gap.start_ns]
        return Rows(
            self.times[first:last],
            tuple(self.low(index)[first:last] for index in range(_COUNT)),
            tuple(self.high(index)[first:last] for index in range(_COUNT)),
            bucketed=self.bucket_ns > 0,
            hole_s=max(3 * interval_ns, 2 * self.bucket_ns) / _NS,
            least_hole_s=2 * self.bucket_ns / _NS,
            broken_at_s=np.array(moments),
        )

    def _merge(self, beat: RecordedBeat) -> None:
        column = self._columns[:, self._end - 1]
        for index, quantity in enumerate(QUANTITIES):
            value = quantity.of_beat(beat)
            if value is None:
                continue
            # Written so that NaN, where nothing was measured so far, gives way to the value.
            if not column[1 + index] <= value:
                column[1 + index] = value
                self.versions[index] += 1
            if not column[1 + _COUNT + index] >= value:
                column[1 + _COUNT + index] = value
                self.versions[index] += 1

    def _bucket_of(self, wall_ns: int) -> int:
        # Buckets lie on multiples of their width since the Unix epoch, in the record as here.
        return wall_ns // self.bucket_ns if self.bucket_ns else -1

    def _last_ns(self) -> int:
        return int(self.times[-1] * _NS) + _ROUNDING_NS

    def _end_gaps(self, wall_ns: int) -> None:
        """Where a beat lies in a gap, time goes by again since the clock was set back: what is left ends there."""
        inside = [gap for gap in self.gaps if gap.start_ns < wall_ns < gap.end_ns]
        if not inside:
            return
        landed_ns = next((gap.end_ns for gap in reversed(self.gaps) if gap.is_set_back), wall_ns)
        self.gaps = [
            replace(gap, end_ns=max(gap.start_ns, landed_ns)) if gap in inside else gap for gap in self.gaps
        ]
        self._touch()

    def _cut_from(self, at_s: float) -> None:
        self._end = self._start + int(np.searchsorted(self.times, at_s))
        self._bucket = self._bucket_of(self._last_ns()) if len(self) else -1
        self._touch()

    def _make_room(self) -> None:
        """Move the rows to the left edge of the columns, into a larger block where they would still be cramped."""
        kept, count = self._columns[:, self._start : self._end], len(self)
        capacity = self._columns.shape[1] * (1 if count * 2 <= self._columns.shape[1] else 2)
        columns = np.empty((self._columns.shape[0], capacity))
        columns[:, :count] = kept
        self._columns, self._start, self._end = columns, 0, count

    def _touch(self) -> None:
        for index in range(_COUNT):
            self.versions[index] += 1


def _same(one_ns: int, other_ns: int) -> bool:
    return abs(one_ns - other_ns) < _ROUNDING_NS
