"""A benchmark's result as a short report for people, in Markdown and in their language."""

from __future__ import annotations

from typing import TextIO

from aios_gui.core.benchmark import BenchmarkResult, Heartbeat
from aios_gui.services.benchmark import words


def write(result: BenchmarkResult, out: TextIO) -> None:
    """Write title, table, what it was measured on and how."""
    headings = words.headings()
    lines = [
        f"# {words.title(result)}",
        "",
        _line(headings),
        _line(["---"] + ["---:"] * (len(headings) - 1)),
        *(_line(row) for row in words.rows(result)),
        "",
    ]
    lines += [f"- {_plain(note)}" for note in words.notes(result)]
    lines.append("")
    lines += [f"- **{words.name(each)}**: {words.description(each)}" for each in Heartbeat]
    out.write("\n".join(lines) + "\n")


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", r"\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """``text`` so that a name which the system gives is no markup."""
    return (
        text.replace("\\", r"\\")
        .replace("<", r"\<")
        .replace("`", r"\`")
        .replace("*", r"\*")
        .replace("_", r"\_")
    )
