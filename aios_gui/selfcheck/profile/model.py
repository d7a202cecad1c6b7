"""What a profile measures: moments, the stages between them, their costs, and what measuring them costs itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aios_gui.heartbeat.model.percentiles import SlidingPercentiles

Moments = dict[str, int]
"""When what happened in the current run, monotonic ns."""

# Of the path of the beat
ALARM, WOKE = "alarm", "woke"
CPU_BEGAN, CPU_ENDED = "cpu_began", "cpu_ended"
MEMORY_BEGAN, MEMORY_ENDED = "memory_began", "memory_ended"
COMPARE_BEGAN, COMPARE_ENDED = "compare_began", "compare_ended"
APPEND_BEGAN, APPEND_ENDED = "append_began", "append_ended"
# Of a round of the recorder
ROUND_BEGAN, DRAINED, ROUND_ENDED = "round_began", "drained", "round_ended"
CONTEXT_BEGAN, CONTEXT_ENDED = "context_began", "context_ended"
KEEP_BEGAN, KEEP_ENDED = "keep_began", "keep_ended"
# Of the slow path
MARK_BEGAN, MARK_ENDED = "mark_began", "mark_ended"
GROWTH_ENDED, CULPRIT_ENDED, SPLIT_ENDED = "growth_ended", "culprit_ended", "split_ended"


class Group(StrEnum):
    """What a stage is part of."""

    BEAT = "beat"
    RECORDER = "recorder"
    SLOW_PATH = "slow_path"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, from one moment to another. ``in_total``: it is part of the total of the path of the beat."""

    name: str
    group: Group
    began: str
    ended: str
    in_total: bool = False


# A new stage is a line here and its title in the words; where its moments are not noted yet, the runs of its group do.
STAGES: tuple[Stage, ...] = (
    Stage("wake", Group.BEAT, ALARM, WOKE),
    Stage("sample_cpu", Group.BEAT, CPU_BEGAN, CPU_ENDED, True),
    Stage("sample_memory", Group.BEAT, MEMORY_BEGAN, MEMORY_ENDED, True),
    Stage("percentages", Group.BEAT, MEMORY_ENDED, COMPARE_BEGAN, True),
    Stage("compare", Group.BEAT, COMPARE_BEGAN, COMPARE_ENDED, True),
    Stage("build", Group.BEAT, COMPARE_ENDED, APPEND_BEGAN, True),
    Stage("append", Group.BEAT, APPEND_BEGAN, APPEND_ENDED, True),
    Stage("drain", Group.RECORDER, ROUND_BEGAN, DRAINED),
    Stage("context", Group.RECORDER, CONTEXT_BEGAN, CONTEXT_ENDED),
    Stage("write", Group.RECORDER, KEEP_BEGAN, KEEP_ENDED),
    Stage("publish", Group.RECORDER, KEEP_ENDED, ROUND_ENDED),
    Stage("breach", Group.SLOW_PATH, COMPARE_BEGAN, COMPARE_ENDED),
    Stage("mark", Group.SLOW_PATH, MARK_BEGAN, MARK_ENDED),
    Stage("growth", Group.SLOW_PATH, MARK_ENDED, GROWTH_ENDED),
    Stage("culprit", Group.SLOW_PATH, GROWTH_ENDED, CULPRIT_ENDED),
    Stage("split", Group.SLOW_PATH, CULPRIT_ENDED, SPLIT_ENDED),
)


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
    measures of itself: it ends when the result is known, before that is built and handed over.
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


class ProfileFailed(Exception):
    """Nothing can be measured; the message is why."""


class StageTally:
    """Takes in the moments of each run of ``group``."""

    def __init__(self, group: Group, stages: Iterable[Stage] = STAGES) -> None:
        self._stages = [stage for stage in stages if stage.group is group]
        self._durations_ns: dict[str, list[int]] = {stage.name: [] for stage in self._stages}

    def take(self, moments: Moments) -> int:
        """Take in one run; returns how much of the total its stages explain, ns.

        A stage of which a moment is not there did not happen in this run.
        """
        explained_ns = 0
        for stage in self._stages:
            if stage.began in moments and stage.ended in moments:
                took_ns = moments[stage.ended] - moments[stage.began]
                self._durations_ns[stage.name].append(took_ns)
                explained_ns += took_ns if stage.in_total else 0
        return explained_ns

    @property
    def costs(self) -> tuple[StageCost, ...]:
        """What each stage cost, in their order."""
        return tuple(
            StageCost(stage.name, stage.group, stage.in_total, Cost.of(self._durations_ns[stage.name]))
            for stage in self._stages
        )
