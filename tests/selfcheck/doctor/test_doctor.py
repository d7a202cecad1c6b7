"""The doctor: finds what is broken, moves nothing, and always says what to do."""

import logging
import os
import sys
from pathlib import Path

import pytest

from aios_gui.selfcheck.doctor import files, installation
from aios_gui.selfcheck.doctor.cli import EXAMINATIONS, Examination, examine
from aios_gui.system.logs import start_logging, stop_logging
from aios_gui.system.paths import Paths, find_paths
from aios_gui.text.check import Check, CheckState
from tests.processes import run_here
from tests.systems import has_signals


def test_every_check_of_an_empty_home_says_something_and_creates_nothing(aios_home: Path) -> None:
    found = list(examine(find_paths()))
    assert [examination for examination, _check in found] == list(EXAMINATIONS)
    for examination, check in found:
        assert check.name == examination.name
        assert check.detail
        assert check.state is CheckState.OK or check.remedy
    assert list(aios_home.iterdir()) == []


def test_what_is_found_begins_in_one_column(aios_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _status, told, _error = run_here(capsys, "doctor")
    lines = [line for line in told.splitlines() if not line.startswith("  ")]
    starts = set()
    for examination, line in zip(EXAMINATIONS, lines, strict=True):
        found = line[line.index(examination.title, 8) + len(examination.title) :].lstrip()
        starts.add(len(line) - len(found))
    assert len(starts) == 1


def test_check_that_breaks_is_a_finding_and_the_others_go_on(paths: Paths) -> None:
    def broken(_paths: Paths) -> Check:
        raise LookupError("odd")

    examinations = (Examination("a", "A", broken), Examination("disk", "Disk", files.disk))
    (_examination, first), (_other, second) = examine(paths, examinations)
    assert (first.name, first.state) == ("a", CheckState.ERROR)
    assert "LookupError: odd" in first.detail
    assert second.name == "disk"


def test_log_counts_grave_lines_of_the_last_day(paths: Paths) -> None:
    import time

    now, before = time.strftime("%Y-%m-%d %H:%M:%S"), "2001-01-01 00:00:00"
    paths.log.write_text(
        f"{before},1 ERROR   1 MainThread x: old\n{now},1 INFO    1 MainThread x: no ERROR here at all, just text\n"
    )
    assert files.log(paths).state is CheckState.OK
    paths.log.write_text(f"{now},1 CRITICAL 1 MainThread x: boom\n")
    check = files.log(paths)
    assert check.state is CheckState.WARNING
    assert "boom" in check.detail


@has_signals
def test_a_pipe_in_the_place_of_the_log_holds_up_neither_the_doctor_nor_a_message(paths: Paths) -> None:
    os.mkfifo(paths.log)
    start_logging(paths)
    try:
        logging.getLogger("aios_gui").error("nobody reads this")
    finally:
        stop_logging()
    check = files.log(paths)
    assert (check.state, "is no file" in check.detail) == (CheckState.ERROR, True)


def test_display_is_looked_for_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert installation.display({}).state is CheckState.WARNING
    assert installation.display({"DISPLAY": ":7"}).detail == ":7"


@pytest.mark.parametrize("kind", ["ALWAYS", "X11"])
def test_missing_library_is_named_with_its_package(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there is no display to ask from, as over SSH: the window may be opened elsewhere."""
    monkeypatch.setattr("sys.platform", "linux")
    for each in ("ALWAYS", "X11"):
        needed = {"libnowhere.so.9": ("nowhere9", "nowhere", "nowhere")} if each == kind else {}
        monkeypatch.setattr(installation, each, needed)
    monkeypatch.setattr(installation, "_INSTALLERS", (("/", "apt install"),))
    check = installation.libraries({})
    assert check.state is CheckState.WARNING
    assert "libnowhere.so.9" in check.detail
    assert check.remedy.endswith("sudo apt install nowhere9")


def test_a_frozen_program_brings_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    check = installation.packages()
    assert (check.state, check.detail) == (CheckState.OK, "those that the program was built with")


def test_bounds_of_packages() -> None:
    cases: list[tuple[str, str, bool]] = [
        ("6.11.3", "<6.12,>=6.11", True),
        ("6.12", "<6.12,>=6.11", False),
        ("6.9", ">=6.11", False),
        ("7.0", ">=7", True),
        ("2.1.0rc1", ">=2.1", True),
        ("1.5", "!=1.5", False),
        ("1.5", "", True),
    ]
    for version, bounds, allowed in cases:
        assert installation.within(version, bounds) is allowed


def test_requirement_is_taken_apart() -> None:
    assert installation.split_requirement('pytest<10,>=8.4; extra == "dev"') == (
        "pytest",
        "<10,>=8.4",
        '; extra == "dev"',
    )
