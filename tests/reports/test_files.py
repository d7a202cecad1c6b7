"""Files of reports: whole or not at all, whatever ends the writing, and never the last room of the disk."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from aios_gui.reports.files import NoRoom, write_file
from tests.processes import ROOT
from tests.systems import has_signals

WRITER = """
import sys
from pathlib import Path
from aios_gui.reports.cli.working import working
from aios_gui.reports.files import write_file

def write(out):
    out.write(b"half" * 1_000_000)
    print("half", flush=True)
    while True:
        pass

with working(True):
    write_file(Path(sys.argv[1]), write)
"""


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_keeps_its_mode_and_gets_its_name_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")
    if os.name != "nt":
        target.chmod(0o644)

    def write(out: BinaryIO) -> int:
        out.write(b"new")
        assert target.read_text() == "old"
        return 7

    assert write_file(target, write) == 7
    assert target.read_text() == "new"
    assert os.name == "nt" or stat.S_IMODE(target.stat().st_mode) == 0o644
    assert names(tmp_path) == ["report.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
def test_a_ring_of_links_is_a_reason_of_the_system_like_any_other(tmp_path: Path) -> None:
    target, other = tmp_path / "report.csv", tmp_path / "other.csv"
    target.symlink_to(other)
    other.symlink_to(target)
    with pytest.raises(OSError, match="links"):
        write_file(target, lambda out: out.write(b"new"))
    assert names(tmp_path) == ["other.csv", "report.csv"]


def test_a_file_that_the_disk_has_no_room_for_is_not_begun(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")
    with pytest.raises(NoRoom) as told:
        write_file(target, lambda _out: pytest.fail("it was begun"), 1 << 60)
    assert told.value.needed_bytes > 1 << 60 > told.value.free_bytes > 0
    assert (target.read_text(), names(tmp_path)) == ("old", ["report.csv"])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError()])
def test_whatever_ends_the_writing_leaves_the_old_file(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")

    def write(out: BinaryIO) -> None:
        out.write(b"half")
        raise error

    with pytest.raises(type(error)):
        write_file(target, write)
    assert (target.read_text(), names(tmp_path)) == ("old", ["report.csv"])


@has_signals
@pytest.mark.parametrize("way", ["input", "SIGTERM", "SIGKILL"])
def test_a_job_that_is_cancelled_leaves_the_old_file(tmp_path: Path, way: str) -> None:
    target = tmp_path / "report.csv"
    target.write_text("old")
    command = [sys.executable, "-c", WRITER, str(target)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as job:
        assert job.stdin is not None
        assert job.stdout is not None
        assert job.stdout.readline() == b"half\n"
        if way == "input":
            job.stdin.close()
        else:
            job.send_signal(signal.Signals[way])
        assert job.wait() != 0
    assert target.read_text() == "old"
    assert len(names(tmp_path)) == 1 + (way == "SIGKILL")
    if way == "SIGKILL":  # what is left of it goes with the next file
        (left,) = (each for each in tmp_path.iterdir() if each != target)
        os.utime(left, (0, 0))
        write_file(target, lambda out: out.write(b"new"))
        assert (target.read_text(), names(tmp_path)) == ("new", ["report.csv"])


@has_signals
def test_a_device_and_a_pipe_are_written_as_they_are(tmp_path: Path) -> None:
    assert write_file(Path(os.devnull), lambda out: out.write(b"gone"), 1 << 60) == 4
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read:
        write_file(Path(f"/dev/fd/{writer}"), lambda out: out.write(b"through"), 1 << 60)
        os.close(writer)
        assert read.read() == b"through"
