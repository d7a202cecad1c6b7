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
from tests.processes import COMMAND, wait_until

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


def test_without_a_tray_it_shows_its_window_and_without_a_screen_it_ends(
    paths: Paths, tmp_path: Path
) -> None:
    loses_tray_and_screen(paths, altered("impatient_for_a_tray", tmp_path))


@pytest.mark.long
def test_it_waits_for_a_tray_as_long_as_it_does_for_people(paths: Paths) -> None:
    loses_tray_and_screen(paths, COMMAND)


def loses_tray_and_screen(paths: Paths, command: Sequence[str]) -> None:
    """A start into the tray on a bare screen, which then goes away, as at log-off."""
    with (
        bare_screen() as (server, environ),
        window(paths, "--minimized", command=command, **environ) as running,
    ):
        running.wait_until_it_beats()
        wait_until(lambda: running.ask().shown in ("window", "minimized"), "its window", pause_s=0.05)
        running.beats_on(20)
        made = running.snapshot().made
        server.kill()
        running.process.communicate(timeout=20)
    assert not is_locked(paths)
    beats = whole(paths)
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert len(beats) >= made - 1.0 / 0.05, "a second of beats at most is lost"
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        complete(paths, running.quit())
    nothing_escaped(paths)


def test_a_service_takes_over_from_the_window_and_goes_on_with_its_record(paths: Paths) -> None:
    with window(paths) as first:
        first.wait_until_it_beats()
        first.beats_on(5)
        with heartbeat(paths, "service", "--take-over") as second:
            assert first.ended() == 0
            second.wait_until_it_beats()
            second.beats_on(5)
            second.quit()
    beats = whole(paths)
    sessions = [beat.session for beat in beats]
    assert sorted(set(sessions)) == [1, 2]
    assert sessions == sorted(sessions)
    nothing_escaped(paths)


def test_it_takes_over_from_a_service_too(paths: Paths) -> None:
    with heartbeat(paths) as first:
        first.wait_until_it_beats()
        with heartbeat(paths, "service", "--take-over") as second:
            first.ended()
            second.wait_until_it_beats()
            second.quit()
