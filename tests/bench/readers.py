"""Has programs of others read every format of raw data, and compares what they read with the record.

    python -m tests.bench.readers [--slice FILE] [--range R]

What is not installed is told and left out: pandas, duckdb, pyarrow, hdrhistogram, prometheus_client and perfetto as
packages of the Python that runs this; jq, promtool, victoria-metrics and soffice as programs on the path. The exit
status is 1 where something was read differently.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aios_gui.record.model.timerange import TimeRange, parse_range
from aios_gui.record.store.reader import RecordReader
from aios_gui.reports.formats import FORMATS
from tests.reports.made import make_record

_WAIT_S, _LONG_S = 30.0, 600.0


class Missing(Exception):
    """The reader is not installed."""


class Different(Exception):
    """It read something else than what is in the record."""


@dataclass(frozen=True, slots=True)
class Beats:
    """What every reader is asked for: how many beats, and sums in ns."""

    count: int
    duration_ns: int
    lateness_ns: int
    missed: int

    @classmethod
    def of(cls, record: Path, span: TimeRange) -> Beats:
        """As the record itself says."""
        with RecordReader(record) as reader:
            sums = [0, 0, 0, 0]
            for beat in reader.beats(span.start_ns, span.end_ns):
                for place, value in enumerate((1, beat.duration_ns, beat.lateness_ns, beat.missed)):
                    sums[place] += value
        return cls(*sums)

    @classmethod
    def of_ms(cls, count: Any, duration_ms: Any, lateness_ms: Any, missed: Any) -> Beats:
        """As of a reader of sums in ms, which adds up fractions."""
        return cls(int(count), round(float(duration_ms) * 1e6), round(float(lateness_ms) * 1e6), int(missed))

    def expect(self, found: Beats) -> str:
        """What it said; Different where that is something else. Sums of fractions have a rounding error."""
        close = all(
            abs(mine - theirs) <= max(2, mine // 10**9)
            for mine, theirs in ((self.duration_ns, found.duration_ns), (self.lateness_ns, found.lateness_ns))
        )
        if not close or (self.count, self.missed) != (found.count, found.missed):
            raise Different(f"{found} in place of {self}")
        return f"{found.count:,} beats, {found.duration_ns:,} ns, {found.lateness_ns:,} ns late, {found.missed} missed"


def package(name: str) -> Any:
    """A package of this Python."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Missing(f"package {name}") from error


