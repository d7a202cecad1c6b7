"""CSV: what goes in comes out, exact times, and nothing that a spreadsheet would run."""

import csv
import io
from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.reports.formats.beat_texts import NAMES
from aios_gui.reports.formats.csv_format import write_beats
from aios_gui.reports.formats.raw_data import of_recorded

BEAT = RecordedBeat(
    3,
    7,
    1_700_000_000_123_456_000,
    24_123,
    140_000,
    -5,
    2,
    True,
    Cause.RUN_QUEUE,
    ("cpu", "memory"),
    False,
    81.5,
    None,
    106_000,
)


def rows(*beats: RecordedBeat) -> list[dict[str, str]]:
    out = io.StringIO()
    assert write_beats(of_recorded(beats), out) == len(beats)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_header_begins_as_other_programs_expect() -> None:
    assert ",".join(NAMES).startswith(
        "time,time_ms,duration_ms,lateness_ms,missed,path,result,cpu_percent,memory_percent,rehearsed,cause"
    )


def test_every_column_of_a_beat() -> None:
    (row,) = rows(BEAT)
    assert row.pop("time").startswith("20")
    assert row == {
        "time_ms": "1700000000123.456",
        "duration_ms": "0.024123",
        "lateness_ms": "0.140000",
        "missed": "2",
        "path": "slow",
        "result": "AIOS_ALERT:cpu,memory",
        "cpu_percent": "81.5",
        "memory_percent": "",
        "rehearsed": "1",
        "cause": "run_queue",
        "start_offset_ms": "-0.000005",
        "session": "3",
        "seq": "7",
        "unrehearsed_ms": "0.106000",
    }


@given(st.lists(st.integers(0, 4_000_000_000_000_000), min_size=1, max_size=20))
def test_time_is_the_moment_to_the_microsecond(moments_us: list[int]) -> None:
    for row, moment_us in zip(
        rows(*(replace(BEAT, wall_ns=us * 1000) for us in moments_us)), moments_us, strict=True
    ):
        at = datetime.fromisoformat(row["time"])
        assert at.tzinfo is not None
        assert len(row["time"].partition(".")[2]) == len("123456+00:00")
        assert round(at.replace(microsecond=0).timestamp()) * 10**6 + at.microsecond == moment_us
        assert row["time_ms"].replace(".", "").lstrip("0") == str(moment_us).lstrip("0")


def test_outcomes() -> None:
    fine, failed = rows(replace(BEAT, breached=()), replace(BEAT, failed=True))
    assert (fine["result"], fine["path"]) == ("HEARTBEAT_OK", "fast")
    assert (failed["result"], failed["path"]) == ("HEARTBEAT_ERROR", "slow")
