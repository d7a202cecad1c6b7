"""A benchmark's timings as comma-separated values, a line each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TextIO

from aios_gui.selfcheck.benchmark.facts import facts_of
from aios_gui.selfcheck.benchmark.model import PUBLISHED_NS, BenchmarkResult, Heartbeat, Timing
from aios_gui.text.plain import spreadsheet_safe

HEADER = (
    "started_at,heartbeat,mode,count,mean_ms,p50_ms,p95_ms,p99_ms,times_original_at_cadence,published_ms,"
    "quick,processor,system,cores,python,version,busy_percent"
)


def write(result: BenchmarkResult, out: TextIO) -> None:
    """Write a header and a line a timing; an unknown figure is left empty."""
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
