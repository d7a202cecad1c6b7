"""Bursts by a known culprit, on made-up tables of a machine that goes on by itself: who is named for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest

from aios_gui.alerts.model.conclusion import Case, conclude_hiccup
from aios_gui.alerts.model.ledger import Ledger, Program
from aios_gui.alerts.model.processes import ProcessRow, ProcessTable
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.beat import Cause
from tests.fakes import S

STEP_S = 0.05
CORES = 2
MB = 1 << 20
INIT, SHELL, BESIDE, STEADY, WRITER, HOG = 1, 2, 3, 4, 5, 9
NAMES = {INIT: "init", SHELL: "sh", BESIDE: "beside", STEADY: "steady", WRITER: "writer", HOG: "hog"}


@dataclass
class Process:
    """What it has done so far."""

    cpu_s: float = 0.0
    of_children_s: float = 0.0
    io_bytes: int = 0


@dataclass
class Machine:
    """Programs that change what they do every few seconds, and one that bursts for a while."""

    chance: Random
    kind: str
    stays: bool
    at_s: float = 0.0
    beside: float = 0.4
    until_s: float = 0.0
    processes: dict[int, Process] = field(
        default_factory=lambda: {pid: Process() for pid in (INIT, SHELL, BESIDE, STEADY, WRITER)}
    )

    def go(self, to_s: float, bursting: bool = False) -> None:
        """Let time pass."""
        while self.at_s < to_s - 1e-9:
            step_s = min(STEP_S, to_s - self.at_s)
            if self.at_s >= self.until_s:
                self.beside, self.until_s = (
                    self.chance.uniform(0.2, 0.6),
                    self.at_s + self.chance.uniform(4, 12),
                )
            self.processes[BESIDE].cpu_s += (
                self.beside * step_s * (0.2 if bursting and self.kind == "cpu" else 1)
            )
            self.processes[STEADY].cpu_s += 0.05 * step_s
            if self.chance.random() < 0.01:
                self.processes[WRITER].io_bytes += self.chance.randrange(200_000)
            if bursting:
                hog = self.processes[HOG]
                hog.cpu_s += step_s * (1.8 if self.kind == "cpu" else 0.2)
                hog.io_bytes += int(step_s * (8 * MB if self.kind == "fsync" else 900 * MB)) * (
                    self.kind != "cpu"
                )
            self.at_s += step_s

    def end(self) -> None:
        """The hog ends, and the shell has waited for it."""
        hog, shell = self.processes.pop(HOG), self.processes[SHELL]
        shell.of_children_s += hog.cpu_s
        shell.io_bytes += hog.io_bytes

    def table(self) -> ProcessTable:
        """As the kernel counts: in hundredths of a second."""
        rows = {
            pid: ProcessRow(
                pid,
                1.0,
                NAMES[pid],
                SHELL if pid > SHELL else INIT,
                round(each.cpu_s, 2),
                round(each.of_children_s, 2),
                MB,
                each.io_bytes,
                (),
                0,
            )
            for pid, each in self.processes.items()
        }
        return ProcessTable(round(self.at_s * S), rows)


def named(seed: int, kind: str) -> Program | None:
    """Who is named for a burst of 0.1 to 0.95 s, on a machine that has been watched for a while."""
    chance = Random(seed)
    length_s, stays, was_there = chance.uniform(0.1, 0.95), chance.random() < 0.5, chance.random() < 0.5
    machine, ledger = Machine(chance, kind, stays), Ledger(CORES)
    apart_s = chance.choice((1.9, 10.0))
    for number in range(round(chance.uniform(30, 90) / apart_s)):
        machine.go(number * apart_s)
        ledger.add(machine.table())
    machine.processes[HOG] = Process(0.02)
    if was_there:
        machine.go(machine.at_s + chance.uniform(0, apart_s))
        ledger.add(machine.table())
    begin_s = machine.at_s + chance.uniform(0, apart_s)
    machine.go(begin_s)
    machine.go(begin_s + length_s, bursting=True)
    if not stays:
        machine.end()
    # The stall is felt by the beat at once; that of a disk is told by the kernel within a second.
    machine.go(machine.at_s + (0.01 if kind == "cpu" else chance.uniform(0, 1)))
    ledger.add(machine.table(), learn=False)
    facts: dict[str, int | float | str] = {"lateness_ns": round(length_s * S)}
    facts |= {"cause": int(Cause.RUN_QUEUE)} if kind == "cpu" else {"resource": "io"}
    start_ns, end_ns = round(begin_s * S), round((begin_s + length_s) * S)
    known_ns = ledger.whole_from(end_ns) or end_ns
    span = ledger.span(start_ns, known_ns, length_s)
    since = ledger.span(start_ns, known_ns).programs
    case = Case(Measure.LATENESS, 0.0, span.programs, since, span.seconds, cores=CORES, hiccup=facts)
    return next(iter(conclude_hiccup(case).culprits), None)


@pytest.mark.parametrize("kind", ["cpu", "read", "fsync"])
def test_the_one_that_burst_is_named_or_who_started_it_where_it_has_ended(kind: str) -> None:
    found = [named(seed, kind) for seed in range(200)]
    right = [
        each is not None
        and (each.name == "hog" or (each.name == "sh" and all(one.ended_children for one in each.members)))
        for each in found
    ]
    others = {
        each.name for each, is_right in zip(found, right, strict=True) if each is not None and not is_right
    }
    assert others == set(), "a bystander is never named"
    assert sum(right) >= 0.97 * len(found)
