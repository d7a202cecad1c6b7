"""Each format of raw data: it says the same as the record, whatever names there are, and others can read it."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest

from aios_gui.history.queries import History
from aios_gui.record.model.histogram import Histogram
from aios_gui.record.model.timerange import TimeRange
from aios_gui.record.store.reader import RecordReader
from aios_gui.reports.formats import FORMATS, FormatKind, of_kind
from aios_gui.reports.formats.preview import rich_text
from aios_gui.reports.formats.raw_data import RawData
from aios_gui.reports.model.report import SIGNS, Facts, Section, Tone
from aios_gui.reports.model.report import Fact as ReportFact
from aios_gui.text.figures import iso_time
from tests.fakes import S
from tests.history.made import BEGIN, Made
from tests.processes import run_here
from tests.reports.made import ALL, HOSTILE, raw_data
from tests.reports.reports_made import a_report

HOUR_NS, MINUTE_NS = 3600 * S, 60 * S


def written(name: str, made: Made, **choices: object) -> bytes:
    out = io.BytesIO()
    with RecordReader(made.sealed) as reader:
        count = FORMATS[name].load().write(raw_data(History(reader), **choices), out)
    assert count == len(made.beats) or "imported" in choices
    return out.getvalue()


def total(made: Made, field: str) -> int:
    return sum(getattr(beat, field) for beat in made.beats)


def test_every_format_has_a_module_and_words() -> None:
    for name, form in FORMATS.items():
        assert (form.name, form.suffix[0]) == (name, ".")
        assert form.title
        if form.is_available:
            assert callable(form.load().write)


def test_csv_and_json_lines_have_every_beat_with_the_same_figures(made: Made) -> None:
    text = written("csv", made, begins_with_mark=True).decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == len(made.beats) + 1
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    head, *lines = (json.loads(line) for line in written("jsonl", made).splitlines())
    assert (head["schema"], head["columns"]) == ("aios-heartbeat/beats/1", list(rows[0]))
    assert [each["time"] for each in lines] == [each["time"] for each in rows]
    for name, field in (("duration_ms", "duration_ns"), ("lateness_ms", "lateness_ns")):
        for read in (rows, lines):
            assert sum(round(float(each[name]) * 1e6) for each in read) == total(made, field)
    assert [int(each["missed"]) for each in rows] == [beat.missed for beat in made.beats]
    assert [each["cpu_percent"] for each in lines] == [beat.cpu_percent for beat in made.beats]
    assert {each["result"] for each in rows} == {"HEARTBEAT_OK", "HEARTBEAT_ERROR", "AIOS_ALERT:cpu"}


def test_no_cell_of_imported_beats_is_a_formula_and_no_line_is_broken(made: Made) -> None:
    rows = list(csv.reader(io.StringIO(written("csv", made, imported=0).decode(), newline="")))
    assert len(rows) == len(HOSTILE) + 1
    for row in rows[1:]:
        assert len(row) == len(rows[0])
        assert row[6].removeprefix("'") in HOSTILE
        assert row[6][0] not in "=+-@\t\r"
    lines = written("jsonl", made, imported=0).splitlines()
    head, *beats = map(json.loads, lines)
    assert [each["result"] for each in beats] == list(HOSTILE)
    assert head["range"] == {"start": iso_time(BEGIN), "end": iso_time(BEGIN + len(HOSTILE) * 1000)}


def test_the_log_of_histograms_is_read_by_hdrhistogram(made: Made, tmp_path: Path) -> None:
    reader = pytest.importorskip("hdrh.log").HistogramLogReader
    file = tmp_path / "x.hlog"
    with RecordReader(made.sealed) as record:
        history = History(record)
        for every_ns, span in ((HOUR_NS, ALL), (MINUTE_NS, TimeRange(BEGIN + 90 * S, BEGIN + 900 * S))):
            exact = history.distribution(span)
            with file.open("wb") as out:
                assert FORMATS["hlog"].load().write(RawData(history, span, every_ns=every_ns), out) > 40
            merged = {"duration": Histogram(), "lateness": Histogram()}
            ends: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
            log = reader(str(file), pytest.importorskip("hdrh.histogram").HdrHistogram(1, 2, 2))
            with closing(log):
                while (found := log.get_next_interval_histogram()) is not None:
                    merged[found.get_tag()].merge(of_other(found))
                    ends[found.get_tag()].append((found.get_start_time_stamp(), found.get_end_time_stamp()))
            assert merged["duration"] == exact.duration.raw.histogram
            assert merged["lateness"] == exact.lateness.raw.histogram
            for stamps in ends.values():
                assert stamps == sorted(stamps)
                assert all(0 < end - start <= every_ns / 1e6 for start, end in stamps)


def of_other(found: Any) -> Histogram:
    """What hdrhistogram counted, in this program's form."""
    histogram = Histogram()
    for value in found.get_recorded_iterator():
        histogram.add([value.value_iterated_to] * value.count_at_value_iterated_to)
    return histogram


