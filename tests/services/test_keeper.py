"""The record survives a locked, full, damaged, deleted or unreachable file; what is lost is counted and told."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aios_gui.core.feed import LiveItem
from aios_gui.core.gap import Gap, GapKind
from aios_gui.core.record import EventKind
from aios_gui.services import keeper as keeper_module
from aios_gui.services.keeper import SessionFacts, StoreKeeper, machine_facts
from aios_gui.services.store.history import History
from tests.fakes import WALL, S, recorded_beat

STARTED = WALL - 5 * S


class Kept:
    """A keeper that is fed a beat a second."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keeper = self.anew(STARTED)
        self.second = 0
        self.told: list[EventKind] = []
        self.recent: list[LiveItem] = []

    def anew(self, started_ns: int) -> StoreKeeper:
        self.keeper = StoreKeeper(
            self.path, SessionFacts(started_ns, "service", machine_facts()), 8, 500_000_000
        )
        return self.keeper

    def beat(self, count: int = 1) -> None:
        for _ in range(count):
            beat = recorded_beat(self.second, session=self.keeper.session)
            self.second += 1
            now = self.second * S
            self.keeper.keep([beat], now, WALL + now, lambda: list(self.recent))
            self.recent.append(beat)
            self.told += [event.kind for event in self.keeper.news()]

    def close(self) -> None:
        now = self.second * S
        self.keeper.close(now, WALL + now)

    def seqs(self) -> list[int]:
        with History(self.path) as history:
            return [beat.seq for beat in history.beats(0, 2**62)]

    def gaps(self) -> list[Gap]:
        with History(self.path) as history:
            return history.gaps(0, 2**62)

    def events(self) -> list[EventKind]:
        with History(self.path) as history:
            return [event.kind for event in history.events(0, 2**62)]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path / "data" / "heartbeat.sqlite3")
    yield kept
    kept.keeper.close(0, WALL)


