"""The record survives a file that is locked, full or out of reach; what is lost is counted and told."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.history.notes.model import Note
from aios_gui.record import resilient_store
from aios_gui.record.store.reader import RecordReader
from tests.fakes import HOUR, STARTED, WALL, Kept, S, recorded_beat


def test_beats_are_committed_as_they_come(kept: Kept) -> None:
    kept.beat(5)
    assert kept.seqs() == [0, 1, 2, 3, 4]
    assert kept.store.health.recording
    assert kept.told == []
    kept.close()
    with closing(sqlite3.connect(kept.path)) as connection:
        started, ended, mode = connection.execute("SELECT started_us, ended_us, mode FROM session").fetchone()
    assert (started, mode) == (STARTED // 1000, "service")
    assert ended == WALL // 1000 + 5 * 1_000_000


def test_the_time_it_did_not_run_is_a_gap(kept: Kept) -> None:
    kept.beat(5)
    kept.close()
    assert kept.gaps() == []
    started = WALL + 100 * S
    kept.begin_again(started)
    kept.second = 100
    kept.beat()
    (gap,) = kept.gaps()
    assert gap == Gap(GapKind.NOT_RECORDED, WALL + 5 * S, started, 0)


DAYS = 864_000 * S


@pytest.mark.parametrize("ends", [Kept.close, Kept.crash])
def test_after_a_clock_was_ahead_once_the_time_off_is_noted_again(
    kept: Kept, ends: Callable[[Kept], None]
) -> None:
    for started in (WALL, WALL + DAYS, WALL + 100 * S, WALL + 200 * S, WALL + 300 * S):
        kept.begin_again(started)
        kept.second = (started - WALL) // S
        kept.beat(5)
        ends(kept)
    end = 5 if ends is Kept.close else 4
    by_kind = {kind: [gap for gap in kept.gaps() if gap.kind is kind] for kind in GapKind}
    assert by_kind[GapKind.CLOCK_JUMP] == [Gap(GapKind.CLOCK_JUMP, WALL + DAYS + end * S, WALL + 100 * S)]
    assert sorted(by_kind[GapKind.NOT_RECORDED], key=lambda gap: gap.end_ns) == [
        Gap(GapKind.NOT_RECORDED, WALL + (100 + end) * S, WALL + 200 * S),
        Gap(GapKind.NOT_RECORDED, WALL + (200 + end) * S, WALL + 300 * S),
        Gap(GapKind.NOT_RECORDED, WALL + end * S, WALL + DAYS),
    ]


def test_a_run_that_was_killed_before_it_kept_anything_hides_no_time_off(kept: Kept) -> None:
    kept.beat(5)
    kept.crash()
    for second in (100, 200):
        kept.begin_again(WALL + second * S)
        assert kept.store._writer.open(WALL + second * S).last_ns == WALL + 4 * S
        kept.store._writer.begin_session(WALL + second * S, "service", {})
        kept.crash()
    kept.begin_again(WALL + 300 * S)
    kept.beat()
    assert kept.gaps() == [Gap(GapKind.NOT_RECORDED, WALL + 4 * S, WALL + 300 * S)]


def test_a_run_that_noted_its_time_off_and_was_killed_then_is_not_counted_twice(kept: Kept) -> None:
    kept.beat(5)
    kept.crash()
    kept.begin_again(WALL + 100 * S)
    kept.store.keep(100 * S, WALL + 100 * S)
    kept.crash()
    kept.begin_again(WALL + 300 * S)
    kept.beat()
    assert kept.gaps() == [
        Gap(GapKind.NOT_RECORDED, WALL + 4 * S, WALL + 100 * S),
        Gap(GapKind.NOT_RECORDED, WALL + 100 * S, WALL + 300 * S),
    ]


def test_killed_after_a_pause_and_before_the_next_beat_the_time_off_begins_with_the_end_of_the_pause(
    kept: Kept,
) -> None:
    kept.beat(5)
    kept.store.take([Gap(GapKind.PAUSED, WALL + 5 * S, WALL + 60 * S)])
    kept.store.keep(60 * S, WALL + 60 * S)
    kept.crash()
    kept.begin_again(WALL + 100 * S)
    kept.beat()
    assert kept.gaps() == [
        Gap(GapKind.PAUSED, WALL + 5 * S, WALL + 60 * S),
        Gap(GapKind.NOT_RECORDED, WALL + 60 * S, WALL + 100 * S),
    ]


def test_the_last_beat_of_a_run_in_which_the_clock_was_set_back_is_the_one_that_was_made_last(
    kept: Kept,
) -> None:
    kept.beat(9)
    back = Gap(GapKind.CLOCK_JUMP, WALL + 9 * S, WALL - 99 * S)
    beats = [recorded_beat(seq, WALL - (108 - seq) * S, session=kept.store.session) for seq in (9, 10)]
    kept.store.take([back, *beats])
    kept.store.keep(9 * S, WALL - 97 * S)
    kept.crash()
    kept.begin_again(WALL - 50 * S)
    kept.beat()
    assert Gap(GapKind.NOT_RECORDED, WALL - 98 * S, WALL - 50 * S) in kept.gaps()


def test_a_clock_that_was_set_back_does_not_make_the_begin_of_a_run_its_last_moment(kept: Kept) -> None:
    kept.beat(5)
    kept.crash()
    kept.begin_again(WALL + 100 * S)
    kept.second = 100
    kept.beat(3)
    kept.store.take(
        [Gap(GapKind.CLOCK_JUMP, WALL + 103 * S, WALL + 13 * S), recorded_beat(103, WALL + 14 * S)]
    )
    kept.store.keep(104 * S, WALL + 14 * S)
    kept.crash()
    kept.begin_again(WALL + 30 * S)
    kept.second = 30
    kept.beat()
    assert kept.gaps()[-1] == Gap(GapKind.NOT_RECORDED, WALL + 14 * S, WALL + 30 * S)


def test_after_a_crash_the_gap_begins_with_the_last_beat(kept: Kept) -> None:
    kept.beat(5)
    kept.crash()
    kept.begin_again(WALL + 100 * S)
    kept.second = 100
    kept.beat()
    (gap,) = kept.gaps()
    assert (gap.kind, gap.start_ns) == (GapKind.NOT_RECORDED, WALL + 4 * S)


# What goes on from earlier runs


def test_what_earlier_runs_left_is_read_once_before_anything_is_written(kept: Kept) -> None:
    kept.beat(2)
    kept.close()
    found: list[int] = []
    store = kept.begin_again(WALL + 100 * S)
    store.on_first_opening = lambda connection: found.append(
        connection.execute("SELECT count(*) FROM beat").fetchone()[0]
    )
    kept.second = 100
    kept.beat(3)
    assert found == [2]


def test_where_it_cannot_be_read_the_beats_are_recorded(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT * FROM nothing")

    kept.store.on_first_opening = fail
    kept.beat(3)
    assert kept.seqs() == [0, 1, 2]
    assert kept.store.health.recording
    assert "what earlier runs left in the record cannot be read" in caplog.text


def test_where_it_is_busy_it_is_read_later(kept: Kept) -> None:
    busy = [sqlite3.OperationalError("database is locked")]

    def read(_connection: sqlite3.Connection) -> None:
        if busy:
            raise busy.pop()
        found.append("read")

    found: list[str] = []
    kept.store.on_first_opening = read
    kept.beat(4)
    assert found == ["read"]
    assert kept.seqs() == [0, 1, 2, 3]


# Locked


def test_locked_by_another_process_and_freed_nothing_is_lost(kept: Kept) -> None:
    kept.beat(3)
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.readline(); c.execute('ROLLBACK')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(kept.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as locker:
        assert locker.stdout is not None
        assert locker.stdin is not None
        assert locker.stdout.readline().strip() == "locked"
        kept.beat(6)
        assert not kept.store.health.recording
        assert "locked" in kept.store.health.error
        locker.stdin.write("go\n")
        locker.stdin.flush()
        locker.wait(10)
    kept.beat(4)
    assert kept.store.health.recording
    assert kept.store.health.unrecorded_beats == 0
    assert kept.seqs() == list(range(13))
    assert kept.told == [EventKind.STORE_UNAVAILABLE, EventKind.STORE_RECOVERED]


def test_locked_from_the_start_beats_still_belong_to_a_session(kept: Kept) -> None:
    kept.beat(1)
    kept.close()
    locker = sqlite3.connect(kept.path, isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    kept.begin_again(WALL + S)
    kept.beat(3)
    assert not kept.store.health.recording
    locker.execute("ROLLBACK")
    locker.close()
    kept.beat(4)
    assert kept.seqs() == list(range(8))
    with RecordReader(kept.path) as reader:
        assert {beat.session for beat in reader.beats(WALL + S, 2**62)} == {kept.store.session} == {2}
    assert len(kept.gaps()) == 0 or kept.gaps()[0].kind is GapKind.NOT_RECORDED


def test_a_lock_between_opening_and_noting_the_session_is_waited_out(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = kept.store._writer.begin_session
    failures = [sqlite3.OperationalError("database is locked")]

    def locked_once(*arguments: object) -> int:
        if failures:
            raise failures.pop()
        return begin(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(kept.store._writer, "begin_session", locked_once)
    kept.beat(4)
    assert kept.store.session == 1
    with RecordReader(kept.path) as reader:
        assert [(beat.session, beat.seq) for beat in reader.beats(0, 2**62)] == [(1, n) for n in range(4)]


# Full


def is_root_on_linux() -> bool:
    import os

    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("mount") is not None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    if not is_root_on_linux():
        pytest.skip("a small disk needs root on Linux")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1536k,mode=700", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return ballast


def test_a_full_disk_is_told_and_recovered_from_unaided(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resilient_store, "PENDING_LIMIT", 40)
    kept = Kept(small_disk / "data" / "heartbeat.sqlite3")
    kept.beat(10)
    ballast = fill(small_disk)
    while kept.store.health.recording and kept.second < 20_000:
        kept.beat()
    full_at = kept.second
    assert not kept.store.health.recording
    assert "full" in kept.store.health.error
    kept.beat(100)
    lost = kept.store.health.unrecorded_beats
    assert 50 <= lost <= 100
    ballast.unlink()
    kept.beat(6)
    assert kept.store.health.recording
    assert kept.told == [EventKind.STORE_UNAVAILABLE, EventKind.STORE_RECOVERED]
    seqs = kept.seqs()
    missing = sorted(set(range(kept.second)) - set(seqs))
    (gap,) = kept.gaps()
    assert gap.kind is GapKind.NOT_RECORDED
    assert gap.unrecorded_beats == len(missing) >= lost
    assert missing == list(range(missing[0], missing[-1] + 1)), "one span, the oldest of what waited"
    assert missing[0] >= full_at - 2
    assert (gap.start_ns, gap.end_ns) == (WALL + missing[0] * S, WALL + missing[-1] * S)
    assert len(seqs) == len(set(seqs))
    kept.close()
    with RecordReader(kept.path) as reader:
        assert reader.check() == "ok"
        (told,) = reader.events(0, 2**62, EventKind.STORE_RECOVERED)
    assert told.facts["unrecorded_beats"] == gap.unrecorded_beats


def test_a_disk_that_is_full_from_the_start_recovers_too(small_disk: Path) -> None:
    kept = Kept(small_disk / "data" / "heartbeat.sqlite3")
    ballast = fill(small_disk)
    kept.beat(6)
    assert not kept.store.health.recording
    ballast.unlink()
    kept.beat(4)
    assert kept.store.health.recording
    assert kept.seqs() == list(range(10))
    kept.close()


# Out of reach


def test_a_file_in_place_of_the_folder_is_told_and_waited_out(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    kept = Kept(tmp_path / "data" / "heartbeat.sqlite3")
    kept.beat(5)
    assert not kept.store.health.recording
    assert kept.told == [EventKind.STORE_UNAVAILABLE], "told once"
    (tmp_path / "data").unlink()
    kept.beat(4)
    assert kept.seqs() == list(range(9))
    kept.close()


def test_a_folder_that_became_read_only_is_waited_out(small_disk: Path) -> None:
    kept = Kept(small_disk / "data" / "heartbeat.sqlite3")
    kept.beat(3)
    kept.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    kept.begin_again(WALL + 3 * S)
    kept.beat(5)
    assert not kept.store.health.recording
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    kept.beat(4)
    assert kept.store.health.recording
    assert kept.seqs() == list(range(12))
    kept.close()


def test_what_is_given_up_while_it_cannot_begin_is_counted(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resilient_store, "PENDING_LIMIT", 10)
    kept.path.parent.write_text("in the way")
    kept.beat(50)
    health = kept.store.health
    assert (health.recording, health.unrecorded_beats) == (False, 40)
    kept.path.parent.unlink()
    kept.beat(4)
    assert kept.store.health.recording
    (gap,) = kept.gaps()
    assert gap.unrecorded_beats == kept.second - len(kept.seqs())


def test_what_was_given_up_is_told_beside_what_can_never_be_written(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is written one by one then, and the gap was not among it."""
    monkeypatch.setattr(resilient_store, "PENDING_LIMIT", 10)
    kept.path.parent.write_text("in the way")
    kept.beat(50)
    kept.store.take([Note(WALL, WALL, "no text: \ud800", WALL)])
    kept.path.parent.unlink()
    kept.beat(4)
    (gap,) = kept.gaps()
    assert gap.unrecorded_beats == kept.second - len(kept.seqs()) > 0


def test_hours_are_sealed_once_there_is_room_for_their_pages(small_disk: Path) -> None:
    kept = Kept(small_disk / "data" / "heartbeat.sqlite3")
    hour = WALL // HOUR
    kept.store.take([recorded_beat(seq, (hour - 9) * HOUR + seq * S) for seq in range(3600)])
    kept.beat(2)
    pages = "SELECT beats FROM page"
    kept.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    ballast = fill(small_disk)
    kept.seal()
    assert kept.connection.execute(pages).fetchall() == []
    assert kept.store.health.recording, "as far as is known"
    ballast.unlink()
    kept.second += 601
    kept.seal()
    assert kept.connection.execute(pages).fetchall() == [(3600,)]
    assert kept.told == []
    kept.close()
