"""The heartbeats that are measured: three former ones, rebuilt from what they did, and this program's own.

The duration of a beat is the same for all: from its own start until its result is known, which is before that is put
into words. Waking, waiting for the moment, and tidying up afterwards are no part of it.
"""

from __future__ import annotations

import json
import queue
import tempfile
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, Protocol

import psutil

from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Outcome
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.selfcheck.benchmark.model import Heartbeat, RehearsalCount

CPU_LIMIT_PERCENT = 80.0
MEMORY_LIMIT_PERCENT = 85.0
DEGRADED_BELOW = 0.5
SETTLE_NS = 500_000_000
CACHED_NS = 300_000_000_000
_SNAPSHOT_EVERY = 3
HEARTBEAT = "heartbeat"
SNAPSHOT = "resources"
CPU_SPIKE = "cpu_spike"
MEMORY_HIGH = "memory_high"
ALERTS = frozenset((CPU_SPIKE, MEMORY_HIGH))

_KEPT_EVENTS = 100
_KEPT_ALERTS = 50
_WAITING_JOBS = 100
_PLAYBOOKS = {CPU_SPIKE: (1, "find the busiest process"), MEMORY_HIGH: (2, "find the largest process")}


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


# What the former ones build before they beat: event bus, scheduler, reactor, score and alerts.


class Happening(NamedTuple):
    """An event on the bus; ``value`` is a share in percent, or the duration of a heartbeat in ms."""

    kind: str
    value: float
    success: bool = True


class EventBus:
    """Keeps every event in a file and hands it to the subscribers of its kind.

    The file is anonymous: the system removes it with the process, however that ends. It is not flushed to the disk.
    """

    def __init__(self) -> None:
        # Open as long as the bus is; removed by the system at any end.
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", prefix="aios-")  # noqa: SIM115
        self._subscribers: dict[str, list[Callable[[Happening], None]]] = {}
        self.recent: deque[Happening] = deque(maxlen=_KEPT_EVENTS)

    def subscribe(self, kind: str, handler: Callable[[Happening], None]) -> None:
        """Call ``handler`` with every event of a kind."""
        self._subscribers.setdefault(kind, []).append(handler)

    def emit(self, events: Iterable[Happening]) -> None:
        """Write the events together, then hand them on."""
        events = tuple(events)
        self._file.writelines(json.dumps(event) + "\n" for event in events)
        self._file.flush()
        self.recent.extend(events)
        for event in events:
            for handler in self._subscribers.get(event.kind, ()):
                handler(event)

    def close(self) -> None:
        """Let go of the file, which removes it."""
        self._file.close()


class Scheduler:
    """A queue of jobs by priority. They are for a worker apart from the beat, so that none runs within one."""

    def __init__(self) -> None:
        self.jobs: queue.PriorityQueue[tuple[int, str]] = queue.PriorityQueue(_WAITING_JOBS)

    def submit(self, priority: int, job: str) -> None:
        """Queue a job; passed over where too many wait."""
        if not self.jobs.full():
            self.jobs.put((priority, job))


class Reactor:
    """Finds the playbook of an alert and has it done."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def react(self, event: Happening) -> None:
        """Submit what the playbook of this event says."""
        self._scheduler.submit(*_PLAYBOOKS[event.kind])


class RecentAlerts:
    """Keeps the last alerts, ready to be shown."""

    def __init__(self) -> None:
        self.alerts: deque[Happening] = deque(maxlen=_KEPT_ALERTS)

    def notify(self, event: Happening) -> None:
        """Take in an alert."""
        self.alerts.append(event)


class ScoreEngine:
    """Computes the score of what the bus has seen lately."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus

    def score(self) -> float:
        """From 0 to 1, over the last 100 events."""
        return score_of(self._bus.recent)


def score_of(events: Iterable[Happening]) -> float:
    """Success × 0.4 + latency × 0.2 + stability × 0.2 + resource margin × 0.2, each from 0 to 1.

    Latency falls from 1 at an average of 100 ms to 0 at 1,000; stability is 0 where a tenth of all events are
    alerts; the margin is halved by any alert.
    """
    seen = tuple(events)
    beats = [event for event in seen if event.kind == HEARTBEAT]
    alerts = sum(event.kind in ALERTS for event in seen)
    success = sum(beat.success for beat in beats) / len(beats) if beats else 1.0
    average_ms = sum(beat.value for beat in beats) / len(beats) if beats else 0.0
    latency = min(1.0, max(0.0, 1 - (average_ms - 100) / 900))
    stability = max(0.0, 1 - 10 * alerts / len(seen)) if seen else 1.0
    margin = 0.5 if alerts else 1.0
    return success * 0.4 + latency * 0.2 + stability * 0.2 + margin * 0.2


class Components:
    """All of them, connected."""

    def __init__(self) -> None:
        self.bus = EventBus()
        self.scheduler = Scheduler()
        self.reactor = Reactor(self.scheduler)
        self.score = ScoreEngine(self.bus)
        self.notifications = RecentAlerts()
        for kind in ALERTS:
            self.bus.subscribe(kind, self.reactor.react)
            self.bus.subscribe(kind, self.notifications.notify)

    def close(self) -> None:
        """Let go of what they hold."""
        self.bus.close()


# The former ones


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where the former heartbeats read the machine: CPU over some seconds (None: since the last time), memory."""

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
    """Builds everything each time, blocks for a second to measure CPU, waits half a second for its events to settle."""

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


# Our own


class WarmedHeartbeat:
    """Drives an engine that nothing else runs; at cadence each beat is rehearsed as in use."""

    name = Heartbeat.WARMED

    def __init__(self, engine: HeartbeatEngine) -> None:
        self._engine = engine
        self._open = False
        self._beats = 0
        self._rehearsed = 0

    def prepare(self) -> None:
        """Warm up on the calling thread."""
        self._open = True
        self._engine.begin()

    def beat(self) -> int:
        """The path of the beat, run at once; ns."""
        return self._engine.run_path()

    def beat_after(self, rest_ns: int) -> int:
        """A beat of the engine; returns its duration, ns. OSError where the system gave no figures."""
        beat = self._engine.step(rest_ns)
        if beat.sample.error:
            raise OSError(beat.sample.error)
        self._beats += 1
        self._rehearsed += beat.rehearsed
        return beat.duration_ns

    def end(self) -> None:
        """Close what the engine holds."""
        if self._open:
            self._open = False
            self._engine.end()

    @property
    def rehearsed(self) -> RehearsalCount:
        """How many beats at cadence had a rehearsal, and the margin as learnt."""
        return RehearsalCount(self._beats, self._rehearsed, self._engine.margin_ns)
