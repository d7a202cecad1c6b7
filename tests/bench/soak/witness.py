"""A bare loop beside both: psutil's two calls, warmed and timed as often as a beat, without anything of the program.

What makes it slower in the course of hours, as a host with other guests does, makes the beat slower, too. It takes and
answers orders as `inside.py` does; the only one is to look.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import deque

import psutil

_MARGIN_S = 0.002


def _readings(interval_s: float, kept: deque[tuple[int, int]]) -> None:
    due_s = time.monotonic()
    while True:
        due_s = max(due_s, time.monotonic()) + interval_s
        time.sleep(max(0.0, due_s - _MARGIN_S - time.monotonic()))
        while time.monotonic() < due_s:
            _read()
        began_ns = time.monotonic_ns()
        _read()
        kept.append((time.monotonic_ns() - began_ns, began_ns - round(due_s * 1e9)))


def _read() -> None:
    psutil.cpu_percent(None)
    psutil.virtual_memory()


def main() -> None:
    """Read until the standard input ends; each line of it is answered with what was measured since the one before."""
    kept: deque[tuple[int, int]] = deque()
    threading.Thread(target=_readings, args=(float(sys.argv[1]), kept), daemon=True).start()
    for _order in sys.stdin:
        beats = [kept.popleft() for _ in range(len(kept))]
        print(json.dumps({"beats": beats}), flush=True)


if __name__ == "__main__":
    main()
