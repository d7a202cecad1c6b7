"""Throttling: when this program should take less of the machine, and when it may take its usual share again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

THROTTLED_BY = 4
LOWEST_HZ = 0.5
RESTS = 3
"""It has to be calm for this many times as long as it had to be bad."""
LONGEST_REST_NS = 600_000_000_000
RELAPSE_NS = 600_000_000_000
"""Bad again so soon after it was let go: it has to be calm for twice as long as the last time."""
CALM_SHARE = 0.8
"""Of a limit; below that it is calm."""
_LONGEST_STEP_NS = 5_000_000_000


class ThrottleReason(StrEnum):
    """Why to throttle."""

    NONE = ""
    OWN_COST = "own_cost"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class ThrottleLimits:
    """From where on to throttle: this program's CPU (of one core), the machine's (0 to 100), and after how long."""

    enabled: bool = True
    own_cpu_percent: float = 10.0
    machine_cpu_percent: float = 95.0
    after_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """The load: None where it is not known. ``rule_fires`` tells that a rule on the machine's CPU fires."""

    own_cpu_percent: float | None = None
    machine_cpu_percent: float | None = None
    rule_fires: bool = False


class Throttle:
    """Fed with the load every second or so, by one thread; another may exchange ``limits``."""

    def __init__(self, limits: ThrottleLimits | None = None) -> None:
        self.limits = limits or ThrottleLimits()
        self._own, self._busy = _Trigger(), _Trigger()
        self._at_ns: int | None = None

    @property
    def reason(self) -> ThrottleReason:
        """Whether to throttle, and why; a busy machine comes first."""
        if not self.limits.enabled:
            return ThrottleReason.NONE
        if self._busy.is_on:
            return ThrottleReason.BUSY
        return ThrottleReason.OWN_COST if self._own.is_on else ThrottleReason.NONE

    def take(self, load: Load, at_ns: int) -> ThrottleReason:
        """Take in the load at a moment of the monotonic clock."""
        limits = self.limits
        spent_ns = 0 if self._at_ns is None else min(max(0, at_ns - self._at_ns), _LONGEST_STEP_NS)
        self._at_ns = at_ns
        after_ns = round(limits.after_s * 1e9)
        self._own.take(load.own_cpu_percent, limits.own_cpu_percent, spent_ns, after_ns)
        self._busy.take(
            load.machine_cpu_percent, limits.machine_cpu_percent, spent_ns, after_ns, load.rule_fires
        )
        return self.reason


class _Trigger:
    """Comes on when a figure was at its limit for long enough, and goes off when it was clearly below for longer."""

    __slots__ = ("_away_ns", "_held_ns", "_rest_ns", "is_on")

    def __init__(self) -> None:
        self.is_on = False
        self._held_ns = 0
        self._rest_ns = 0
        self._away_ns = RELAPSE_NS

    def take(
        self, value: float | None, limit: float, spent_ns: int, after_ns: int, at_once: bool = False
    ) -> None:
        """``spent_ns`` have passed; ``after_ns`` is how long it has to be bad. A figure of None changes nothing.

        ``at_once`` tells that it is bad whatever the figure says, and has been for long enough.
        """
        if at_once:
            value = max(limit, value or 0.0)
        if value is None:
            return
        if self.is_on:
            self._held_ns = self._held_ns + spent_ns if value < limit * CALM_SHARE else 0
            if self._held_ns >= self._rest_ns:
                self.is_on, self._held_ns, self._away_ns = False, 0, 0
            return
        self._away_ns += spent_ns
        self._held_ns = self._held_ns + spent_ns if value >= limit else 0
        if value >= limit and (at_once or self._held_ns >= after_ns):
            usual_ns = RESTS * after_ns
            relapsed = self._away_ns < RELAPSE_NS
            self._rest_ns = min(LONGEST_REST_NS, max(usual_ns, 2 * self._rest_ns) if relapsed else usual_ns)
            self.is_on, self._held_ns = True, 0


def throttled_hz(wanted_hz: float, reason: ThrottleReason) -> float:
    """How often to refresh: as wanted, or a quarter as often, but not below once in two seconds."""
    if reason is ThrottleReason.NONE:
        return wanted_hz
    return min(wanted_hz, max(LOWEST_HZ, wanted_hz / THROTTLED_BY))


def throttled_span_ns(span_ns: int, reason: ThrottleReason) -> int:
    """How long to wait from one sample to the next."""
    return span_ns if reason is ThrottleReason.NONE else span_ns * THROTTLED_BY
