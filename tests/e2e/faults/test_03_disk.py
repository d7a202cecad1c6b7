"""A disk that is full, read-only or locked, and a record that is taken away: it beats on and recovers by itself."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import STORE_NAME, Paths
from tests.e2e.faults.rig import (
    EVER,
    World,
    altered,
    at_once,
    complete,
    heartbeat,
    home_at,
    linux,
    needs_worlds,
    nothing_escaped,
    whole,
    world,
)
from tests.processes import COMMAND, beats_of, stay, wait_until
from tests.systems import removes_open_files

SMALL_DISK = 'mount -t tmpfs -o size=3m,mode=700 aios "$AIOS_HOME"'
LEFT_BYTES = 80_000
SET_ASIDE = "set aside"
"""What is told of a record that is no longer what it was, and of what could be read of it."""
KINDS = (EventKind.STORE_UNAVAILABLE, EventKind.STORE_RECOVERED)


def nearly_full(small: World, tmp_path: Path) -> Path:
    """Give it a record, so that beginning one takes no room, and take what is left of the disk but a little."""
    begun = SqliteWriter(tmp_path / "begun" / STORE_NAME, RECORD_SCHEMA)
    begun.open()
    begun.close()
    small.paths.data.mkdir(mode=0o700)
    shutil.copyfile(begun.path, small.paths.store)
    ballast = small.paths.config / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(ballast, ballast.stat().st_size - LEFT_BYTES)
    return ballast


def told(paths: Paths) -> list[EventKind]:
    """What the record tells of the disk, in order."""
    with RecordReader(paths.store) as reader:
        return [event.kind for event in reader.events(*EVER) if event.kind in KINDS]


@needs_worlds
def test_a_disk_that_is_full_and_then_freed(paths: Paths, tmp_path: Path) -> None:
    with world(paths, SMALL_DISK) as small:
        ballast = nearly_full(small, tmp_path)
        with small.heartbeat() as running:
            running.wait_until_it_beats()
            seen = running.wait_until_it_shows(
                lambda seen: not seen.store.recording, "that nothing is recorded"
            )
            assert "full" in seen.store.error
            running.beats_on()
            beat = small.do(*COMMAND, "beat")
            assert beat.returncode in (0, 1), beat.stderr
            ballast.unlink()
            running.wait_until_it_shows(lambda seen: seen.store.recording, "that it records again")
            made = running.quit()
        kept = small.record(tmp_path / "kept")
    complete(kept, made)
    assert told(kept) == list(KINDS)


@needs_worlds
def test_what_a_full_disk_has_cost_is_told(paths: Paths, tmp_path: Path) -> None:
    with world(paths, SMALL_DISK) as small:
        ballast = nearly_full(small, tmp_path)
        with small.heartbeat(command=altered("little_room", tmp_path)) as running:
            running.wait_until_it_beats()
            running.wait_until_it_shows(
                lambda seen: seen.store.unrecorded_beats >= 5, "beats that were given up"
            )
            ballast.unlink()
            running.wait_until_it_shows(lambda seen: seen.store.recording, "that it records again")
            made = running.quit()
        kept = small.record(tmp_path / "kept")
    gone = set(range(made)) - {beat.seq for beat in whole(kept)}
    with RecordReader(kept.store) as reader:
        (lost,) = [gap for gap in reader.gaps(*EVER) if gap.kind is GapKind.NOT_RECORDED]
        (recovered,) = reader.events(*EVER, EventKind.STORE_RECOVERED)
    assert recovered.facts["unrecorded_beats"] == lost.unrecorded_beats == len(gone) >= 5
    assert gone == set(range(min(gone), max(gone) + 1))


@needs_worlds
def test_a_home_that_becomes_read_only(paths: Paths) -> None:
    home = str(paths.config)
    with world(paths, f'mount --bind "{home}" "{home}"') as closing, closing.heartbeat() as running:
        running.wait_until_it_beats()
        # What is open stays writable, as with every mount; what is opened from now on does not.
        assert closing.do("mount", "--bind", home, home).returncode == 0
        assert closing.do("mount", "-o", "remount,bind,ro", home).returncode == 0
        beat = closing.do(*COMMAND, "beat")
        assert beat.returncode in (0, 1), beat.stderr
        assert beat.stdout.startswith(("HEARTBEAT_OK", "AIOS_ALERT"))
        refused = closing.do(*COMMAND, "settings", "set", "beat.interval_s", "2")
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
        running.beats_on()
        made = running.quit()
    complete(paths, made)
    nothing_escaped(paths)


@linux
def test_a_record_that_another_process_has_locked(paths: Paths) -> None:
    locked(paths, 0.2)


@linux
@pytest.mark.long
def test_a_record_that_another_process_has_locked_for_a_minute(paths: Paths) -> None:
    locked(paths, 60.0)


def locked(paths: Paths, span_s: float) -> None:
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        other = sqlite3.connect(paths.store, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        running.wait_until_it_shows(lambda seen: not seen.store.recording, "that nothing is recorded")
        stay(span_s)
        running.beats_on()
        other.execute("ROLLBACK")
        other.close()
        running.wait_until_it_shows(lambda seen: seen.store.recording, "that it records again")
        complete(paths, running.quit())
    assert told(paths) == list(KINDS)
    nothing_escaped(paths)


# The record is taken away while it is open


def deleted(paths: Paths) -> None:
    for suffix in ("", "-wal", "-shm"):
        paths.store.with_name(paths.store.name + suffix).unlink(missing_ok=True)


def exchanged(paths: Paths) -> None:
    other = paths.store.with_name("other.sqlite3")
    sqlite3.connect(other).execute("CREATE TABLE beat (a)").connection.close()
    deleted(paths)
    other.rename(paths.store)


def folder_removed(paths: Paths) -> None:
    shutil.rmtree(paths.data)


def log_cut_off(paths: Paths) -> None:
    log = paths.store.with_name(f"{paths.store.name}-wal")
    os.truncate(log, random.Random(4).randrange(log.stat().st_size))


def survives(folder: Path, take_away: Callable[[Paths], None]) -> None:
    paths = home_at(folder)
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        running.wait_for_beats(2)
        made = running.snapshot().made + 1
        take_away(paths)
        wait_until(
            lambda: any(beat.seq > made for beat in beats_of(paths)), f"beats on record, {take_away.__name__}"
        )
        made = running.quit(SET_ASIDE)
    # A write-ahead log that is cut off takes with it what was not in the file yet.
    assert whole(paths)[-1].seq == made - 1


@removes_open_files
def test_a_record_that_is_taken_away_while_it_is_open(tmp_path: Path) -> None:
    ways = (deleted, exchanged, folder_removed, log_cut_off)
    at_once(*(partial(survives, tmp_path / way.__name__, way) for way in ways))


@removes_open_files
def test_a_record_that_is_cut_off_while_it_is_open_is_set_aside_once_and_told(
    paths: Paths, tmp_path: Path
) -> None:
    cut_off(paths, altered("examines_soon", tmp_path))


@removes_open_files
@pytest.mark.long
def test_a_record_that_is_cut_off_is_found_within_minutes(paths: Paths) -> None:
    cut_off(paths, COMMAND)


def cut_off(paths: Paths, command: Sequence[str]) -> None:
    with heartbeat(paths, command=command) as running:
        running.wait_until_it_beats()
        running.wait_for_beats(2)
        os.truncate(paths.store, random.Random(3).randrange(paths.store.stat().st_size))
        seen = running.wait_until_it_shows(
            lambda seen: EventKind.STORE_SET_ASIDE in {notice.kind for notice in seen.notices},
            "that it is told",
            150,
        )
        wait_until(lambda: any(beat.seq >= seen.made for beat in beats_of(paths)), "beats in the new one")
        made = running.quit(SET_ASIDE)
    assert whole(paths)[-1].seq == made - 1
    assert len(list(paths.data.glob("*.damaged-*.sqlite3"))) == 1
    with heartbeat(paths) as running:
        running.wait_until_it_beats()
        complete(paths, running.quit(SET_ASIDE))
    assert len(list(paths.data.glob("*.damaged-*.sqlite3"))) == 1
