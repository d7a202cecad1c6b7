"""The heartbeats of the seed, rebuilt from the description of what they do; also a process that runs them.

Minimal: `cpu_percent(interval=None)` and `virtual_memory()`, compared with 80 and 85 %, back at once when both are
below. Warmed: the same after the components were built and the CPU baseline was taken. Blocking: components built
anew, a second in `cpu_percent(interval=1)`, half a second of sleep. Where a threshold is breached the seed goes on to
its full path; here the beat ends there, which can only flatter it.
"""

from __future__ import annotations

import argparse
import json
import queue
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import psutil

CPU_LIMIT_PERCENT = 80.0
MEMORY_LIMIT_PERCENT = 85.0


class Components:
    """What the seed builds before it beats: event bus, scheduler, reactor, score, notifications."""

    def __init__(self) -> None:
        self.subscribers: dict[str, list[Callable[[object], None]]] = {"cpu": [], "memory": []}
        self.jobs: queue.PriorityQueue[tuple[int, str]] = queue.PriorityQueue()
        self.playbooks = {"cpu": "find the busiest process", "memory": "find the largest process"}
        self.events: deque[object] = deque(maxlen=100)
        self.heartbeats: deque[float] = deque(maxlen=100)


class SeedHeartbeat:
    """The warmed minimal heartbeat."""

    def __init__(self) -> None:
        self.components = Components()
        psutil.cpu_percent(interval=None)
        psutil.virtual_memory()

    def beat(self) -> str:
        """One heartbeat."""
        started = time.perf_counter()
        cpu = psutil.cpu_percent(interval=None)
        memory = psutil.virtual_memory().percent
        if cpu <= CPU_LIMIT_PERCENT and memory <= MEMORY_LIMIT_PERCENT:
            return f"HEARTBEAT_OK ({(time.perf_counter() - started) * 1000:.1f}ms)"
        return "AIOS_ALERT"


def blocking_beat() -> str:
    """One heartbeat of the original kind, which waits for its measurement and for its events to settle."""
    started = time.perf_counter()
    Components()
    cpu = psutil.cpu_percent(interval=1)
    memory = psutil.virtual_memory().percent
    time.sleep(0.5)
    fine = cpu <= CPU_LIMIT_PERCENT and memory <= MEMORY_LIMIT_PERCENT
    return f"HEARTBEAT_OK ({(time.perf_counter() - started) * 1000:.1f}ms)" if fine else "AIOS_ALERT"


def timed(beat: Callable[[], str]) -> int:
    """What one heartbeat takes, ns."""
    started_ns = time.perf_counter_ns()
    beat()
    return time.perf_counter_ns() - started_ns


def at_cadence(interval_ns: int, phase_ns: int, stop: list[bool]) -> list[tuple[int, int, int]]:
    """Wall time, duration and lateness (ns) of beats at ``phase_ns`` of every interval, until told to stop.

    The grid is absolute, so that the beats stay away from those of other processes.
    """
    heartbeat = SeedHeartbeat()
    for _ in range(50):
        heartbeat.beat()
    wall_ns = time.time_ns()
    due_ns = time.perf_counter_ns() + (phase_ns - wall_ns) % interval_ns
    beats: list[tuple[int, int, int]] = []
    while True:
        while not stop and (left_ns := due_ns - time.perf_counter_ns()) > 0:
            time.sleep(min(left_ns / 1e9, 1.0))  # the signal does not end a sleep
        if stop:
            return beats
        late_ns = time.perf_counter_ns() - due_ns
        beats.append((time.time_ns(), timed(heartbeat.beat), late_ns))
        due_ns += interval_ns * (1 + late_ns // interval_ns)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interval-ns", type=int, default=1_000_000_000)
    parser.add_argument("--phase-ns", type=int, default=0)
    parser.add_argument("--once", action="store_true", help="one warmed heartbeat, then the end")
    parser.add_argument("--output", type=Path, help="where the beats are written as JSON at the end")
    return parser.parse_args()


def main() -> int:
    """Beat until SIGTERM, then write what was measured."""
    arguments = _arguments()
    if arguments.once:
        print(SeedHeartbeat().beat())
        return 0
    stop: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    beats = at_cadence(arguments.interval_ns, arguments.phase_ns, stop)
    arguments.output.write_text(json.dumps(beats))
    return 0


if __name__ == "__main__":
    sys.exit(main())
