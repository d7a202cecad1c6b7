"""Rows as a table of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.bench.arithmetic import Verdict
from tests.bench.rows import Row

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
