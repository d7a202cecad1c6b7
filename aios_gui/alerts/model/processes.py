"""The processes of the machine at two moments, and what each of them did in between."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

Key = tuple[str, int]
"""A program: its name, and the number of the process that started its first one."""
Part = tuple[Key, bool]
"""What a program did itself, or what children of it did that have ended and that nothing else is known of."""
Identity = tuple[int, float]
"""One process: its number, which is given again after its end, and when it began."""
OWN_NAME = "AIOS Heartbeat"
"""What this program's processes go by, apart from others that run in the same interpreter."""
OWN_KEY: Key = OWN_NAME, 0
"""This program: no other is said to have been started by that process, whatever it is called."""
INIT_NAMES = frozenset(("systemd", "init", "launchd", "runit", "s6-svscan", "services", "wininit", "svchost"))
"""What starts unrelated programs: two of one name that these started do not belong together."""


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process as the system tells of it; None for what it does not tell, which ``unread`` names.

    ``started`` (s, by a clock of the system's own) tells apart two processes that had the same number. From the start
    of the process count ``cpu_s``, ``io_bytes``, what it read and wrote, ``hard_faults``, pages it had to wait for, and
    ``new_bytes``, the memory it was given, whether or not it has given it back; the same is told of its children that
    have ended and that it has waited for.
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
    new_bytes: int | None = None
    ended_children_io_bytes: int | None = None
    ended_children_faults: int | None = None
    ended_children_new_bytes: int | None = None

    @property
    def identity(self) -> Identity:
        """Which process it is, whatever it is called by now."""
        return self.pid, self.started


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
    new_bytes: int | None = None
    is_new: bool = False
    gone: bool = False
    ended_children: bool = False
    origin: int = 0
    parent_name: str = ""
    since_ns: int = 0
    processes: int = 1
    """How many processes of the program it stands for, none of which is told of elsewhere."""
    at_once: int = 1
    """How many there were at one time, some of which may be told of elsewhere, too."""

    @property
    def key(self) -> Key:
        """The program it is of."""
        return self.row.name, self.origin

    @property
    def part(self) -> Part:
        """The same, with whether it is of ended children."""
        return self.key, self.ended_children


def by_program(table: ProcessTable, own: Container[int]) -> dict[Key, list[ProcessRow]]:
    """The processes of each program; those with the numbers ``own`` are of this one."""
    found: dict[Key, list[ProcessRow]] = {}
    for pid, row in table.rows.items():
        key = OWN_KEY if pid in own else (row.name, _origin(row, table.rows))
        found.setdefault(key, []).append(row)
    return found


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
    new_bytes: int = 0


_NONE = _Ended()


def usages(
    before: ProcessTable, after: ProcessTable, cores: int, active: Container[int] | None = None
) -> list[Usage]:
    """What the processes did between two tables; those that did nothing are left out.

    What children did that came and went in between is told of them where it is known who they were, else of their
    parent, which has waited for them. Known to have done it is who was ``active`` before, where that is known: what
    ends after it has long done nothing did not do it. A counter that went back tells nothing.
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
        found.append(_own(before, after, first, row, cores))
        gone = ended.get(row.pid)
        if gone is not None or row.ended_children_s or row.ended_children_io_bytes:
            found += _of_children(before, after, first, row, cores, gone or _NONE, active)
    return found


def _is_same(first: ProcessRow, row: ProcessRow) -> bool:
    return (
        first.cpu_s == row.cpu_s
        and first.ended_children_s == row.ended_children_s
        and first.memory_bytes == row.memory_bytes
        and first.io_bytes == row.io_bytes
        and first.hard_faults == row.hard_faults
        and first.new_bytes == row.new_bytes
        and first.ended_children_io_bytes == row.ended_children_io_bytes
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
        ended.io_bytes += (row.io_bytes or 0) + (row.ended_children_io_bytes or 0)
        ended.hard_faults += (row.hard_faults or 0) + (row.ended_children_faults or 0)
        ended.new_bytes += (row.new_bytes or 0) + (row.ended_children_new_bytes or 0)
    return found


def _is_there(row: ProcessRow, table: ProcessTable) -> bool:
    later = table.rows.get(row.pid)
    return later is not None and later.started == row.started


def _own(
    before: ProcessTable, after: ProcessTable, first: ProcessRow | None, row: ProcessRow, cores: int
) -> Usage:
    """What a process did itself."""
    rows = after.rows
    since_ns = before.stale.get(row.pid, 0) if first is not None else 0
    start = first or _begun(row)
    grown = None
    if row.memory_bytes is not None and start.memory_bytes is not None:
        grown = row.memory_bytes - start.memory_bytes
    return Usage(
        row,
        _growth(start.cpu_s, row.cpu_s, (after.at_ns - (since_ns or before.at_ns)) / 1e9 * cores),
        grown,
        _whole(_growth(start.io_bytes, row.io_bytes)),
        _whole(_growth(start.hard_faults, row.hard_faults)),
        _whole(_growth(start.new_bytes, row.new_bytes)),
        first is None,
        origin=_origin(row, rows),
        parent_name=_name_of(row, rows),
        since_ns=since_ns,
    )


def _begun(row: ProcessRow) -> ProcessRow:
    return ProcessRow(row.pid, row.started, row.name, 0, 0.0, 0.0, 0, 0, (), 0, False, 0, 0, 0, 0)


def _of_children(
    before: ProcessTable,
    after: ProcessTable,
    first: ProcessRow | None,
    row: ProcessRow,
    cores: int,
    ended: _Ended,
    active: Container[int] | None,
) -> list[Usage]:
    """What children of a process did that have ended, where there were any."""
    start = first or _begun(row)
    cpu_s = _beyond(start.ended_children_s, row.ended_children_s, ended.cpu_s)
    io_bytes = _beyond(start.ended_children_io_bytes, row.ended_children_io_bytes, ended.io_bytes)
    faults = _beyond(start.ended_children_faults, row.ended_children_faults, ended.hard_faults)
    new_bytes = _beyond(start.ended_children_new_bytes, row.ended_children_new_bytes, ended.new_bytes)
    if not (cpu_s or io_bytes or faults or new_bytes or ended.rows):
        return []
    # What was not read for a while did it in all of that time.
    stale = [
        before.stale[pid] for pid in (row.pid, *(each.pid for each in ended.rows)) if pid in before.stale
    ]
    since_ns = min(stale, default=0)
    work = (
        None if cpu_s is None else min(cpu_s, (after.at_ns - (since_ns or before.at_ns)) / 1e9 * cores),
        None,
        _whole(io_bytes),
        _whole(faults),
        _whole(new_bytes),
    )
    # By their own name where they all had the same, else by who started them.
    likely = [each for each in ended.rows if active is None or each.pid in active]
    if len({each.name for each in likely}) == 1:
        one, rows = max(likely, key=lambda each: each.cpu_s or 0.0), before.rows
        origin, parent = _origin(one, rows), _name_of(one, rows)
        return [Usage(one, *work, gone=True, origin=origin, parent_name=parent, since_ns=since_ns)]
    origin, parent = _origin(row, after.rows), _name_of(row, after.rows)
    return [
        Usage(
            row,
            *work,
            is_new=True,
            ended_children=True,
            origin=origin,
            parent_name=parent,
            since_ns=since_ns,
        )
    ]


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


def _beyond(first: float | None, last: float | None, counted: float) -> float | None:
    """What of a growth was not counted before."""
    grown = _growth(first, last)
    return None if grown is None else max(0.0, grown - counted)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
