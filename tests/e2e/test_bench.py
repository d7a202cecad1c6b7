"""The real `bench` in its own process: cancelled, ended or left by its parent, it leaves nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import PATIENCE_S, command_in_progress, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def bench(scratch: Path) -> Iterator[subprocess.Popen[str]]:
    """A benchmark that has begun, and whose temporary files lie in ``scratch``."""
    with command_in_progress("bench", "--progress", TMPDIR=str(scratch)) as (process, line):
        progress = json.loads(line)
        assert (progress["progress"], progress["now"]) == (0, "original")
        yield process


def holds_a_file_in(process: subprocess.Popen[str], folder: Path) -> bool:
    """Whether the process has a file open there, with a name or without one."""
    found = []
    for link in Path(f"/proc/{process.pid}/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue
    return any(name.startswith(str(folder)) for name in found)


def assert_nothing_is_left(aios_home: Path, scratch: Path) -> None:
    assert list(scratch.iterdir()) == []
    assert list(aios_home.rglob("*.sqlite3*")) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_at_once(
    number: signal.Signals, bench: subprocess.Popen[str], aios_home: Path, scratch: Path
) -> None:
    bench.send_signal(number)
    out, error = bench.communicate(timeout=PATIENCE_S)
    assert (bench.returncode, error) == (130, "")
    assert "heartbeats" not in out
    assert_nothing_is_left(aios_home, scratch)


def test_left_by_its_parent_it_ends_at_once(
    bench: subprocess.Popen[str], aios_home: Path, scratch: Path
) -> None:
    assert bench.stdin is not None
    bench.stdin.close()
    assert bench.wait(PATIENCE_S) == 130
    assert_nothing_is_left(aios_home, scratch)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_killed_within_the_original_heartbeat_it_leaves_no_file(
    bench: subprocess.Popen[str], aios_home: Path, scratch: Path
) -> None:
    wait_until(lambda: holds_a_file_in(bench, scratch), "the file of the event bus")
    bench.kill()
    bench.wait(PATIENCE_S)
    assert_nothing_is_left(aios_home, scratch)