def test_beats_are_committed_as_they_come(kept: Kept) -> None:
    kept.beat(5)
    assert kept.seqs() == [0, 1, 2, 3, 4]
    assert kept.keeper.health.recording
    assert kept.told == []
    kept.close()
    with sqlite3.connect(kept.path) as connection:
        started, ended, mode = connection.execute("SELECT started_us, ended_us, mode FROM session").fetchone()
    connection.close()
    assert (started, mode) == (STARTED // 1000, "service")
    assert ended == WALL // 1000 + 5 * 1_000_000


def test_the_time_it_did_not_run_is_a_gap(kept: Kept) -> None:
    kept.beat(5)
    kept.close()
    assert kept.gaps() == []
    started = WALL + 100 * S
    kept.anew(started)
    kept.second = 100
    kept.beat()
    (gap,) = kept.gaps()
    assert gap == Gap(GapKind.NOT_RECORDED, WALL + 5 * S, started, 0)


def test_after_a_crash_the_gap_begins_with_the_last_beat(kept: Kept) -> None:
    kept.beat(5)
    kept.keeper._writer.close()
    kept.anew(WALL + 100 * S)
    kept.second = 100
    kept.beat()
    (gap,) = kept.gaps()
    assert (gap.kind, gap.start_ns) == (GapKind.NOT_RECORDED, WALL + 4 * S)


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
        assert not kept.keeper.health.recording
        assert "locked" in kept.keeper.health.error
        locker.stdin.write("go\n")
        locker.stdin.flush()
        locker.wait(10)
    kept.beat(4)
    assert kept.keeper.health.recording
    assert kept.keeper.health.unrecorded_beats == 0
    assert kept.seqs() == list(range(13))
    assert kept.told == [EventKind.STORE_UNAVAILABLE, EventKind.STORE_RECOVERED]


def test_locked_from_the_start_beats_still_belong_to_a_session(kept: Kept) -> None:
    kept.beat(1)
    kept.close()
    locker = sqlite3.connect(kept.path, isolation_level=None)
    locker.execute("BEGIN EXCLUSIVE")
    kept.anew(WALL + S)
    kept.beat(3)
    assert not kept.keeper.health.recording
    locker.execute("ROLLBACK")
    locker.close()
    kept.beat(4)
    assert kept.seqs() == list(range(8))
    with History(kept.path) as history:
        assert {beat.session for beat in history.beats(WALL + S, 2**62)} == {kept.keeper.session} == {2}
    assert len(kept.gaps()) == 0 or kept.gaps()[0].kind is GapKind.NOT_RECORDED


def test_a_lock_between_opening_and_noting_the_session_is_waited_out(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = kept.keeper._writer.begin_session
    failures = [sqlite3.OperationalError("database is locked")]

    def locked_once(*arguments: object) -> int:
        if failures:
            raise failures.pop()
        return begin(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(kept.keeper._writer, "begin_session", locked_once)
    kept.beat(4)
    assert kept.keeper.session == 1
    with History(kept.path) as history:
        assert [(beat.session, beat.seq) for beat in history.beats(0, 2**62)] == [(1, n) for n in range(4)]


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
    monkeypatch.setattr(keeper_module, "PENDING_LIMIT", 40)
    kept = Kept(small_disk / "data" / "heartbeat.sqlite3")
    kept.beat(10)
    ballast = fill(small_disk)
    while kept.keeper.health.recording and kept.second < 20_000:
        kept.beat()
    full_at = kept.second
    assert not kept.keeper.health.recording
    assert "full" in kept.keeper.health.error
    kept.beat(100)
    lost = kept.keeper.health.unrecorded_beats
    assert 50 <= lost <= 100
    ballast.unlink()
    kept.beat(6)
    assert kept.keeper.health.recording
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
    with History(kept.path) as history:
        assert history.check() == "ok"
        (told,) = history.events(0, 2**62, EventKind.STORE_RECOVERED)
    assert told.facts["unrecorded_beats"] == gap.unrecorded_beats


def test_a_disk_that_is_full_from_the_start_recovers_too(small_disk: Path) -> None:
    kept = Kept(small_disk / "data" / "heartbeat.sqlite3")
    ballast = fill(small_disk)
    kept.beat(6)
    assert not kept.keeper.health.recording
    ballast.unlink()
    kept.beat(4)
    assert kept.keeper.health.recording
    assert kept.seqs() == list(range(10))
    kept.close()


# Out of reach


def test_a_file_in_place_of_the_folder_is_told_and_waited_out(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    kept = Kept(tmp_path / "data" / "heartbeat.sqlite3")
    kept.beat(5)
    assert not kept.keeper.health.recording
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
    kept.anew(WALL + 3 * S)
    kept.beat(5)
    assert not kept.keeper.health.recording
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    kept.beat(4)
    assert kept.keeper.health.recording
    assert kept.seqs() == list(range(12))
    kept.close()


# Damaged

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda data: data[: len(data) // 2],
    "cut within the first page": lambda data: data[:700],
    "garbage": lambda data: b"\xa5garbage" * (len(data) // 8),
    "header flipped": lambda data: b"\xff" * 16 + data[16:],
    "schema flipped": lambda data: data[:100] + bytes(255 - byte for byte in data[100:4096]) + data[4096:],
    "a few bytes": lambda data: b"hello",
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("crashed", [False, True])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(kept: Kept, how: str, crashed: bool) -> None:
    kept.beat(2_000)
    if crashed:
        kept.keeper._writer.sync()
        kept.keeper._writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        kept.keeper._writer.close()
    else:
        kept.close()
    damaged = DAMAGE[how](kept.path.read_bytes())
    kept.path.write_bytes(damaged)
    for _ in range(3):
        kept.anew(WALL + kept.second * S)
        kept.beat(3)
        kept.close()
    found = list(kept.path.parent.glob("heartbeat.damaged-*.sqlite3"))
    assert len(found) == 1, "set aside once, then no more"
    assert found[0].read_bytes()[:500] == damaged[:500], "kept for whoever can mend it"
    assert kept.told == [EventKind.STORE_SET_ASIDE]
    assert EventKind.STORE_SET_ASIDE in kept.events()
    assert kept.seqs() == list(range(2_000, 2_009))
    with History(kept.path) as history:
        assert history.check() == "ok"


def test_a_file_set_aside_is_told_also_where_the_new_one_comes_later(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"garbage" * 1000)
    open_file = kept.keeper._writer._open
    calls: list[int] = []

    def full_at_second() -> object:
        calls.append(1)
        if len(calls) == 2:
            raise sqlite3.OperationalError("database or disk is full")
        return open_file()

    monkeypatch.setattr(kept.keeper._writer, "_open", full_at_second)
    kept.beat(4)
    assert kept.told == [EventKind.STORE_UNAVAILABLE, EventKind.STORE_SET_ASIDE, EventKind.STORE_RECOVERED]
    assert kept.seqs() == [0, 1, 2, 3]


def test_zero_length_is_a_new_record(kept: Kept) -> None:
    kept.beat(5)
    kept.close()
    kept.path.write_bytes(b"")
    kept.anew(WALL + 10 * S)
    kept.beat(3)
    assert kept.seqs() == [5, 6, 7]
    assert kept.keeper.health.recording


@pytest.mark.parametrize("garbage", [b"", b"\xa5" * 5_000, b"x"])
def test_a_damaged_log_never_stops_it(kept: Kept, garbage: bytes, tmp_path: Path) -> None:
    kept.beat(50)
    # As a crash leaves it: file and log, the latter then overwritten.
    left = Kept(tmp_path / "left" / kept.path.name)
    left.path.parent.mkdir()
    wal = Path(f"{kept.path}-wal")
    left.path.write_bytes(kept.path.read_bytes())
    Path(f"{left.path}-wal").write_bytes(garbage + wal.read_bytes()[len(garbage) :] if garbage else b"")
    left.second = 50
    left.beat(5)
    assert left.keeper.health.recording
    assert left.seqs()[-5:] == list(range(50, 55))
    left.close()
    with History(left.path) as history:
        assert history.check() == "ok"


def test_damage_found_while_it_is_open_loses_nothing_new(kept: Kept) -> None:
    kept.beat(3_000)
    kept.keeper._writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    kept.keeper._writer.connection.execute("PRAGMA cache_size = 0")
    with kept.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (kept.path.stat().st_size - 4096))
    kept.beat(6)
    assert EventKind.STORE_SET_ASIDE in kept.told
    assert set(range(3_000, 3_006)) <= set(kept.seqs())
    assert kept.keeper.health.recording


def test_damage_found_at_the_end_still_keeps_the_last_beats(kept: Kept) -> None:
    kept.beat(3_000)
    kept.keeper._writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    kept.keeper._writer.connection.execute("PRAGMA cache_size = 0")
    with kept.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (kept.path.stat().st_size - 4096))
    kept.keeper._retry_at_ns = 10**15
    kept.beat(2)
    kept.close()
    assert kept.seqs()[-2:] == [3_000, 3_001]


# Deleted


def test_deleted_while_open_it_is_begun_anew_with_what_is_known(kept: Kept) -> None:
    kept.beat(30)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{kept.path}{suffix}").unlink()
    kept.beat(15)
    assert kept.seqs() == list(range(45)), "all, none twice"
    assert kept.told == [EventKind.STORE_UNAVAILABLE]
    assert kept.keeper.health.recording
    assert kept.gaps() == []
    with History(kept.path) as history:
        assert {beat.session for beat in history.beats(0, 2**62)} == {1}


def test_exchanged_for_an_older_copy_no_beat_is_in_it_twice(kept: Kept, tmp_path: Path) -> None:
    kept.beat(20)
    kept.keeper._writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(kept.path, copy)
    kept.beat(5)
    for suffix in ("-wal", "-shm"):
        Path(f"{kept.path}{suffix}").unlink()
    copy.replace(kept.path)
    kept.beat(15)
    assert kept.seqs() == list(range(40))


def test_the_folder_deleted_while_open_comes_back(kept: Kept) -> None:
    kept.beat(5)
    shutil.rmtree(kept.path.parent)
    kept.beat(15)
    assert kept.seqs() == list(range(20))


def test_what_is_given_up_while_it_cannot_begin_is_counted(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "PENDING_LIMIT", 10)
    kept.path.parent.write_text("in the way")
    kept.beat(50)
    health = kept.keeper.health
    assert (health.recording, health.unrecorded_beats) == (False, 40)
    kept.path.parent.unlink()
    kept.beat(4)
    assert kept.keeper.health.recording
    (gap,) = kept.gaps()
    assert gap.unrecorded_beats == kept.second - len(kept.seqs())
