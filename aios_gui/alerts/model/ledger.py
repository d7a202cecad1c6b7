"""What each program did over any span of the last hours, and what it usually does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from aios_gui.alerts.model.processes import (
    OWN_KEY,
    Identity,
    Key,
    Part,
    ProcessRow,
    ProcessTable,
    Usage,
    by_program,
    usages,
)
from aios_gui.alerts.model.units import Unit, named_by_units

N = TypeVar("N", int, float)
FINE = 24
"""How many of the newest intervals are kept as they are; of the older ones two become one where they are short."""
COARSE_SHARE = 0.125
"""An older interval is at most this share of its age long."""
USUAL_S, LATELY_S = 60.0, 1.5
"""How fast it is forgotten what a program used to do, and what it did a moment ago."""
YOUNG_S = 60.0
"""What a younger process has done so far says little of what it usually does."""
SPREADS, SPREAD_S = 2.0, 10.0
"""A program is over its usual rate where it is this many of its own mean deviations over it, for at most this time."""
LEAST_CPU_S, LEAST_IO_BYTES, LEAST_GROWN_BYTES, LEAST_FAULTS = 0.02, 16_384, 65_536, 8
"""Who did less than each of these in an interval is not kept by name."""
BUSY_SHARE = 0.05
NEW_NS = 10_000_000_000
"""A process that began no longer than this before a span began with it: so far tables are apart."""
MOST = 16
"""Of an interval the processes are kept that did most: this number by CPU, and as many by data and by memory."""
_LEAST_USUAL = 1e-3
LITTLE_CPU, LITTLE_FAULTS = 0.01, 1.0
"""Who usually does less in a second, and reads and writes less than ``LEAST_IO_BYTES``, is no more known by that in
older intervals: over these it makes no difference."""


@dataclass(slots=True)
class Rate:
    """What a program usually does in a second: cores, bytes, pages; and how far it is from that on average.

    Never changed; not frozen, since one for each program is made with each table, and that takes three times as long.
    """

    cpu: float = 0.0
    io_bytes: float = 0.0
    hard_faults: float = 0.0
    cpu_spread: float = 0.0
    io_spread: float = 0.0
    fault_spread: float = 0.0
    cpu_lately: float = 0.0
    io_lately: float = 0.0

    def learnt(self, cpu: float, io_bytes: float, hard_faults: float, weight: float, lately: float) -> Rate:
        """After an interval with these rates, which count so much for what is usual and for what was done lately."""
        return Rate(
            self.cpu + weight * (cpu - self.cpu),
            self.io_bytes + weight * (io_bytes - self.io_bytes),
            self.hard_faults + weight * (hard_faults - self.hard_faults),
            self.cpu_spread + weight * (abs(cpu - self.cpu) - self.cpu_spread),
            self.io_spread + weight * (abs(io_bytes - self.io_bytes) - self.io_spread),
            self.fault_spread + weight * (abs(hard_faults - self.hard_faults) - self.fault_spread),
            self.cpu_lately + lately * (cpu - self.cpu_lately),
            self.io_lately + lately * (io_bytes - self.io_lately),
        )

    @property
    def is_nothing(self) -> bool:
        """Whether it hardly does anything."""
        return max(self.cpu, self.cpu_lately, self.cpu_spread, self.hard_faults) < _LEAST_USUAL and (
            max(self.io_bytes, self.io_lately) < 1
        )

    @property
    def is_little(self) -> bool:
        """Whether it makes no difference to what is told of an older interval."""
        return (
            max(self.cpu, self.cpu_spread) < LITTLE_CPU
            and max(self.io_bytes, self.io_spread) < LEAST_IO_BYTES
            and max(self.hard_faults, self.fault_spread) < LITTLE_FAULTS
        )


_NOTHING = Rate()


@dataclass(frozen=True, slots=True)
class Program:
    """What the processes of a program did over a span, together; None where none of them tells it.

    Rates are a second, ``cpu_percent`` of one core. What is ``over`` is beyond what the program usually does; where
    that is None, all of it is.
    """

    name: str
    members: tuple[Usage, ...]
    cpu_percent: float | None = None
    memory_bytes: int | None = None
    grown_bytes: int | None = None
    io_bytes_per_s: float | None = None
    cpu_over_percent: float | None = None
    io_over_bytes_per_s: float | None = None
    faults_over_per_s: float | None = None
    new_bytes: int | None = None
    """Memory that it was given in the span, whether or not it has given it back."""
    by_ended: Program | None = None
    """What of all this children of its processes did that have ended, and that nothing else is known of."""
    ended_children: bool = False
    """Whether that is what it is named for."""
    holding: int | None = None
    """How many processes hold its memory, where it is told of for that."""

    @property
    def key(self) -> Key:
        """Which one it is."""
        return self.members[0].key

    @property
    def processes(self) -> int:
        """How many there are, or at least: of those that did little each, as many as did so at one time."""
        if self.holding is not None:
            return self.holding
        counts: dict[Identity, int] = {}
        for each in self.members:
            which = each.row.identity
            counts[which] = max(counts.get(which, 1), each.processes)
        return max(sum(counts.values()), *(each.at_once for each in self.members))

    @property
    def is_new(self) -> bool:
        """Whether none of its processes was there before."""
        return all(member.is_new for member in self.members)

    @property
    def gone(self) -> bool:
        """Whether none of its processes is there any more."""
        return all(member.gone for member in self.members)

    @property
    def real_time(self) -> bool:
        """Whether any of its processes is scheduled before all that is not so."""
        return any(member.row.real_time for member in self.members)

    def with_ended(self, part: Program) -> Program:
        """The same with what ended children of it did."""
        return replace(
            self,
            members=(*self.members, *part.members),
            cpu_percent=_plus(self.cpu_percent, part.cpu_percent),
            io_bytes_per_s=_plus(self.io_bytes_per_s, part.io_bytes_per_s),
            cpu_over_percent=_plus(self.cpu_over_percent, part.cpu_over_percent),
            io_over_bytes_per_s=_plus(self.io_over_bytes_per_s, part.io_over_bytes_per_s),
            faults_over_per_s=_plus(self.faults_over_per_s, part.faults_over_per_s),
            new_bytes=_plus(self.new_bytes, part.new_bytes),
            by_ended=part,
        )

    @property
    def foremost(self) -> Usage:
        """The process that did most of it: by CPU, then by growth, by data, by memory."""
        return max(
            self.members,
            key=lambda each: (
                each.cpu_s or 0.0,
                each.grown_bytes or 0,
                each.io_bytes or 0,
                each.row.memory_bytes or 0,
            ),
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """What was done between two tables (monotonic, ns), with what was usual before; ``rest_cpu_s``: by all others.

    ``grown`` is by how much the counters of the machine grew. It is ``whole`` where all was read in the second table.
    """

    start_ns: int
    end_ns: int
    used: tuple[Usage, ...] = ()
    rest_cpu_s: float = 0.0
    usual: Mapping[Part, Rate] = field(default_factory=dict)
    grown: Mapping[str, float] = field(default_factory=dict)
    whole: bool = True

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.end_ns - self.start_ns) / 1e9

    def joined(self, later: Interval, elsewhere: set[Identity]) -> Interval:
        """This one and the next as one; of processes not ``elsewhere``, what those of a program did together."""
        grown = dict(self.grown)
        for name, value in later.grown.items():
            grown[name] = grown.get(name, 0.0) + value
        used, rest_s = _foremost(_passing_as_one(_by_process((*self.used, *later.used)), elsewhere))
        rest_s += self.rest_cpu_s + later.rest_cpu_s
        usual = {key: rate for key, rate in self.usual.items() if not rate.is_little}
        return Interval(self.start_ns, later.end_ns, used, rest_s, usual, grown, later.whole)


@dataclass(frozen=True, slots=True)
class Span:
    """What was done over a span; ``seconds`` are those that are known of. ``rest_cpu_s``: by processes not named."""

    seconds: float = 0.0
    programs: tuple[Program, ...] = ()
    rest_cpu_s: float = 0.0
    grown: Mapping[str, float] = field(default_factory=dict)


def _by_process(used: Iterable[Usage]) -> list[Usage]:
    """What each process did, added up, as it stood last."""
    sums: dict[tuple[Identity, str, bool], list[Any]] = {}
    for each in used:
        row = each.row
        which = row.identity, row.name, each.ended_children
        known = sums.get(which)
        if known is None:
            sums[which] = [
                each,
                each.cpu_s,
                each.grown_bytes,
                each.io_bytes,
                each.hard_faults,
                each.new_bytes,
                each.is_new,
                each.since_ns,
            ]
            continue
        # By hand, since thousands are added up while an incident goes on.
        known[0] = each
        known[1] = _plus(known[1], each.cpu_s)
        known[2] = _plus(known[2], each.grown_bytes)
        known[3] = _plus(known[3], each.io_bytes)
        known[4] = _plus(known[4], each.hard_faults)
        known[5] = _plus(known[5], each.new_bytes)
        known[7] = min(known[7], each.since_ns) if known[7] and each.since_ns else known[7] or each.since_ns
    return [
        Usage(
            last.row,
            cpu_s,
            grown,
            io,
            faults,
            new_bytes,
            is_new,
            last.gone,
            last.ended_children,
            last.origin,
            last.parent_name,
            since_ns,
            last.processes,
            last.at_once,
        )
        for last, cpu_s, grown, io, faults, new_bytes, is_new, since_ns in sums.values()
    ]


def _plus(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return one + other


class Ledger:
    """Takes in one table after the other. Times are monotonic, ns. One thread adds; others may ask meanwhile."""

    def __init__(self, cores: int) -> None:
        self._cores = cores
        self._table: ProcessTable | None = None
        self._intervals: tuple[Interval, ...] = ()
        self._usual: dict[Part, Rate] = {}
        self.holding: dict[Key, list[ProcessRow]] = {}
        """The processes of each program in the latest table."""
        self._active: frozenset[int] | None = None
        """Who did anything up to the latest table."""

    @property
    def table(self) -> ProcessTable | None:
        """The latest table."""
        return self._table

    @property
    def known_until_ns(self) -> int:
        """Up to when it is known what was done; 0 where there are not two tables yet."""
        return self._intervals[-1].end_ns if self._intervals else 0

    @property
    def is_whole(self) -> bool:
        """Whether all was read in the latest table."""
        return not self._intervals or self._intervals[-1].whole

    @property
    def busy(self) -> frozenset[int]:
        """The processes that used a core for a good part of the last two intervals, or the disk, or that are new."""
        return frozenset(
            each.row.pid
            for interval in self._intervals[-2:]
            for each in interval.used
            if each.is_new
            or (each.cpu_s or 0.0) >= BUSY_SHARE * interval.seconds
            or (each.io_bytes or 0) >= LEAST_IO_BYTES
        )

    def add(
        self,
        table: ProcessTable,
        own: frozenset[int] = frozenset(),
        grown: Mapping[str, float] | None = None,
        learn: bool = True,
        whole: bool = True,
        units: Sequence[Unit] = (),
    ) -> None:
        """Take in a table. The processes ``own`` are this program's. Not ``whole``: of some it has what was known.

        Not to ``learn``: there was a stall since the table before, so that what was done is nothing usual. ``units``
        are those that used most since then.
        """
        before, self._table = self._table, table
        own_before = frozenset(row.pid for row in self.holding.get(OWN_KEY, ()))
        self.holding = by_program(table, own)
        if before is None:
            self._usual = _lifetime_rates(table, own)
            return
        used = named_by_units(usages(before, table, self._cores, self._active), units)
        used = [_with_own_name(each, own_before if each.gone else own) for each in used]
        kept, rest_s = _foremost(used)
        interval = Interval(before.at_ns, table.at_ns, kept, rest_s, self._usual, grown or {}, whole)
        if interval.seconds <= 0:
            return
        self._active = frozenset(each.row.pid for each in used)
        if learn:
            self._usual = _learnt(self._usual, interval, table)
        self._intervals = _thinned((*self._intervals, interval), table)

    def covering(self, start_ns: int, end_ns: int, known_ns: int = 0) -> tuple[Interval, ...]:
        """The intervals that a span touches; only those that lie in it where they make up half of it.

        Of what ended with the span all is told only up to ``known_ns``, where that is later.
        """
        until_ns = max(end_ns, known_ns)
        touching = tuple(
            each for each in self._intervals if each.end_ns > start_ns and each.start_ns < until_ns
        )
        inside = tuple(each for each in touching if each.start_ns >= start_ns and each.end_ns <= until_ns)
        return inside if _common_ns(inside, start_ns, end_ns) * 2 >= end_ns - start_ns else touching

    def whole_from(self, moment_ns: int) -> int | None:
        """The first moment from that one on up to which all is known that was done; None where there is none yet."""
        if not self._intervals or self._intervals[0].start_ns > moment_ns:
            return None
        later = (each.end_ns for each in self._intervals if each.whole and each.end_ns >= moment_ns)
        return next(later, None)

    def known_ns(self, start_ns: int, end_ns: int) -> int:
        """Of how much of a span there are tables."""
        return sum(each.end_ns - each.start_ns for each in self.covering(start_ns, end_ns))

    def span(self, start_ns: int, end_ns: int, length_s: float | None = None, known_ns: int = 0) -> Span:
        """What was done from one moment to another; ``known_ns`` as for ``covering``.

        With a ``length_s``, the span is that of a stall which is shorter than the tables are apart: rates are those at
        which what is beyond the usual would have been done within it.
        """
        intervals = self.covering(start_ns, end_ns, known_ns)
        if not intervals:
            return Span()
        seconds = sum(each.seconds for each in intervals)
        grown: dict[str, float] = {}
        for each in intervals:
            for name, value in each.grown.items():
                grown[name] = grown.get(name, 0.0) + value
        by_part: dict[Part, list[Usage]] = {}
        table = self._table
        for usage in _by_process(usage for each in intervals for usage in each.used):
            by_part.setdefault(usage.part, []).append(_as_of(usage, table, start_ns))
        usual, end_ns = intervals[0].usual, intervals[-1].end_ns
        programs: dict[Key, Program] = {}
        for (key, by_ended), members in sorted(by_part.items()):
            rate = usual.get((key, by_ended), _NOTHING)
            part = self._program(key[0], tuple(members), seconds, rate, length_s, end_ns)
            if by_ended:
                own = programs.get(key)
                part = replace(part, by_ended=part) if own is None else own.with_ended(part)
            programs[key] = part
        return Span(seconds, tuple(programs.values()), sum(each.rest_cpu_s for each in intervals), grown)

    def holders(self, programs: Iterable[Program]) -> tuple[Program, ...]:
        """These and all others, with how many processes hold the memory of each."""
        holding = dict(self.holding)
        found = [replace(each, holding=len(holding.pop(each.key, ())) or None) for each in programs]
        for (name, origin), rows in holding.items():
            named = (row if row.name == name else replace(row, name=name) for row in rows)
            members, held = tuple(Usage(row, origin=origin) for row in named), _memory_bytes(rows)
            found.append(Program(name, members, None, held, holding=len(rows)))
        return tuple(found)

    def _program(
        self,
        name: str,
        members: tuple[Usage, ...],
        seconds: float,
        usual: Rate,
        length_s: float | None,
        end_ns: int,
    ) -> Program:
        cpu_s = _total([each.cpu_s for each in members])
        io_bytes = _total([each.io_bytes for each in members])
        faults = _total([each.hard_faults for each in members])
        # What was not read for a while did what it did in all of that time.
        since_ns = min((each.since_ns for each in members if each.since_ns), default=end_ns)
        over_s = max(seconds, (end_ns - since_ns) / 1e9)
        noise_s = SPREADS * min(over_s, SPREAD_S)
        expected_s = usual.cpu * over_s + usual.cpu_spread * noise_s
        expected_io = usual.io_bytes * over_s + usual.io_spread * noise_s
        if length_s is not None and not members[0].ended_children:
            # So short a span is also no time for what has just begun to end.
            expected_s = max(expected_s, usual.cpu_lately * seconds)
            expected_io = max(expected_io, usual.io_lately * seconds)
        cpu_over_s = max(0.0, (cpu_s or 0.0) - expected_s)
        io_over = max(0.0, (io_bytes or 0.0) - expected_io)
        faults_over = max(0.0, (faults or 0.0) - usual.hard_faults * over_s - usual.fault_spread * noise_s)
        if length_s is None:
            cpu, io, length_s = cpu_s, None if io_bytes is None else float(io_bytes), seconds
        else:
            cpu = None if cpu_s is None else cpu_over_s
            io = None if io_bytes is None else io_over
        holding = self.holding.get(members[0].key)
        if holding is None:  # it has another name by now, or none of it is there
            rows = self._table.rows if self._table is not None else {}
            there = (each.row for each in members if not each.gone and not each.ended_children)
            holding = [rows.get(row.pid, row) for row in there]
        grown = _total([each.grown_bytes for each in members])
        new_bytes = _total([each.new_bytes for each in members])
        return Program(
            name,
            members,
            None if cpu is None else min(cpu / length_s, self._cores) * 100,
            _memory_bytes(holding),
            None if grown is None else int(grown),
            None if io is None else io / length_s,
            cpu_over_s / length_s * 100,
            io_over / length_s,
            faults_over / length_s,
            None if new_bytes is None else int(new_bytes),
        )


def _memory_bytes(rows: Iterable[ProcessRow]) -> int | None:
    return _total([row.memory_bytes for row in rows])


def _common_ns(intervals: Iterable[Interval], start_ns: int, end_ns: int) -> int:
    """How much of a span they cover."""
    return sum(max(0, min(each.end_ns, end_ns) - max(each.start_ns, start_ns)) for each in intervals)


def _total(found: Iterable[N | None]) -> N | None:
    known = [each for each in found if each is not None]
    return sum(known) if known else None


def _as_of(usage: Usage, table: ProcessTable | None, start_ns: int) -> Usage:
    """That the process is gone, where it is, and that it is new, where it began with the span that began then."""
    if table is None:
        return usage
    began_ns = table.at_ns - (table.clock_s - usage.row.started) * 1e9
    if table.clock_s and not usage.is_new and began_ns >= start_ns - NEW_NS:
        usage = replace(usage, is_new=True)
    if not table.complete:
        return usage
    now = table.rows.get(usage.row.pid)
    is_there = now is not None and now.started == usage.row.started
    return usage if is_there or usage.gone else replace(usage, gone=True)


def _with_own_name(usage: Usage, own: frozenset[int]) -> Usage:
    """The processes of this program under its name, apart from others that run in the same interpreter."""
    if usage.row.pid not in own:
        return usage
    name, origin = OWN_KEY
    return replace(usage, row=replace(usage.row, name=name), origin=origin)


def _foremost(used: Iterable[Usage]) -> tuple[tuple[Usage, ...], float]:
    """Those that did something worth keeping, alone or with others of their program; the CPU time of all others."""
    notable: list[Usage] = []
    small: dict[Part, list[Usage]] = {}
    all_s = 0.0
    for each in used:
        all_s += each.cpu_s or 0.0
        if _is_notable(each):
            notable.append(each)
        else:
            small.setdefault(each.part, []).append(each)
    notable += [
        whole
        for those in small.values()
        if len(those) > 1 and _is_notable(whole := _as_one(those, 1, len(those)))
    ]
    if len(notable) > 3 * MOST:
        most = [
            sorted(notable, key=figure, reverse=True)[:MOST]
            for figure in (_cpu_s, _moved_bytes, _taken_bytes)
        ]
        notable = list({id(each): each for found in most for each in found}.values())
    return tuple(notable), max(0.0, all_s - sum(map(_cpu_s, notable)))


def _passing_as_one(used: Sequence[Usage], elsewhere: set[Identity]) -> Iterator[Usage]:
    """With one for those of each program that are only here: some start one after the other.

    One by whose name it is told what its ended children did would count twice, and stands for itself.
    """
    apart = elsewhere | {each.row.identity for each in used if each.ended_children}
    passing: dict[tuple[Key, bool, bool], list[Usage]] = {}
    for each in used:
        if each.row.identity in apart:
            yield each
        else:
            passing.setdefault((each.key, each.row.real_time, each.is_new), []).append(each)
    for those in passing.values():
        yield _as_one(those, sum(each.processes for each in those), max(each.at_once for each in those))


def _as_one(used: list[Usage], processes: int, at_once: int) -> Usage:
    """Processes of a program, told by the one that did most; the numbers are those of ``Usage``."""
    return replace(
        max(used, key=_cpu_s),
        cpu_s=_total([each.cpu_s for each in used]),
        grown_bytes=_total([each.grown_bytes for each in used]),
        io_bytes=_total([each.io_bytes for each in used]),
        hard_faults=_total([each.hard_faults for each in used]),
        new_bytes=_total([each.new_bytes for each in used]),
        is_new=all(each.is_new for each in used),
        gone=all(each.gone for each in used),
        since_ns=min((each.since_ns for each in used if each.since_ns), default=0),
        processes=processes,
        at_once=at_once,
    )


def _cpu_s(usage: Usage) -> float:
    return usage.cpu_s or 0.0


def _moved_bytes(usage: Usage) -> float:
    return (usage.io_bytes or 0) + 4096.0 * (usage.hard_faults or 0)


def _taken_bytes(usage: Usage) -> float:
    return max(abs(usage.grown_bytes or 0), usage.new_bytes or 0)


def _is_notable(usage: Usage) -> bool:
    return (
        (usage.cpu_s or 0.0) >= LEAST_CPU_S
        or (usage.io_bytes or 0) >= LEAST_IO_BYTES
        or abs(usage.grown_bytes or 0) >= LEAST_GROWN_BYTES
        or (usage.hard_faults or 0) >= LEAST_FAULTS
    )


def _thinned(intervals: tuple[Interval, ...], table: ProcessTable) -> tuple[Interval, ...]:
    """With two of the older ones made one, the oldest first, where together they are short for their age."""
    if len(intervals) <= FINE:
        return intervals
    now_ns = intervals[-1].end_ns
    for place in range(len(intervals) - FINE):
        one, other = intervals[place], intervals[place + 1]
        if other.end_ns - one.start_ns <= COARSE_SHARE * (now_ns - one.start_ns):
            later = intervals[place + 2 :]
            # Who is gone is not known where not all was read.
            others = (*intervals[:place], *later) if table.complete else intervals
            rows = (*table.rows.values(), *(each.row for interval in others for each in interval.used))
            joined = one.joined(other, {row.identity for row in rows})
            return (*intervals[:place], joined, *later)
    return intervals


def _lifetime_rates(table: ProcessTable, own: frozenset[int]) -> dict[Part, Rate]:
    """What each program has done in a second since it began: all there is to know of it with the first table."""
    found: dict[Part, Rate] = {}
    if not table.clock_s:
        return found
    for usage in usages(ProcessTable(table.at_ns - 10**18), table, 10**9):
        age_s = max(YOUNG_S, table.clock_s - usage.row.started)
        key = _with_own_name(usage, own).part
        sum_of = found.get(key, _NOTHING)
        found[key] = Rate(
            sum_of.cpu + (usage.cpu_s or 0.0) / age_s,
            sum_of.io_bytes + (usage.io_bytes or 0) / age_s,
            sum_of.hard_faults + (usage.hard_faults or 0) / age_s,
        )
    return {key: rate for key, rate in found.items() if not rate.is_nothing}


def _learnt(usual: Mapping[Part, Rate], interval: Interval, table: ProcessTable) -> dict[Part, Rate]:
    """What is usual after an interval, of the programs that may still be seen again: who started them is there."""
    sums: dict[Part, list[float]] = {part: [0.0, 0.0, 0.0] for part in usual}
    for each in interval.used:
        figures = sums.setdefault(each.part, [0.0, 0.0, 0.0])
        figures[0] += each.cpu_s or 0.0
        figures[1] += each.io_bytes or 0
        figures[2] += each.hard_faults or 0
    seconds = interval.seconds
    weight, lately = 1 - math.exp(-seconds / USUAL_S), 1 - math.exp(-seconds / LATELY_S)
    found = {}
    for part, (cpu_s, io_bytes, faults) in sums.items():
        (_name, origin), _by_ended = part
        if table.complete and origin and origin not in table.rows:
            continue
        before = usual.get(part, _NOTHING)
        rate = before.learnt(cpu_s / seconds, io_bytes / seconds, faults / seconds, weight, lately)
        if not rate.is_nothing:
            found[part] = rate
    return found
