"""Formats in which a benchmark's result leaves the program: one module each, and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from aios_gui.selfcheck.benchmark.formats import csv_format, json_format, markdown_format
from aios_gui.selfcheck.benchmark.model import BenchmarkResult


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """One format: its name, the ending of its files, and what writes a result."""

    name: str
    suffix: str
    write: Callable[[BenchmarkResult, TextIO], None]


FORMATS: dict[str, ResultFormat] = {
    each.name: each
    for each in (
        ResultFormat("json", ".json", json_format.write),
        ResultFormat("csv", ".csv", csv_format.write),
        ResultFormat("md", ".md", markdown_format.write),
    )
}
