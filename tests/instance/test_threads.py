"""Engine and recorder on real threads: who held the interpreter is named, and all that was made is recorded."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import EventKind, RecordedBeat
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.warmup import StepState
from aios_gui.instance.resident import Resident
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths, find_paths
from tests.defaults import DEFAULTS
from tests.processes import wait_until

MS = 1_000_000


@pytest.fixture
def resident(aios_home: Path) -> Iterator[Resident]:
    settings = DEFAULTS.with_value("beat.interval_s", 0.05)
    resident = Resident(find_paths(), settings, Mode.SERVICE)
    resident.start()
    thread = threading.Thread(target=resident.engine.run, name="engine")
    thread.start()
    wait_until(lambda: resident.engine.made >= 3, "the first beats")
    yield resident
    resident.engine.stop()
    thread.join(10)
    resident.shutdown()


def hold_the_interpreter(rows: list[dict[str, int]], until: Callable[[], bool]) -> None:
    """The C encoder lets nobody in until the whole list is done."""
    deadline = time.monotonic() + 20
    while not until() and time.monotonic() < deadline:
        json.dumps(rows)


def test_lateness_by_this_programs_own_doing_is_tagged_and_names_the_function(resident: Resident) -> None:
    rows = [{"n": n} for n in range(2_000)]
    while True:
        began = time.monotonic()
        json.dumps(rows)
        if time.monotonic() - began > 0.4:
            break
        rows *= 2

    def tagged() -> bool:
        with RecordReader(resident.paths.store) as reader:
            return any(
                event.facts["cause"] == Cause.SELF_INFLICTED
                and str(event.facts["culprit"]).startswith("json.encoder.")
                for event in reader.events(0, 2**62, EventKind.HICCUP)
            )

    hold_the_interpreter(rows, tagged)
    wait_until(tagged, "a hiccup of its own doing that names the function")


def test_every_beat_that_was_made_is_recorded_once(resident: Resident) -> None:
    resident.engine.pause()
    wait_until(lambda: resident.snapshot.state is EngineState.PAUSED, "the pause")
    resident.engine.resume()
    resident.engine.set_interval_ns(20 * MS)
    made = resident.engine.made
    wait_until(lambda: resident.engine.made > made + 20, "beats at 20 ms")
    resident.engine.stop()
    wait_until(lambda: resident.engine.state is EngineState.STOPPED, "the end")
    resident.shutdown()
    with RecordReader(resident.paths.store) as reader:
        seqs = [beat.seq for beat in reader.beats(0, 2**62)]
        kinds = [gap.kind for gap in reader.gaps(0, 2**62)]
        changes = reader.events(0, 2**62, EventKind.INTERVAL_CHANGED)
        contexts = reader.contexts(0, 2**62)
    assert seqs == list(range(resident.engine.made))
    assert kinds == [GapKind.PAUSED]
    assert [event.facts["interval_ns"] for event in changes] == [20 * MS]
    assert contexts


def test_commands_from_many_threads_at_once(resident: Resident) -> None:
    def command(number: int) -> None:
        for n in range(50):
            (resident.engine.pause, resident.engine.resume)[n % 2]()
            resident.engine.set_interval_ns((20 + number + n) * MS)

    threads = [threading.Thread(target=command, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    resident.engine.resume()
    made = resident.engine.made
    wait_until(lambda: resident.engine.made > made + 5, "beats after the commands")


def test_whoever_looks_while_it_records_gets_a_picture_of_one_piece(resident: Resident) -> None:
    resident.engine.set_interval_ns(20 * MS)
    enough = resident.engine.made + 50
    wrong: list[str] = []

    def look() -> None:
        last = 0
        while last < enough:
            seen = resident.snapshot
            beat = seen.beat
            if beat is not None and not seen.duration.count <= beat.seq + 1 <= seen.made:
                wrong.append(f"{seen.duration.count} durations, beat {beat.seq}, {seen.made} made")
            if seen.hour.beats != seen.duration.count or seen.made < last:
                wrong.append(f"{seen.hour.beats} in the hour, {seen.duration.count} durations, {last} before")
            last = seen.made

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_overflowed_stands_in_the_record_as_a_gap(resident: Resident) -> None:
    recorder = resident._recorder
    wait_until(lambda: recorder.last_beat is not None, "a recorded beat")
    resident.engine.stop()
    wait_until(lambda: resident.engine.state is EngineState.STOPPED, "the end")
    wait_until(lambda: not resident.engine.output, "the last beats recorded")
    last = recorder.last_beat
    assert last is not None
    from dataclasses import replace

    resident.engine.output.append(replace(last, seq=last.seq + 101, wall_ns=last.wall_ns + 5_000 * MS))
    wait_until(lambda: not resident.engine.output, "the beat after the overflow")
    resident.shutdown()
    with RecordReader(resident.paths.store) as reader:
        gaps = reader.gaps(0, 2**62)
    assert [(gap.kind, gap.unrecorded_beats) for gap in gaps] == [(GapKind.NOT_RECORDED, 100)]


def test_the_feed_shows_what_the_record_has(resident: Resident) -> None:
    wait_until(lambda: resident.snapshot.made >= 10, "a picture of ten beats")
    _, items = resident.feed.since(0)
    assert items is not None
    beats = [item for item in items if isinstance(item, RecordedBeat)]
    assert [beat.seq for beat in beats] == list(range(len(beats)))
    assert not any(isinstance(item, Gap) for item in items)
    snapshot = resident.snapshot
    assert snapshot.store.recording
    assert snapshot.warm_up.report is not None
    assert {step.state for step in snapshot.warm_up.steps} == {StepState.DONE}
    assert len(snapshot.warm_up.first.warm) == len(snapshot.warm_up.first.unrehearsed) >= 10
    assert snapshot.duration.count >= 10
    assert 0 < snapshot.duration.p50 <= snapshot.duration.p99 <= snapshot.duration.maximum
    assert snapshot.availability == snapshot.made / snapshot.due <= 1
    assert len(snapshot.strip) >= 10


def test_what_a_killed_program_was_writing_is_removed_at_the_start(paths: Paths) -> None:
    left = [folder / f".aios-heartbeat-{7:016x}.tmp" for folder in (paths.data, paths.config, paths.reports)]
    for each in left:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.touch()
        os.utime(each, (0, 0))
    resident = Resident(paths, DEFAULTS)
    resident.start()
    assert resident.shutdown()
    assert not any(each.exists() for each in left)
