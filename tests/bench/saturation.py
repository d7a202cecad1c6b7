"""Makes the machine short of CPU, of memory, and of its disk: the alert fires once, and names who did it.

``python -m tests.bench.saturation`` takes six minutes; ``--only cpu`` or ``memory`` or ``disk`` one of them. The
limit of the rule on memory is set just above what is in use, so that the machine is not endangered; the disk is read
from, past the cache, so that it is not worn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from aios_gui.alerts import record_reader as alert_record
from aios_gui.alerts.model.incident import Finding, Incident
from aios_gui.alerts.model.rules import DEFAULT_RULES, Comparison, Level, Measure, Rule
from aios_gui.alerts.words.incidents import conclusion
from aios_gui.record.store.reader import RecordReader
from tests.bench.environment import MODULE, Home
from tests.bench.process import Child

LIMIT_MS = 2_000
BEATS_SHARE = 0.99
SETTLE_S = 25
"""Long enough for a look at the machine while it is calm."""
CALM_PERCENT, CALM_SECONDS, CALM_PATIENCE_S = 55.0, 4, 300.0
MEMORY_BYTES = 600 * 2**20
SPIN = "while True: pass"
HOLD = "import sys, time; held = bytearray(b'x') * int(sys.argv[1]); time.sleep(600)"
READ = (
    "import mmap, os, sys\n"
    "file, piece = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT), mmap.mmap(-1, 1 << 20)\n"
    "while True:\n"
    "    for at in range(0, os.fstat(file).st_size, len(piece)):\n"
    "        os.preadv(file, [piece], at)\n"
)
READ_BYTES = 64 * 2**20
DISK_PERCENT, READERS_PER_CORE = 50.0, 4
"""The limit of the rule on the disk. A disk as fast as memory is hard to keep busy all of the time."""


@dataclass(frozen=True, slots=True)
class Ordeal:
    """What is done to the machine: the commands, for how long, and the name by which they are to be found."""

    name: str
    rule: Rule
    commands: Callable[[], tuple[list[str], ...]]
    seconds: float
    hog: str


def ordeals(folder: Path) -> dict[str, Ordeal]:
    """The three of them, two where a disk cannot be read past the cache; ``folder`` is for what the disk hog reads."""
    used = psutil.virtual_memory()
    limit = used.percent + MEMORY_BYTES / used.total * 100 * 0.6
    cores = os.cpu_count() or 1
    spinner, holder, reader = (_named(folder, name) for name in ("spinner", "holder", "reader"))
    # Without a cooldown, so that an alert that came and went would show as two.
    cpu = replace(DEFAULT_RULES[0], for_s=10.0, cooldown_s=0.0, actions=("capture", "event"))
    memory = Rule(
        "memory",
        Measure.MEMORY,
        limit,
        Comparison.ABOVE,
        Level.CRITICAL,
        5.0,
        limit,
        0.0,
        actions=("capture",),
    )
    found = {
        "cpu": Ordeal("cpu", cpu, lambda: ([spinner, "-c", SPIN],) * (2 * cores), 60, "spinner"),
        "memory": Ordeal("memory", memory, lambda: ([holder, "-c", HOLD, str(up_to(limit))],), 25, "holder"),
    }
    if hasattr(os, "O_DIRECT"):
        disk = Rule(
            "disk-busy",
            Measure.DISK_BUSY,
            DISK_PERCENT,
            Comparison.ABOVE,
            Level.WARNING,
            5.0,
            DISK_PERCENT / 2,
            0.0,
            actions=("capture",),
        )
        read = folder / "read"
        read.write_bytes(os.urandom(READ_BYTES))
        reading = [reader, "-c", READ, str(read)]
        found["disk"] = Ordeal("disk", disk, lambda: (reading,) * (READERS_PER_CORE * cores), 75, "reader")
    return found


def up_to(limit_percent: float) -> int:
    """How many bytes bring the machine a little over the limit from where it stands now."""
    used = psutil.virtual_memory()
    return max(MEMORY_BYTES, round(used.total * (limit_percent - used.percent) / 100) + MEMORY_BYTES // 2)


def _named(folder: Path, name: str) -> str:
    """An interpreter under a name of its own, since a process is known by its file."""
    link = folder / name
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    try:
        link.symlink_to(base)
    except OSError:
        return sys.executable
    return str(link)


@contextmanager
def hogs(commands: tuple[list[str], ...]) -> Iterator[None]:
    """Run them, and end them whatever happens."""
    running = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for command in commands]
    try:
        yield
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.wait()


class Run:
    """A service with one rule, at 1 Hz, in a home of its own."""

    def __init__(self, rule: Rule) -> None:
        self.home = Home(rules=(rule,))
        self.child = Child([*MODULE, "service", "--interval", "1"], self.home.environ())

    def incidents(self, since_ns: int = 0) -> list[Incident]:
        """What is on record and began since then."""
        with RecordReader(self.home.paths.store) as reader:
            return [each for each in alert_record.incidents(reader, 0, 2**62) if each.started_ns >= since_ns]

    def beats(self, start_ns: int, end_ns: int) -> tuple[int, int]:
        """Beats made and missed in a span."""
        with RecordReader(self.home.paths.store) as reader:
            found = list(reader.beats(start_ns, end_ns))
        return len(found), sum(beat.missed for beat in found)

    def wait(self, condition: Callable[[], object], seconds: float) -> bool:
        """Wait on a condition; whether it came."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.child.check_running()
            if condition():
                return True
            time.sleep(0.2)
        return False

    def end(self) -> None:
        """End the service and delete its files."""
        try:
            self.child.end()
        finally:
            self.home.remove()


