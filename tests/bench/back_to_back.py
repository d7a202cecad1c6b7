"""A process that runs the seed's heartbeats and ours back to back, in turns, and prints their durations as JSON."""

from __future__ import annotations

import argparse
import json
import sys

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.selfcheck.benchmark.heartbeats import MinimalHeartbeat, OriginalHeartbeat

SEED_BEATS = 100


def main() -> int:
    """Print {"seed_ns": […], "ours_ns": […], "blocking_ns": […]}."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--blocking", type=int, default=3)
    arguments = parser.parse_args()
    clock = system_clock()
    seed, blocking = MinimalHeartbeat(clock), OriginalHeartbeat(clock)
    seed.prepare()
    seed_ns: list[int] = []
    ours_ns: list[int] = []
    for _ in range(arguments.rounds):
        seed_ns += [seed.beat() for _ in range(SEED_BEATS)]
        engine = HeartbeatEngine(clock)
        engine.begin()
        engine.end()
        assert engine.warmup is not None
        ours_ns.append(engine.warmup.after_ns)  # the median of the last window of its warm-up
    seed.end()
    blocking_ns = [blocking.beat() for _ in range(arguments.blocking)]
    print(json.dumps({"seed_ns": seed_ns, "ours_ns": ours_ns, "blocking_ns": blocking_ns}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
