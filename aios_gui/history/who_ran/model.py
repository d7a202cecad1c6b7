"""Who ran: which programs of a process table are kept, when, and which sample tells of a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nlargest

from aios_gui.alerts.model.ledger import Program, Span
from aios_gui.alerts.model.processes import Key, ProcessRow, ProcessTable
from aios_gui.heartbeat.model.gap import Gap

_S = 1_000_000_000
FOREMOST = 5
"""How many are kept by CPU, by memory and by data each."""
EVERY_NS, STRAINED_EVERY_NS = 60 * _S, 10 * _S
"""How often a sample is kept; the second while the machine is strained, or after a stall."""
SPARE = 60
"""How many samples may be kept in between before they become rarer; one is added a minute."""
EARLY_NS = 5 * _S
"""A table that comes this much earlier will do: the next one is ten seconds later."""
STRAINED_PERCENT = {"busy_percent": 80.0, "io_pressure_percent": 20.0, "memory_pressure_percent": 10.0}
"""From one of these on the machine is strained."""
NEAR_NS = 120 * _S
"""A sample that is further away than this tells nothing of a moment."""
LONGEST_NS = 600 * _S
"""Samples take in less than this: with very many processes tables are rare."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A program in a sample: all processes of a name that one process started; ``pid`` is the foremost of them.

    ``cpu_percent`` is of one core. What is not known is None: what was read and written by other users' processes, as
    a rule. ``unit`` is the systemd service or scope, "" where there is none.
    """

    name: str
    pid: int
    parent: str = ""
    unit: str = ""
    count: int = 1
    cpu_percent: float | None = None
    memory_bytes: int | None = None
    io_bytes_per_s: float | None = None
    command_line: str = ""


@dataclass(frozen=True, slots=True)
class WhoRan:
    """The foremost programs of the ``seconds`` before a moment (wall, ns), most CPU first."""

    wall_ns: int
    seconds: float
    programs: tuple[Ran, ...] = ()

    @property
    def start_ns(self) -> int:
        """When the time that it tells of began."""
        return self.wall_ns - round(self.seconds * _S)


class NotKnown(StrEnum):
    """Why nothing is known of a moment; scripts read the words."""

    BEFORE_RECORD = "before_record"
    AFTER_RECORD = "after_record"
    GAP = "gap"
    EMPTY_RECORD = "empty_record"
    NO_SAMPLE = "no_sample"


@dataclass(frozen=True, slots=True)
class WhoAnswer:
    """Who ran at a moment (wall, ns), or why that is not known; ``gap`` is the one that the moment lies in."""

    at_ns: int
    sample: WhoRan | None = None
    not_known: NotKnown | None = None
    gap: Gap | None = None


# What is kept


def is_strained(evidence: Mapping[str, int | float | str]) -> bool:
    """Whether shares of the machine say that it has more to do than it can."""
    return any(
        isinstance(share := evidence.get(name), int | float) and share >= percent
        for name, percent in STRAINED_PERCENT.items()
    )


class Pace:
    """Says when a sample is to be kept: each minute, and every ten seconds while the machine is strained.

    Of a machine that is always strained there are about two a minute, so that its record is not twice as large.
    """

    def __init__(self) -> None:
        self.latest_ns: int | None = None
        """When the latest one was kept."""
        self._spare: float = SPARE

    def is_due(self, at_ns: int, strained: bool) -> bool:
        """Whether one is to be kept now, which it then is taken to be."""
        since_ns = EVERY_NS if self.latest_ns is None else at_ns - self.latest_ns
        spare = min(SPARE, self._spare + since_ns / EVERY_NS)
        if since_ns < EVERY_NS - EARLY_NS:
            if not strained or since_ns < STRAINED_EVERY_NS - EARLY_NS or spare < 1:
                return False
            spare -= 1
        self.latest_ns, self._spare = at_ns, spare
        return True


def foremost(table: ProcessTable, span: Span, members: Mapping[Key, Sequence[ProcessRow]]) -> list[Ran]:
    """The programs that did or hold most, most CPU first.

    Out of the latest table, the ``members`` of each program in it, and what was done up to it.
    """
    done = {each.key: each for each in span.programs}
    memory = {key: _sum(row.memory_bytes for row in rows) for key, rows in members.items()}
    by: tuple[Callable[[Key], float], ...] = (
        lambda key: (done[key].cpu_percent or 0.0) if key in done else 0.0,
        lambda key: memory.get(key) or 0,
        lambda key: (done[key].io_bytes_per_s or 0.0) if key in done else 0.0,
    )
    known = members.keys() | done.keys()
    chosen = {key for figure in by for key in nlargest(FOREMOST, known, key=figure) if figure(key) > 0}
    found = [_ran(key, members.get(key, []), done.get(key), memory.get(key), table.rows) for key in chosen]
    return by_cpu(found)


def _ran(
    key: Key,
    rows: Sequence[ProcessRow],
    done: Program | None,
    memory_bytes: int | None,
    table: Mapping[int, ProcessRow],
) -> Ran:
    first = done.foremost.row if done is not None else max(rows, key=lambda row: row.memory_bytes or 0)
    parent = table.get(first.parent)
    return Ran(
        key[0],
        first.pid,
        parent.name if parent is not None else "",
        count=len(rows) or (done.processes if done is not None else 1),
        # Of one that did nothing worth keeping it is known that it did nothing.
        cpu_percent=done.cpu_percent if done is not None else 0.0,
        memory_bytes=memory_bytes,
        io_bytes_per_s=done.io_bytes_per_s if done is not None else _nothing_read(rows),
    )


def _nothing_read(rows: Sequence[ProcessRow]) -> float | None:
    return 0.0 if any(row.io_bytes is not None for row in rows) else None


def _sum(found: Iterable[int | None]) -> int | None:
    known = [each for each in found if each is not None]
    return sum(known) if known else None


def by_cpu(programs: Iterable[Ran]) -> list[Ran]:
    """Most CPU first, then most memory; the same order whenever it is asked for."""
    return sorted(by_memory(programs), key=lambda each: -(each.cpu_percent or 0.0))


def by_memory(programs: Iterable[Ran]) -> list[Ran]:
    """Most memory first."""
    return sorted(programs, key=lambda each: (-(each.memory_bytes or 0), each.name, each.pid))


# What is asked


def nearest(samples: Iterable[WhoRan], at_ns: int) -> WhoRan | None:
    """The sample that tells of a moment: the one whose time takes it in, else the nearest, if that is near enough."""
    found = min(samples, key=lambda each: (distance_ns(each, at_ns), abs(each.wall_ns - at_ns)), default=None)
    return found if found is not None and distance_ns(found, at_ns) <= NEAR_NS else None


def distance_ns(sample: WhoRan, at_ns: int) -> int:
    """How far a moment is from the time that a sample tells of; 0 within it."""
    return max(sample.start_ns - at_ns, at_ns - sample.wall_ns, 0)


@dataclass(slots=True)
class _Sum:
    foremost: Ran
    cpu_s: float = 0.0
    io_bytes: float = 0.0
    has_cpu: bool = False
    has_io: bool = False
    memory_bytes: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Together:
    """``count`` samples as one, the first of which tells of what was from ``start_ns`` on."""

    count: int
    start_ns: int
    whole: WhoRan


def summed(samples: Iterable[WhoRan]) -> Together | None:
    """Who ran over all of these: rates over their time together, memory and number at their highest; None for none.

    They come by time. A program counts for nothing where it was not among the foremost.
    """
    seconds, count, start_ns, last_ns = 0.0, 0, 0, 0
    sums: dict[tuple[str, str, str], _Sum] = {}
    for sample in samples:
        start_ns = start_ns if count else sample.start_ns
        count += 1
        seconds += sample.seconds
        last_ns = max(last_ns, sample.wall_ns)
        for ran in sample.programs:
            found = sums.setdefault((ran.name, ran.parent, ran.unit), _Sum(ran))
            if (ran.cpu_percent or 0.0) > (found.foremost.cpu_percent or 0.0):
                found.foremost = ran
            found.cpu_s += (ran.cpu_percent or 0.0) * sample.seconds
            found.io_bytes += (ran.io_bytes_per_s or 0.0) * sample.seconds
            found.has_cpu |= ran.cpu_percent is not None
            found.has_io |= ran.io_bytes_per_s is not None
            found.memory_bytes = max(filter(None, (found.memory_bytes, ran.memory_bytes)), default=None)
            found.count = max(found.count, ran.count)
    if not count:
        return None
    programs = (
        replace(
            each.foremost,
            count=each.count,
            cpu_percent=each.cpu_s / seconds if each.has_cpu and seconds else None,
            memory_bytes=each.memory_bytes,
            io_bytes_per_s=each.io_bytes / seconds if each.has_io and seconds else None,
        )
        for each in sums.values()
    )
    return Together(count, start_ns, WhoRan(last_ns, seconds, tuple(by_cpu(programs))))
