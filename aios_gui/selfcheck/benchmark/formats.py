"""Formats in which a benchmark's result leaves the program: what writes each, and one line in the registry."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from aios_gui.selfcheck.benchmark import words
from aios_gui.selfcheck.benchmark.facts import facts_of
from aios_gui.selfcheck.benchmark.model import PUBLISHED_NS, BenchmarkResult, Heartbeat, Timing
from aios_gui.text.markdown import escaped, table_line
from aios_gui.text.plain import spreadsheet_safe

HEADER = (
    "started_at,heartbeat,mode,count,mean_ms,p50_ms,p95_ms,p99_ms,times_original_at_cadence,published_ms,"
    "quick,processor,system,cores,python,version,busy_percent"
)


def write_json(result: BenchmarkResult, out: TextIO) -> None:
    """Write one object, the same that scripts get."""
    json.dump(facts_of(result), out, indent=2, ensure_ascii=False, allow_nan=False)
    out.write("\n")


def write_csv(result: BenchmarkResult, out: TextIO) -> None:
    """Write a header and a line a timing, safe to open in a spreadsheet; an unknown figure is left empty."""
    writer = csv.writer(out, lineterminator="\n")
    out.write(HEADER + "\n")
    machine = result.machine
    started_at = facts_of(result)["started_at"]
    about = [
        int(result.quick),
        spreadsheet_safe(machine.processor),
        spreadsheet_safe(machine.system),
        "" if machine.cores is None else machine.cores,
        spreadsheet_safe(machine.python),
        spreadsheet_safe(machine.version),
        "" if machine.busy_percent is None else f"{machine.busy_percent:.1f}",
    ]
    for timing in result.timings:
        writer.writerow([started_at, *_cells(result, timing), *about])


def _cells(result: BenchmarkResult, timing: Timing) -> list[object]:
    times = result.speedup(Heartbeat.ORIGINAL, timing.name)
    return [
        str(timing.name),
        str(timing.mode),
        timing.count,
        *(f"{ns / 1e6:.6f}" for ns in (timing.mean_ns, timing.p50_ns, timing.p95_ns, timing.p99_ns)),
        "" if times is None else f"{times:.2f}",
        f"{PUBLISHED_NS[timing.name] / 1e6:g}",
    ]


def write_markdown(result: BenchmarkResult, out: TextIO) -> None:
    """Write a short report for people: title, table, what it was measured on and how."""
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


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """One format: its name, the ending of its files, and what writes a result."""

    name: str
    suffix: str
    write: Callable[[BenchmarkResult, TextIO], None]


FORMATS: dict[str, ResultFormat] = {
    each.name: each
    for each in (
        ResultFormat("json", ".json", write_json),
        ResultFormat("csv", ".csv", write_csv),
        ResultFormat("md", ".md", write_markdown),
    )
}
