"""Puts stalls of known length at random moments upon the real service; tells which it saw, and how right.

``python -m tests.bench.stalls --stalls 200 [--load] [--minutes 60]``. A stall is a stop of the process by a signal or
by a frozen control group, or real-time spinners on all cores. Beside the service a witness sleeps in slices of the
same length: what it feels outside of the stalls that were put is a stall of the machine's own.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aios_gui.heartbeat.model.items import Event, EventKind, hiccup_length_ns
from aios_gui.heartbeat.model.stall import SLICE_NS, SeenBy
from aios_gui.record.store.reader import RecordReader
from tests.bench.environment import MODULE, Home
from tests.bench.process import Child
from tests.bench.record import wait_for_beats

SHORTEST_MS, LONGEST_MS = 60, 1_000
THRESHOLD_NS = 50_000_000
SLACK_NS = 12_000_000
"""A stop takes effect, and ends, a moment after it was asked for; beside spinners of real time that is longer."""
_SPIN = (
    "import os,sys,time\n"
    "os.sched_setaffinity(0,{int(sys.argv[1])})\n"
    "os.sched_setscheduler(0,os.SCHED_FIFO,os.sched_param(50))\n"
    "end=time.monotonic()+float(sys.argv[2])\n"
    "print(time.time_ns(),flush=True)\n"
    "while time.monotonic()<end: pass\n"
    "print(time.time_ns(),flush=True)\n"
)
_LOAD = (
    "import random,time\n"
    "while True:\n"
    "    end=time.monotonic()+random.uniform(.01,.05)\n"
    "    while time.monotonic()<end: pass\n"
    "    time.sleep(random.uniform(.01,.12))\n"
)

Span = tuple[int, int]
"""Begin and end, wall time in ns."""


@dataclass(frozen=True, slots=True)
class Put:
    """A stall that was put upon the service, and how."""

    way: str
    span: Span

    @property
    def length_ns(self) -> int:
        """How long it was."""
        return self.span[1] - self.span[0]


class Witness:
    """A thread that sleeps in slices and notes each that ended late by half the threshold: its slices lie elsewhere."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stopping:
            due_ns = time.perf_counter_ns() + SLICE_NS
            time.sleep(SLICE_NS / 1e9)
            late_ns = time.perf_counter_ns() - due_ns
            if late_ns >= THRESHOLD_NS // 2:
                now_ns = time.time_ns()
                self.spans.append((now_ns - late_ns, now_ns))

    def end(self) -> None:
        """No longer."""
        self._stopping = True
        self._thread.join()


def stop(pid: int, length_s: float) -> Span:
    """Have the process stand still for a while."""
    os.kill(pid, signal.SIGSTOP)
    began_ns = time.time_ns()
    time.sleep(length_s)
    ended_ns = time.time_ns()
    os.kill(pid, signal.SIGCONT)
    return began_ns, ended_ns


def spin(_pid: int, length_s: float) -> Span:
    """Leave no core to anything of ordinary priority for a while."""
    spinners = [
        subprocess.Popen(
            [sys.executable, "-S", "-c", _SPIN, str(core), str(length_s)], stdout=subprocess.PIPE, text=True
        )
        for core in sorted(os.sched_getaffinity(0))
    ]
    spans = [[int(line) for line in each.communicate()[0].split()] for each in spinners]
    # Only while all of them spin is there no core left.
    return max(begin for begin, _ in spans), min(end for _, end in spans)


def freeze(pid: int, length_s: float) -> Span:
    """Freeze a control group (version 2) with nothing but the process in it for a while."""
    group = _groups() / f"stalls-{pid}"
    before = next(
        line[3:] for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines() if line[:3] == "0::"
    )
    group.mkdir()
    try:
        (group / "cgroup.procs").write_text(str(pid))
        (group / "cgroup.freeze").write_text("1")
        began_ns = time.time_ns()
        time.sleep(length_s)
        ended_ns = time.time_ns()
        (group / "cgroup.freeze").write_text("0")
        (_groups() / before.lstrip("/") / "cgroup.procs").write_text(str(pid))
    finally:
        group.rmdir()
    return began_ns, ended_ns


def _groups() -> Path:
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    return Path(next(each[1] for each in mounts if each[2] == "cgroup2"))


def ways() -> dict[str, Callable[[int, float], Span]]:
    """What can be done on this machine."""
    found: dict[str, Callable[[int, float], Span]] = {"stop": stop}
    try:
        with subprocess.Popen(["sleep", "9"]) as sleeper:
            freeze(sleeper.pid, 0.01)
            sleeper.kill()
        found["freeze"] = freeze
    except (OSError, StopIteration) as error:
        print(f"no control group to freeze here: {error}", file=sys.stderr)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        found["spin"] = spin
    except OSError as error:
        print(f"no real-time spinners here: {error}", file=sys.stderr)
    return found


