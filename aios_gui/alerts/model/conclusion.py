"""What the figures of a diagnosis come to: the conclusion first, then who had the greatest part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from aios_gui.alerts.model.incident import FindingKind
from aios_gui.alerts.model.ledger import Program
from aios_gui.alerts.model.processes import OWN_KEY
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.beat import Cause

Facts = dict[str, int | float | str]
NAMED = 5
"""At most this many programs are named."""
ONE_SHARE, SEVERAL_SHARE, SEVERAL = 0.5, 0.6, 4
"""One program that did half of it is to blame; or up to four that did three fifths together."""
OVER_SHARE = 0.25
"""Where less of what was used is beyond the usual, the usual is what is wrong, and who used most is named."""
NEXT_SHARE = 0.1
"""Who did less of it than this share of what the first one did had no part in it."""
LEAST_CPU_PERCENT = 3.0
LEAST_GROWTH_BYTES = 32 * 2**20
LEAST_IO_BYTES_PER_S = 2**20
PRESSED_PERCENT = 20.0
"""From this share of the time spent waiting, a resource counts as short."""
CALM_SHARE = 0.6
"""Below this share of its limit, the machine was calm again when it was looked at."""
LASTING_SHARE = 0.5
STALL_SHARE = 0.5
"""None is named for a stall who used a core for less than this share of it; the same goes for a resource."""
LEAST_STALL_IO_BYTES, LEAST_STALL_FAULTS = 32_768, 16

_OF_CPU = frozenset((Measure.CPU, Measure.CPU_STALLED))
_OF_MEMORY = frozenset((Measure.MEMORY, Measure.SWAP, Measure.MEMORY_STALLED))
_OF_DISK = frozenset((Measure.DISK_BUSY, Measure.IO_STALLED))
_OF_LATENESS = frozenset((Measure.LATENESS, Measure.MISSED))
_OF_THIS_PROGRAM = frozenset((Measure.OWN_CPU, Measure.OWN_MEMORY))


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an incident: what the programs did over its span, and what they did ``since`` all was calm.

    ``now_s`` and ``since_s`` are the seconds that is known of; ``going_on_s``: how long the measure has been over its
    ``limit``. ``rest_percent`` is the CPU of all processes that are not among ``now``, ``busy_percent`` is of all
    cores. ``hiccup`` are the facts of the stall, ``evidence`` whatever the system told.
    """

    measure: str
    limit: float
    now: tuple[Program, ...] = ()
    since: tuple[Program, ...] = ()
    since_s: float = 0.0
    going_on_s: float = 0.0
    cores: int = 1
    busy_percent: float | None = None
    known: dict[str, float] = field(default_factory=dict)
    hiccup: Facts = field(default_factory=dict)
    evidence: Facts = field(default_factory=dict)
    now_s: float = 0.0
    rest_percent: float = 0.0


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
    if case.measure in _OF_DISK:
        return _of_busy_disk(case)
    if case.measure in _OF_THIS_PROGRAM:
        return Conclusion(FindingKind.THIS_PROGRAM, {}, _ranked(case.now, _cpu, 0.0), _movers(case, _cpu))
    if case.measure in _OF_LATENESS and case.hiccup:
        return conclude_hiccup(case)
    if case.measure in _OF_LATENESS:
        kind = FindingKind.NO_FREE_CORE if _is_busy(case) else FindingKind.UNKNOWN
        return Conclusion(kind, {}, _leading_by_cpu(case), _movers(case, _cpu))
    if case.measure in _OF_CPU or _is_busy(case):
        return _of_cpu(case)
    if _pressed(case, "io"):
        return _of_busy_disk(case)
    return Conclusion(FindingKind.UNKNOWN, {}, _leading_by_cpu(case), _movers(case, _cpu))


# CPU


def _of_cpu(case: Case) -> Conclusion:
    movers = _movers(case, _cpu)
    if not case.now:
        return Conclusion(FindingKind.UNKNOWN, {}, (), movers)
    busy = case.busy_percent
    if busy is not None and case.measure == Measure.CPU and busy < case.limit * CALM_SHARE:
        before = _ranked(case.since, _cpu, LEAST_CPU_PERCENT)
        return Conclusion(FindingKind.OVER_ALREADY, {"busy_percent": round(busy, 1)}, before, movers)
    culprits = _leading_by_cpu(case)
    kind, facts = _share_out(case, culprits)
    return Conclusion(kind, facts, culprits, movers)


