"""A benchmark's result as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from aios_gui.selfcheck.benchmark import words
from aios_gui.selfcheck.benchmark.model import BenchmarkResult
from aios_gui.text.terminal.text_width import padded, width

_BETWEEN = "  "


def table(result: BenchmarkResult) -> list[str]:
    """Title, table and notes, line by line."""
    grid = [words.headings(), *words.rows(result)]
    widths = [max(map(width, column)) for column in zip(*grid, strict=True)]
    rule = "─" * (sum(widths) + len(_BETWEEN) * (len(widths) - 1))
    heading, *rows = (_aligned(cells, widths) for cells in grid)
    return [words.title(result), "", heading, rule, *rows, "", *words.notes(result)]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The name to the left, figures to the right."""
    first, *others = cells
    figures = [" " * (places - width(cell)) + cell for cell, places in zip(others, widths[1:], strict=True)]
    return _BETWEEN.join([padded(first, widths[0]), *figures])