@pytest.mark.parametrize("measure", ["duration", "lateness"])
def test_the_percentiles_are_those_of_hdrhistogram(made: Made, measure: str) -> None:
    other = pytest.importorskip("hdrh.histogram").HdrHistogram
    from base64 import b64encode

    with RecordReader(made.sealed) as record:
        exact: Histogram = getattr(History(record).distribution(ALL), measure).raw.histogram
    theirs = other.decode(b64encode(exact.encode()))
    head, blank, *lines = written("hgrm", made, measure=measure).decode().splitlines()
    assert (head.split(), blank) == (["Value", "Percentile", "TotalCount", "1/(1-Percentile)"], "")
    rows = [list(map(float, line.split())) for line in lines if not line.startswith("#")]
    assert [len(row) for row in rows] == [4] * (len(rows) - 1) + [3]
    counts = list(accumulate(each.count_at_value_iterated_to for each in theirs.get_recorded_iterator()))
    values = [each.value_iterated_to for each in theirs.get_recorded_iterator()]
    for value_ms, share, count, *inverse in rows:
        place = values.index(round(value_ms * 1e6))
        assert count == counts[place]
        assert (counts[place - 1] if place else 0) < max(1, share * counts[-1]) <= count
        assert inverse == [] or math.isclose(inverse[0], 1 / (1 - share), abs_tol=0.005001)
    assert [row[1] for row in rows[:7]] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55]
    foot = [float(each) for line in lines for each in re.findall(r"= +([0-9.]+)", line)]
    assert foot == pytest.approx(
        [
            theirs.get_mean_value() / 1e6,
            theirs.get_stddev() / 1e6,
            theirs.get_max_value() / 1e6,
            theirs.total_count,
            theirs.bucket_count,
            theirs.sub_bucket_count,
        ],
        abs=1e-6,
    )


def test_percentiles_of_nothing_and_of_one() -> None:
    from aios_gui.reports.formats.hgrm import lines

    assert "Total count    =            0" in "".join(lines(Histogram()))
    one = Histogram()
    one.add([1_000_000])
    assert ["".join(lines(one)).split("\n")[place].split()[1] for place in (2, 3)] == [
        "0.000000000000",
        "1.000000000000",
    ]


