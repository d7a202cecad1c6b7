"""The processes of the machine at two moments, and what each of them did in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Key = tuple[str, int]
"""A program: its name, and the number of the process that started its first one."""
OWN_NAME = "AIOS Heartbeat"
"""What this program's processes go by, apart from others that run in the same interpreter."""
INIT_NAMES = frozenset(("systemd", "init", "launchd", "runit", "s6-svscan", "services", "wininit", "svchost"))
"""What starts unrelated programs: two of one name that these started do not belong together."""


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process as the system tells of it; None for what it does not tell, which ``unread`` names.

    ``started`` (s, by a clock of the system's own) tells apart two processes that had the same number. ``cpu_s`` and
    ``ended_children_s`` (the CPU time of children that have ended) count from the start of the process; so do
    ``io_bytes``, what it read and wrote, and ``hard_faults``, pages it had to wait for: these two take in those of
    children that have ended.
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
    hard_faults: int | None = None
    real_time: bool = False
    """It is scheduled before all that is not."""


@dataclass(frozen=True, slots=True)
class ProcessTable:
    """All processes at one moment (``at_ns`` of the monotonic clock). ``unread`` told nothing at all.

    Not ``complete`` where the time for reading it was over before the end. ``clock_s`` is the same moment by the clock
    that the processes' ``started`` is of, 0 where that is not known.
    ``stale`` are the processes that were not read for it, with the moment when they were.
    """

    at_ns: int
    rows: dict[int, ProcessRow] = field(default_factory=dict)
    unread: int = 0
    complete: bool = True
    clock_s: float = 0.0
    stale: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process did between two tables; None for what is not known.

    ``is_new``: it was not in the first table; ``gone``: it is not in the second. What is told of ``ended_children``
    was done by processes that it started, which have ended, and of which nothing else is known. ``origin`` is the
    number of the process that started the first of this program, ``parent_name`` the name of the one that started this.
    ``since_ns`` is from when on it was done, where that is before the first table; else 0.
    """

    row: ProcessRow
    cpu_s: float | None = None
    grown_bytes: int | None = None
    io_bytes: int | None = None
    hard_faults: int | None = None
    is_new: bool = False
    gone: bool = False
    ended_children: bool = False
    origin: int = 0
    parent_name: str = ""
    since_ns: int = 0

    @property
    def key(self) -> Key:
        """The program it is of."""
        return self.row.name, self.origin


def key_of(row: ProcessRow, rows: Mapping[int, ProcessRow]) -> Key:
    """The program that a process is of, among those of its table."""
    return row.name, _origin(row, rows)


def family(parents: Mapping[int, int], pid: int) -> frozenset[int]:
    """A process and all that it has started, directly or not; ``parents`` has the parent of each."""
    found = {pid}
    grew = True
    while grew:
        more = {each for each, parent in parents.items() if parent in found} - found
        found |= more
        grew = bool(more)
    return frozenset(found)


@dataclass(slots=True)
class _Ended:
    """What processes that ended meanwhile had done up to the first table, by the one that is left to wait for them."""

    rows: list[ProcessRow] = field(default_factory=list)
    cpu_s: float = 0.0
    io_bytes: int = 0
    hard_faults: int = 0


def usages(before: ProcessTable, after: ProcessTable, cores: int) -> list[Usage]:
    """What the processes did between two tables; those that did nothing are left out.

    What children did that came and went in between is told of them where it is known who they were, else of their
    parent, which has waited for them. A counter that went back tells nothing.
    """
    seconds = (after.at_ns - before.at_ns) / 1e9
    if seconds <= 0:
        return []
    ended = _ended_by_parent(before, after) if after.complete else {}
    found: list[Usage] = []
    earlier = before.rows
    for row in after.rows.values():
        first = earlier.get(row.pid)
        if first is row and row.pid not in ended:
            continue  # as most are where only what is busy was read
        if first is not None and first.started != row.started:
            first = None
        if first is None and not before.complete:
            continue  # whether it is new is not known, so neither is what it did
        if first is not None and row.pid not in ended and _is_same(first, row):
            continue
        found += _used(before, after, first, row, seconds * cores, ended.get(row.pid))
    return found


def _is_same(first: ProcessRow, row: ProcessRow) -> bool:
    return (
        first.cpu_s == row.cpu_s
        and first.ended_children_s == row.ended_children_s
        and first.memory_bytes == row.memory_bytes
        and first.io_bytes == row.io_bytes
        and first.hard_faults == row.hard_faults
    )


def _ended_by_parent(before: ProcessTable, after: ProcessTable) -> dict[int, _Ended]:
    later = after.rows
    gone = {
        pid: row
        for pid, row in before.rows.items()
        if later.get(pid) is not row and not _is_there(row, after)
    }
    found: dict[int, _Ended] = {}
    for row in gone.values():
        parent, steps = row.parent, 0
        while parent in gone and steps < len(gone):
            parent, steps = gone[parent].parent, steps + 1
        ended = found.setdefault(parent, _Ended())
        ended.rows.append(row)
        ended.cpu_s += (row.cpu_s or 0.0) + (row.ended_children_s or 0.0)
        ended.io_bytes += row.io_bytes or 0
        ended.hard_faults += row.hard_faults or 0
    return found


def _is_there(row: ProcessRow, table: ProcessTable) -> bool:
    later = table.rows.get(row.pid)
    return later is not None and later.started == row.started


def _used(
    before: ProcessTable,
    after: ProcessTable,
    first: ProcessRow | None,
    row: ProcessRow,
    most_s: float,
    ended: _Ended | None,
) -> list[Usage]:
    """What a process did, and what children of it did that have ended."""
    is_new = first is None
    start = first or ProcessRow(row.pid, row.started, row.name, 0, 0.0, 0.0, 0, 0, (), 0)
    ended = ended or _Ended()
    cpu_s = _growth(start.cpu_s, row.cpu_s, most_s)
    of_children_s = (_growth(start.ended_children_s, row.ended_children_s, float("inf")) or 0.0) - ended.cpu_s
    of_children_s = min(max(0.0, of_children_s), most_s)
    io_bytes = _without(_growth(start.io_bytes, row.io_bytes), ended.io_bytes)
    faults = _without(_growth(start.hard_faults, row.hard_faults), ended.hard_faults)
    grown = None
    if row.memory_bytes is not None and start.memory_bytes is not None:
        grown = row.memory_bytes - start.memory_bytes
    rows = after.rows
    since_ns = before.stale.get(row.pid, 0) if first is not None else 0
    origin, parent = _origin(row, rows), _name_of(row, rows)
    own = Usage(row, cpu_s, grown, io_bytes, faults, is_new, False, False, origin, parent, since_ns)
    if of_children_s <= 0 and not ended.rows:
        return [own]
    did_more = of_children_s > (cpu_s or 0.0)
    children = _ended_children(row, ended, before.rows, rows)
    if did_more:  # then what was read and written for both was most likely read and written by them
        own = replace(own, io_bytes=0, hard_faults=0)
        return [own, replace(children, cpu_s=of_children_s, io_bytes=io_bytes, hard_faults=faults)]
    return [own, replace(children, cpu_s=of_children_s)]


def _ended_children(
    parent: ProcessRow, ended: _Ended, earlier: Mapping[int, ProcessRow], rows: Mapping[int, ProcessRow]
) -> Usage:
    """The children that have ended: by their own name where they all had the same, else by who started them."""
    if len({row.name for row in ended.rows}) == 1:
        row = max(ended.rows, key=lambda each: each.cpu_s or 0.0)
        return Usage(row, gone=True, origin=_origin(row, earlier), parent_name=_name_of(row, earlier))
    return Usage(
        parent,
        is_new=True,
        ended_children=True,
        origin=_origin(parent, rows),
        parent_name=_name_of(parent, rows),
    )


def _origin(row: ProcessRow, rows: Mapping[int, ProcessRow]) -> int:
    """The process that started the first of a program. What init has started stands for itself."""
    for _step in range(len(rows)):
        parent = rows.get(row.parent)
        if parent is None or parent.pid <= 1 or parent.name.removesuffix(".exe") in INIT_NAMES:
            return row.pid
        if parent.name != row.name:
            return parent.pid
        row = parent
    return row.pid


def _name_of(row: ProcessRow, rows: Mapping[int, ProcessRow]) -> str:
    parent = rows.get(row.parent)
    return parent.name if parent is not None else ""


def _growth(first: float | None, last: float | None, most: float | None = None) -> float | None:
    if first is None or last is None or last < first:
        return None
    return last - first if most is None else min(last - first, most)


def _without(grown: float | None, counted: int) -> int | None:
    return None if grown is None else max(0, int(grown) - counted)