def _leading_by_cpu(case: Case) -> tuple[Program, ...]:
    return _leading(case.now, _cpu, _cpu_over, LEAST_CPU_PERCENT)


def _share_out(case: Case, culprits: tuple[Program, ...]) -> tuple[FindingKind, Facts]:
    if not culprits:
        return FindingKind.UNKNOWN, {}
    accounted = sum(map(_cpu, case.now)) + case.rest_percent
    unseen = max(0.0, (case.busy_percent or 0.0) * case.cores - accounted)
    part = _cpu_over if _over_is_most_of_it(case.now, _cpu, _cpu_over) else _cpu
    whole = sum(map(part, case.now)) + unseen + (case.rest_percent if part is _cpu else 0.0)
    first = culprits[0]
    if part(first) >= ONE_SHARE * whole:
        kind = FindingKind.THIS_PROGRAM if first.key == OWN_KEY else FindingKind.ONE_PROCESS
        return kind, _cpu_facts(case, first)
    together = used = 0.0
    for number, each in enumerate(culprits[:SEVERAL], 1):
        together += part(each)
        used += _cpu(each)
        if together >= SEVERAL_SHARE * whole:
            return FindingKind.SEVERAL_PROCESSES, {"programs": number, "cpu_percent": round(used, 1)}
    facts: Facts = {"programs": len(case.now), "cpu_percent": round(accounted + unseen, 1)}
    if accounted < ONE_SHARE * (accounted + unseen):
        facts["unseen_percent"] = round(unseen, 1)
    return FindingKind.MANY_SMALL, facts


def _cpu_facts(case: Case, program: Program) -> Facts:
    facts = _named_facts(program, {"cpu_percent": round(_cpu(program), 1)})
    if case.going_on_s > 0 and case.now_s >= LASTING_SHARE * case.going_on_s:
        facts["for_s"] = round(case.going_on_s, 1)
    return facts


def _named_facts(program: Program, figures: Facts) -> Facts:
    """Who it was, with what it did; whether it is gone, or did it by processes that have ended."""
    facts: Facts = {"name": program.name, **figures, "processes": program.processes}
    if program.gone:
        facts["gone"] = 1
    elif program.ended_children:
        facts["ended_children"] = 1
    return facts


def _is_busy(case: Case) -> bool:
    return case.busy_percent is not None and case.busy_percent >= 85


# Memory


def _of_memory(case: Case) -> Conclusion:
    grown = _ranked(case.since, _growth, LEAST_GROWTH_BYTES)
    holders = _ranked(case.now, _memory, 1)
    if grown:
        first = grown[0]
        # They are shown, and told of, with what they hold and do now.
        now = {each.key: each for each in case.now}
        culprits = tuple(now.get(each.key, each) for each in grown)
        facts = _named_facts(
            first, {"grown_bytes": int(_growth(first)), "memory_bytes": int(_memory(culprits[0]))}
        )
        facts |= {"processes": culprits[0].processes, "span_s": round(case.since_s, 1)}
        named = {each.key for each in grown}
        others = tuple(each for each in holders if each.key not in named)
        return Conclusion(FindingKind.MEMORY_GROWN, facts, (*culprits, *others)[:NAMED], grown)
    total = sum(_memory(each) for each in case.now)
    if not holders or total <= 0:
        return Conclusion(FindingKind.UNKNOWN)
    first = holders[0]
    if _memory(first) >= ONE_SHARE * total:
        facts = _named_facts(first, {"memory_bytes": int(_memory(first))})
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
    writers = _disk_users(case)
    facts: Facts = {}
    if Measure.DISK_FREE in case.known:
        facts["free_percent"] = round(case.known[Measure.DISK_FREE], 2)
    if writers:
        facts |= _io_facts(writers[0])
    return Conclusion(FindingKind.DISK_FULL, facts, writers, _movers(case, _io))


def _of_busy_disk(case: Case) -> Conclusion:
    users = _disk_users(case)
    facts: Facts = {"io_pressure_percent": _pressure(case, "io")}
    if case.measure == Measure.DISK_BUSY:
        facts["busy_percent"] = round(case.known.get(Measure.DISK_BUSY, case.limit), 1)
    if users:
        facts |= _io_facts(users[0])
    return Conclusion(FindingKind.DISK_BUSY, facts, users, _movers(case, _io))


