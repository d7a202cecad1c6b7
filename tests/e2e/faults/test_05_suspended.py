"""Asleep for hours: a gap of that length, no hiccup, and no figure that takes the sleep for work."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    EVER,
    altered,
    complete,
    heartbeat,
    linux,
    move_clocks,
    nothing_escaped,
    plausible,
)
from tests.fakes import HOUR, S
from tests.processes import stay

NIGHT_NS, WEEKEND_NS = 8 * HOUR, 60 * HOUR


@linux
def test_a_sleep_is_a_gap_of_its_length_and_no_hiccup(paths: Paths, tmp_path: Path) -> None:
    """A container cannot be put to sleep: the program is stopped, and its clocks are moved as a sleep moves them."""
    clocks = tmp_path / "clocks"
    move_clocks(clocks, 0, 0)
    with heartbeat(paths, command=altered("clocks", clocks)) as running:
        running.wait_until_it_beats()
        slept_ns = 0
        for length_ns in (NIGHT_NS, WEEKEND_NS):
            running.beats_on()
            running.send(signal.SIGSTOP)
            slept_ns += length_ns
            move_clocks(clocks, slept_ns, slept_ns)
            stay(0.03)  # no two readings of clocks that were stopped between them are taken for one moment
            running.send(signal.SIGCONT)
        running.beats_on()
        seen = running.snapshot()
        beats = complete(paths, running.quit())
    with RecordReader(paths.store) as reader:
        gaps = reader.gaps(*EVER)
        hiccups = reader.events(*EVER, EventKind.HICCUP)
    assert [(gap.kind, round((gap.end_ns - gap.start_ns) / S) * S) for gap in gaps] == [
        (GapKind.SUSPENDED, NIGHT_NS),
        (GapKind.SUSPENDED, WEEKEND_NS),
    ]
    assert all(event.facts["lateness_ns"] < 60 * S for event in hiccups)  # type: ignore[operator]
    assert sum(beat.missed for beat in beats) < 60 / 0.05, "a sleep misses no beat"
    assert seen.missed < 60 / 0.05
    plausible(paths)
    nothing_escaped(paths)


@linux
@pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-UrT", "true"], capture_output=True, check=False).returncode != 0,
    reason="this user may make no namespaces of time here",
)
@pytest.mark.parametrize("asleep_s", [0, 900_000])
def test_where_a_container_counts_its_time_from_elsewhere_it_beats_as_ever(
    paths: Paths, asleep_s: int
) -> None:
    days = ("unshare", "-UrT", "--monotonic", "864000", "--boottime", str(864_000 + asleep_s))
    with heartbeat(paths, inside=days) as running:
        running.wait_until_it_beats()
        running.beats_on()
        complete(paths, running.quit())
    with RecordReader(paths.store) as reader:
        assert reader.gaps(*EVER) == []
    plausible(paths)
    nothing_escaped(paths)