class Quiet:
    """True once nothing fires and the machine has had CPU to spare for some seconds."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._calm = 0

    def __call__(self) -> bool:
        busy = psutil.cpu_percent(1.0) >= CALM_PERCENT
        self._calm = 0 if busy else self._calm + 1
        return self._calm >= CALM_SECONDS and all(each.cleared_ns for each in self._run.incidents())


def suffer(ordeal: Ordeal) -> dict[str, bool]:
    """Do it; prints the figures, and gives what held."""
    run = Run(ordeal.rule)
    try:
        time.sleep(SETTLE_S)
        if not run.wait(Quiet(run), CALM_PATIENCE_S):
            print(f"[{ordeal.name}] the machine is never calm: what else runs is measured too")
        began_ns = time.time_ns()
        with hogs(ordeal.commands()):
            time.sleep(ordeal.seconds)
            fired = run.incidents(began_ns)
        ended_ns = time.time_ns()
        cleared = run.wait(lambda: all(each.cleared_ns for each in run.incidents()), CALM_PATIENCE_S)
        found = [each for each in run.incidents(began_ns) if each.started_ns <= ended_ns]
        made, missed = run.beats(began_ns, ended_ns)
    finally:
        run.end()
    return judged(ordeal, fired, found, cleared, made, missed)


def judged(
    ordeal: Ordeal, fired: list[Incident], found: list[Incident], cleared: bool, made: int, missed: int
) -> dict[str, bool]:
    """What held, with the figures printed."""
    share = made / max(1, made + missed)
    print(f"[{ordeal.name}] beats {made}, missed {missed} ({share:.2%})")
    findings = [each.finding for each in found if each.finding is not None]
    for incident in found:
        print(
            f"[{ordeal.name}] {incident.rule} {incident.state}, peak {incident.peak:.1f}: {conclusion(incident)}"
        )
    for finding in findings:
        show(ordeal, finding)
    return {
        "fired once": len(fired) == len(found) == 1 and found[0].count == 1,
        "the hog named first": bool(findings) and _named_first(findings[0], ordeal.hog),
        "cleared": cleared,
        "beats made": share >= BEATS_SHARE,
        "back in time": bool(findings) and all(each.took_ns < LIMIT_MS * 1e6 for each in findings),
    }


def show(ordeal: Ordeal, finding: Finding) -> None:
    """Print what a diagnosis found."""
    print(
        f"[{ordeal.name}] took {finding.took_ns / 1e6:.0f} ms, partial: {finding.partial}, {finding.evidence}"
    )
    for culprit in finding.culprits:
        print(
            f"[{ordeal.name}]   {culprit.name} × {culprit.processes}: CPU {culprit.cpu_percent}, "
            f"memory {culprit.memory_bytes}, I/O {culprit.io_bytes_per_s}"
        )


def _named_first(finding: Finding, hog: str) -> bool:
    return bool(finding.culprits) and finding.culprits[0].name.startswith(hog)


def main() -> int:
    """Run what was asked for; the status is 0 where everything held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("cpu", "memory", "disk"))
    wanted = parser.parse_args().only
    # In the working folder: a temporary one may lie in memory, where nothing waits for a disk.
    folder = Path(tempfile.mkdtemp(prefix=".saturation-", dir=Path.cwd()))
    held: dict[str, bool] = {}
    try:
        for name, ordeal in ordeals(folder).items():
            if wanted in (None, name):
                held |= {f"{name}: {what}": yes for what, yes in suffer(ordeal).items()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for what, yes in held.items():
        print(f"{'pass' if yes else 'FAIL'}  {what}")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