def _disk_users(case: Case) -> tuple[Program, ...]:
    found = _leading(case.now, _io, _io_over, LEAST_IO_BYTES_PER_S)
    return found or _ranked(case.since, _io, LEAST_IO_BYTES_PER_S)


def _io_facts(program: Program) -> Facts:
    return _named_facts(program, {"io_bytes_per_s": int(_io(program))})


# A stall


def conclude_hiccup(case: Case) -> Conclusion:
    """Who made the stall: of ``now`` what is beyond the usual counts, as rates over the length of the stall.

    ``since`` are the plain rates of the same time. The facts have the ``resource`` that was short, and none is named
    who cannot have made it.
    """
    late_ns = _number(case.hiccup, "lateness_ns")
    facts: Facts = {"lateness_ns": int(late_ns), "resource": _resource(case, late_ns)}
    if _number(case.hiccup, "cause") == Cause.STOLEN:
        # No program of this machine did it.
        facts |= {"resource": "cpu", "share_percent": _share(case, "stolen_ns", late_ns)}
        return Conclusion(FindingKind.STOLEN, facts)
    match facts["resource"]:
        case "cpu":
            return _stalled_by_cpu(case, facts, late_ns)
        case "io":
            return _stalled_by_disk(case, facts, late_ns)
        case "memory":
            return _stalled_by_memory(case, facts, late_ns)
        case "self":
            facts["share_percent"] = _share(case, "self_inflicted_ns", late_ns)
            if case.hiccup.get("culprit"):
                facts["function"] = str(case.hiccup["culprit"])
            return Conclusion(FindingKind.THIS_PROGRAM, facts)
        case "frozen":
            facts["share_percent"] = _share(case, "frozen_ns", late_ns)
            return Conclusion(FindingKind.FROZEN, facts)
    culprits = _over_share(case, ONE_SHARE * 100 * case.cores)
    if culprits:
        facts |= {"resource": "cpu"} | _named_facts(culprits[0], {"cpu_percent": round(_cpu(culprits[0]), 1)})
        return Conclusion(FindingKind.NO_FREE_CORE, facts, culprits)
    return Conclusion(FindingKind.UNKNOWN, facts)


def _resource(case: Case, late_ns: float) -> str:
    told = case.hiccup.get("resource")
    if told in ("cpu", "io", "memory"):
        return str(told)
    cause = _number(case.hiccup, "cause")
    if cause == Cause.SELF_INFLICTED:
        return "self"
    if cause == Cause.RUN_QUEUE:
        return "cpu"
    if cause != Cause.FROZEN:
        return "unknown"
    stalled = {name: _number(case.evidence, f"{name}_full_stalled_ns") for name in ("memory", "io")}
    most = max(stalled, key=lambda name: stalled[name])
    return most if stalled[most] >= STALL_SHARE * late_ns else "frozen"


def _stalled_by_cpu(case: Case, facts: Facts, late_ns: float) -> Conclusion:
    if _number(case.hiccup, "run_queue_ns"):
        facts["share_percent"] = _share(case, "run_queue_ns", late_ns)
    culprits = _over_share(case, STALL_SHARE * 100)
    if not culprits:  # none is over its usual: then one that has most of the machine all the time
        culprits = _ranked(case.since, _cpu, ONE_SHARE * 100 * case.cores)
    together = sum(map(_cpu_over, case.now))
    if culprits:
        facts |= _named_facts(culprits[0], {"cpu_percent": round(_cpu(culprits[0]), 1)})
    elif together >= STALL_SHARE * 100:
        facts |= {"programs": len(case.now), "together_percent": round(min(together, 100.0 * case.cores), 1)}
    return Conclusion(FindingKind.NO_FREE_CORE, facts, culprits)


def _over_share(case: Case, least_percent: float) -> tuple[Program, ...]:
    # What is scheduled before all else can hold up a thread for that time; the rest only in a very large amount.
    urgent = tuple(each for each in case.now if each.real_time)
    found = (*_ranked(urgent, _cpu_over, least_percent), *_ranked(case.now, _cpu_over, least_percent))
    return _with_a_part(tuple(dict.fromkeys(found))[:NAMED], _cpu_over)


