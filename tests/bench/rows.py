"""The rows of the result, each with its goal and whether it is reached, and the table of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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


HEADINGS = ("what", "seed says", "compared with, in the same run", "ours", "goal", "")


def render(rows: Sequence[Row]) -> str:
    """The table, columns as wide as their widest cell, and a last line that counts the verdicts."""
    cells = [
        HEADINGS,
        *((row.what, row.seed_says, row.compared, row.ours, row.goal_text, row.verdict) for row in rows),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, "", summary(rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(str(cell).ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def summary(rows: Sequence[Row]) -> str:
    """How many goals were reached, and the names of those that were not."""
    counts = Counter(row.verdict for row in rows)
    text = f"{counts[Verdict.PASS]} passed, {counts[Verdict.FAIL]} failed, {counts[Verdict.NONE]} without a verdict"
    failed = [row.key for row in rows if row.verdict is Verdict.FAIL]
    return f"{text}: {', '.join(failed)} failed" if failed else text
