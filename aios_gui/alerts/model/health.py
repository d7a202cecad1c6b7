"""Health: healthy, warning or degraded over the last hour, each with the reasons for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.score import FEWEST_BEATS
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.record.model.hour import Hour


class HealthState(StrEnum):
    """How it is; the words are read by scripts."""

    HEALTHY = "healthy"
    WARNING = "warning"
    DEGRADED = "degraded"


class ReasonKind(StrEnum):
    """What can be wrong."""

    MEAN = "duration_mean_ms"
    P95 = "duration_p95_ms"
    CPU = "cpu_percent"
    MEMORY = "memory_percent"
    ALERTS = "alerts"


LIMITS: dict[ReasonKind, tuple[HealthState, float]] = {
    ReasonKind.MEAN: (HealthState.DEGRADED, 100.0),
    ReasonKind.P95: (HealthState.DEGRADED, 200.0),
    ReasonKind.CPU: (HealthState.WARNING, 80.0),
    ReasonKind.MEMORY: (HealthState.WARNING, 85.0),
    ReasonKind.ALERTS: (HealthState.WARNING, 10.0),
}
"""What a figure leads to when it is over its limit."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A figure over its limit, in the unit of its name."""

    kind: ReasonKind
    actual: float
    limit: float


@dataclass(frozen=True, slots=True)
class Health:
    """The state, and every reason there is for it or for a lesser one, the worst first."""

    state: HealthState = HealthState.HEALTHY
    reasons: tuple[Reason, ...] = ()


def health_over(hour: Hour, duration: Percentiles) -> Health | None:
    """The health of an hour; ``duration`` has its percentiles (ns). None where there are too few beats to tell."""
    if hour.beats < FEWEST_BEATS:
        return None
    figures = {
        ReasonKind.MEAN: None if hour.mean_ns is None else hour.mean_ns / 1e6,
        # Those of an earlier run count in the hour, but not here: with few, the slowest one would be the P95.
        ReasonKind.P95: duration.p95 / 1e6 if duration.count >= FEWEST_BEATS else None,
        ReasonKind.CPU: hour.cpu_percent,
        ReasonKind.MEMORY: hour.memory_percent,
        ReasonKind.ALERTS: float(hour.firings),
    }
    reasons = tuple(
        Reason(kind, value, limit)
        for kind, (_state, limit) in LIMITS.items()
        if (value := figures[kind]) is not None and value > limit
    )
    states = {LIMITS[reason.kind][0] for reason in reasons}
    for state in (HealthState.DEGRADED, HealthState.WARNING):
        if state in states:
            return Health(state, reasons)
    return Health()


class FiringCount:
    """Counts how often rules fired, out of the incidents as they are written; ``since_ns`` (wall) is when it began."""

    def __init__(self, since_ns: int) -> None:
        self._since_ns = since_ns
        self._last: dict[str, tuple[int, int]] = {}
        """Of each rule its latest incident, and how often that had fired."""

    def take(self, items: Iterable[object]) -> int:
        """How often rules fired since the last call, without the silent ones; what is no incident is passed over."""
        fired = 0
        for item in items:
            if not isinstance(item, Incident):
                continue
            number, before = self._last.get(item.rule, (0, 0))
            if number > item.id:
                continue  # another one of its rule has followed it
            if number < item.id:  # one that goes on from an earlier run has fired then
                before = 0 if item.started_ns >= self._since_ns else item.count
            self._last[item.rule] = item.id, item.count
            if not item.silence:
                fired += max(0, item.count - before)
        return fired