def _stalled_by_disk(case: Case, facts: Facts, late_ns: float) -> Conclusion:
    facts["stalled_ns"] = int(_number(case.evidence, "io_stalled_ns"))
    least = LEAST_STALL_IO_BYTES / max(late_ns / 1e9, 1e-9)
    culprits = _with_a_part(_ranked(case.now, _io_over, least), _io_over)
    if culprits:
        facts |= _io_facts(culprits[0])
    return Conclusion(FindingKind.DISK_BUSY, facts, culprits)


def _stalled_by_memory(case: Case, facts: Facts, late_ns: float) -> Conclusion:
    facts["stalled_ns"] = int(_number(case.evidence, "memory_stalled_ns"))
    taken = _ranked(case.now, _taken, LEAST_GROWTH_BYTES)
    culprits = taken or _ranked(case.now, _faults_over, LEAST_STALL_FAULTS / max(late_ns / 1e9, 1e-9))
    if culprits:
        first = culprits[0]
        figures: Facts = {"grown_bytes": int(_growth(first)), "memory_bytes": int(_memory(first))}
        facts |= _named_facts(first, figures)
    return Conclusion(FindingKind.MEMORY_SHORT, facts, culprits)


def _share(case: Case, part: str, whole_ns: float) -> float:
    return round(min(100.0, _number(case.hiccup, part) / max(whole_ns, 1.0) * 100), 1)


def _number(facts: Facts, name: str) -> float:
    value = facts.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


# Ranking


def _cpu(program: Program) -> float:
    return program.cpu_percent or 0.0


def _cpu_over(program: Program) -> float:
    return _cpu(program) if program.cpu_over_percent is None else program.cpu_over_percent


def _memory(program: Program) -> float:
    return float(program.memory_bytes or 0)


def _growth(program: Program) -> float:
    return float(program.grown_bytes or 0)


def _taken(program: Program) -> float:
    """Memory that it grew by, or that it took and gave back."""
    return float(max(program.grown_bytes or 0, program.new_bytes or 0))


def _io(program: Program) -> float:
    return program.io_bytes_per_s or 0.0


def _io_over(program: Program) -> float:
    return _io(program) if program.io_over_bytes_per_s is None else program.io_over_bytes_per_s


def _faults_over(program: Program) -> float:
    return program.faults_over_per_s or 0.0


Figure = Callable[[Program], float]


def _ranked(found: tuple[Program, ...], figure: Figure, least: float) -> tuple[Program, ...]:
    """The five greatest that come to ``least``; of equals those first that hold more memory."""
    worth = [each for each in found if figure(each) >= least]
    most = sorted(worth, key=lambda each: (figure(each), _memory(each)), reverse=True)[:NAMED]
    return tuple(replace(each, ended_children=_is_by_ended(each, figure)) for each in most)


def _is_by_ended(program: Program, figure: Figure) -> bool:
    """Whether it was done for the most part by children that have ended, of which nothing else is known."""
    return program.by_ended is not None and figure(program.by_ended) >= ONE_SHARE * figure(program)


def _over_is_most_of_it(found: tuple[Program, ...], figure: Figure, over: Figure) -> bool:
    return sum(map(over, found)) >= OVER_SHARE * sum(map(figure, found))


def _leading(found: tuple[Program, ...], figure: Figure, over: Figure, least: float) -> tuple[Program, ...]:
    """Those that did most beyond their usual; where hardly anything was, those that did most."""
    if not _over_is_most_of_it(found, figure, over):
        return _ranked(found, figure, least)
    return _with_a_part(_ranked(found, over, least), over)


def _with_a_part(ranked: tuple[Program, ...], figure: Figure) -> tuple[Program, ...]:
    return tuple(each for each in ranked if figure(each) >= NEXT_SHARE * figure(ranked[0]))


def _movers(case: Case, figure: Figure) -> tuple[Program, ...]:
    least = LEAST_IO_BYTES_PER_S if figure is _io else LEAST_CPU_PERCENT
    over = _io_over if figure is _io else _cpu_over
    return _ranked(case.since, over, least)


def _pressure(case: Case, resource: str) -> float:
    return max(
        _number(case.evidence, f"{resource}_pressure_percent"),
        _number(case.evidence, f"{resource}_pressure_10s_percent"),
    )


def _pressed(case: Case, resource: str) -> bool:
    return _pressure(case, resource) >= PRESSED_PERCENT
