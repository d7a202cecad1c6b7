"""Compares the lateness of the service's beats with what cyclictest measures beside it: same interval, same policy.

``python -m tests.bench.cyclictest --seconds 120``; needs cyclictest (package rt-tests). Both wake by a timer of the
kernel, but cyclictest has the usual timer slack of 50 µs, and the beat a margin before its due time.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from contextlib import suppress

from tests.bench.arithmetic import Figures
from tests.bench.environment import MODULE, Home
from tests.bench.process import Child
from tests.bench.record import beats_of, read_beats, wait_for_beats

ALLOWED_RATIO, ALLOWED_NS = 1.1, 20_000
"""The P50 of the beats' lateness may be this many times, and this much more than, that of cyclictest."""
_SAMPLE = re.compile(r"^\s*0:\s*\d+:\s*(\d+)\s*$", re.MULTILINE)


def cyclictest_ns(seconds: float, interval_s: float) -> list[int]:
    """How late each of its wake-ups was, ns; it leaves the power states of the processor as they are."""
    command = [
        "cyclictest", "--quiet", "--verbose", "--threads=1", "--policy=other", "--default-system",
        f"--interval={round(interval_s * 1e6)}", f"--loops={round(seconds / interval_s)}",
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(found) * 1000 for found in _SAMPLE.findall(said.stdout)]


def main(argv: list[str] | None = None) -> int:
    """Run both side by side; 1 where the beats wake later than is allowed."""
    parser = argparse.ArgumentParser(prog="cyclictest", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long (120)")
    parser.add_argument("--interval", type=float, default=1.0, help="seconds from beat to beat (1)")
    arguments = parser.parse_args(argv)
    home = Home()
    service = Child([*MODULE, "service", "--interval", str(arguments.interval)], home.environ())
    try:
        first = wait_for_beats(home.paths.store, 3, 30.0, service.check_running)[-1]
        theirs = Figures.of(cyclictest_ns(arguments.seconds, arguments.interval))
    finally:
        service.end()
    ours = beats_of(read_beats(home.paths.store, first.wall_ns)).lateness
    home.remove()
    for name, each in (("cyclictest", theirs), ("beats", ours)):
        figures = (("P50", each.p50), ("P99", each.p99), ("maximum", each.maximum))
        texts = [f"{word} {value / 1e3:8.1f} µs" for word, value in figures if value is not None]
        print(f"{name:<10} {each.count:5} {'  '.join(texts)}")
    if ours.p50 is None or theirs.p50 is None:
        return 1
    print(f"P50 of the beats ÷ that of cyclictest: {ours.p50 / theirs.p50:.2f}")
    return 0 if ours.p50 <= theirs.p50 * ALLOWED_RATIO + ALLOWED_NS else 1


if __name__ == "__main__":
    if shutil.which("cyclictest") is None:
        sys.exit("cyclictest is not installed: package rt-tests")
    with suppress(KeyboardInterrupt):
        sys.exit(main())
