"""Who was named for each burst, and how often it was the right one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONG_S = 1.0
LONGER = 5
BEFORE_S, AFTER_S = 0.05, 2.5
"""A stall belongs to a burst that it touches, or that it follows this closely, as what is told by the second."""


class Named(StrEnum):
    """Who was named first."""

    RIGHT = "right"
    BYSTANDER = "bystander"
    NONE = "none"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Burst:
    """One that was injected, by the program ``name`` that ``launcher`` had started; seconds of the wall clock."""

    kind: str
    name: str
    launcher: str
    start: float
    end: float
    stays: bool = False

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a span: the first culprit, "" for none, what started it, and whether an incident says it.

    ``of_children``: named is who started what did it, and has ended.
    """

    start: float
    end: float
    culprit: str
    parent: str = ""
    of_children: bool = False
    of_incident: bool = False


def judged(burst: Burst, said: Iterable[Said]) -> Named:
    """Who was named: by the incident of a long burst, where there is one, else by the stall that is most like it."""
    mine = [each for each in said if each.start < burst.end + AFTER_S and each.end > burst.start - BEFORE_S]
    # An incident that was there before is not about this burst, nor a stall that is many times as long.
    mine = [
        each
        for each in mine
        if (each.start > burst.start - AFTER_S if each.of_incident else _is_like(burst, each))
    ]
    if not mine:
        return Named.UNSEEN
    about = max(mine, key=lambda each: (each.of_incident and burst.seconds >= LONG_S, _likeness(burst, each)))
    if not about.culprit:
        return Named.NONE
    # It is also right to name what the program has started, as of a storm, or that it was started by its launcher.
    right = burst.name in (about.culprit, about.parent) or (
        about.culprit == burst.launcher and about.of_children
    )
    return Named.RIGHT if right else Named.BYSTANDER


def _is_like(burst: Burst, said: Said) -> bool:
    return said.end - said.start < LONGER * max(burst.seconds, LONG_S)


def _likeness(burst: Burst, said: Said) -> float:
    """What both have in common as a share of all that either of them takes; negative where they do not touch."""
    shared = min(burst.end, said.end) - max(burst.start, said.start)
    return shared / max(1e-9, max(burst.end, said.end) - min(burst.start, said.start))


def table(found: Sequence[tuple[Burst, Named]]) -> list[str]:
    """The lines of the table: over and under a second, by kind."""
    lines = [f"{'':<22}{'bursts':>7}" + "".join(f"{each:>11}" for each in Named) + f"{'right':>8}"]
    groups: list[tuple[str, list[Named]]] = []
    for title, long in (("over 1 s", True), ("under 1 s", False)):
        some = [(burst, named) for burst, named in found if (burst.seconds >= LONG_S) is long]
        groups.append((title, [named for _burst, named in some]))
        kinds = sorted({burst.kind for burst, _named in some})
        groups += [(f"  {kind}", [named for burst, named in some if burst.kind == kind]) for kind in kinds]
    for title, all_named in groups:
        if not all_named:
            continue
        count = Counter(all_named)
        share = count[Named.RIGHT] / len(all_named)
        lines.append(
            f"{title:<22}{len(all_named):>7}"
            + "".join(f"{count[each]:>11}" for each in Named)
            + f"{share:>8.0%}"
        )
    return lines
