"""`profile` in a process of its own: its figures, and that whatever ends it leaves nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aios_gui.selfcheck.profile.model import STAGES
from tests.processes import PATIENCE_S, answered, command_in_progress, run_command
from tests.systems import WINE

CANCELLED = 130


@pytest.fixture
def data(aios_home: Path) -> Path:
    """The folder where the record would be, and the profile's own is."""
    folder = aios_home / "data"
    folder.mkdir()
    return folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_command("profile", *arguments)


@contextmanager
def long_one() -> Iterator[subprocess.Popen[str]]:
    """One that tells its progress and would take minutes; it has begun."""
    with command_in_progress("profile", "--progress", "--runs", "100000") as (process, line):
        assert json.loads(line)["progress"] == 0
        yield process


def test_json_has_every_stage_and_both_totals(aios_home: Path, data: Path) -> None:
    answer = run("--json", "--runs", "20")
    assert (answer.returncode, answer.stderr) == (0, "")
    facts = json.loads(answer.stdout)
    assert [stage["name"] for stage in facts["stages"]] == [stage.name for stage in STAGES]
    assert all(0 < stage["p50_us"] <= stage["p99_us"] for stage in facts["stages"])
    assert {stage["group"] for stage in facts["stages"]} == {"beat", "recorder", "slow_path"}
    for name in ("plain", "instrumented", "difference", "unattributed", "duration"):
        assert {f"{name}_p50_us", f"{name}_p99_us"} <= set(facts)
    assert facts["runs"] == 20
    assert list(data.iterdir()) == []
    # Wine tells no swap, of which the log tells.
    assert {each.name for each in aios_home.iterdir()} - ({"logs"} if WINE else set()) == {data.name}


def test_for_people_it_is_a_table_by_groups() -> None:
    answer = answered("profile", "--runs", "10")
    assert (answer.returncode, answer.stderr) == (0, "")
    for words in ("The beat", "The recorder", "The slow path", "Read CPU", "Whole path, as in use"):
        assert words in answer.stdout


def test_progress_comes_a_line_each_and_the_result_last() -> None:
    answer = answered("profile", "--progress", "--runs", "10")
    *lines, last = map(json.loads, answer.stdout.splitlines())
    assert [line["progress"] for line in lines][-1] == 1
    assert all(set(line) == {"progress", "remaining_s", "now"} for line in lines)
    assert "stages" in last


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ended_by_a_signal_it_leaves_nothing(data: Path, number: signal.Signals) -> None:
    with long_one() as process:
        assert len(list(data.iterdir())) == 1
        process.send_signal(number)
        process.send_signal(number)
        _out, error = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, error) == (CANCELLED, "")
    assert list(data.iterdir()) == []


def test_it_ends_with_its_parent_and_leaves_nothing(data: Path) -> None:
    with long_one() as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE_S) == CANCELLED
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert list(data.iterdir()) == []


def test_what_a_killed_one_left_is_gone_after_the_next(data: Path) -> None:
    with long_one() as process:
        process.kill()
    assert len(list(data.iterdir())) == 1
    assert run("--runs", "10").returncode == 0
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("runs", ["9", "many", "1e9"])
def test_a_number_of_runs_that_makes_no_sense_is_refused(runs: str) -> None:
    answer = answered("profile", "--runs", runs)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1)
