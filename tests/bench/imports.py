"""`python -m tests.bench.imports`: rate and memory of an import of N lines, beside `wc -l` and pandas on that file."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aios_gui.text import figures
from tests.bench.progress import say

_PANDAS = "import sys, pandas; print(len(pandas.read_json(sys.argv[1], lines=True)))"
_KILO = 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One program over the file: how long it took, by the clock and of the processor, and its memory at most.

    The last two are None where the system does not tell. Of a machine that is busy the processor's time says more.
    """

    name: str
    seconds: float
    cpu_s: float | None
    peak_bytes: int | None
    out: str


def write_lines(target: Path, count: int) -> None:
    """A file as the seed's monitor writes it: a beat a second, local times, durations around two milliseconds."""
    chance = random.Random(1)
    at, second = datetime.fromisoformat("2024-01-01T00:00:00"), timedelta(seconds=1)
    with target.open("w", encoding="ascii", newline="\n") as out:
        for _line in range(count):
            at += second
            ms = abs(chance.gauss(2.1, 0.5))
            out.write(
                f'{{"timestamp": "{at.isoformat()}.{chance.randrange(1_000_000):06d}", '
                f'"duration_ms": {ms!r}, "result": "HEARTBEAT_OK ({ms:.2f}ms)"}}\n'
            )


def run(name: str, command: list[str], home: Path) -> Run:
    """Run a program to its end; RuntimeError where it fails."""
    say(name)
    began_s = time.perf_counter()
    with subprocess.Popen(
        command,
        env={**os.environ, "AIOS_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        if not hasattr(os, "wait4"):
            process.wait()
            return Run(name, time.perf_counter() - began_s, None, None, out)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{name} ended with status {process.returncode}")
    unit = 1 if sys.platform == "darwin" else _KILO
    cpu_s = usage.ru_utime + usage.ru_stime
    return Run(name, time.perf_counter() - began_s, cpu_s, usage.ru_maxrss * unit, out)


def measure(lines: int, pandas_python: str) -> list[Run]:
    """Every program over the same file, one after the other."""
    with tempfile.TemporaryDirectory(prefix="aios-imports-") as folder:
        file, home = Path(folder) / "performance_stats.jsonl", Path(folder) / "home"
        home.mkdir(mode=0o700)
        say(f"writing {lines:,} lines")
        write_lines(file, lines)
        (home / "settings.toml").write_text("[record]\nsize_limit_mb = 5000\n", encoding="ascii")
        own = [sys.executable, "-m", "aios_gui", "import", "--json", str(file)]
        runs = [
            run("wc -l", ["wc", "-l", str(file)], home),
            run("import --dry-run", [*own, "--dry-run"], home),
            run("import", own, home),
            run("import, the second time", own, home),
        ]
        try:
            runs.append(run("pandas.read_json", [pandas_python, "-c", _PANDAS, str(file)], home))
        except (RuntimeError, OSError) as error:
            say(f"without pandas: {error}")
        size = sum(each.stat().st_size for each in (home / "data").glob("heartbeat.sqlite3*"))
        say(
            f"file {figures.size(file.stat().st_size)}, record {figures.size(size)}: {size / lines:.1f} bytes a beat"
        )
        first, second = (json.loads(each.out) for each in runs[2:4])
        if (first["imported"], second["imported"]) != (lines, 0):
            raise RuntimeError(f"{first['imported']} were imported, then {second['imported']}")
    return runs


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--pandas", default=sys.executable, metavar="PYTHON", help="a Python that has pandas")
    arguments = parser.parse_args()
    runs = measure(arguments.lines, arguments.pandas)
    spent = {each.name: each.cpu_s or each.seconds for each in runs}
    print(f"{'':24} {'s':>8} {'of CPU':>8} {'lines/s':>12} {'÷ dry run':>10} {'memory':>9}")
    for each in runs:
        taken_s = spent[each.name]
        rate, ratio = f"{arguments.lines / taken_s:,.0f}", taken_s / spent["import --dry-run"]
        memory = figures.size(each.peak_bytes)
        print(f"{each.name:24} {each.seconds:8.2f} {taken_s:8.2f} {rate:>12} {ratio:10.2f} {memory:>9}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