def test_the_trace_is_as_its_format_wants_it_and_names_the_culprits(made: Made) -> None:
    trace = json.loads(written("trace", made), parse_constant=pytest.fail)
    events = trace["traceEvents"]
    assert trace["displayTimeUnit"] == "ms"
    tracks: dict[int, str] = {}
    slices: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for event in events:
        assert event["ph"] in "MXiC"
        assert isinstance(event["name"], str)
        assert event["name"]
        assert event["name"].isprintable()
        if event["ph"] == "M":
            if event["name"] == "thread_name":
                tracks[event["tid"]] = event["args"]["name"]
            continue
        assert isinstance(event["ts"], int)
        if event["ph"] == "X":
            assert event["dur"] >= 0
            slices[event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
        elif event["ph"] == "C":
            assert all(isinstance(each, float | int) for each in event["args"].values())
    for spans in slices.values():  # those of a track do not overlap
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert [tracks[track] for track in slices].count("Incidents") == 2
    hiccups = [each for each in events if each["ph"] == "X" and tracks[each["tid"]] == "Hiccups"]
    assert [each["name"] for each in hiccups][:1] == [HOSTILE[0]]
    assert {each["dur"] for each in hiccups} == {300_000}
    gaps = [each for each in events if each["ph"] == "X" and tracks[each["tid"]] == "Gaps"]
    assert {each["name"] for each in gaps} == {"clock_jump", "suspended", "not_recorded"}
    assert sum(each["ph"] == "i" and tracks[each["tid"]] == "Changes" for each in events) == len(HOSTILE)
    assert {each["name"] for each in events if each["ph"] == "C"} == {
        "duration (ms)",
        "lateness (ms)",
        "CPU (%)",
        "memory (%)",
    }


SAMPLE = re.compile(r'([a-z_]+)\{host="[^"]*"((?:,[a-z]+="[^"]*")*)\} (\S+)(?: (\d+))?')


@pytest.mark.parametrize("every_ns", [0, HOUR_NS])
def test_metrics_add_up(made: Made, every_ns: int) -> None:
    *lines, end = written("openmetrics", made, every_ns=every_ns).decode().splitlines()
    assert end == "# EOF"
    samples: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    families = []
    for line in lines:
        if line.startswith("# "):
            families.append(line.split()[2])
            continue
        found = SAMPLE.fullmatch(line)
        assert found is not None, line
        assert (found[4] is not None) == bool(every_ns)
        assert found[1].startswith(families[-1])
        samples[found[1]].append((found[2], float(found[3])))
    assert samples["aios_heartbeat_beats_total"][-1][1] == len(made.beats)
    assert samples["aios_heartbeat_missed_beats_total"][-1][1] == total(made, "missed")
    for measure in ("duration", "lateness"):
        name = f"aios_heartbeat_{measure}_seconds"
        assert samples[f"{name}_count"][-1][1] == len(made.beats)
        assert samples[f"{name}_sum"][-1][1] == pytest.approx(total(made, f"{measure}_ns") / S)
        buckets = [value for _labels, value in samples[f"{name}_bucket"]]
        last = buckets[-len(buckets) // len(samples[f"{name}_count"]) :]
        assert last == sorted(last)
        assert last[-1] == len(made.beats)
        assert samples[f"{name}_bucket"][-1][0] == ',le="+Inf"'


POINT = re.compile(
    r"aios_heartbeat,host=(?:[^,= \\\n]|\\[,= ])+ "
    r'[a-z_]+=(?:-?\d+i|-?[\d.]+(?:e[-+]?\d+)?|"(?:[^"\\]|\\["\\])*")'
    r'(?:,[a-z_]+=(?:-?\d+i|-?[\d.]+(?:e[-+]?\d+)?|"(?:[^"\\]|\\["\\])*"))* \d+'
)


def test_influx_lines_are_points_of_the_beats(made: Made) -> None:
    lines = written("influx", made).decode().splitlines()
    assert all(POINT.fullmatch(line) for line in lines)
    durations = [found for line in lines for found in re.findall(r"[ ,]duration_ns=([0-9]+)i", line)]
    assert sum(map(int, durations)) == total(made, "duration_ns")
    assert [int(line.rpartition(" ")[2]) for line in lines] == [
        beat.wall_ns // 1000 * 1000 for beat in made.beats
    ]
    imported = written("influx", made, imported=0).decode().split("\n")
    assert len(imported) == len(HOSTILE) + 1
    assert all(POINT.fullmatch(line) for line in imported[:-1])


def test_parquet_is_read_back(made: Made) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(written("parquet", made))).to_pylist()
    assert sum(row["duration_ns"] for row in table) == total(made, "duration_ns")
    assert [row["cpu_percent"] for row in table] == [beat.cpu_percent for beat in made.beats]
    imported = parquet.read_table(io.BytesIO(written("parquet", made, imported=0))).to_pylist()
    assert [row["result"] for row in imported] == list(HOSTILE)


def test_a_format_whose_package_is_missing_says_so(
    made: Made, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if FORMATS["parquet"].is_available:
        pytest.skip("pyarrow is installed")
    target = tmp_path / "x.parquet"
    answer = run_here(capsys, "export", "--slice", str(made.sealed), "--format", "parquet", "-o", str(target))
    assert answer[0] == 2
    assert "pip install “aios-heartbeat[parquet]”" in answer[2]
    assert not target.exists()


@pytest.mark.parametrize(
    "name", [name for name, form in of_kind(FormatKind.DATA).items() if form.is_available]
)
def test_each_is_written_by_the_command_also_where_there_is_nothing(
    name: str, made: Made, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / f"x{FORMATS[name].suffix}"
    options = ["export", "--slice", str(made.sealed), "--format", name, "-o", str(target)]
    assert run_here(capsys, *options)[0] == 0
    assert str(len(made.beats)) in run_here(capsys, *options)[2]
    whole = target.stat().st_size
    status, _out, said = run_here(capsys, *options, "--range", "2001-01-01..2001-01-02")
    assert (status, "0 beats written" in said) == (0, True)
    assert target.stat().st_size <= whole


def test_a_slice_is_not_called_by_the_name_of_this_machine(
    made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"jsonl": '"host": "unknown"', "influx": "host=unknown", "openmetrics": 'host="unknown"'}
    for name, words in {**told, "trace": told["jsonl"]}.items():
        assert words in run_here(capsys, "export", "--slice", str(made.sealed), "--format", name)[1], name


def test_what_is_left_out_since_it_cannot_be_read_is_told(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = tmp_path / "damaged.aiosrec"
    part.write_bytes(made.sealed.read_bytes())
    with closing(sqlite3.connect(part)) as connection, connection:
        connection.execute("UPDATE page SET packed = x'00' WHERE hour = (SELECT min(hour) FROM page)")
    status, _out, said = run_here(capsys, "export", "--slice", str(part), "-o", str(tmp_path / "x.csv"))
    assert (status, "1 entry of the record cannot be read and is left out" in said) == (0, True)


def test_an_option_of_another_format_is_refused(made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["export", "--slice", str(made.sealed), "--format", "trace", "--every", "hour"]
    status, out, said = run_here(capsys, *options)
    assert (status, out) == (2, "")
    assert "--every does not belong to the format trace" in said


def test_the_preview_parts_no_figure_from_its_unit() -> None:
    large = Facts((ReportFact("availability", "100.00 %", tone=Tone.FINE),), are_large=True)
    html = rich_text(replace(a_report(), span="100.00 % of 24 h", sections=(Section("", "", (large,)),)))
    assert "100.00\u00a0% of 24\u00a0h" in html
    assert f"{SIGNS[Tone.FINE]}</span> availability" in html, "before the figure it leaves too little room"
