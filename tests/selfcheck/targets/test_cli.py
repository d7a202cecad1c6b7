"""`targets` out of a record: the table, the list for scripts, and the exit status."""

import json
from pathlib import Path

import pytest

from aios_gui import cli
from aios_gui.selfcheck.targets.model import TARGETS
from aios_gui.system.paths import find_paths
from tests.fakes import MS, recorded_beat, write_run


def record(duration_ns: int) -> None:
    write_run(find_paths().store, [recorded_beat(seq, duration_ns=duration_ns) for seq in range(120)])


def test_an_empty_record_says_what_to_do(aios_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["targets"]) == 0
    told = capsys.readouterr()
    assert "the record is empty" in told.out
    assert told.out.count("not known yet") == len(TARGETS)
    assert "aios-heartbeat service" in told.err


def test_all_that_is_known_is_reached(aios_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(25_000)
    assert cli.main(["targets"]) == 0
    told = capsys.readouterr()
    assert "25 µs" in told.out
    assert "missed" not in told.out
    assert told.err == ""


def test_what_is_missed_is_in_the_list_and_in_the_status(
    aios_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(150 * MS)
    assert cli.main(["targets", "--json"]) == 1
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(found) == [target.name for target in TARGETS]
    assert found["heartbeat"] == {
        "name": "heartbeat",
        "goal": 100.0,
        "actual": 150.0,
        "unit": "ms",
        "state": "fail",
        "comparison": "<",
        "published": True,
        "counts": True,
    }
    assert found["p99"]["state"] == "pass"
    assert found["memory_window"] == {
        "name": "memory_window",
        "goal": 130.0,
        "actual": None,
        "unit": "MB",
        "state": "unknown",
        "comparison": "≤",
        "published": False,
        "counts": False,
    }


def test_a_record_that_cannot_be_read_is_told_in_a_line(
    aios_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = find_paths().store
    store.parent.mkdir(parents=True, exist_ok=True)
    store.write_bytes(b"no record at all" * 100)
    assert cli.main(["targets"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
