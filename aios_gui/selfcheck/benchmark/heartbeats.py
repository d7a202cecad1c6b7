"""The heartbeats that are measured: what each can do, and the three former ones, rebuilt from what they did.

The duration of a beat is the same for all: from its own start until its result is known, which is before that is put
into words. Waking, waiting for the moment, and tidying up afterwards are no part of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import psutil

from aios_gui.heartbeat.model.beat import Outcome
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.selfcheck.benchmark.components import (
    CPU_SPIKE,
    HEARTBEAT,
    MEMORY_HIGH,
    SNAPSHOT,
    Components,
    Happening,
)
from aios_gui.selfcheck.benchmark.model import Heartbeat

CPU_LIMIT_PERCENT = 80.0
MEMORY_LIMIT_PERCENT = 85.0
DEGRADED_BELOW = 0.5
SETTLE_NS = 500_000_000
CACHED_NS = 300_000_000_000
_SNAPSHOT_EVERY = 3


class MeasuredHeartbeat(Protocol):
    """One of the four. Used on one thread: ``prepare``, then any number of beats, then ``end``.

    Each may raise OSError where the system gives no figures.
    """

    name: Heartbeat

    def prepare(self) -> None:
        """Do, unmeasured, what this heartbeat does once when its program starts."""
        ...

    def beat(self) -> int:
        """Beat now; returns the duration, ns."""
        ...

    def beat_after(self, rest_ns: int) -> int:
        """Sleep for ``rest_ns``, then beat; returns the duration of the beat alone, ns."""
        ...

    def end(self) -> None:
        """Let go of everything; again, or before ``prepare``, is harmless."""
        ...


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where the former heartbeats read the machine: CPU over so many seconds (None: since the last time), memory."""

    cpu_percent: Callable[[float | None], float] = psutil.cpu_percent
    virtual_memory: Callable[[], Any] = psutil.virtual_memory


class _Former(ABC):
    """What the three share: they sleep until they are due, and beat cold."""

    def __init__(self, clock: Clock, gauge: Gauge | None = None) -> None:
        gauge = gauge or Gauge()
        self._clock = clock
        self._now_ns = clock.now_ns
        self._cpu_percent = gauge.cpu_percent
        self._virtual_memory = gauge.virtual_memory
        self.outcome = Outcome.OK
        """Of the last beat."""

    def prepare(self) -> None:
        """Take the first CPU reading, with which later ones are compared."""
        self._cpu_percent(None)

    @abstractmethod
    def beat(self) -> int:
        """As of every heartbeat."""

    def beat_after(self, rest_ns: int) -> int:
        """As of every heartbeat."""
        self._clock.sleep_until(self._now_ns() + rest_ns)
        return self.beat()

    def end(self) -> None:
        """Let go of what is held, as of every heartbeat."""
        return


class OriginalHeartbeat(_Former):
    """Builds everything anew, blocks for a second to measure CPU, waits half a second for its events to settle."""

    name = Heartbeat.ORIGINAL

    def beat(self) -> int:
        """As of every heartbeat; takes 1.5 s."""
        started_ns = self._now_ns()
        components = Components()
        try:
            cpu = self._cpu_percent(1)
            memory = self._virtual_memory().percent
            duration_ms = (self._now_ns() - started_ns) / 1e6
            for event in _events(cpu, memory, duration_ms, with_snapshot=True):
                components.bus.emit((event,))
            self._clock.sleep_until(self._now_ns() + SETTLE_NS)
            self.outcome = _outcome(cpu, memory, components.score.score())
            return self._now_ns() - started_ns
        finally:
            components.close()


class OptimizedHeartbeat(_Former):
    """Keeps its components for five minutes, measures CPU since the last beat, emits its events together."""

    name = Heartbeat.OPTIMIZED

    def __init__(self, clock: Clock, gauge: Gauge | None = None) -> None:
        super().__init__(clock, gauge)
        self._components: Components | None = None
        self._built_ns = 0
        self._beats = 0

    def prepare(self) -> None:
        """Take the first CPU reading and build the components."""
        super().prepare()
        self._cached(self._now_ns())

    def beat(self) -> int:
        """As of every heartbeat."""
        started_ns = self._now_ns()
        cpu = self._cpu_percent(None)
        memory = self._virtual_memory().percent
        return self.go_on(started_ns, cpu, memory) - started_ns

    def go_on(self, started_ns: int, cpu_percent: float, memory_percent: float) -> int:
        """The full path after the readings of a beat that began at ``started_ns``; returns when it ended, ns."""
        components = self._cached(started_ns)
        self._beats += 1
        duration_ms = (self._now_ns() - started_ns) / 1e6
        with_snapshot = self._beats % _SNAPSHOT_EVERY == 0
        components.bus.emit(_events(cpu_percent, memory_percent, duration_ms, with_snapshot))
        self.outcome = _outcome(cpu_percent, memory_percent, components.score.score())
        return self._now_ns()

    def end(self) -> None:
        """Let go of the components."""
        if self._components is not None:
            self._components.close()
            self._components = None

    def _cached(self, now_ns: int) -> Components:
        if self._components is not None and now_ns - self._built_ns < CACHED_NS:
            return self._components
        self.end()
        self._components = Components()
        self._built_ns = now_ns
        return self._components


class MinimalHeartbeat(_Former):
    """Reads CPU and memory and returns at once where both are within their limits; else it is the optimized one."""

    name = Heartbeat.MINIMAL

    def __init__(self, clock: Clock, gauge: Gauge | None = None) -> None:
        super().__init__(clock, gauge)
        self._optimized = OptimizedHeartbeat(clock, gauge)

    def prepare(self) -> None:
        """As the optimized one."""
        self._optimized.prepare()

    def beat(self) -> int:
        """As of every heartbeat."""
        started_ns = self._now_ns()
        cpu = self._cpu_percent(None)
        memory = self._virtual_memory().percent
        if cpu <= CPU_LIMIT_PERCENT and memory <= MEMORY_LIMIT_PERCENT:
            self.outcome = Outcome.OK
            return self._now_ns() - started_ns
        finished_ns = self._optimized.go_on(started_ns, cpu, memory)
        self.outcome = self._optimized.outcome
        return finished_ns - started_ns

    def end(self) -> None:
        """Let go of the components."""
        self._optimized.end()


def _outcome(cpu_percent: float, memory_percent: float, score: float) -> Outcome:
    if cpu_percent > CPU_LIMIT_PERCENT or memory_percent > MEMORY_LIMIT_PERCENT:
        return Outcome.ALERT
    return Outcome.DEGRADED if score < DEGRADED_BELOW else Outcome.OK


def _events(
    cpu_percent: float, memory_percent: float, duration_ms: float, with_snapshot: bool
) -> list[Happening]:
    """What a full beat tells the bus: alerts, the resources where they are due, and the heartbeat itself."""
    events = []
    if cpu_percent > CPU_LIMIT_PERCENT:
        events.append(Happening(CPU_SPIKE, cpu_percent))
    if memory_percent > MEMORY_LIMIT_PERCENT:
        events.append(Happening(MEMORY_HIGH, memory_percent))
    if with_snapshot:
        events += [Happening(SNAPSHOT, cpu_percent), Happening(SNAPSHOT, memory_percent)]
    events.append(Happening(HEARTBEAT, duration_ms))
    return events
