"""`import`: with and without an instance that runs, as sentences and as facts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.importing import RecordSink
from aios_gui.instance.resident import Resident
from aios_gui.record.importing.job import NoRoom
from aios_gui.system.paths import Paths
from tests.defaults import DEFAULTS
from tests.instance.test_commands import IMPORTED
from tests.processes import run_here, wait_until
from tests.record.importing.test_job import line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "stats.jsonl"
    file.write_text("".join(line(each) + "\n" for each in range(5_000)) + "x\n")
    return file


@pytest.fixture
def resident(paths: Paths) -> Iterator[Resident]:
    resident = Resident(paths, DEFAULTS, Mode.SERVICE)
    resident.start()
    yield resident
    resident.engine.stop()
    resident.shutdown()


def facts(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    status, out, _error = run_here(capsys, "import", *arguments, "--json")
    found: dict[str, object] = json.loads(out)
    return {"status": status, **found}


def test_a_file_is_imported_listed_exported_and_removed(
    file: Path, paths: Paths, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, _error = run_here(capsys, "import", str(file), "--dry-run", "--timezone", "UTC")
    assert status == 0
    assert "5,000 beats of stats.jsonl would be imported, from 2025-02-19 21:20 to" in out
    assert "1 line left out: no JSON object (line 5001)" in out
    assert run_here(capsys, "import", "--list")[1] == "nothing was imported\n"
    told = facts(capsys, str(file), "--timezone", "UTC")
    assert {
        key: told[key] for key in ("status", "state", "imported", "skipped", "first_skipped", "dry_run")
    } == {
        "status": 0,
        "state": "done",
        "imported": 5_000,
        "skipped": {"not_json": 1},
        "first_skipped": [{"line": 5_001, "reason": "not_json"}],
        "dry_run": False,
    }
    assert facts(capsys, str(file), "--timezone", "UTC")["imported"] == 0
    (listed,) = json.loads(run_here(capsys, "import", "--list", "--json")[1])
    assert (listed["mode"], listed["file"], listed["beats"]) == ("imported", "stats.jsonl", 5_000)
    for form in ("csv", "jsonl"):
        target = tmp_path / f"out.{form}"
        run_here(capsys, "export", "--range", "all", "--format", form, "-o", str(target))
        assert len(target.read_text().splitlines()) == 1, "without being asked, only this machine's own"
        run_here(capsys, "export", "--range", "all", "--format", form, "--imported", "all", "-o", str(target))
        assert len(target.read_text().splitlines()) == 5_001
        assert facts(capsys, str(target))["skipped"] == {"known": 5_000}
    assert run_here(capsys, "import", "--remove", str(listed["number"]))[0] == 0
    assert run_here(capsys, "import", "--list")[1] == "nothing was imported\n"


def test_through_an_instance_that_runs(
    resident: Resident, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wait_until(lambda: resident.snapshot.store.recording, "the record is open")
    assert facts(capsys, str(file))["imported"] == 5_000
    # It is there when the command ends.
    assert json.loads(run_here(capsys, "import", "--list", "--json")[1])[0]["beats"] == 5_000
    assert facts(capsys, str(file))["skipped"] == {"known": 5_000, "not_json": 1}
    assert resident.snapshot.made == 0


def test_progress_for_programs(file: Path, paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(each) for each in run_here(capsys, "import", str(file), "--progress")[1].splitlines()]
    assert lines[-2]["progress"] == 1
    assert lines[-1]["imported"] == 5_000
    assert lines[-1]["text"].startswith("5,000 beats of stats.jsonl were imported")
    assert lines[-1]["details"] == ["1 line left out: no JSON object (line 5001)"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name one file"),
        (["x", "--list"], "name one file"),
        (["/nowhere/x"], "cannot be read"),
        (["--remove", "7"], "nothing with the number 7"),
        (["x", "--timezone", "Mars/Olympus"], "no time zone “Mars/Olympus”"),
        (["x", "--timezone", "/etc/passwd"], "no time zone"),
    ],
)
def test_what_cannot_be_is_told_in_words(
    arguments: list[str], words: str, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _out, error = run_here(capsys, "import", *arguments)
    assert status == 2
    assert words in error


def test_where_the_record_is_nearly_as_large_as_it_may_be_nothing_is_brought(paths: Paths) -> None:
    RecordSink(paths, 10 << 20).keep(IMPORTED)
    with pytest.raises(NoRoom):
        RecordSink(paths, 1000).keep(IMPORTED)