def program(name: str) -> str:
    """A program on the path."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"program {name}")
    return found


def said(*command: str, content: bytes | None = None) -> str:
    """What a program printed; Different where it failed."""
    done = subprocess.run(command, input=content, capture_output=True, timeout=_LONG_S, check=False)
    if done.returncode:
        raise Different(
            f"status {done.returncode}: {(done.stderr or done.stdout).decode(errors='replace')[:200]}"
        )
    return (done.stdout + done.stderr).decode(errors="replace")


# Each reader takes the file and what is expected, and returns what it read in words.


def csv_by_pandas(file: Path, beats: Beats) -> str:
    found = package("pandas").read_csv(file)
    sums = found.duration_ms.sum(), found.lateness_ms.sum(), found.missed.sum()
    return beats.expect(Beats.of_ms(len(found), *sums))


_SUMS = "SELECT count(*), coalesce(sum(duration_ms), 0), coalesce(sum(lateness_ms), 0), coalesce(sum(missed), 0) FROM"


def csv_by_duckdb(file: Path, beats: Beats) -> str:
    (row,) = package("duckdb").sql(f"{_SUMS} read_csv('{file}')").fetchall()
    return beats.expect(Beats.of_ms(*row))


def csv_by_sqlite(file: Path, beats: Beats) -> str:
    answer = said(program("sqlite3"), "-csv", ":memory:", f".import '{file}' b", f"{_SUMS} b")
    return beats.expect(Beats.of_ms(*answer.split(",")))


def csv_by_libreoffice(file: Path, _beats: Beats) -> str:
    """Opens it and looks at each cell; a sheet has a million rows, so that the file must not be longer."""
    folder = file.parent
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    said(
        program("soffice"), profile, "--headless", "--convert-to", "fods", "--outdir", str(folder), str(file)
    )
    sheet = file.with_suffix(".fods").read_text()
    if "table:formula" in sheet:
        raise Different("a cell is a formula")
    return f"{sheet.count('office:value-type'):,} cells, none is a formula"


def lines_by_jq(file: Path, beats: Beats) -> str:
    question = (
        "reduce (inputs | select(.schema == null)) as $b ([0, 0, 0, 0]; [.[0] + 1, .[1] + $b.duration_ms, "
        ".[2] + $b.lateness_ms, .[3] + $b.missed])"
    )
    return beats.expect(Beats.of_ms(*json.loads(said(program("jq"), "-nc", question, str(file)))))


def lines_by_pandas(file: Path, beats: Beats) -> str:
    found = package("pandas").read_json(file, lines=True)
    found = found[found.schema.isna()]
    sums = found.duration_ms.sum(), found.lateness_ms.sum(), found.missed.sum()
    return beats.expect(Beats.of_ms(len(found), *sums))


def lines_by_duckdb(file: Path, beats: Beats) -> str:
    question = f"{_SUMS} read_json('{file}', format = 'newline_delimited') WHERE schema IS NULL"
    (row,) = package("duckdb").sql(question).fetchall()
    return beats.expect(Beats.of_ms(*row))


def parquet_by_pandas(file: Path, beats: Beats) -> str:
    package("pyarrow")
    found = package("pandas").read_parquet(file)
    sums = found.duration_ns.sum(), found.lateness_ns.sum(), found.missed.sum()
    return beats.expect(Beats(len(found), *map(int, sums)))


def parquet_by_duckdb(file: Path, beats: Beats) -> str:
    question = _SUMS.replace("_ms", "_ns")
    (row,) = package("duckdb").sql(f"{question} '{file}'").fetchall()
    return beats.expect(Beats(*map(int, row)))


def log_by_hdrhistogram(file: Path, beats: Beats) -> str:
    histogram = package("hdrh.histogram").HdrHistogram
    log = package("hdrh.log").HistogramLogReader(str(file), histogram(1, 2, 2))
    totals: dict[str, int] = {}
    intervals = 0
    while (found := log.get_next_interval_histogram()) is not None:
        totals[found.get_tag()] = totals.get(found.get_tag(), 0) + found.get_total_count()
        intervals += 1
    log.close()
    if beats.count and totals != {"duration": beats.count, "lateness": beats.count}:
        raise Different(f"{totals} in place of {beats.count}")
    return f"{intervals} intervals with {beats.count:,} beats of each tag"


def percentiles_by_plotter(file: Path, beats: Beats) -> str:
    """As HdrHistogram's plotFiles reads it: columns of numbers, and a foot that begins with #."""
    rows = [line.split() for line in file.read_text().splitlines()[2:] if not line.startswith("#")]
    if beats.count and int(rows[-1][2]) != beats.count:
        raise Different(f"{rows[-1][2]} in place of {beats.count}")
    return f"{len(rows)} percentiles of {beats.count:,} beats"


def metrics_by_promtool(file: Path, _beats: Beats) -> str:
    answer = said(program("promtool"), "check", "metrics", content=file.read_bytes())
    if answer.strip():
        raise Different(answer)
    return "check metrics: no complaint"


def metrics_by_prometheus_client(file: Path, beats: Beats) -> str:
    parse = package("prometheus_client.openmetrics.parser").text_string_to_metric_families
    values = {sample.name: sample.value for family in parse(file.read_text()) for sample in family.samples}
    return beats.expect(
        Beats(
            int(values["aios_heartbeat_duration_seconds_count"]),
            round(values["aios_heartbeat_duration_seconds_sum"] * 1e9),
            round(values["aios_heartbeat_lateness_seconds_sum"] * 1e9),
            int(values["aios_heartbeat_missed_beats_total"]),
        )
    )


