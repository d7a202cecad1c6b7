"""What hangs for ever, as a dying disk does: it is told while it hangs, and the program ends all the same."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest
from aios_gui.instance.lock import is_locked
from aios_gui.system.paths import Paths, find_paths
from tests.processes import NO_DESKTOP, beats_of, child, run_command, wait_until

LONGEST_S = 60.0
PROGRAM = """
import sys, threading
from pathlib import Path
from aios_gui.instance import recorder, resident
from aios_gui.instance.lock import InstanceLock
from aios_gui.record.store.reader import History
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system import termination
from aios_gui.system.paths import find_paths

what, switch = sys.argv[1], Path(sys.argv[2])
recorder.SILENT_NS = resident.OVERDUE_NS = 1_500_000_000
recorder.Recorder.stop.__defaults__ = (0.5,)  # the bounds of the program itself are seconds
termination.LastResort.__init__.__defaults__ = (3.0,)


def hanging(real):
    def method(*arguments, **named):
        if switch.is_fifo():
            switch.open()  # in the system itself, until something is written into it
        elif switch.exists():
            threading.Event().wait()
        return real(*arguments, **named)

    return method


if what == "write":
    SqliteWriter.write = hanging(SqliteWriter.write)
elif what == "open":
    SqliteWriter.open = hanging(SqliteWriter.open)
elif what == "release":
    InstanceLock.release = hanging(InstanceLock.release)
elif what == "read":
    History.series = hanging(History.series)
if sys.argv[3] == "service":
    from aios_gui.cli import main
else:
    from aios_gui.app import main
raise SystemExit(main(sys.argv[3:]))
"""


@pytest.fixture
def paths(aios_home: Path) -> Paths:
    return find_paths()


@pytest.fixture
def switch(tmp_path: Path) -> Path:
    """From when this file is there, it hangs."""
    return tmp_path / "hang"


def block(switch: Path) -> None:
    """From now on it hangs: by a pipe that is never written into, where the system has such files."""
    if sys.platform == "win32":
        switch.touch()
    else:
        os.mkfifo(switch)


@contextmanager
def program(what: str, switch: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The real program, but for one call that hangs once the switch is there; killed at the latest at the end."""
    with child(sys.executable, "-c", PROGRAM, what, str(switch), *arguments, **NO_DESKTOP) as process:
        yield process


def test_a_service_whose_disk_hangs_says_so_and_ends(paths: Paths, switch: Path) -> None:
    with program("write", switch, "service", "--interval", "0.05") as process:
        wait_until(lambda: len(beats_of(paths)) >= 3, "the first beats")
        block(switch)
        wait_until(lambda: ChannelClient(paths, 20).execute(GetLatest()).overdue, "the beats are overdue")
        beat = run_command("beat", "--json")
        assert beat.returncode == 2
        facts = json.loads(beat.stdout)
        assert facts["result"] == "HEARTBEAT_ERROR"
        assert facts["text"].startswith("HEARTBEAT_ERROR:no beat for ")
        assert facts["age_ms"] > 1_500
        assert facts["duration_ms"] is not None, "what is known of the last beat stays"
        assert "no beat was recorded for" in beat.stderr
        doctor = run_command("doctor", "--json")
        (check,) = [each for each in json.loads(doctor.stdout)["checks"] if each["name"] == "instance"]
        assert check["state"] == "error"
        assert "Not recording since" in check["detail"]
        ended = run_command("quit")
        assert (ended.returncode, ended.stderr) == (0, "")
        out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 2
    assert "did not end in time" in err
    made = re.match(r"beats=(\d+) due=", out.splitlines()[-1])
    assert made is not None, "what scripts read comes all the same"
    assert int(made[1]) > len(beats_of(paths)), "and it counts what was made while nothing was recorded"
    assert not is_locked(paths)
    log = paths.log.read_text(encoding="utf-8")
    assert "the record was not closed within" in log


def test_a_disk_that_hangs_from_the_start_is_told_and_the_service_ends(paths: Paths, switch: Path) -> None:
    block(switch)
    with program("open", switch, "service", "--interval", "0.05") as process:
        wait_until(lambda: paths.instance_file.exists(), "the instance")
        wait_until(lambda: ChannelClient(paths, 20).execute(GetLatest()).overdue, "the beats are overdue")
        beat = run_command("beat", "--json")
        assert beat.returncode == 2
        assert json.loads(beat.stdout)["duration_ms"] is None
        run_command("quit")
        _out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 2
    assert "did not end in time" in err


@pytest.mark.parametrize("what", ["write", "release", "read"])
def test_a_window_that_is_quit_while_something_hangs_leaves_no_process_and_no_lock(
    paths: Paths, switch: Path, what: str
) -> None:
    if what == "read":
        block(switch)
    with program(what, switch, "--quit-after", "2") as process:
        wait_until(lambda: len(beats_of(paths)) >= 1, "the first beat")
        if what != "read":
            block(switch)
        _out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 2
    assert "did not end in time" in err
    assert not is_locked(paths)
