"""A benchmark's result as a short report for people, in Markdown and in their language."""

from __future__ import annotations

from typing import TextIO

from aios_gui.selfcheck.benchmark import words
from aios_gui.selfcheck.benchmark.model import BenchmarkResult, Heartbeat
from aios_gui.text.markdown import escaped, table_line


def write(result: BenchmarkResult, out: TextIO) -> None:
    """Write title, table, what it was measured on and how."""
    headings = words.headings()
    lines = [
        f"# {words.title(result)}",
        "",
        table_line(headings),
        "| --- |" + " ---: |" * (len(headings) - 1),
        *(table_line(row) for row in words.rows(result)),
        "",
    ]
    lines += [f"- {escaped(note)}" for note in words.notes(result)]
    lines.append("")
    lines += [f"- **{words.name(each)}**: {words.description(each)}" for each in Heartbeat]
    out.write("\n".join(lines) + "\n")
