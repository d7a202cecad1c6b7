"""What the beat asks of the system fails or hangs: a beat with its error named, and a beat that is stuck is told."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    EVER,
    Heartbeat,
    altered,
    complete,
    heartbeat,
    linux,
    nothing_escaped,
    plausible,
    put,
)
from tests.processes import answered, stay, wait_until

ERRORS = ("AccessDenied", "NoSuchProcess", "RuntimeError", "OSError")


@linux
def test_whatever_the_system_raises_the_beat_is_made_and_names_it(paths: Paths, tmp_path: Path) -> None:
    switch = tmp_path / "raise"
    with heartbeat(paths, command=altered("psutil_fails", switch)) as running:
        running.wait_until_it_beats()
        for error in ERRORS:
            put(switch, error)
            wait_until(partial(names, running, error), f"a beat that names {error}")
        beat = answered("beat")
        assert beat.returncode == 2
        assert beat.stdout.startswith("HEARTBEAT_ERROR:")
        switch.unlink()
        wait_until(
            lambda: told(running).startswith(("HEARTBEAT_OK", "AIOS_ALERT")), "a beat that is well again"
        )
        running.beats_on()
        beats = complete(paths, running.quit())
    assert any(beat.failed for beat in beats)
    assert all(beat.cpu_percent is None for beat in beats if beat.failed)
    log = paths.log.read_text(encoding="utf-8")
    reasons = re.findall(r" could not read the CPU and memory figures: (.*)", log)
    assert all(any(error in reason for reason in reasons) for error in ERRORS), "also who looks later is told"
    assert len(set(reasons)) == len(reasons), "each once"
    plausible(paths)
    nothing_escaped(paths)


def names(running: Heartbeat, error: str) -> bool:
    return error in told(running)


def told(running: Heartbeat) -> str:
    """The line that scripts read of the latest beat."""
    beat = running.ask().beat
    return str(beat["text"]) if beat is not None else ""


@linux
def test_a_beat_that_hangs_is_told_while_it_hangs(paths: Paths, tmp_path: Path) -> None:
    beat_hangs(0.0, paths, tmp_path)


@linux
@pytest.mark.long
def test_a_beat_that_hangs_for_ten_seconds(paths: Paths, tmp_path: Path) -> None:
    beat_hangs(10.0, paths, tmp_path)


def beat_hangs(span_s: float, paths: Paths, tmp_path: Path) -> None:
    with heartbeat(paths, command=altered("psutil_fails", tmp_path / "raise")) as running:
        running.wait_until_it_beats()
        with hanging(tmp_path / "beat"):
            seen = running.wait_until_it_shows(lambda seen: stuck_in(seen), "it is told")
            stay(span_s)
            assert running.snapshot().made == seen.made
            wait_until(lambda: running.ask().overdue, "its beats are overdue")
            assert json.loads(answered("beat", "--json").stdout)["result"] == "HEARTBEAT_ERROR"
        running.beats_on()
        beats = complete(paths, running.quit())
    (event,) = stuck_in(seen)
    assert "read_cpu" in str(event.facts["stack"])
    with RecordReader(paths.store) as reader:
        assert [each.facts for each in reader.events(*EVER, EventKind.STUCK)] == [event.facts], "told once"
    assert max(beat.missed for beat in beats) > 10, "what was missed is counted"
    nothing_escaped(paths)


def stuck_in(seen: Snapshot) -> list[Event]:
    """What is told of beats that are stuck."""
    return [event for event in seen.notices if event.kind is EventKind.STUCK]


@linux
@pytest.mark.long
def test_what_lies_beside_the_beats_hangs_for_ten_seconds(paths: Paths, tmp_path: Path) -> None:
    """The recorder waits for it: the beats go on, that nothing is recorded is told, and nothing is lost in the end."""
    with heartbeat(paths, command=altered("psutil_fails", tmp_path / "raise")) as running:
        running.wait_until_it_beats()
        with hanging(tmp_path / "context"):
            running.wait_until_it_shows(lambda seen: not seen.store.recording, "that nothing is recorded")
            running.beats_on()
            stay(10.0)
        running.wait_until_it_shows(lambda seen: seen.store.recording, "that it records again")
        complete(paths, running.quit())
    nothing_escaped(paths)


@contextmanager
def hanging(pipe: Path) -> Iterator[None]:
    """A pipe that hangs what opens it, until the end of the block."""
    os.mkfifo(pipe)
    yield
    descriptor = os.open(pipe, os.O_RDWR)  # lets go each that waits for the pipe to be opened
    pipe.unlink()
    stay(0.05)
    os.close(descriptor)
