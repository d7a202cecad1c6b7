"""A process that runs the minimal heartbeat at a cadence, warmed when it starts, as the seed's own runs."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.model.beat import result_text
from aios_gui.selfcheck.benchmark.heartbeats import MinimalHeartbeat


def at_cadence(interval_ns: int, phase_ns: int, stop: list[bool]) -> list[tuple[int, int, int]]:
    """Wall time, duration and lateness (ns) of beats at ``phase_ns`` of every interval, until told to stop.

    The grid is absolute, so that the beats stay away from those of other processes.
    """
    heartbeat = MinimalHeartbeat(system_clock())
    heartbeat.prepare()
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
        beats.append((time.time_ns(), heartbeat.beat(), late_ns))
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
        heartbeat = MinimalHeartbeat(system_clock())
        heartbeat.prepare()
        duration_ns = heartbeat.beat()
        print(result_text(heartbeat.outcome, duration_ns))
        return 0
    stop: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    beats = at_cadence(arguments.interval_ns, arguments.phase_ns, stop)
    arguments.output.write_text(json.dumps(beats))
    return 0


if __name__ == "__main__":
    sys.exit(main())
