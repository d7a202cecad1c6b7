"""Killed while the record moves to another folder: a second of beats is lost at most, and one folder has all of it."""

from __future__ import annotations

import random
import time
from pathlib import Path
from statistics import median

import pytest

from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import MoveRecord
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.relocation.journal import move_under_way
from aios_gui.record.relocation.model import MovePhase
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from tests.e2e.faults.rig import ANSWER_S, EVER, Heartbeat
from tests.e2e.faults.test_01_killed import LOST_AT_MOST_S, killed
from tests.processes import wait_until

KILLS, EVENTS = 200, 400


def other_of(paths: Paths, target: Path) -> Path:
    """Of the two folders the one in which the record does not lie."""
    return target if paths.record_folder == paths.data else paths.data


@pytest.mark.long
def test_killed_two_hundred_times_while_the_record_moves(paths: Paths, tmp_path: Path) -> None:
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    # Something to copy and to read through, of which the beats are soon counted.
    facts: dict[str, int | float | str] = {"reason": "x" * 10_000}
    writer.write([Event(EventKind.STORE_RECOVERED, 1000 * each, facts=facts) for each in range(EVENTS)], 0)
    writer.close()
    target = tmp_path / "other disk"
    began_s = 0.0

    def move(running: Heartbeat) -> None:
        nonlocal began_s
        running.wait_until_it_beats()
        began_s = time.monotonic()
        answer = ChannelClient(paths, ANSWER_S).execute(MoveRecord(str(other_of(paths, target))))
        assert answer.move.phase is not MovePhase.FAILED, answer

    def move_whole(running: Heartbeat) -> None:
        move(running)
        wait_until(lambda: paths.record_folder == target and move_under_way(paths) is None, "the new place")

    kills = [killed(paths, "service", 0, move_whole)]
    longest_s = time.monotonic() - began_s
    chance = random.Random(time.time_ns())
    while len(kills) < KILLS:
        kills.append(killed(paths, "service", chance.uniform(0, longest_s), move))
        assert kills[-1].lost_s <= LOST_AT_MOST_S + kills[-1].held_up_s, kills[-1]
        assert list(other_of(paths, target).glob("heartbeat*")) == []
        with RecordReader(paths.store) as reader:
            assert len(reader.events(*EVER, EventKind.STORE_RECOVERED)) == EVENTS
    in_parts, lost = sum(kill.moved for kill in kills), [kill.lost_s for kill in kills]
    print(f"\n{in_parts} of {KILLS} were killed while it moved, which takes {longest_s:.2f} s")
    print(f"lost: median {median(lost):.3f} s, at worst {max(lost):.3f} s")
    assert in_parts > KILLS / 10
