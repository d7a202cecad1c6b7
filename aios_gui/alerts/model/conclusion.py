"""What the figures of a diagnosis come to: the conclusion first, then who had the greatest part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aios_gui.alerts.model.incident import FindingKind
from aios_gui.alerts.model.processes import Program
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.beat import Cause

Facts = dict[str, int | float | str]
NAMED = 5
"""At most this many programs are named."""
ONE_SHARE, SEVERAL_SHARE, SEVERAL = 0.5, 0.6, 4
"""One program that did half of it is to blame; or up to four that did three fifths together."""
LEAST_CPU_PERCENT = 3.0
LEAST_GROWTH_BYTES = 32 * 2**20
LEAST_IO_BYTES_PER_S = 2**20
PRESSED_PERCENT = 20.0
"""From this share of the time spent waiting, a resource counts as short."""
CALM_SHARE = 0.6
"""Below this share of its limit, the machine was calm again when it was looked at."""
LASTING_SHARE = 0.5

_OF_CPU = frozenset((Measure.CPU,))
_OF_MEMORY = frozenset((Measure.MEMORY, Measure.SWAP))
_OF_LATENESS = frozenset((Measure.LATENESS, Measure.MISSED))
_OF_THIS_PROGRAM = frozenset((Measure.OWN_CPU, Measure.OWN_MEMORY))


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an incident: what the programs do ``now``, and what they did ``since`` all was calm.

    ``going_on_s``: how long the measure has been over its ``limit``; ``since_s``: how long ago it was calm, 0 where
    there was no look then. ``busy_percent`` is of all cores. ``own`` are the numbers of this program's processes.
    ``hiccup`` are the facts of the late beat, ``evidence`` whatever the system told.
    """

    measure: str
    limit: float
    now: tuple[Program, ...] = ()
    since: tuple[Program, ...] = ()
    since_s: float = 0.0
    going_on_s: float = 0.0
    cores: int = 1
    busy_percent: float | None = None
    own: frozenset[int] = frozenset()
    known: dict[str, float] = field(default_factory=dict)
    hiccup: Facts = field(default_factory=dict)
    evidence: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The kind with its figures, the programs that had a part (worst first), and those that changed most since calm."""

    kind: FindingKind
    facts: Facts = field(default_factory=dict)
    culprits: tuple[Program, ...] = ()
    movers: tuple[Program, ...] = ()


def conclude(case: Case) -> Conclusion:
    """What it comes to."""
    if case.measure in _OF_MEMORY:
        return _of_memory(case)
    if case.measure == Measure.DISK_FREE:
        return _of_full_disk(case)
    if case.measure == Measure.DISK_BUSY:
        return _of_busy_disk(case, {})
    if case.measure in _OF_THIS_PROGRAM:
        return Conclusion(FindingKind.THIS_PROGRAM, {}, _ranked(case.now, _cpu, 0.0), _movers(case, _cpu))
    if case.measure in _OF_LATENESS:
        return _of_hiccup(case)
    if case.measure in _OF_CPU or _is_busy(case):
        return _of_cpu(case)
    if _pressed(case, "io"):
        return _of_busy_disk(case, {})
    return Conclusion(
        FindingKind.UNKNOWN, {}, _ranked(case.now, _cpu, LEAST_CPU_PERCENT), _movers(case, _cpu)
    )


# CPU


def _of_cpu(case: Case) -> Conclusion:
    movers = _movers(case, _cpu)
    if not case.now:
        return Conclusion(FindingKind.UNKNOWN, {}, (), movers)
    busy = case.busy_percent
    if busy is not None and case.measure in _OF_CPU and busy < case.limit * CALM_SHARE:
        before = _ranked(case.since, _cpu, LEAST_CPU_PERCENT)
        return Conclusion(FindingKind.OVER_ALREADY, {"busy_percent": round(busy, 1)}, before, movers)
    culprits = _ranked(case.now, _cpu, LEAST_CPU_PERCENT)
    kind, facts = _share_out(case, culprits)
    return Conclusion(kind, facts, culprits, movers)


def _share_out(case: Case, culprits: tuple[Program, ...]) -> tuple[FindingKind, Facts]:
    accounted = sum(_cpu(each) for each in case.now)
    busy = case.busy_percent
    used = max(accounted, busy * case.cores if busy is not None else 0.0)
    if used <= 0 or not culprits:
        return FindingKind.UNKNOWN, {}
    first = culprits[0]
    if _cpu(first) >= ONE_SHARE * used:
        own = {member.row.pid for member in first.members} <= case.own
        return (FindingKind.THIS_PROGRAM if own else FindingKind.ONE_PROCESS), _cpu_facts(case, first)
    together = 0.0
    for number, each in enumerate(culprits[:SEVERAL], 1):
        together += _cpu(each)
        if together >= SEVERAL_SHARE * used:
            return FindingKind.SEVERAL_PROCESSES, {"programs": number, "cpu_percent": round(together, 1)}
    facts: Facts = {"programs": len(case.now), "cpu_percent": round(used, 1)}
    if accounted < ONE_SHARE * used:
        facts["unseen_percent"] = round(used - accounted, 1)
    return FindingKind.MANY_SMALL, facts


def _cpu_facts(case: Case, program: Program) -> Facts:
    cpu = _cpu(program)
    facts: Facts = {"name": program.name, "cpu_percent": round(cpu, 1), "processes": program.processes}
    earlier = next((each for each in case.since if each.name == program.name), None)
    if earlier is not None and case.going_on_s > 0:
        used = _cpu(earlier) * case.since_s
        if used >= LASTING_SHARE * cpu * case.going_on_s:
            facts["for_s"] = round(case.going_on_s, 1)
    return facts


def _is_busy(case: Case) -> bool:
    return case.busy_percent is not None and case.busy_percent >= 85


# Memory


def _of_memory(case: Case) -> Conclusion:
    grown = _ranked(case.since, _growth, LEAST_GROWTH_BYTES)
    holders = _ranked(case.now, _memory, 1)
    if grown:
        first = grown[0]
        facts: Facts = {
            "name": first.name,
            "grown_bytes": int(_growth(first)),
            "memory_bytes": int(_memory(first)),
            "processes": first.processes,
            "span_s": round(case.since_s, 1),
        }
        # They are shown with what they hold and do now.
        now = {each.name: each for each in case.now}
        culprits = tuple(now.get(each.name, each) for each in grown)
        others = tuple(each for each in holders if each.name not in {each.name for each in grown})
        return Conclusion(FindingKind.MEMORY_GROWN, facts, (*culprits, *others)[:NAMED], grown)
    total = sum(_memory(each) for each in case.now)
    if not holders or total <= 0:
        return Conclusion(FindingKind.UNKNOWN)
    first = holders[0]
    if _memory(first) >= ONE_SHARE * total:
        facts = {"name": first.name, "memory_bytes": int(_memory(first)), "processes": first.processes}
        return Conclusion(FindingKind.ONE_PROCESS, facts, holders)
    together = sum(_memory(each) for each in holders[:SEVERAL])
    if together >= SEVERAL_SHARE * total:
        facts = {"programs": min(SEVERAL, len(holders)), "memory_bytes": int(together)}
        return Conclusion(FindingKind.SEVERAL_PROCESSES, facts, holders)
    return Conclusion(
        FindingKind.MANY_SMALL, {"programs": len(case.now), "memory_bytes": int(total)}, holders
    )


# Disk


def _of_full_disk(case: Case) -> Conclusion:
    writers = _ranked(case.now, _io, LEAST_IO_BYTES_PER_S) or _ranked(case.since, _io, LEAST_IO_BYTES_PER_S)
    facts: Facts = {}
    if Measure.DISK_FREE in case.known:
        facts["free_percent"] = round(case.known[Measure.DISK_FREE], 2)
    if writers:
        facts |= _io_facts(writers[0])
    return Conclusion(FindingKind.DISK_FULL, facts, writers, _movers(case, _io))


def _of_busy_disk(case: Case, facts: Facts) -> Conclusion:
    users = _ranked(case.now, _io, LEAST_IO_BYTES_PER_S) or _ranked(case.since, _io, LEAST_IO_BYTES_PER_S)
    facts = {**facts, "io_pressure_percent": _pressure(case, "io")}
    if case.measure == Measure.DISK_BUSY:
        facts["busy_percent"] = round(case.known.get(Measure.DISK_BUSY, case.limit), 1)
    if users:
        facts |= _io_facts(users[0])
    return Conclusion(FindingKind.DISK_BUSY, facts, users, _movers(case, _io))


def _io_facts(program: Program) -> Facts:
    return {
        "name": program.name,
        "io_bytes_per_s": int(_io(program)),
        "processes": program.processes,
    }


# A late beat


def _of_hiccup(case: Case) -> Conclusion:
    culprits = _ranked(case.now, _cpu, LEAST_CPU_PERCENT) or _ranked(case.since, _cpu, LEAST_CPU_PERCENT)
    movers = _movers(case, _cpu)
    late_ns = _number(case.hiccup, "lateness_ns")
    cause = _number(case.hiccup, "cause")
    if not late_ns:
        kind = FindingKind.NO_FREE_CORE if _is_busy(case) else FindingKind.UNKNOWN
        return Conclusion(kind, {}, culprits, movers)
    facts: Facts = {"lateness_ns": int(late_ns)}
    if cause == Cause.SELF_INFLICTED:
        facts["share_percent"] = _share(case, "self_inflicted_ns", late_ns)
        if case.hiccup.get("culprit"):
            facts["function"] = str(case.hiccup["culprit"])
        return Conclusion(FindingKind.THIS_PROGRAM, facts, (), movers)
    if cause == Cause.RUN_QUEUE:
        facts["share_percent"] = _share(case, "run_queue_ns", late_ns)
        if culprits:
            first = culprits[0]
            facts |= {
                "name": first.name,
                "cpu_percent": round(_cpu(first), 1),
                "processes": first.processes,
            }
        return Conclusion(FindingKind.NO_FREE_CORE, facts, culprits, movers)
    if cause == Cause.FROZEN:
        facts["share_percent"] = _share(case, "frozen_ns", late_ns)
        if _pressed(case, "io") and _ranked(case.now, _io, LEAST_IO_BYTES_PER_S):
            return _of_busy_disk(case, facts)
        return Conclusion(FindingKind.FROZEN, facts, (), movers)
    return Conclusion(FindingKind.UNKNOWN, facts, culprits, movers)


def _share(case: Case, part: str, whole_ns: float) -> float:
    return round(min(100.0, _number(case.hiccup, part) / whole_ns * 100), 1)


def _number(facts: Facts, name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


# Ranking


def _cpu(program: Program) -> float:
    return program.cpu_percent or 0.0


def _memory(program: Program) -> float:
    return float(program.memory_bytes or 0)


def _growth(program: Program) -> float:
    return float(program.grown_bytes or 0)


def _io(program: Program) -> float:
    return program.io_bytes_per_s or 0.0


def _ranked(
    found: tuple[Program, ...], figure: Callable[[Program], float], least: float
) -> tuple[Program, ...]:
    """The five greatest that come to ``least``; of equals those first that hold more memory."""
    worth = [each for each in found if figure(each) >= least]
    return tuple(sorted(worth, key=lambda each: (figure(each), _memory(each)), reverse=True)[:NAMED])


def _movers(case: Case, figure: Callable[[Program], float]) -> tuple[Program, ...]:
    least = LEAST_IO_BYTES_PER_S if figure is _io else LEAST_CPU_PERCENT
    return _ranked(case.since, figure, least)


def _pressure(case: Case, resource: str) -> float:
    return max(
        _number(case.evidence, f"{resource}_pressure_percent"),
        _number(case.evidence, f"{resource}_pressure_10s_percent"),
    )


def _pressed(case: Case, resource: str) -> bool:
    return _pressure(case, resource) >= PRESSED_PERCENT
