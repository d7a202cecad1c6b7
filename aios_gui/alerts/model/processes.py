"""The processes of the machine at two moments, and what each program did in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process as the system tells of it; None for what it does not tell, which ``unread`` names.

    ``started`` tells apart two processes that had the same number; it means nothing else. ``cpu_s`` and
    ``ended_children_s`` (the CPU time of children that have ended) count from the start of the process, ``io_bytes``
    what it read and wrote since then.
    """

    pid: int
    started: float
    name: str
    parent: int = 0
    cpu_s: float | None = None
    ended_children_s: float | None = None
    memory_bytes: int | None = None
    io_bytes: int | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessTable:
    """All processes at one moment (``at_ns`` of the monotonic clock). ``unread`` told nothing at all.

    Not ``complete`` where the time for reading it was over before the end.
    """

    at_ns: int
    rows: dict[int, ProcessRow] = field(default_factory=dict)
    unread: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process did between two tables; ``grown_bytes`` is of its memory, ``is_new``: it was not in the first."""

    row: ProcessRow
    cpu_percent: float | None = None
    grown_bytes: int | None = None
    io_bytes_per_s: float | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """The processes of one name together; None where no process of it tells a figure."""

    name: str
    members: tuple[Usage, ...]
    cpu_percent: float | None
    memory_bytes: int | None
    grown_bytes: int | None
    io_bytes_per_s: float | None

    @property
    def processes(self) -> int:
        """How many there are."""
        return len(self.members)

    @property
    def is_new(self) -> bool:
        """Whether none of its processes was there before."""
        return all(member.is_new for member in self.members)

    @property
    def foremost(self) -> Usage:
        """The process that did most of it: by CPU, then by growth, by data, by memory."""
        return max(
            self.members,
            key=lambda each: (
                each.cpu_percent or 0.0,
                each.grown_bytes or 0,
                each.io_bytes_per_s or 0.0,
                each.row.memory_bytes or 0,
            ),
        )


def family(parents: Mapping[int, int], pid: int) -> frozenset[int]:
    """A process and all that it has started, directly or not; ``parents`` has the parent of each."""
    found = {pid}
    grew = True
    while grew:
        more = {each for each, parent in parents.items() if parent in found} - found
        found |= more
        grew = bool(more)
    return frozenset(found)


def usages(before: ProcessTable, after: ProcessTable, cores: int) -> list[Usage]:
    """What every process of ``after`` did since ``before``, whatever the clock of the machine did.

    The CPU time of children that came and went in between counts to their parent, which has waited for them.
    A counter that went back tells nothing.
    """
    seconds = (after.at_ns - before.at_ns) / 1e9
    if seconds <= 0:
        return [Usage(row) for row in after.rows.values()]
    counted = _counted_already(before, after)
    return [_usage(before, row, seconds, cores, counted.get(row.pid, 0.0)) for row in after.rows.values()]


def _counted_already(before: ProcessTable, after: ProcessTable) -> dict[int, float]:
    """CPU time that processes which ended meanwhile had used up to ``before``, by their parent."""
    found: dict[int, float] = {}
    for row in before.rows.values():
        later = after.rows.get(row.pid)
        if later is None or later.started != row.started:
            found[row.parent] = (
                found.get(row.parent, 0.0) + (row.cpu_s or 0.0) + (row.ended_children_s or 0.0)
            )
    return found


def _usage(before: ProcessTable, row: ProcessRow, seconds: float, cores: int, counted_s: float) -> Usage:
    first = before.rows.get(row.pid)
    if first is not None and first.started != row.started:
        first = None
    # What was not there began with nothing; where the first table was cut short, that is unknown.
    is_new = first is None and before.complete
    if first is None and not is_new:
        return Usage(row)
    cpu_s = _growth(first.cpu_s if first is not None else 0.0, row.cpu_s)
    children_s = _growth(first.ended_children_s if first is not None else 0.0, row.ended_children_s)
    if cpu_s is not None and children_s:
        cpu_s += max(0.0, children_s - counted_s)
    if cpu_s is not None:
        cpu_s = min(cpu_s, seconds * cores)
    io_bytes = _growth(first.io_bytes if first is not None else 0, row.io_bytes)
    grown = None
    if row.memory_bytes is not None and (first is None or first.memory_bytes is not None):
        grown = row.memory_bytes - ((first.memory_bytes or 0) if first is not None else 0)
    return Usage(
        row,
        None if cpu_s is None else cpu_s / seconds * 100,
        grown,
        None if io_bytes is None else io_bytes / seconds,
        is_new,
    )


def _growth(first: float | None, last: float | None) -> float | None:
    return None if first is None or last is None or last < first else last - first


def programs(found: Iterable[Usage]) -> list[Program]:
    """The processes by their names, in no order."""
    by_name: dict[str, list[Usage]] = {}
    for usage in found:
        by_name.setdefault(usage.row.name, []).append(usage)
    return [_program(name, tuple(members)) for name, members in by_name.items()]


def _program(name: str, members: tuple[Usage, ...]) -> Program:
    memory = [each.row.memory_bytes for each in members if each.row.memory_bytes is not None]
    cpu = [each.cpu_percent for each in members if each.cpu_percent is not None]
    grown = [each.grown_bytes for each in members if each.grown_bytes is not None]
    io = [each.io_bytes_per_s for each in members if each.io_bytes_per_s is not None]
    return Program(
        name,
        members,
        sum(cpu) if cpu else None,
        sum(memory) if memory else None,
        sum(grown) if grown else None,
        sum(io) if io else None,
    )


KEPT = 3


@dataclass(frozen=True, slots=True)
class Calm:
    """A table and when it was taken, by the wall clock (ns)."""

    wall_ns: int
    table: ProcessTable


class CalmTables:
    """The last three tables. One thread adds, another asks."""

    def __init__(self) -> None:
        self._kept: deque[Calm] = deque(maxlen=KEPT)

    def add(self, calm: Calm) -> None:
        """Keep one more."""
        self._kept.append(calm)

    def before(self, wall_ns: int) -> Calm | None:
        """The newest from before that moment, or else the oldest there is: it tells at least a part."""
        kept = tuple(self._kept)
        earlier = [each for each in kept if each.wall_ns <= wall_ns]
        return earlier[-1] if earlier else kept[0] if kept else None
