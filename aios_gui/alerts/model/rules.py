"""Rules: what is measured, from which limit on it alerts, and what the beat itself compares with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from aios_gui.heartbeat.model.thresholds import Thresholds

CUSTOM = "custom:"
NEVER_PERCENT = 100.0
"""A share that nothing is over."""


class Measure(StrEnum):
    """What a rule can watch; the words stand in the settings and are stored. Another one is ``custom:NAME``."""

    CPU = "cpu_percent"
    MEMORY = "memory_percent"
    SWAP = "swap_percent"
    DISK_FREE = "disk_free_percent"
    """Of the disk that the record lies on."""
    DISK_BUSY = "disk_busy_percent"
    """The share of the time in which the busiest disk had something to do."""
    CPU_STALLED = "cpu_stalled_percent"
    """The share of the time in which something waited for a core."""
    IO_STALLED = "io_stalled_percent"
    MEMORY_STALLED = "memory_stalled_percent"
    """These two in which all that had work to do waited for the disk, or for memory."""
    DURATION_MEAN = "duration_mean_ms"
    DURATION_P95 = "duration_p95_ms"
    DURATION_P99 = "duration_p99_ms"
    """These three of the last 100 beats."""
    LATENESS = "lateness_ms"
    MISSED = "missed"
    OWN_CPU = "own_cpu_percent"
    OWN_MEMORY = "own_memory_mb"


class Comparison(StrEnum):
    """On which side of the limit it is bad; a value on the limit is bad, too."""

    ABOVE = "above"
    BELOW = "below"


class Level(StrEnum):
    """How bad it is."""

    WARNING = "warning"
    CRITICAL = "critical"


class OffReason(StrEnum):
    """Why a plug-in's measure is not asked; the words are stored."""

    NOT_OFFERED = "not_offered"
    NO_ANSWER = "no_answer"
    NO_NUMBER = "no_number"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit on a measure, in the unit of its name. Valid only as ``rule_fields.rule_of`` lets it through.

    It fires when the limit was breached for ``for_s`` of beats, and clears when the measure was better than ``clear``
    for as long. Firing again within ``cooldown_s`` is the same incident. From ``quiet_from`` to ``quiet_to`` ("22:00",
    local) it is silent, and also where the worst culprit is named in ``allow``.
    """

    name: str
    measure: str
    limit: float
    comparison: Comparison = Comparison.ABOVE
    level: Level = Level.WARNING
    for_s: float = 30.0
    clear: float = 0.0
    cooldown_s: float = 300.0
    quiet_from: str = ""
    quiet_to: str = ""
    allow: tuple[str, ...] = ()
    actions: tuple[str, ...] = ("notify", "capture")
    enabled: bool = True

    @property
    def is_of_stalls(self) -> bool:
        """Whether it is about single stalls, each of which is over when it is known."""
        return self.measure == Measure.LATENESS and self.for_s == 0 and self.comparison is Comparison.ABOVE

    def breached_by(self, value: float) -> bool:
        """Whether ``value`` is on the bad side of the limit, or on it."""
        return value >= self.limit if self.comparison is Comparison.ABOVE else value <= self.limit

    def worse(self, one: float, other: float) -> float:
        """The one of two values that is further on the bad side."""
        return max(one, other) if self.comparison is Comparison.ABOVE else min(one, other)


_W, _C = Level.WARNING, Level.CRITICAL
_ABOVE, _BELOW = Comparison.ABOVE, Comparison.BELOW
DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("cpu", Measure.CPU, 80.0, _ABOVE, _C, 30.0, 70.0),
    Rule("cpu-warning", Measure.CPU, 50.0, _ABOVE, _W, 300.0, 45.0),
    Rule("memory", Measure.MEMORY, 85.0, _ABOVE, _C, 30.0, 82.0),
    Rule("memory-warning", Measure.MEMORY, 70.0, _ABOVE, _W, 300.0, 67.0),
    Rule("duration", Measure.DURATION_MEAN, 500.0, _ABOVE, _C, 30.0, 400.0),
    Rule("duration-warning", Measure.DURATION_MEAN, 200.0, _ABOVE, _W, 30.0, 160.0),
    Rule("duration-p95", Measure.DURATION_P95, 1000.0, _ABOVE, _C, 30.0, 800.0),
    Rule("duration-p95-warning", Measure.DURATION_P95, 300.0, _ABOVE, _W, 30.0, 240.0),
    Rule("hiccup", Measure.LATENESS, 50.0, _ABOVE, _W, 0.0, 50.0),
    Rule("disk", Measure.DISK_FREE, 2.0, _BELOW, _C, 60.0, 3.0, 3600.0),
    Rule("disk-warning", Measure.DISK_FREE, 5.0, _BELOW, _W, 60.0, 7.0, 3600.0),
    Rule("disk-busy", Measure.DISK_BUSY, 95.0, _ABOVE, _W, 120.0, 80.0),
    Rule("disk-stalled", Measure.IO_STALLED, 50.0, _ABOVE, _W, 60.0, 35.0),
)

_BY_NAME = {rule.name: rule for rule in DEFAULT_RULES}
_WHOLE_FROM = 10
"""From this figure on a clear level that goes with its limit is a whole number."""


def thresholds_of(rules: Iterable[Rule]) -> Thresholds:
    """What the beat compares with, compiled from ``rules``: one figure a measure, however many rules there are.

    CPU and memory: the lowest limit of the enabled critical rules. What counts as a stutter is the lowest limit on
    lateness that fires at once, enabled or not, since stutters are recorded also where there is to be no alert.
    """
    above = [rule for rule in rules if rule.comparison is Comparison.ABOVE]
    critical = [rule for rule in above if rule.enabled and rule.level is Level.CRITICAL]
    stutters = [rule.limit for rule in above if rule.measure == Measure.LATENESS and rule.for_s == 0]
    hiccup_ns = round(min(stutters) * 1e6) if stutters else Thresholds().hiccup_ns
    return Thresholds(_lowest(critical, Measure.CPU), _lowest(critical, Measure.MEMORY), max(1, hiccup_ns))


def _lowest(rules: list[Rule], measure: Measure) -> float:
    return min((rule.limit for rule in rules if rule.measure == measure), default=NEVER_PERCENT)


def with_limit(rules: tuple[Rule, ...], name: str, limit: float) -> tuple[Rule, ...]:
    """``rules`` with another limit for the default rule of that name, put back where it was removed.

    Its clear level goes with it. KeyError where no default rule has that name.
    """
    usual = _BY_NAME[name]
    if name not in {rule.name for rule in rules}:
        rules = (*rules, usual)
    return tuple(
        replace(rule, limit=limit, clear=_moved(rule, usual, limit)) if rule.name == name else rule
        for rule in rules
    )


def _moved(rule: Rule, usual: Rule, limit: float) -> float:
    if limit == usual.limit and rule.comparison is usual.comparison:
        return usual.clear
    return carried_clear(rule, limit)


def carried_clear(rule: Rule, limit: float) -> float:
    """The clear level for another ``limit``: in the same proportion to it, and never on its bad side."""
    if rule.clear == rule.limit or not rule.limit:
        return limit
    clear = rule.clear * limit / rule.limit
    clear = round(clear) if clear >= _WHOLE_FROM else round(clear, 2)
    return float(min(clear, limit) if rule.comparison is Comparison.ABOVE else max(clear, limit))


def worst(levels: Iterable[Level]) -> Level | None:
    """The worst of ``levels``; None where there are none."""
    found = set(levels)
    return Level.CRITICAL if Level.CRITICAL in found else Level.WARNING if found else None
