"""What the measures of the rules read, beat by beat and sample by sample."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.items import ContextSample, RecordedBeat
from aios_gui.heartbeat.model.percentiles import SlidingPercentiles

WINDOW_BEATS = 100
"""Durations are judged over this many beats."""
FEWEST_BEATS = 20
"""With fewer, the slowest beat would be the P95."""
_MEGABYTE = 1024 * 1024
_BEAT: dict[str, Callable[[RecordedBeat], float | None]] = {
    Measure.CPU: lambda beat: beat.cpu_percent,
    Measure.MEMORY: lambda beat: beat.memory_percent,
    Measure.LATENESS: lambda beat: beat.lateness_ns / 1e6,
    Measure.MISSED: lambda beat: float(beat.missed),
}
_CONTEXT: dict[str, Callable[[ContextSample], float | None]] = {
    Measure.SWAP: lambda sample: sample.swap_percent,
    Measure.DISK_FREE: lambda sample: sample.disk_free_percent,
    Measure.DISK_BUSY: lambda sample: sample.disk_busy_percent,
    Measure.OWN_CPU: lambda sample: sample.own_cpu_percent,
    Measure.OWN_MEMORY: lambda sample: (
        None if sample.own_memory_bytes is None else sample.own_memory_bytes / _MEGABYTE
    ),
}
OF_STALLED_TIME = {Measure.CPU_STALLED: "cpu", Measure.IO_STALLED: "io", Measure.MEMORY_STALLED: "memory"}
"""Read each second, of this resource."""
OF_BEATS = frozenset((*_BEAT, Measure.DURATION_MEAN, Measure.DURATION_P95, Measure.DURATION_P99))


class DurationWindow:
    """Mean and percentiles of the durations of the last 100 beats, ms; not ``ranked``, it has the mean alone."""

    def __init__(self, ranked: bool = True) -> None:
        self._ranked = SlidingPercentiles(WINDOW_BEATS) if ranked else None
        self._order: deque[int] = deque()
        self._sum_ns = 0

    def add(self, duration_ns: int) -> None:
        """Take in one beat."""
        if self._ranked is not None:
            self._ranked.add(duration_ns)
        self._order.append(duration_ns)
        self._sum_ns += duration_ns
        if len(self._order) > WINDOW_BEATS:
            self._sum_ns -= self._order.popleft()

    def read(self, measure: str) -> float | None:
        """One of the three figures; None while there are too few beats, or of what is not ranked."""
        if len(self._order) < FEWEST_BEATS:
            return None
        if measure == Measure.DURATION_MEAN:
            return self._sum_ns / len(self._order) / 1e6
        if self._ranked is None:
            return None
        return self._ranked.at(95 if measure == Measure.DURATION_P95 else 99) / 1e6


class Readings:
    """Reads the measures that are wanted."""

    def __init__(self) -> None:
        self._durations: DurationWindow | None = None
        self._beat: list[tuple[str, Callable[[RecordedBeat], float | None]]] = []
        self._of_durations: list[str] = []
        self._context: list[tuple[str, Callable[[ContextSample], float | None]]] = []

    def want(self, measures: Collection[str]) -> None:
        """Read these from now on."""
        self._beat = [(name, read) for name, read in _BEAT.items() if name in measures]
        self._context = [(name, read) for name, read in _CONTEXT.items() if name in measures]
        self._of_durations = [name for name in OF_BEATS if name in measures and name not in _BEAT]
        if not self._of_durations:
            self._durations = None
        elif self._durations is None:
            self._durations = DurationWindow()

    def of_beat(self, beat: RecordedBeat) -> list[tuple[str, float]]:
        """What is wanted of a beat, as far as it is known."""
        found = [(name, value) for name, read in self._beat if (value := read(beat)) is not None]
        if self._durations is not None:
            self._durations.add(beat.duration_ns)
            for name in self._of_durations:
                value = self._durations.read(name)
                if value is not None:
                    found.append((name, value))
        return found

    def bounds_of(self, beat: RecordedBeat) -> list[tuple[str, float]]:
        """What is wanted of a beat by itself, with its own duration for what is made of many."""
        found = [(name, value) for name, read in self._beat if (value := read(beat)) is not None]
        duration_ms = beat.duration_ns / 1e6
        return [*found, *((name, duration_ms) for name in self._of_durations)]

    def of_context(self, sample: ContextSample) -> list[tuple[str, float]]:
        """What is wanted of a context sample, as far as it is known."""
        return [(name, value) for name, read in self._context if (value := read(sample)) is not None]


def known_figures(beat: RecordedBeat | None, sample: ContextSample | None) -> dict[str, float]:
    """The latest figures by the names of their measures."""
    found: dict[str, float | None] = {}
    if beat is not None:
        found |= {str(name): read(beat) for name, read in _BEAT.items()}
    if sample is not None:
        found |= {str(name): read(sample) for name, read in _CONTEXT.items()}
    return {name: value for name, value in found.items() if value is not None}