def series_by_promtool(file: Path, _beats: Beats) -> str:
    blocks = file.parent / "blocks"
    answer = said(program("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(file), str(blocks))
    return f"{max(0, len(answer.splitlines()) - 1)} blocks"


def points_by_victoria_metrics(file: Path, beats: Beats) -> str:
    with _victoria_metrics(program("victoria-metrics"), file.parent) as url:
        with file.open("rb") as points:
            request = urllib.request.Request(
                f"{url}/write", points, {"Content-Length": str(file.stat().st_size)}
            )
            urllib.request.urlopen(request, timeout=_LONG_S).close()
        urllib.request.urlopen(f"{url}/internal/force_flush", timeout=_LONG_S).close()
        sums: list[int] = []
        values: list[float] = []
        for name in ("duration_ns", "lateness_ns", "missed"):
            series = urllib.request.urlopen(
                f"{url}/api/v1/export?match=aios_heartbeat_{name}", timeout=_LONG_S
            )
            values = [value for line in series for value in json.loads(line)["values"]]
            sums.append(round(sum(values)))
    return beats.expect(Beats(len(values), *sums))


@contextmanager
def _victoria_metrics(command: str, folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    data = folder / "victoria"
    options = [
        f"-storageDataPath={data}",
        f"-httpListenAddr=127.0.0.1:{port}",
        "-retentionPeriod=100y",
        "-loggerLevel=ERROR",
    ]
    url, until_s = f"http://127.0.0.1:{port}", time.monotonic() + _WAIT_S
    with subprocess.Popen(
        [command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while True:
                with suppress(OSError):
                    urllib.request.urlopen(f"{url}/health", timeout=1).close()
                    break
                if time.monotonic() > until_s or process.poll() is not None:
                    raise Different("it does not answer")
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()


def trace_by_perfetto(file: Path, _beats: Beats) -> str:
    processor = package("perfetto.trace_processor")
    config = processor.TraceProcessorConfig(bin_path=shutil.which("trace_processor_shell"))
    if config.bin_path is None:
        raise Missing("program trace_processor_shell")
    trace = processor.TraceProcessor(trace=str(file), config=config)
    slices, faults = (
        next(iter(trace.query(question))).n
        for question in (
            "SELECT count(*) AS n FROM slice",
            "SELECT coalesce(sum(value), 0) AS n FROM stats WHERE severity = 'error'",
        )
    )
    trace.close()
    if faults:
        raise Different(f"{faults} faults")
    return f"{slices} slices, no fault"


READERS: tuple[tuple[str, str, Callable[[Path, Beats], str], tuple[str, ...]], ...] = (
    ("csv", "pandas", csv_by_pandas, ()),
    ("csv", "DuckDB", csv_by_duckdb, ()),
    ("csv", "SQLite", csv_by_sqlite, ()),
    ("csv", "LibreOffice", csv_by_libreoffice, ("--bom",)),
    ("csv", "LibreOffice", csv_by_libreoffice, ("--imported", "all")),
    ("jsonl", "jq", lines_by_jq, ()),
    ("jsonl", "pandas", lines_by_pandas, ()),
    ("jsonl", "DuckDB", lines_by_duckdb, ()),
    ("parquet", "pandas", parquet_by_pandas, ()),
    ("parquet", "DuckDB", parquet_by_duckdb, ()),
    ("hlog", "hdrhistogram", log_by_hdrhistogram, ()),
    ("hgrm", "plotter", percentiles_by_plotter, ()),
    ("openmetrics", "promtool", metrics_by_promtool, ()),
    ("openmetrics", "prometheus_client", metrics_by_prometheus_client, ()),
    ("openmetrics", "promtool", metrics_by_promtool, ("--every", "hour")),
    ("openmetrics", "promtool tsdb", series_by_promtool, ("--every", "hour")),
    ("influx", "VictoriaMetrics", points_by_victoria_metrics, ()),
    ("trace", "Perfetto", trace_by_perfetto, ()),
)
"""Format, who reads it, by what, and further options of the export."""


def main(argv: list[str] | None = None) -> int:
    """Write each format, have each reader read it, print a line each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.readers", description=__doc__)
    parser.add_argument(
        "--slice", type=Path, help="this record (default: one of some hours, with hostile names)"
    )
    parser.add_argument("--range", default="all", help="the span of it (default: all)")
    arguments = parser.parse_args(argv)
    results = []
    with tempfile.TemporaryDirectory(prefix="aios-readers-") as name:
        folder = Path(name)
        record = arguments.slice or make_record(folder).sealed
        span = parse_range(arguments.range, time.time_ns())
        beats = Beats.of(record, span)
        print(f"{beats.count:,} beats\n")
        for number, (form, reader, read, options) in enumerate(READERS):
            within = folder / str(number)
            within.mkdir()
            state, text = _tried(record, arguments.range, form, read, options, within, beats)
            results.append(state)
            print(f"{' '.join((form, *options)):<24} {reader:<18} {state:<10} {text}", flush=True)
            shutil.rmtree(within, ignore_errors=True)
    return int("different" in results)


def _tried(
    record: Path,
    span: str,
    form: str,
    read: Callable[[Path, Beats], str],
    options: tuple[str, ...],
    folder: Path,
    beats: Beats,
) -> tuple[str, str]:
    if not FORMATS[form].is_available:
        return "missing", f"package {FORMATS[form].needs}"
    file = folder / f"x{FORMATS[form].suffix}"
    command = [
        "-m",
        "aios_gui",
        "export",
        "--slice",
        str(record),
        "--range",
        span,
        "--format",
        form,
        *options,
    ]
    try:
        said(sys.executable, *command, "-o", str(file))
        return "same", read(file, beats)
    except Missing as missing:
        return "missing", str(missing)
    except (Different, OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        return "different", f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    os.environ.setdefault("AIOS_HOME", tempfile.gettempdir() + "/aios-readers-home")
    raise SystemExit(main())