@contextmanager
def load(wanted: bool) -> Iterator[None]:
    """Other work beside it: each core is in use for about a third of the time."""
    number = (os.cpu_count() or 1) if wanted else 0
    busy = [subprocess.Popen([sys.executable, "-S", "-c", _LOAD]) for _ in range(number)]
    try:
        yield
    finally:
        for each in busy:
            each.kill()
            each.wait()


def put_stalls(pid: int, number: int, chance: random.Random) -> list[Put]:
    """Put that many stalls upon the process, one to three seconds apart."""
    known = ways()
    found = []
    for count in range(number):
        time.sleep(chance.uniform(1.2, 3.2))
        way = chance.choice(sorted(known))
        length_s = chance.uniform(SHORTEST_MS, LONGEST_MS) / 1e3
        found.append(Put(way, known[way](pid, length_s)))
        if sys.stderr.isatty():
            print(f"\r{count + 1} of {number}", end="", file=sys.stderr)
    return found


def touching(span: Span, others: list[Span], slack_ns: int = 0) -> list[Span]:
    """Those that share a moment with ``span``."""
    return [each for each in others if each[0] < span[1] + slack_ns and each[1] > span[0] - slack_ns]


def report(puts: list[Put], events: Sequence[Event], witnessed: list[Span]) -> bool:
    """Print what was seen; whether it is enough.

    What only the kernel's account tells, no thread that sleeps can witness: it is counted apart.
    """
    spans_of = {(event.wall_ns - hiccup_length_ns(event), event.wall_ns): event for event in events}
    seen = list(spans_of)
    counted = [put for put in puts if put.length_ns >= THRESHOLD_NS + SLICE_NS]
    once = right = 0
    worst_ns = 0
    for put in counted:
        found = touching(put.span, seen)
        if len(found) != 1:
            print(f"  {put.way} of {put.length_ns / 1e6:.0f} ms: seen {len(found)} times")
            continue
        once += 1
        ((begin, end),) = found
        off_ns = max(abs(begin - put.span[0]), abs((end - begin) - put.length_ns), abs(end - put.span[1]))
        worst_ns = max(worst_ns, off_ns)
        right += off_ns <= SLICE_NS + SLACK_NS
    short = len(puts) - len(counted)
    short_seen = sum(bool(touching(put.span, seen)) for put in puts if put not in counted)
    spans = [put.span for put in puts]
    unasked = [each for each in seen if not touching(each, spans, SLICE_NS)]
    others = [each for each in unasked if spans_of[each].facts.get("seen_by") != SeenBy.KERNEL]
    alone = [each for each in others if not touching(each, witnessed, SLICE_NS)]
    print(
        f"over threshold and slice: {once} of {len(counted)} seen exactly once ({once / max(1, len(counted)):.1%})"
    )
    print(f"  begin, end and length within one slice: {right}; the worst is off by {worst_ns / 1e6:.0f} ms")
    print(f"shorter ones: {short_seen} of {short} seen")
    print(f"none put there: {len(others)} seen, {len(others) - len(alone)} of them also by the witness")
    print(f"  and {len(unasked) - len(others)} by the kernel's account alone")
    for each in alone:
        print(f"  {(each[1] - each[0]) / 1e6:.0f} ms, not by the witness: {spans_of[each].facts}")
    return once >= 0.99 * len(counted) and right >= 0.99 * once and not alone


def main(argv: list[str] | None = None) -> int:
    """Run it; 1 where too few were seen, or one that was not."""
    parser = argparse.ArgumentParser(prog="stalls", description=__doc__)
    parser.add_argument("--stalls", type=int, default=200, help="how many (200)")
    parser.add_argument("--interval", type=float, default=1.0, help="seconds from beat to beat (1)")
    parser.add_argument("--load", action="store_true", help="beside other work")
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="how long to look on without putting any (0)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the lengths and moments (1)")
    arguments = parser.parse_args(argv)
    home = Home()
    store = home.paths.store
    witness: Witness | None = None
    service = Child([*MODULE, "service", "--interval", str(arguments.interval)], home.environ())
    try:
        wait_for_beats(store, 3, 30.0, service.check_running)
        witness = Witness()
        with load(arguments.load):
            puts = put_stalls(service.pid, arguments.stalls, random.Random(arguments.seed))
            time.sleep(2 * max(1.0, arguments.interval) + arguments.minutes * 60)
    finally:
        if witness is not None:
            witness.end()
        service.end()
    with RecordReader(store) as reader:
        events = reader.events(0, 2**62, EventKind.HICCUP)
    enough = report(puts, events, witness.spans)
    home.remove()
    return 0 if enough else 1


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
