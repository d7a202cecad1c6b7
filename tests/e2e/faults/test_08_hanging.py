"""What hangs for ever, as a dying disk does: it is told while it hangs, and the program ends all the same."""

import json
import os
import re
import sys
from functools import partial
from pathlib import Path

import pytest

from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import LatestAnswer, Quit
from aios_gui.instance.lock import is_locked
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import altered, at_once, heartbeat, home_at, window
from tests.processes import answered, beats_of, wait_until
from tests.systems import loads_while_it_asks

LONGEST_S = 60.0


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


def is_overdue(latest: LatestAnswer) -> bool:
    """Whether it beats, and the beats are not recorded; until it beats, all of them are overdue."""
    return latest.overdue and latest.state == "running"


def test_a_service_whose_disk_hangs_says_so_and_ends(paths: Paths, switch: Path) -> None:
    with heartbeat(paths, command=altered("hanging_write", switch)) as running:
        running.wait_for_beats(3)
        block(switch)
        wait_until(lambda: is_overdue(running.ask()), "the beats are overdue", pause_s=0.05)
        beat = answered("beat", "--json")
        assert beat.returncode == 2
        facts = json.loads(beat.stdout)
        assert facts["result"] == "HEARTBEAT_ERROR"
        assert facts["text"].startswith("HEARTBEAT_ERROR:no beat for ")
        assert facts["age_ms"] > 1_500
        assert facts["duration_ms"] is not None, "what is known of the last beat stays"
        assert "no beat was recorded for" in beat.stderr
        doctor = answered("doctor", "--json")
        (check,) = [each for each in json.loads(doctor.stdout)["checks"] if each["name"] == "instance"]
        assert check["state"] == "error"
        assert "Not recording since" in check["detail"]
        ended = answered("quit")
        assert (ended.returncode, ended.stderr) == (0, "")
        out, err = running.process.communicate(timeout=LONGEST_S)
    assert running.process.returncode == 2
    assert "did not end in time" in err
    made = re.match(r"beats=(\d+) due=", out.splitlines()[-1])
    assert made is not None, "what scripts read comes all the same"
    assert int(made[1]) > len(beats_of(paths)), "and it counts what was made while nothing was recorded"
    assert not is_locked(paths)
    log = paths.log.read_text(encoding="utf-8")
    assert "the record was not closed within" in log


def test_a_disk_that_hangs_from_the_start_is_told_and_the_service_ends(paths: Paths, switch: Path) -> None:
    block(switch)
    with heartbeat(paths, command=altered("hanging_open", switch)) as running:
        wait_until(lambda: paths.instance_file.exists(), "the instance")
        wait_until(lambda: is_overdue(running.ask()), "the beats are overdue", pause_s=0.05)
        beat = answered("beat", "--json")
        assert beat.returncode == 2
        assert json.loads(beat.stdout)["duration_ms"] is None
        answered("quit")
        _out, err = running.process.communicate(timeout=LONGEST_S)
    assert running.process.returncode == 2
    assert "did not end in time" in err


@loads_while_it_asks
def test_a_window_that_is_quit_while_something_hangs_leaves_no_process_and_no_lock(tmp_path: Path) -> None:
    at_once(*(partial(ends_though_it_hangs, tmp_path / what, what) for what in ("write", "release", "read")))


def ends_though_it_hangs(folder: Path, what: str) -> None:
    paths = home_at(folder)
    switch = folder / "hang"
    if what == "read":
        block(switch)
    panel = "live" if what == "read" else "startup"
    with window(paths, panel=panel, command=altered(f"hanging_{what}", switch)) as running:
        wait_until(lambda: len(beats_of(paths)) >= 1, "the first beat", pause_s=0.05)
        if what == "read":
            wait_until(switch.with_suffix(".reached").exists, "it hangs")
        else:
            block(switch)
        # Until the window has come that far, it is not done.
        wait_until(lambda: ChannelClient(paths, 5.0).execute(Quit()).done, "it takes the end")
        _out, err = running.process.communicate(timeout=LONGEST_S)
    assert running.process.returncode == 2
    assert "did not end in time" in err
    assert not is_locked(paths)
