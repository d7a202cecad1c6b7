"""The sums over the last hour of beats, which score, health and targets are judged by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from operator import add, attrgetter

from aios_gui.heartbeat.model.items import RecordedBeat

MINUTE_NS = 60_000_000_000
MINUTES = 60


@dataclass(frozen=True, slots=True)
class Hour:
    """What the beats of an hour add up to; durations in ns, shares of the machine as sums of percent.

    ``alerting`` counts beats over a threshold or so late that they show a stutter, ``over`` those over a threshold
    alone. ``fast`` are beats on the fast path. ``firings`` counts how often rules fired, without silent incidents.
    ``minutes`` is of how many minutes of the hour there are beats, 59 for all of it.
    """

    beats: int = 0
    missed: int = 0
    failed: int = 0
    alerting: int = 0
    over: int = 0
    duration_ns: int = 0
    fast: int = 0
    fast_ns: int = 0
    cpu_beats: int = 0
    cpu_sum: float = 0.0
    memory_beats: int = 0
    memory_sum: float = 0.0
    firings: int = 0
    minutes: int = 0

    @property
    def due(self) -> int:
        """Beats made and beats missed."""
        return self.beats + self.missed

    @property
    def mean_ns(self) -> float | None:
        """What a beat took on average; None where there is none."""
        return self.duration_ns / self.beats if self.beats else None

    @property
    def fast_mean_ns(self) -> float | None:
        """What a beat on the fast path took on average."""
        return self.fast_ns / self.fast if self.fast else None

    @property
    def cpu_percent(self) -> float | None:
        """CPU of the machine on average, 0 to 100."""
        return self.cpu_sum / self.cpu_beats if self.cpu_beats else None

    @property
    def memory_percent(self) -> float | None:
        """Memory of the machine in use on average, 0 to 100."""
        return self.memory_sum / self.memory_beats if self.memory_beats else None


_NAMES = tuple(Hour.__dataclass_fields__)
_sums = attrgetter(*_NAMES)


class Tally:
    """The same sums while they grow."""

    __slots__ = _NAMES
    beats: int
    missed: int
    failed: int
    alerting: int
    over: int
    duration_ns: int
    fast: int
    fast_ns: int
    cpu_beats: int
    cpu_sum: float
    memory_beats: int
    memory_sum: float
    firings: int
    minutes: int

    def __init__(self, hour: Hour | None = None) -> None:
        for name, value in zip(_NAMES, _sums(hour or Hour()), strict=True):
            setattr(self, name, value)

    def add_beat(self, beat: RecordedBeat, hiccup_ns: int) -> None:
        """Count a beat; ``hiccup_ns`` is the lateness that counts as a stutter."""
        self.beats += 1
        self.missed += beat.missed
        self.duration_ns += beat.duration_ns
        if beat.breached:
            self.over += 1
            self.alerting += 1
        elif beat.lateness_ns >= hiccup_ns:
            self.alerting += 1
        if beat.failed:
            self.failed += 1
        elif not beat.breached:
            self.fast += 1
            self.fast_ns += beat.duration_ns
        if beat.cpu_percent is not None:
            self.cpu_beats += 1
            self.cpu_sum += beat.cpu_percent
        if beat.memory_percent is not None:
            self.memory_beats += 1
            self.memory_sum += beat.memory_percent

    def plus(self, other: Tally) -> Hour:
        """Both together."""
        return Hour(*map(add, _sums(self), _sums(other)))


class SlidingHour:
    """The beats of the last sixty minutes of the wall clock, the newest beat's own the last of them.

    Kept by the minute, so that an hour takes the same few kilobytes at any interval. Where the clock is set back,
    what lies after the newest beat goes.
    """

    def __init__(self) -> None:
        self._minute: int | None = None
        self._now = Tally()
        self._closed: list[tuple[int, Tally]] = []
        self._sum = Tally()

    def add_beat(self, beat: RecordedBeat, hiccup_ns: int) -> None:
        """Take in a beat."""
        minute = beat.wall_ns // MINUTE_NS
        if minute != self._minute:
            self._turn_to(minute)
        self._now.add_beat(beat, hiccup_ns)

    def add_firings(self, count: int) -> None:
        """This many alerts more, in the minute of the newest beat."""
        self._now.firings += count

    def restore(self, minutes: Iterable[tuple[int, Hour]]) -> None:
        """Take in minutes of the wall clock from an earlier run, as the record has them."""
        known = {minute: Tally(hour) for minute, hour in minutes}
        for minute, tally in self._all():
            known[minute] = Tally(tally.plus(known[minute])) if minute in known else tally
        if not known:
            return
        self._minute = self._minute if self._minute is not None else max(known)
        self._now = known.pop(self._minute)
        self._keep(known, self._minute)

    def total(self) -> Hour:
        """The sums."""
        minutes = 0 if self._minute is None else max(1, len(self._closed))
        return replace(self._sum.plus(self._now), minutes=minutes)

    def _all(self) -> tuple[tuple[int, Tally], ...]:
        newest = () if self._minute is None else ((self._minute, self._now),)
        return (*self._closed, *newest)

    def _turn_to(self, minute: int) -> None:
        known = dict(self._all())
        self._now = known.pop(minute) if minute in known else Tally()
        self._minute = minute
        self._keep(known, minute)

    def _keep(self, minutes: dict[int, Tally], newest: int) -> None:
        self._closed = [pair for pair in sorted(minutes.items()) if newest - MINUTES < pair[0] < newest]
        # Added up from the start each minute, so that fractions never drift.
        whole = Tally()
        for _minute, tally in self._closed:
            whole = Tally(whole.plus(tally))
        self._sum = whole
