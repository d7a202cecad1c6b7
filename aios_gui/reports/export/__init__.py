"""Formats in which beats leave the record: one module each, and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TextIO

from aios_gui.reports.export import csv_format, json_lines
from aios_gui.reports.export.csv_format import Exported


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, the ending of its files, and what writes beats and returns how many."""

    name: str
    suffix: str
    write: Callable[[Iterable[Exported], TextIO], int]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", ".csv", csv_format.write),
        Format("jsonl", ".jsonl", json_lines.write),
    )
}
