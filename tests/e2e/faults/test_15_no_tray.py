"""A bare screen without tray or window manager, and one that goes away: it shows its window, and loses no beat."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from aios_gui.instance.lock import is_locked
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import altered, complete, heartbeat, linux, nothing_escaped, whole, window
from tests.processes import COMMAND, beats_of, wait_until

pytestmark = [
    linux,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="the package xvfb is not installed"),
]


@contextmanager
def bare_screen() -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """An X server with nothing on it, and what a program needs to appear there."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, pass_fds=(writing,), stdin=quiet, stdout=quiet, stderr=quiet) as server:
        os.close(writing)
        with os.fdopen(reading) as numbers:
            display = numbers.readline().strip()
        yield server, {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
        server.terminate()


def test_started_into_a_tray_that_is_not_there_it_shows_its_window_and_stays(
    paths: Paths, tmp_path: Path
) -> None:
    shows_its_window(paths, altered("impatient_for_a_tray", tmp_path))


@pytest.mark.long
def test_it_waits_for_a_tray_as_long_as_it_does_for_people(paths: Paths) -> None:
    shows_its_window(paths, COMMAND)


def shows_its_window(paths: Paths, command: Sequence[str]) -> None:
    with (
        bare_screen() as (_server, environ),
        window(paths, "--minimized", command=command, **environ) as running,
    ):
        running.wait_until_it_beats()
        wait_until(lambda: running.ask().shown in ("window", "minimized"), "its window")
        running.beats_on(5)
        running.quit()
    beats = whole(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    nothing_escaped(paths)


def test_a_screen_that_goes_away_as_at_log_off_costs_a_second_of_beats_at_most(paths: Paths) -> None:
    with bare_screen() as (server, environ), window(paths, **environ) as running:
        running.wait_until_it_beats()
        wait_until(lambda: running.ask().shown == "window", "its window")
        running.beats_on(20)
        made = running.snapshot().made
        server.kill()
        running.process.communicate(timeout=20)
    assert not is_locked(paths)
    beats = whole(paths)
    assert len(beats) >= made - 1.0 / 0.05
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        complete(paths, running.quit())
    assert len(beats_of(paths)) > len(beats)
    nothing_escaped(paths)
