"""What the former heartbeats build before they beat: event bus, scheduler, reactor, score and notifications."""

from __future__ import annotations

import json
import queue
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from typing import IO, NamedTuple

HEARTBEAT = "heartbeat"
SNAPSHOT = "resources"
CPU_SPIKE = "cpu_spike"
MEMORY_HIGH = "memory_high"
ALERTS = frozenset((CPU_SPIKE, MEMORY_HIGH))

_KEPT_EVENTS = 100
_KEPT_ALERTS = 50
_WAITING_JOBS = 100
_PLAYBOOKS = {CPU_SPIKE: (1, "find the busiest process"), MEMORY_HIGH: (2, "find the largest process")}


class Happening(NamedTuple):
    """An event on the bus; ``value`` is a share in percent, or the duration of a heartbeat in ms."""

    kind: str
    value: float
    success: bool = True


class EventBus:
    """Keeps every event in a file and hands it to whoever subscribed to its kind.

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


class Notifications:
    """Keeps the last alerts for whoever shows them."""

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
        self.notifications = Notifications()
        for kind in ALERTS:
            self.bus.subscribe(kind, self.reactor.react)
            self.bus.subscribe(kind, self.notifications.notify)

    def close(self) -> None:
        """Let go of what they hold."""
        self.bus.close()
