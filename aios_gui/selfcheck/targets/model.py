"""The targets: what the heartbeat and this program are to reach, and whether they do. One line of the registry each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aios_gui.alerts.model.score import GOAL, score_of
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.record.model.hour import Hour
from aios_gui.selfcheck.benchmark.model import Heartbeat

FEWEST_BEATS, FEWEST_FOR_P99 = 60, 100
"""With fewer beats, the slowest one of all would be the P99."""
_MEGABYTE = 1024 * 1024


class TargetState(StrEnum):
    """The words are read by scripts; unknown is what there is not enough of yet, or nothing here to measure."""

    PASS = "pass"  # noqa: S105 - a word, no password
    FAIL = "fail"
    UNKNOWN = "unknown"


class TargetComparison(StrEnum):
    """On which side of the goal it is reached."""

    BELOW = "<"
    AT_MOST = "≤"
    ABOVE = ">"
    AT_LEAST = "≥"

    def reached(self, actual: float, goal: float) -> bool:
        """Whether ``actual`` reaches ``goal``."""
        return {
            TargetComparison.BELOW: actual < goal,
            TargetComparison.AT_MOST: actual <= goal,
            TargetComparison.ABOVE: actual > goal,
            TargetComparison.AT_LEAST: actual >= goal,
        }[self]


class TargetUnit(StrEnum):
    """The unit of goal and actual: a share lies between 0 and 1, a ratio says how many times."""

    MS = "ms"
    SHARE = "share"
    MB = "MB"
    RATIO = "ratio"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What is known of a heartbeat, running or recorded; durations in ns, None or 0 beats where it is not known.

    ``shown_as``: in the tray means that its window was never opened. ``private_bytes`` is memory that it shares with no
    other process, ``resident_bytes`` all of its memory. ``speedups`` are those of the last benchmark, as
    ``original/warmed``.
    """

    shown_as: LaunchMode | None = None
    hour: Hour = Hour()
    duration: Percentiles = Percentiles()
    lateness: Percentiles = Percentiles()
    made: int = 0
    due: int = 0
    first_beat_ns: int | None = None
    unrehearsed: Percentiles = Percentiles()
    own_cpu_percent: float | None = None
    resident_bytes: int | None = None
    private_bytes: int | None = None
    speedups: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A goal, and how what is reached is read from the facts; None where they do not tell.

    It counts where the program is shown as one of ``shown_as``; empty means always. ``published`` are goals that were
    published for the first AIOS heartbeat, the others are this program's own.
    """

    name: str
    comparison: TargetComparison
    goal: float
    unit: TargetUnit
    read: Callable[[TargetFacts], float | None]
    shown_as: tuple[LaunchMode, ...] = ()
    published: bool = False


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target and what was reached. ``counts`` is False where it is not for the program as it is shown now."""

    target: Target
    actual: float | None
    state: TargetState
    counts: bool = True


def judge(target: Target, facts: TargetFacts) -> TargetResult:
    """Whether the target is reached, as far as the facts tell."""
    if target.shown_as and facts.shown_as not in target.shown_as:
        return TargetResult(target, None, TargetState.UNKNOWN, facts.shown_as is None)
    actual = target.read(facts)
    if actual is None:
        return TargetResult(target, None, TargetState.UNKNOWN)
    reached = target.comparison.reached(actual, target.goal)
    return TargetResult(target, actual, TargetState.PASS if reached else TargetState.FAIL)


def judge_all(facts: TargetFacts) -> tuple[TargetResult, ...]:
    """Every target, in the order of the registry."""
    return tuple(judge(target, facts) for target in TARGETS)


def failing(results: tuple[TargetResult, ...]) -> tuple[TargetResult, ...]:
    """Those that are missed."""
    return tuple(result for result in results if result.state is TargetState.FAIL)


def _ms(ns: float | None) -> float | None:
    return None if ns is None else ns / 1e6


def _mean(facts: TargetFacts) -> float | None:
    return _ms(facts.hour.mean_ns) if facts.hour.beats >= FEWEST_BEATS else None


def _fast(facts: TargetFacts) -> float | None:
    return _ms(facts.hour.fast_mean_ns) if facts.hour.fast >= FEWEST_BEATS else None


def _p50(facts: TargetFacts) -> float | None:
    return _ms(facts.duration.p50) if facts.duration.count >= FEWEST_BEATS else None


