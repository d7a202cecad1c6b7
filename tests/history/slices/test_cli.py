"""`slice` as a function, and reading what it wrote with the commands that read a record."""

import json
import signal
from pathlib import Path

import pytest

from aios_gui.alerts.model.incident import HiccupFinding, Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.history.notes.model import Note
from aios_gui.system.paths import Paths
from tests.fakes import WALL, S, recorded_beat, write_run
from tests.history.slices.test_slices import FINDING, SECRET
from tests.processes import COMMAND, PATIENCE_S, child, run_here, wait_until
from tests.systems import has_signals

SPAN = "2025-06-01..2025-07-01"


@pytest.fixture
def slice_file(paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A slice that was cut out of the record here, which is gone."""
    from aios_gui.heartbeat.model.items import Event, EventKind

    hiccup = Event(EventKind.HICCUP, WALL + 5 * S, 5, {"lateness_ns": 80_000_000, "missed": 0})
    beats = [recorded_beat(seq) for seq in range(10)]
    write_run(paths.store, [*beats, hiccup, HiccupFinding(hiccup.wall_ns, 5, FINDING)])
    file = tmp_path / "stall.aiosrec"
    status, out, _error = run_here(capsys, "slice", "--range", SPAN, "-o", str(file), "--yes")
    assert status == 0
    assert "10 beats" in out
    assert SECRET in out
    paths.store.unlink()
    return file


def test_commands_read_it_in_place_of_the_record(
    slice_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _error = run_here(capsys, "hiccups", "--slice", str(slice_file), "--json")
    (hiccup,) = json.loads(out)
    assert (status, hiccup["length_ms"], hiccup["culprits"][0]["name"]) == (0, 80.0, SECRET)
    status, out, _error = run_here(capsys, "export", "--slice", str(slice_file))
    assert (status, len(out.splitlines())) == (0, 11)
    for command in (["incidents"], ["changes"], ["who", "--range", "all"]):
        assert run_here(capsys, *command, "--slice", str(slice_file), "--json")[:2][0] == 0


@pytest.mark.parametrize(
    ("language", "left_open"), [("en", "open when the recording ended"), ("zh_CN", "记录结束时仍未恢复")]
)
def test_an_incident_without_an_end_is_not_told_as_ongoing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, left_open: str
) -> None:
    file = tmp_path / "stall.aiosrec"
    incident = Incident(7, "cpu", "cpu_percent", Level.WARNING, WALL + 2 * S, 97.0, 80.0, over_ns=7 * S)
    write_run(file, [*(recorded_beat(seq) for seq in range(10)), incident])
    for template in ("incident", "month"):
        order = ("report", "--slice", str(file), "--template", template, "--format", "markdown")
        _status, out, _error = run_here(capsys, *order, "--language", language, "-o", "-")
        assert left_open in out
        for false in ("so far", "ongoing", "进行中", "已 7"):
            assert false not in out


def test_it_is_not_written_over_a_file(slice_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = slice_file.read_bytes()
    status, _out, error = run_here(capsys, "slice", "--range", SPAN, "-o", str(slice_file), "--yes")
    assert (status, slice_file.read_bytes()) == (2, content)
    assert "is there already" in error


def test_a_file_that_is_none_is_refused_in_a_line(
    paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no.aiosrec").write_bytes(b"SQLite format 3\0" + bytes(5000))
    status, out, error = run_here(capsys, "hiccups", "--slice", str(tmp_path / "no.aiosrec"))
    assert (status, out, len(error.splitlines())) == (2, "", 1)
    assert "not a record of AIOS Heartbeat" in error


def test_nothing_is_written_without_a_yes(
    paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(paths.store, [recorded_beat(0)])
    status, _out, error = run_here(capsys, "slice", "--range", SPAN, "-o", str(tmp_path / "a"))
    assert status == 2
    assert "--yes" in error
    assert not (tmp_path / "a").exists()


# It tells more than a pipe takes, and waits with its slice until that is read.
TELLING = *COMMAND, "slice", "--range", SPAN, "--dry-run", "--json"


@pytest.fixture
def folder(paths: Paths, tmp_path: Path) -> Path:
    """For temporary files; there is a record of which a slice tells much."""
    notes = [Note(WALL + number, WALL + number, f"{number:0100}", WALL) for number in range(2000)]
    write_run(paths.store, [recorded_beat(0), *notes])
    (folder := tmp_path / "temporary").mkdir()
    return folder


@has_signals
def test_one_that_is_ended_by_a_signal_leaves_nothing_behind(folder: Path) -> None:
    with child(*TELLING, TMPDIR=str(folder)) as process:
        wait_until(lambda: list(folder.glob("*/slice")), "a slice in the making")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode > 0
    assert list(folder.iterdir()) == []


def test_what_one_left_that_was_killed_goes_with_the_next_one(folder: Path) -> None:
    temporary = dict.fromkeys(("TMPDIR", "TEMP"), str(folder))
    with child(*TELLING, **temporary) as process:
        wait_until(lambda: list(folder.glob("*/slice")), "a slice in the making")
        process.kill()
        process.communicate(timeout=PATIENCE_S)
    assert list(folder.glob("*/slice"))
    with child(*TELLING, **temporary) as process:
        process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0
    assert list(folder.iterdir()) == []
