"""Who came and went where only init waited for it: the unit that used more than its processes account for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aios_gui.alerts.model.processes import INIT_NAMES, Usage

LEAST_S = 0.05
"""Who ended had to use this much of a core for it to be worth a question."""
MOST_OF_IT = 0.5
"""A unit is named where at least this share of what ended is missing from its processes."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit used between two tables, and the processes that it has now."""

    name: str
    cpu_s: float
    io_bytes: int = 0
    pids: frozenset[int] = frozenset()


def named_by_units(used: Sequence[Usage], units: Sequence[Unit]) -> list[Usage]:
    """``used``, with what was done by children of init that have ended told of the unit that they ran in.

    It stays with init where no unit is missing that much.
    """
    found = list(used)
    for place, each in enumerate(used if units else ()):
        if not each.ended_children or each.row.name not in INIT_NAMES or (each.cpu_s or 0.0) < LEAST_S:
            continue
        by_pid = {one.row.pid: one.cpu_s or 0.0 for one in used if not one.ended_children and not one.gone}
        missing = {unit.name: unit.cpu_s - sum(by_pid.get(pid, 0.0) for pid in unit.pids) for unit in units}
        name = max(missing, key=lambda unit: missing[unit], default="")
        if name and missing[name] >= MOST_OF_IT * (each.cpu_s or 0.0):
            row = replace(each.row, name=name)
            found[place] = replace(each, row=row, parent_name=each.row.name)
    return found
