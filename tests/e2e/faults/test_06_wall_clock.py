"""The wall clock set while it beats, odd days and the year 2038: durations, order and days stay right."""

from __future__ import annotations

import csv
import itertools
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    EVER,
    Heartbeat,
    altered,
    at_once,
    complete,
    heartbeat,
    home_at,
    linux,
    move_clocks,
    nothing_escaped,
    plausible,
    put,
)
from tests.fakes import HOUR, S, recorded_beat
from tests.processes import run_command

DAY = 24 * HOUR
JUMPS_NS = (HOUR, -HOUR, DAY, -DAY)


def holds_while_the_clock_is_set(running: Heartbeat, set_ahead: Callable[[int], None]) -> None:
    """An hour on and back, and a day; nothing but the jumps themselves may show it."""
    running.wait_until_it_beats()
    ahead_ns = 0
    for jump_ns in JUMPS_NS:
        running.beats_on()
        ahead_ns += jump_ns
        set_ahead(ahead_ns)
    running.beats_on()
    paths = running.paths
    beats = complete(paths, running.quit())
    with RecordReader(paths.store) as reader:
        gaps, told = reader.gaps_as_found(*EVER), reader.gaps(*EVER)
    assert not [beat for gap in told for beat in beats if gap.start_ns < beat.wall_ns < gap.end_ns]
    assert sorted(gap.kind for gap in gaps) == [GapKind.CLOCK_JUMP] * len(JUMPS_NS)
    jumps = sorted(gap.end_ns - gap.start_ns for gap in gaps)
    assert all(abs(jump - set_ns) < S for jump, set_ns in zip(jumps, sorted(JUMPS_NS), strict=True))
    assert all(0 <= beat.duration_ns < S and 0 <= beat.lateness_ns < 5 * S for beat in beats)
    in_order = sorted(beats, key=lambda beat: beat.seq)
    backwards = [there.wall_ns < here.wall_ns for here, there in itertools.pairwise(in_order)]
    assert sum(backwards) == sum(jump < 0 for jump in JUMPS_NS), (
        "the order is kept but where the clock went back"
    )
    plausible(paths)
    nothing_escaped(paths)


@linux
def test_a_clock_that_is_set_changes_no_duration_and_no_order(paths: Paths, tmp_path: Path) -> None:
    clocks = tmp_path / "clocks"
    move_clocks(clocks, 0, 0)
    with heartbeat(paths, command=altered("clocks", clocks)) as running:
        holds_while_the_clock_is_set(running, lambda ahead_ns: move_clocks(clocks, ahead_ns, 0))


@linux
def test_one_start_with_a_clock_ten_days_ahead_removes_nothing_and_hides_no_time_off(
    paths: Paths, tmp_path: Path
) -> None:
    clocks = tmp_path / "clocks"

    def run(ahead_ns: int) -> list[RecordedBeat]:
        move_clocks(clocks, ahead_ns, 0)
        with heartbeat(paths, command=altered("clocks", clocks)) as running:
            running.wait_until_it_beats()
            return complete(paths, running.quit())

    before = run(0)
    with RecordReader(paths.store) as reader:
        events = reader.events(*EVER)
    ahead, back, last = run(10 * DAY), run(0), run(0)
    with RecordReader(paths.store) as reader:
        assert list(reader.beats(*EVER)) == [*before, *ahead, *back, *last]
        assert [each for each in reader.events(*EVER) if each in events] == events
        gaps = reader.gaps_as_found(*EVER)
    off, jump, off_again = [gap for gap in gaps if gap.start_ns > before[-1].wall_ns]
    assert [off.kind, jump.kind, off_again.kind] == [
        GapKind.NOT_RECORDED,
        GapKind.CLOCK_JUMP,
        GapKind.NOT_RECORDED,
    ]
    assert jump.end_ns <= back[0].wall_ns < off_again.start_ns + S
    assert off_again.start_ns < off_again.end_ns <= last[0].wall_ns


@pytest.mark.long
@pytest.mark.skipif(shutil.which("faketime") is None, reason="the package faketime is not installed")
def test_a_clock_that_is_set_under_the_whole_process(paths: Paths, tmp_path: Path) -> None:
    shift = tmp_path / "shift"
    put(shift, "+0s\n")
    environ = {
        "LD_PRELOAD": str(next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))),
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with heartbeat(paths, **environ) as running:
        holds_while_the_clock_is_set(running, lambda ahead_ns: put(shift, f"{ahead_ns // S:+d}s\n"))


def at(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """How far the clock must be ahead for it to be then, UTC, ns."""
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    return int(moment.timestamp()) * S - time.time_ns()


MOMENTS = {
    "the last second of 32 bits": (at(2038, 1, 19, 3, 14, 6), "UTC"),
    "before the hour that is left out": (at(2027, 3, 28, 0, 59, 58), "Europe/Berlin"),
    "before the hour that comes twice": (at(2027, 10, 31, 0, 59, 58), "Europe/Berlin"),
    "a leap day": (at(2028, 2, 29, 23, 59, 58), "America/New_York"),
}


def beats_through(folder: Path, ahead_ns: int, zone: str) -> None:
    paths = home_at(folder)
    clocks = folder / "clocks"
    move_clocks(clocks, ahead_ns, 0)
    with heartbeat(paths, command=altered("clocks", clocks), TZ=zone) as running:
        running.wait_until_it_beats()
        began = running.snapshot()
        running.wait_until_it_shows(lambda seen: seen.made - began.made > 40, "two seconds of beats")
        beats = complete(paths, running.quit())
    with RecordReader(paths.store) as reader:
        assert reader.gaps_as_found(*EVER) == []
    assert [beat.wall_ns for beat in beats] == sorted(beat.wall_ns for beat in beats)
    assert all(abs(beat.wall_ns - ahead_ns - time.time_ns()) < 60 * S for beat in beats)
    plausible(paths)
    nothing_escaped(paths)


@linux
def test_it_beats_through_odd_moments_as_through_any_other(tmp_path: Path) -> None:
    at_once(
        *(
            partial(beats_through, tmp_path / name.replace(" ", "-"), *moment)
            for name, moment in MOMENTS.items()
        )
    )


@linux
@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-06-01", 24)])
def test_a_day_has_the_hours_that_it_has(paths: Paths, day: str, hours: int) -> None:
    """A beat every quarter of an hour around that day, exported by the day as a person names it."""
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    first = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=1)
    start_ns = int(first.timestamp()) * S
    writer.write([recorded_beat(n, start_ns + n * HOUR // 4) for n in range(3 * 96)], 1)
    writer.close()
    done = run_command("export", "--range", f"{day}..{day}", TZ="Europe/Berlin")
    assert done.returncode == 0, done.stderr
    assert len(list(csv.reader(StringIO(done.stdout)))) - 1 == hours * 4
