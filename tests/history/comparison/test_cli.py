"""`compare` as a function, over a record whose second half is slower."""

import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from tests.fakes import HOUR, MS, S, recorded_beat
from tests.processes import run_here

MINUTE = 60 * S
MONDAY = 1_749_427_200 * S
"""2025-06-09, midnight in UTC."""
DAYS = 4
A, B = ("2025-06-09T00:00Z..2025-06-11T00:00Z", "2025-06-11T00:00Z..2025-06-13T00:00Z")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A beat a minute for four days, most of them sealed; in the second half late ones are three times as late."""
    path = tmp_path_factory.mktemp("four-days") / "heartbeat.sqlite3"
    chance = random.Random(5)
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    facts = {"version": "1.2", "interval_ns": MINUTE, "sampler": "procfs"}
    session = writer.begin_session(MONDAY, "service", facts)
    beats = []
    for seq in range(DAYS * 24 * 60):
        lateness_ns = round(chance.lognormvariate(11, 0.2))
        if chance.random() < 0.05:
            lateness_ns *= 30 if seq >= DAYS * 12 * 60 else 10
        beats.append(recorded_beat(seq, MONDAY + seq * MINUTE, lateness_ns=lateness_ns))
    hiccup = Event(EventKind.HICCUP, MONDAY + HOUR, 60, {"lateness_ns": 80 * MS, "missed": 0})
    changed = Event(EventKind.INTERVAL_CHANGED, MONDAY, 0, {"interval_ns": MINUTE})
    writer.write([*beats, hiccup, changed], session)
    for _step in sealing(writer.connection, {}, (MONDAY + 84 * HOUR) // 1000, set()):
        pass
    writer.close()
    return path


@pytest.fixture
def record(paths: Paths, made: Path) -> Paths:
    """That record in the home of the test."""
    shutil.copy(made, paths.store)
    return paths


def test_a_slower_half_is_worse_and_fails_where_that_is_asked(
    record: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _error = run_here(capsys, "compare", A, B, "--json", "--fail-on", "lateness.p99>+50%")
    found = json.loads(out)
    assert (status, found["verdict"]) == (1, "worse")
    by_name = {each["name"]: each for each in found["measures"]}
    assert 2 < by_name["lateness.p99"]["ratio"] < 4.5
    assert by_name["duration.p50"]["verdict"] == "no_difference"
    assert (found["a"]["hours"], found["b"]["hours"]) == (48, 48)
    assert by_name["worst_stall"]["a"] == 80.0
    assert run_here(capsys, "compare", A, B, "--fail-on", "lateness.p99>+900%")[0] == 0


def test_the_verdict_stands_first(record: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _error = run_here(capsys, "compare", A, B)
    assert status == 0
    assert out.startswith("The second span is worse: lateness, P99 ")
    assert "Seed of the random numbers: 1." in out


def test_a_session_that_is_none_is_left_out(record: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(record.store)) as connection:
        connection.executemany(
            "INSERT INTO session (started_us, mode, facts) VALUES (?,?,?)",
            [
                ("text" * 100_000, "service", "{}"),
                (MONDAY // 1000, b"\xff", "{}"),
                (MONDAY // 1000, "window", "[["),
            ],
        )
        connection.commit()
    status, out, _error = run_here(capsys, "compare", A, B, "--json")
    assert (status, json.loads(out)["verdict"]) == (0, "worse")


def test_a_span_without_beats_is_not_enough(record: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _error = run_here(capsys, "compare", A, "2024-01-01..2024-01-08", "--json")
    found = json.loads(out)
    assert (status, found["verdict"], found["b"]["hours"]) == (0, "not_enough", 0)


@pytest.mark.parametrize("text", ["p99>10%", "lateness.p99", "worst_stall>+10%", "lateness.p99>x%"])
def test_a_limit_that_is_none_is_told(record: Paths, capsys: pytest.CaptureFixture[str], text: str) -> None:
    status, out, error = run_here(capsys, "compare", A, B, "--fail-on", text)
    assert (status, out) == (2, "")
    assert "lateness.p99_9" in error
