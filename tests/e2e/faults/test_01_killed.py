"""Killed at any moment, as a power cut does: a second of beats is lost at most, and it goes on."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.instance.channel import ChannelError
from aios_gui.record.relocation.journal import move_under_way, settle
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import (
    EVER,
    Heartbeat,
    complete,
    files_in,
    heartbeat,
    nothing_escaped,
    whole,
    window,
)
from tests.processes import beats_of, stay

INTERVAL_S = 0.05
LOST_AT_MOST_S = 1.0
LASTING = {"settings.toml", "window.ini", "data/window-instance.lock", "logs/aios-heartbeat.log"}
"""What a window keeps, and what a kill is told in."""
LATEST_S = {"service": 2.0, "window": 3.5}
"""From its start; by then it has been beating for a second and longer."""


@dataclass(frozen=True, slots=True)
class Kill:
    """How many beats of a run are on record, and how long before the kill the last of them was made.

    ``held_up_s`` is how long its threads had waited for a core that others had; ``moved`` is whether the record was
    being moved.
    """

    who: str
    recorded: int
    lost_s: float
    held_up_s: float
    moved: bool


def killed(
    paths: Paths, who: str, after_s: float, first: Callable[[Heartbeat], object] = lambda _running: None
) -> Kill:
    """Start it, do something with it ``first``, kill it then, and look what is missing of what it had made."""
    known = len(beats_of(paths))
    start = window if who == "window" else heartbeat
    made = 0
    with start(paths) as running:
        first(running)
        stay(after_s)
        with suppress(ChannelError):
            latest = running.ask()
            made = latest.beat["seq"] + 1 if latest.beat is not None else 0
        held_up_s = waited_for_a_core_s(running.process.pid)
        killed_ns = time.time_ns()
        running.kill()
        running.process.communicate()
    moved = move_under_way(paths) is not None
    assert settle(paths)
    of_run = whole(paths)[known:]
    lost_s = (killed_ns - of_run[-1].wall_ns) / 1e9 if of_run else made * INTERVAL_S
    return Kill(who, len(of_run), lost_s, held_up_s, moved)


def waited_for_a_core_s(pid: int) -> float:
    """For how long all threads of a process were ready to run and did not, where the system counts that."""
    waited_ns = 0
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):
            waited_ns += int(file.read_text().split()[1])
    return waited_ns / 1e9


def crash_loop(paths: Paths, count: int, seed: int) -> list[Kill]:
    """Kill it at ``count`` random moments, service and window by turns, always on the same record."""
    chance = random.Random(seed)
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        complete(paths, running.quit())
    clean, quit_ns = files_in(paths), time.time_ns()
    kills: list[Kill] = []
    with_beats = 1
    for number in range(count):
        who = ("service", "window")[number % 2]
        kills.append(killed(paths, who, chance.uniform(0.1, LATEST_S[who])))
        assert kills[-1].lost_s <= LOST_AT_MOST_S + kills[-1].held_up_s, kills[-1]
        with RecordReader(paths.store) as reader:
            kinds = [gap.kind for gap in reader.gaps(*EVER)]
        # The time it did not run stands in the record as soon as the next run opens it.
        assert set(kinds) <= {GapKind.NOT_RECORDED}
        assert with_beats - 1 <= len(kinds) <= number + 1
        with_beats += bool(kills[-1].recorded)
    for file in files_in(paths):
        os.utime(
            paths.config / file, (0, 0)
        )  # what a file that was being written has left goes when it is old
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        last = complete(paths, running.quit())
    before = [beat for beat in whole(paths) if beat.session != last[0].session][-1]
    with RecordReader(paths.store) as reader:
        gaps = reader.gaps(*EVER)
    assert len(gaps) >= with_beats
    # A run that was killed before its first beat has noted how long it was off until it began. Where none got so far,
    # it was off since the first one, which was told to quit and said when it had.
    off_since_ns = gaps[-1].start_ns
    ends_ns = before.wall_ns, *(gap.end_ns for gap in gaps[-2:-1])
    assert off_since_ns in ends_ns or before.wall_ns < off_since_ns <= quit_ns
    assert files_in(paths) - clean <= LASTING
    nothing_escaped(paths)
    return kills


def test_killed_four_times_service_and_window_by_turns(paths: Paths) -> None:
    crash_loop(paths, 4, seed=1)


@pytest.mark.long
def test_killed_two_hundred_times_service_and_window_by_turns(paths: Paths) -> None:
    kills = crash_loop(paths, 200, seed=2)
    for who in ("service", "window"):
        of_them = [kill for kill in kills if kill.who == who]
        lost = [kill.lost_s for kill in of_them if kill.recorded]
        waited = [kill.held_up_s for kill in of_them if kill.recorded]
        print(f"\n{who}: {len(of_them)} kills, {len(lost)} with beats on record")
        print(f"lost: median {median(lost):.3f} s, at worst {max(lost):.3f} s")
        print(
            f"waited for a core that others had: median {median(waited):.3f} s, at worst {max(waited):.3f} s"
        )
        over = [(kill.lost_s, kill.held_up_s) for kill in of_them if kill.lost_s > LOST_AT_MOST_S]
        print(f"over a second, with what it had waited: {over}")
