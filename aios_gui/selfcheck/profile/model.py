"""The profile of a beat: what each stage costs, and what measuring the stages costs itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from aios_gui.heartbeat.model.percentiles import SlidingPercentiles


class Group(StrEnum):
    """What a stage is part of."""

    BEAT = "beat"
    RECORDER = "recorder"
    SLOW_PATH = "slow_path"


@dataclass(frozen=True, slots=True)
class Cost:
    """P50 and P99 of ``count`` runs, ns, by the nearest rank; zeros where there were none."""

    count: int = 0
    p50_ns: int = 0
    p99_ns: int = 0

    @classmethod
    def of(cls, durations_ns: Sequence[int]) -> Cost:
        """The figures of these durations."""
        ranked = SlidingPercentiles(max(1, len(durations_ns)))
        for duration_ns in durations_ns:
            ranked.add(duration_ns)
        found = ranked.summary()
        return cls(found.count, found.p50, found.p99)


@dataclass(frozen=True, slots=True)
class StageCost:
    """What one stage costs; ``in_total`` tells whether it is part of the total of the path of the beat."""

    name: str
    group: Group
    in_total: bool
    cost: Cost


@dataclass(frozen=True, slots=True)
class Profile:
    """What a run found.

    ``plain`` is the whole path of the beat, from its call to its return, as it runs in use; ``instrumented`` the same
    while its stages are timed; ``unattributed`` what of that no stage explains. ``duration`` is what a plain beat
    tells of itself: it ends when the result is known, before that is built and handed over.
    """

    runs: int
    sampler: str
    stages: tuple[StageCost, ...]
    plain: Cost
    instrumented: Cost
    unattributed: Cost
    duration: Cost

    @property
    def difference_p50_ns(self) -> int:
        """What timing the stages adds to the median."""
        return self.instrumented.p50_ns - self.plain.p50_ns

    @property
    def difference_p99_ns(self) -> int:
        """What timing the stages adds to the 99th percentile; noise may make it negative."""
        return self.instrumented.p99_ns - self.plain.p99_ns


@dataclass(frozen=True, slots=True)
class ProfileProgress:
    """How far a run is, 0 to 1, about how long it will take yet, and what it measures now."""

    share: float
    remaining_s: float
    now: Group
