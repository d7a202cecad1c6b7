"""A row of the result: what was measured, what it is compared with, its goal and whether it is reached."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench.arithmetic import Goal, Verdict


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and how many digits its figures get after the point; ``scale`` multiplies what was measured."""

    name: str
    digits: int
    scale: float = 1.0

    def text(self, value: float | None) -> str:
        """The figure with its unit; a dash where it is unknown."""
        if value is None:
            return "–"
        number = f"{value * self.scale:,.{self.digits}f}"
        return f"{number} {self.name}" if self.name not in ("×", "%") else f"{number}{self.name}"


MICROSECONDS = Unit("µs", 1, 1e-3)
"""Measured in ns."""
MILLISECONDS = Unit("ms", 1, 1e-6)
SECONDS = Unit("s", 3, 1e-9)
MEGABYTES = Unit("MB", 1, 1e-6)
PERCENT = Unit("%", 3)
TIMES = Unit("×", 2)


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing. ``value`` and the goal's limit are in the unit as measured (ns, bytes, percent)."""

    key: str
    what: str
    unit: Unit
    value: float | None
    goal: Goal | None = None
    seed_says: str = ""
    compared: str = ""
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Pass, fail, or neither."""
        return Verdict.NONE if self.goal is None else self.goal.verdict(self.value)

    @property
    def ours(self) -> str:
        """The figure as text, with its note."""
        return f"{self.unit.text(self.value)} {self.note}".rstrip()

    @property
    def goal_text(self) -> str:
        """The goal as text."""
        if self.goal is None:
            return ""
        return f"{'≥' if self.goal.at_least else '≤'} {self.unit.text(self.goal.limit)}"

    def facts(self) -> dict[str, object]:
        """JSON-ready: figures in the unit named."""
        scale = self.unit.scale
        return {
            "key": self.key,
            "what": self.what,
            "unit": self.unit.name,
            "value": None if self.value is None else self.value * scale,
            "goal": None if self.goal is None else self.goal.limit * scale,
            "goal_is": None if self.goal is None else ("at_least" if self.goal.at_least else "at_most"),
            "seed_says": self.seed_says or None,
            "compared": self.compared or None,
            "note": self.note or None,
            "verdict": str(self.verdict),
        }
