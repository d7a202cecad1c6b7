"""How often a rule would have fired over a span of the record, by the same machine that watches live."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from aios_gui.alerts.model.alarm import Alarm, Firing, Phase, Turn
from aios_gui.alerts.model.rules import Comparison, Measure, Rule
from aios_gui.alerts.watch.readings import WINDOW_BEATS, DurationWindow
from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.stall import SeenBy
from aios_gui.record.store.reader import RecordReader

_MEGABYTE = 1024 * 1024
# Measure: table, column, and how many of the column's units make one of the measure.
_COLUMNS: dict[str, tuple[str, str, float]] = {
    Measure.CPU: ("beat", "cpu_hundredths", 100),
    Measure.MEMORY: ("beat", "memory_hundredths", 100),
    Measure.LATENESS: ("beat", "lateness_ns", 1e6),
    Measure.MISSED: ("beat", "missed", 1),
    Measure.DURATION_MEAN: ("beat", "duration_ns", 1e6),
    Measure.DURATION_P95: ("beat", "duration_ns", 1e6),
    Measure.DURATION_P99: ("beat", "duration_ns", 1e6),
    Measure.SWAP: ("context", "swap_hundredths", 100),
    Measure.DISK_FREE: ("context", "disk_free_hundredths", 100),
    Measure.DISK_BUSY: ("context", "disk_busy_hundredths", 100),
    Measure.CPU_STALLED: ("context", "cpu_stalled_hundredths", 100),
    Measure.IO_STALLED: ("context", "io_stalled_hundredths", 100),
    Measure.MEMORY_STALLED: ("context", "memory_stalled_hundredths", 100),
    Measure.OWN_CPU: ("context", "own_cpu_hundredths", 100),
    Measure.OWN_MEMORY: ("context", "own_memory_bytes", _MEGABYTE),
}
_OF_DURATIONS = (Measure.DURATION_MEAN, Measure.DURATION_P95, Measure.DURATION_P99)

_NEVER_NS = 2**63 - 1
_LONGEST_NS = 125_000_000_000
"""Between two context samples: sealed hours keep one a minute, and a throttled service takes one each two minutes."""
_NOWHERE = float("inf"), float("-inf")

Row = tuple[int, int, int]
"""Time (µs), beats missed, and the column of the measure."""


class NotRecorded(Exception):
    """The record has nothing of this measure, as of one that a plug-in offers."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a rule would have done: its incidents, oldest first, and how many readings there were.

    ``started_ns`` and ``cleared_ns`` of an incident are by the wall clock; the last one may still go on.
    """

    incidents: tuple[Firing, ...]
    readings: int

    @property
    def firings(self) -> int:
        """How often it would have fired, with those that count to an incident before."""
        return sum(incident.count for incident in self.incidents)


def replay(
    reader: RecordReader,
    rule: Rule,
    start_ns: int,
    end_ns: int,
    interval_ns: int = 1_000_000_000,
    context_ns: int = 30_000_000_000,
) -> Replay:
    """Run ``rule``, enabled or not, over the record; StoreError as of ``reader``, NotRecorded for some measures.

    ``interval_ns`` is the time from beat to beat where the record does not tell it, ``context_ns`` what a context
    sample with none shortly before it stands for. Beats are taken in the order of the wall clock.
    """
    if rule.measure not in _COLUMNS:
        raise NotRecorded(rule.measure)
    table, column, scale = _COLUMNS[rule.measure]
    rows = reader.column(table, column, start_ns, end_ns)
    if table == "context":
        samples = _Samples(rows, context_ns)
        run = _Run(rule, samples.worth_ns)
        run.take_values(samples, scale)
        return Replay(tuple(run.incidents), run.readings)
    intervals = reader.intervals()
    run = _Run(rule, lambda at_ns: intervals.at(at_ns) or interval_ns)
    if rule.is_of_stalls:
        events = reader.events(start_ns, end_ns, EventKind.HICCUP)
        run.take_stalls(rows, [each for each in events if each.facts.get("seen_by") == SeenBy.WATCH])
    elif rule.measure in _OF_DURATIONS:
        run.take_durations(rows)
    else:
        run.take_values(rows, scale)
    return Replay(tuple(run.incidents), run.readings)


class _Samples:
    """Context samples in order. Each stands for the time since the one before it."""

    def __init__(self, rows: Iterator[Row], context_ns: int) -> None:
        self._rows, self._context_ns = rows, context_ns
        self._since_ns = 0

    def __iter__(self) -> Iterator[Row]:
        last_us = 0
        for row in self._rows:
            self._since_ns, last_us = (row[0] - last_us) * 1000, row[0]
            yield row

    def worth_ns(self, _at_ns: int) -> int:
        """What the one in hand stands for, ns."""
        return self._since_ns if 0 < self._since_ns <= _LONGEST_NS else self._context_ns


class _Run:
    """One alarm going through the record, with what it brought about. ``worth_ns``: of a reading at a moment."""

    def __init__(self, rule: Rule, worth_ns: Callable[[int], int]) -> None:
        self.incidents: list[Firing] = []
        self.readings = 0
        self._rule = rule
        self._alarm = Alarm(rule)
        self._worth_ns = worth_ns

    def _take(self, value: float, at_us: int, missed: int) -> bool:
        """Feed one reading; whether it changed anything that ``_dull`` tells."""
        alarm = self._alarm
        before, phase = alarm.firing, alarm.phase
        at_ns = at_us * 1000
        turn = alarm.take(value, at_ns, self._worth_ns(at_ns) * (1 + missed))
        firing = alarm.firing
        if firing is before:
            return alarm.phase is not phase
        if firing is not None:
            if turn is Turn.FIRED:
                self.incidents.append(firing)
            else:
                self.incidents[-1] = firing
        return True

    def _dull(self) -> tuple[float, float]:
        """Between which values readings change nothing: good ones while it is calm; no worse ones while it fires.

        A little on the safe side of rounding: the alarm has the last word.
        """
        rule, alarm = self._rule, self._alarm
        sign = 1.0 if rule.comparison is Comparison.ABOVE else -1.0
        best, worst = _NOWHERE
        if alarm.phase is Phase.CALM:
            best, worst = float("-inf"), sign * rule.limit
        elif alarm.phase is Phase.FIRING and alarm.firing is not None:
            best, worst = sign * rule.clear, sign * alarm.firing.peak
        margin = 1e-9 * max(abs(best) if best > float("-inf") else 0.0, abs(worst))
        best, worst = best + margin, worst - margin
        return (best, worst) if sign > 0 else (-worst, -best)

    def take_values(self, rows: Iterable[Row], scale: float) -> None:
        """Feed rows whose column is the measure; a reading that changes nothing costs one comparison."""
        count = 0
        low, high = self._dull()
        for at_us, missed, raw in rows:
            count += 1
            value = raw / scale
            if low < value < high:
                continue
            if self._take(value, at_us, missed):
                low, high = self._dull()
        self.readings = count

    def take_stalls(self, rows: Iterator[Row], between_beats: list[Event]) -> None:
        """Feed the late beats, and the stalls that the watch saw; where both tell of one stall, the longer one."""
        limit_ns = self._rule.limit * 1e6
        stalls = [(each.wall_ns, hiccup_length_ns(each)) for each in between_beats]
        count = 0
        for at_us, _missed, lateness_ns in rows:
            count += 1
            if lateness_ns >= limit_ns:
                stalls.append((at_us * 1000, lateness_ns))
        last: tuple[int, int] | None = None
        for end_ns, length_ns in sorted((*stalls, (_NEVER_NS, 0))):
            if last is not None and end_ns - length_ns >= last[0]:
                self._take_stall(*last)
                last = None
            if last is None or length_ns > last[1]:
                last = (end_ns, length_ns)
        self.readings = count

    def _take_stall(self, end_ns: int, length_ns: int) -> None:
        turn = self._alarm.take_stall(length_ns / 1e6, end_ns - length_ns, end_ns)
        firing = self._alarm.firing
        if turn is Turn.FIRED and firing is not None:
            self.incidents.append(firing)
        elif turn is not None and firing is not None:
            self.incidents[-1] = firing

    def take_durations(self, rows: Iterator[Row]) -> None:
        """Feed rows whose column is the duration, judged over the last 100 beats."""
        measure = self._rule.measure
        may_breach = _screen(self._rule)
        last: deque[int] = deque(maxlen=WINDOW_BEATS)
        window: DurationWindow | None = None
        count = 0
        calm = True
        low, high = self._dull()
        for at_us, missed, duration_ns in rows:
            count += 1
            near = may_breach(duration_ns)
            last.append(duration_ns)
            if window is not None:
                window.add(duration_ns)
            if calm and not near:
                window = None
                continue
            if window is None:
                window = DurationWindow(measure != Measure.DURATION_MEAN)
                for each in last:
                    window.add(each)
            value = window.read(measure)
            if value is not None and not low < value < high and self._take(value, at_us, missed):
                calm = self._alarm.phase is Phase.CALM
                low, high = self._dull()
        self.readings = count


def _screen(rule: Rule) -> Callable[[int], bool]:
    """A quick look at each duration: False where the figure over the last 100 beats cannot be over the limit."""
    if rule.comparison is Comparison.BELOW:
        return lambda _duration_ns: True
    # On the safe side of rounding; the exact figure decides.
    limit_ns = rule.limit * 1e6 * (1 - 1e-9)
    last: deque[int] = deque([0] * WINDOW_BEATS, WINDOW_BEATS)
    if rule.measure == Measure.DURATION_MEAN:
        return _Sum(last, limit_ns).add
    # By the nearest rank, the P95 of n beats is over the limit where more of them are than lie above its rank.
    share = 0.05 if rule.measure == Measure.DURATION_P95 else 0.01
    return _Count(last, limit_ns, share).add


@dataclass(slots=True)
class _Count:
    """Whether enough of the last 100 durations are over the limit for a percentile to be."""

    last: deque[int]
    limit_ns: float
    share: float
    over: int = 0
    number: int = 0
    rank: int = 0

    def add(self, duration_ns: int) -> bool:
        last = self.last
        is_over = duration_ns >= self.limit_ns
        self.over += is_over - last[0]
        last.append(is_over)
        if self.number < WINDOW_BEATS:
            self.number += 1
            self.rank = int(self.share * self.number)
        return self.over > self.rank


@dataclass(slots=True)
class _Sum:
    """Whether the durations of the last 100 beats add up to enough for their mean to be over the limit."""

    last: deque[int]
    limit_ns: float
    total_ns: int = 0
    number: int = 0

    def add(self, duration_ns: int) -> bool:
        last = self.last
        self.total_ns += duration_ns - last[0]
        last.append(duration_ns)
        if self.number < WINDOW_BEATS:
            self.number += 1
        return self.total_ns >= self.limit_ns * self.number