def _p99(facts: TargetFacts) -> float | None:
    return _ms(facts.duration.p99) if facts.duration.count >= FEWEST_FOR_P99 else None


def _late(facts: TargetFacts) -> float | None:
    return _ms(facts.lateness.p99) if facts.lateness.count >= FEWEST_FOR_P99 else None


def _cpu(facts: TargetFacts) -> float | None:
    return None if facts.own_cpu_percent is None else facts.own_cpu_percent / 100


def _resident(facts: TargetFacts) -> float | None:
    return None if facts.resident_bytes is None else facts.resident_bytes / _MEGABYTE


def _private(facts: TargetFacts) -> float | None:
    return None if facts.private_bytes is None else facts.private_bytes / _MEGABYTE


def _score(facts: TargetFacts) -> float | None:
    score = score_of(facts.hour)
    return None if score is None else score.value


def _availability(facts: TargetFacts) -> float | None:
    return facts.made / facts.due if facts.due >= FEWEST_BEATS else None


def _first(facts: TargetFacts) -> float | None:
    if not facts.first_beat_ns or not facts.duration.p50 or facts.duration.count < FEWEST_BEATS:
        return None
    return facts.first_beat_ns / facts.duration.p50


def _gain(facts: TargetFacts) -> float | None:
    if facts.unrehearsed.count < FEWEST_BEATS or not facts.duration.p50:
        return None
    return facts.unrehearsed.p50 / facts.duration.p50


def _speedup(slower: Heartbeat) -> Callable[[TargetFacts], float | None]:
    return lambda facts: facts.speedups.get(f"{slower}/{Heartbeat.WARMED}")


_HIDDEN, _TRAY, _WINDOW = (LaunchMode.HEADLESS,), (LaunchMode.TRAY,), (LaunchMode.WINDOW,)
_MS, _SHARE, _MB, _RATIO = TargetUnit.MS, TargetUnit.SHARE, TargetUnit.MB, TargetUnit.RATIO

TARGETS: tuple[Target, ...] = (
    Target("heartbeat", TargetComparison.BELOW, 100.0, _MS, _mean, published=True),
    Target("fast_path", TargetComparison.BELOW, 10.0, _MS, _fast, published=True),
    Target("p99", TargetComparison.BELOW, 200.0, _MS, _p99, published=True),
    Target("cpu", TargetComparison.BELOW, 0.10, _SHARE, _cpu, published=True),
    Target("memory", TargetComparison.BELOW, 50.0, _MB, _resident, _HIDDEN, published=True),
    Target("score", TargetComparison.ABOVE, GOAL, TargetUnit.SCORE, _score, published=True),
    Target("availability", TargetComparison.AT_LEAST, 0.999, _SHARE, _availability, published=True),
    Target("beat_p50", TargetComparison.AT_MOST, 0.035, _MS, _p50),
    Target("beat_p99_headless", TargetComparison.AT_MOST, 0.080, _MS, _p99, _HIDDEN),
    Target("beat_p99_window", TargetComparison.AT_MOST, 0.100, _MS, _p99, (*_TRAY, *_WINDOW)),
    Target("lateness_p99", TargetComparison.AT_MOST, 1.0, _MS, _late),
    Target("first_beat", TargetComparison.AT_MOST, 2.0, _RATIO, _first),
    Target("rehearsal_gain", TargetComparison.AT_LEAST, 2.0, _RATIO, _gain),
    Target("cpu_headless", TargetComparison.AT_MOST, 0.001, _SHARE, _cpu, _HIDDEN),
    Target("cpu_tray", TargetComparison.AT_MOST, 0.002, _SHARE, _cpu, _TRAY),
    Target("cpu_window", TargetComparison.AT_MOST, 0.02, _SHARE, _cpu, _WINDOW),
    Target("memory_headless", TargetComparison.AT_MOST, 25.0, _MB, _resident, _HIDDEN),
    Target("memory_tray", TargetComparison.AT_MOST, 50.0, _MB, _private, _TRAY),
    Target("memory_window", TargetComparison.AT_MOST, 130.0, _MB, _private, _WINDOW),
    Target("availability_own", TargetComparison.AT_LEAST, 0.9999, _SHARE, _availability),
    Target("original_to_warmed", TargetComparison.AT_LEAST, 40_000.0, _RATIO, _speedup(Heartbeat.ORIGINAL)),
    Target("minimal_to_warmed", TargetComparison.AT_LEAST, 8.0, _RATIO, _speedup(Heartbeat.MINIMAL)),
)
