"""`bench` as a function, with a benchmark that takes no time."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aios_gui import cli
from aios_gui.instance.commands import KeepMeasurement
from aios_gui.instance.submit import bring_into_record
from aios_gui.selfcheck.benchmark import runs
from aios_gui.selfcheck.benchmark.facts import facts_of
from aios_gui.selfcheck.benchmark.model import BenchmarkResult, Heartbeat
from aios_gui.selfcheck.record import Measurement, MeasurementKind
from aios_gui.system.paths import find_paths
from aios_gui.system.progress import Progress
from tests.fakes import WALL
from tests.processes import run_here
from tests.selfcheck.benchmark.fakes import some_result

Tell = Callable[[Progress], object]


@pytest.fixture(autouse=True)
def instant(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(_store: Path, quick: bool, tell: Tell) -> BenchmarkResult:
        for number, name in enumerate(Heartbeat):
            tell(Progress(number / 4, 100 - 25 * number, name))
        return some_result(quick=quick)

    monkeypatch.setattr(runs, "run_benchmark", measure)
    # The test's own handlers are not the command's business.
    monkeypatch.setattr("signal.signal", lambda *_: None)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    return run_here(capsys, "bench", *arguments)


def test_plainly_it_prints_a_table_and_keeps_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, told = run(capsys, "--quick")
    assert (status, told) == (0, "")
    assert "(quick)" in out
    assert all(f"\n{name}" in out for name in Heartbeat)
    status, out, told = run(capsys, "--list")
    assert (status, told) == (0, "")
    assert out.startswith("   1  Four heartbeats")
    assert "71,429×" in out


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, told = run(capsys, "--json")
    assert (status, told) == (0, "")
    assert json.loads(out) == facts_of(some_result())
    status, out, _told = run(capsys, "--list", "--json")
    (listed,) = json.loads(out)
    assert (listed["id"], listed["quick"]) == (1, False)
    assert listed["speedup"] == facts_of(some_result())["speedup"]


def test_for_programs_progress_comes_a_line_each_and_the_result_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, told = run(capsys, "--progress")
    *progress, last = map(json.loads, out.splitlines())
    assert (status, told, last) == (0, "", facts_of(some_result()))
    assert progress[1] == {"progress": 0.25, "remaining_s": 75, "now": "optimized"}


def test_an_earlier_one_is_shown_and_written_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(capsys)
    target = tmp_path / "result.csv"
    status, out, told = run(capsys, "--show", "1", "-o", str(target))
    assert status == 0
    assert out.startswith("Four heartbeats")
    assert str(target) in told
    assert len(list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))) == 8
    status, out, _told = run(capsys, "--show", "1", "--json")
    assert json.loads(out) == facts_of(some_result())
    assert run(capsys, "--list")[1].count("\n") == 1, "showing makes none"


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("a.md", [], "# Four"),
        ("a.csv", [], "started_at,"),
        ("a.json", [], "{"),
        ("a.dat", [], "{"),
        ("a.txt", ["--format", "md"], "# Four"),
    ],
)
def test_the_format_is_as_asked_or_by_the_ending(
    name: str, options: list[str], begins: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(capsys, "-o", str(tmp_path / name), *options)[0] == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


def test_the_standard_output_is_a_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, told = run(capsys, "-o", "-", "--format", "md")
    assert (status, told) == (0, "")
    assert out.startswith("# Four")
    assert json.loads(run(capsys, "-o", "-")[1]) == facts_of(some_result())


def test_a_record_that_cannot_be_written_costs_no_result(capsys: pytest.CaptureFixture[str]) -> None:
    find_paths().store.mkdir(parents=True)
    status, out, told = run(capsys, "--json")
    assert (status, json.loads(out)) == (0, facts_of(some_result()))
    assert told.startswith("aios-heartbeat: the result could not be put into the record: ")
    assert told.count("\n") == 1


def test_a_damaged_record_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    store = find_paths().store
    store.parent.mkdir(parents=True)
    store.write_bytes(b"garbage" * 2000)
    status, _out, told = run(capsys)
    assert status == 0
    assert "set aside as" in told
    store.write_bytes(b"garbage" * 2000)
    status, out, told = run(capsys, "--list")
    assert (status, out) == (2, "")
    assert "cannot be read" in told


def test_what_another_version_made_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    measured = Measurement(MeasurementKind.BENCHMARK, WALL, {"heartbeats": "many"})
    bring_into_record(find_paths(), KeepMeasurement(measured))
    assert "another version" in run(capsys, "--list")[1]
    assert run(capsys, "--list", "--json")[1].strip() == "[]"
    status, out, told = run(capsys, "--show", "1")
    assert (status, out) == (2, "")
    assert "another version" in told


def test_an_empty_list_says_how_to_fill_it(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, told = run(capsys, "--list")
    assert (status, out) == (0, "")
    assert "makes one" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["--show", "7"],
        ["--show", "x"],
        ["--json", "--progress"],
        ["--list", "--show", "1"],
        ["--format", "md"],
        ["-o", "/no/such/folder/a.json"],
        ["-o", "/"],
        ["--format", "pdf", "-o", "a.pdf"],
    ],
)
def test_wrong_usage_is_one_line_before_anything_is_measured(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, told = run(capsys, *arguments)
    assert (status, out, told.count("\n")) == (2, "", 1)
    assert not find_paths().store.exists()


def test_a_machine_that_cannot_be_measured_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_store: Path, _quick: bool, _tell: Tell) -> BenchmarkResult:
        raise OSError("no figures")

    monkeypatch.setattr(runs, "run_benchmark", fail)
    status, out, told = run(capsys)
    assert (status, out) == (2, "")
    assert told.startswith("aios-heartbeat: the machine cannot be measured: no figures")


def test_cancelled_it_keeps_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancel(_store: Path, _quick: bool, tell: Tell) -> BenchmarkResult:
        tell(Progress(0.0, 120, Heartbeat.ORIGINAL))
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "run_benchmark", cancel)
    assert run(capsys) == (cli.INTERRUPTED, "", "")
    assert not find_paths().store.exists()
    assert sys.stdout is not None
