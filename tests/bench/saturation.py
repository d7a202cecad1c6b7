"""Makes the machine short of CPU, of memory, and of its disk: the alert fires once, and names who did it.

``python -m tests.bench.saturation`` takes four minutes; ``--only cpu`` or ``memory`` or ``disk`` one of them. The
limit of the rule on memory is set just above what is in use, so that the machine is not endangered.
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

from aios_gui.core.incident import Finding, Incident
from aios_gui.core.rules import DEFAULT_RULES, Comparison, Level, Measure, Rule
from aios_gui.core.settings import Settings
from aios_gui.services.settings_file import SettingsFile
from aios_gui.services.store.history import History
from aios_gui.services.wording.incident_words import conclusion
from tests.bench.environment import MODULE, Home
from tests.bench.process import Child

LIMIT_MS = 2_000
BEATS_SHARE = 0.99
SETTLE_S = 25
"""Long enough for a look at the machine while it is calm."""
CALM_PERCENT, CALM_SECONDS, CALM_PATIENCE_S = 55.0, 4, 300.0
NOBODY = -1
MEMORY_BYTES = 600 * 2**20
SPIN = "while True: pass"
HOLD = "import sys, time; held = bytearray(b'x') * int(sys.argv[1]); time.sleep(600)"
WRITE = (
    "import os, sys\n"
    "piece = os.urandom(1 << 20)\n"
    "while True:\n"
    "    with open(sys.argv[1], 'wb') as file:\n"
    "        for _ in range(64):\n"
    "            file.write(piece); file.flush(); os.fsync(file.fileno())\n"
)


@dataclass(frozen=True, slots=True)
class Ordeal:
    """What is done to the machine: the commands, for how long, and the name by which they are to be found."""

    name: str
    rule: Rule
    commands: Callable[[], tuple[list[str], ...]]
    seconds: float
    hog: str


def ordeals(folder: Path) -> dict[str, Ordeal]:
    """The three of them; ``folder`` is for what the disk hog writes."""
    used = psutil.virtual_memory()
    limit = used.percent + MEMORY_BYTES / used.total * 100 * 0.6
    cores = os.cpu_count() or 1
    spinner, holder, writer = (_named(folder, name) for name in ("spinner", "holder", "writer"))
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
    return {
        "cpu": Ordeal("cpu", cpu, lambda: ([spinner, "-c", SPIN],) * (2 * cores), 60, "spinner"),
        "memory": Ordeal("memory", memory, lambda: ([holder, "-c", HOLD, str(up_to(limit))],), 25, "holder"),
        "disk": Ordeal("disk", cpu, lambda: ([writer, "-c", WRITE, str(folder / "written")],), 10, "writer"),
    }


def up_to(limit_percent: float) -> int:
    """So many bytes bring the machine a little over the limit from where it stands now."""
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
        self.home = Home()
        SettingsFile(self.home.paths.settings).save(Settings().with_rules((rule,)))
        self.child = Child([*MODULE, "service", "--interval", "1"], self.home.environ())

    def incidents(self, since_ns: int = 0) -> list[Incident]:
        """What is on record and began since then."""
        with History(self.home.paths.store) as history:
            return [each for each in history.incidents(0, 2**62) if each.started_ns >= since_ns]

    def beats(self, start_ns: int, end_ns: int) -> tuple[int, int]:
        """Beats made and missed in a span."""
        with History(self.home.paths.store) as history:
            found = list(history.beats(start_ns, end_ns))
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


def ask_about_disk(ordeal: Ordeal) -> dict[str, bool]:
    """No measure of a rule watches how busy the disk is: so the diagnosis is asked itself, ten times."""
    from aios_gui.services.diagnosis.desk import DiagnosisDesk
    from aios_gui.services.watch.diagnosis import Answer, Question

    # The hogs are children of this process, and would count as its own.
    desk = DiagnosisDesk(own_pid=NOBODY)
    findings: list[Finding] = []
    with hogs(ordeal.commands()):
        time.sleep(2)
        for number in range(1, 11):
            now_ns = time.time_ns()
            incident = Incident(
                number, "disk", "custom:disk", Level.WARNING, now_ns - 2_000_000_000, 1.0, 1.0
            )
            desk.ask(
                Question(incident, replace(ordeal.rule, measure="custom:disk"), incident.started_ns, now_ns)
            )
            answers: list[Answer] = []
            while not (answers := desk.answers()):
                time.sleep(0.01)
            findings += [each.finding for each in answers if each.finding is not None]
    desk.stop()
    for finding in findings[:1]:
        incident = Incident(1, "disk", "custom:disk", Level.WARNING, 0, 1.0, 1.0, finding=finding)
        print(f"[{ordeal.name}] {conclusion(incident)}")
        show(ordeal, finding)
    slowest_ns = max(each.took_ns for each in findings)
    print(f"[{ordeal.name}] ten diagnoses, the slowest {slowest_ns / 1e6:.0f} ms")
    most = [
        max(each.culprits, key=lambda one: one.io_bytes_per_s or 0).name for each in findings if each.culprits
    ]
    return {
        "the hog wrote most": len(most) == 10 and all(name.startswith(ordeal.hog) for name in most),
        "back in time": slowest_ns < LIMIT_MS * 1e6,
    }


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
                result = ask_about_disk(ordeal) if name == "disk" else suffer(ordeal)
                held |= {f"{name}: {what}": yes for what, yes in result.items()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for what, yes in held.items():
        print(f"{'pass' if yes else 'FAIL'}  {what}")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
