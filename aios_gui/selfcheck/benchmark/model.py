"""The benchmark of the four heartbeats: what is measured of each, and what a run of it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from aios_gui.heartbeat.model.percentiles import SlidingPercentiles


class Heartbeat(StrEnum):
    """The four heartbeats, from the slowest to the quickest."""

    ORIGINAL = "original"
    OPTIMIZED = "optimized"
    MINIMAL = "minimal"
    WARMED = "warmed"


class Pacing(StrEnum):
    """How beats follow each other: without pause, or as in use, a second after whatever ran before."""

    BACK_TO_BACK = "back_to_back"
    CADENCE = "cadence"


PAIRS: tuple[tuple[Heartbeat, Heartbeat], ...] = tuple(combinations(Heartbeat, 2))
"""Every slower heartbeat with every quicker one."""

PUBLISHED_NS = {
    Heartbeat.ORIGINAL: 1_509_000_000,
    Heartbeat.OPTIMIZED: 5_000_000,
    Heartbeat.MINIMAL: 2_300_000,
    Heartbeat.WARMED: 3_400_000,
}
"""What was published for the first version of AIOS heartbeat in February 2026, measured on another machine."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long ``count`` beats of one heartbeat took, in one mode; percentiles by the nearest rank."""

    name: Heartbeat
    mode: Pacing
    count: int
    mean_ns: float
    p50_ns: int
    p95_ns: int
    p99_ns: int

    @classmethod
    def of(cls, name: Heartbeat, mode: Pacing, durations_ns: Sequence[int]) -> Timing:
        """The figures of these durations; ValueError where there are none."""
        if not durations_ns:
            raise ValueError(f"{name} was not measured")
        ranked = SlidingPercentiles(len(durations_ns))
        for duration_ns in durations_ns:
            ranked.add(duration_ns)
        found = ranked.summary()
        mean_ns = sum(durations_ns) / len(durations_ns)
        return cls(name, mode, found.count, mean_ns, found.p50, found.p95, found.p99)


@dataclass(frozen=True, slots=True)
class Machine:
    """What was measured on; ``busy_percent`` is of all cores during the run, by whatever ran there."""

    system: str
    processor: str
    cores: int | None
    python: str
    version: str
    """Of this program."""
    busy_percent: float | None = None


@dataclass(frozen=True, slots=True)
class RehearsalCount:
    """How many of the warmed heartbeat's beats at cadence were rehearsed, and how early it woke in the end."""

    beats: int
    rehearsed: int
    margin_ns: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What the resident heartbeat, which went on beside it, recorded meanwhile."""

    beats: int
    p50_ns: int
    p99_ns: int
    missed: int
    hiccups: int


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """One run, from ``started_ns`` to ``finished_ns`` of the wall clock; ``beside`` is None where nothing beat."""

    started_ns: int
    finished_ns: int
    quick: bool
    timings: tuple[Timing, ...]
    machine: Machine
    rehearsed: RehearsalCount
    beside: Beside | None = None

    def timing(self, name: Heartbeat, mode: Pacing) -> Timing | None:
        """The figures of one heartbeat in one mode; None where it was not measured so."""
        return next((each for each in self.timings if (each.name, each.mode) == (name, mode)), None)

    def speedup(self, slower: Heartbeat, quicker: Heartbeat) -> float | None:
        """How many times the second is as quick as the first: P50 over P50, both at cadence; None if unknown."""
        upper, lower = self.timing(slower, Pacing.CADENCE), self.timing(quicker, Pacing.CADENCE)
        if upper is None or lower is None or lower.p50_ns <= 0:
            return None
        return upper.p50_ns / lower.p50_ns
