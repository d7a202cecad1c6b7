"""The record survives a file that is damaged, deleted or exchanged; a new one is begun and nothing is in it twice."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.record.store.reader import RecordReader
from tests.fakes import MS, WALL, Kept, S
from tests.processes import wait_until
from tests.systems import removes_open_files

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
        kept.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        kept.crash()
    else:
        kept.close()
    damaged = DAMAGE[how](kept.path.read_bytes())
    kept.path.write_bytes(damaged)
    for _ in range(3):
        kept.begin_again(WALL + kept.second * S)
        kept.beat(3)
        kept.close()
    found = list(kept.path.parent.glob("heartbeat.damaged-*.sqlite3"))
    assert len(found) == 1, "set aside once, then no more"
    assert found[0].read_bytes()[:500] == damaged[:500], "kept for whoever can mend it"
    assert kept.told.count(EventKind.STORE_SET_ASIDE) == 1
    assert kept.events().count(EventKind.STORE_SET_ASIDE) == 1
    assert kept.seqs()[-9:] == list(range(2_000, 2_009))
    with RecordReader(kept.path) as reader:
        assert reader.check() == "ok"


def test_a_file_set_aside_is_told_also_where_the_new_one_comes_later(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"garbage" * 1000)
    open_file = kept.store._writer._open
    calls: list[int] = []

    def full_at_second() -> object:
        calls.append(1)
        if len(calls) == 2:
            raise sqlite3.OperationalError("database or disk is full")
        return open_file()

    monkeypatch.setattr(kept.store._writer, "_open", full_at_second)
    kept.beat(4)
    assert kept.told[:3] == [
        EventKind.STORE_UNAVAILABLE,
        EventKind.STORE_SET_ASIDE,
        EventKind.STORE_RECOVERED,
    ]
    assert kept.seqs() == [0, 1, 2, 3]


def test_zero_length_is_a_new_record(kept: Kept) -> None:
    kept.beat(5)
    kept.close()
    kept.path.write_bytes(b"")
    kept.begin_again(WALL + 10 * S)
    kept.beat(3)
    assert kept.seqs() == [5, 6, 7]
    assert kept.store.health.recording


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
    assert left.store.health.recording
    assert left.seqs()[-5:] == list(range(50, 55))
    left.close()
    with RecordReader(left.path) as reader:
        assert reader.check() == "ok"


def test_damage_found_while_it_is_open_loses_nothing_new(kept: Kept) -> None:
    kept.beat(3_000)
    kept.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    kept.connection.execute("PRAGMA cache_size = 0")
    with kept.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (kept.path.stat().st_size - 4096))
    kept.recent = kept.recent[-20:]
    kept.beat(6)
    assert EventKind.STORE_SET_ASIDE in kept.told
    assert set(range(2_980, 3_006)) <= set(kept.seqs()), "with what was known of those before"
    assert kept.store.health.recording


def test_damage_found_at_the_end_still_keeps_the_last_beats(kept: Kept) -> None:
    kept.beat(3_000)
    kept.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    kept.connection.execute("PRAGMA cache_size = 0")
    with kept.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (kept.path.stat().st_size - 4096))
    kept.store._retry_at_ns = 10**15
    kept.beat(2)
    kept.close()
    assert kept.seqs()[-2:] == [3_000, 3_001]


# Deleted


@removes_open_files
def test_damage_to_the_hour_before_is_looked_into_at_once(kept: Kept) -> None:
    kept.beat(2_000)
    root = kept.connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'beat'").fetchone()[0]
    kept.close()
    with kept.path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        page = file.read(4096)
        cells = range(12, 12 + 2 * int.from_bytes(page[3:5], "big"), 2)
        place = cells[len(cells) // 2]
        cell = int.from_bytes(page[place : place + 2], "big")
        leaf = int.from_bytes(page[cell : cell + 4], "big")
        file.seek((leaf - 1) * 4096)
        file.write(bytes(12))
    kept.begin_again(WALL + kept.second * S)
    kept.beat(1)
    assert EventKind.STORE_SET_ASIDE not in kept.told
    assert kept.store.past_hour(50 * MS, lambda _connection, _since_ns, _until_ns: {}) == []
    now_ns = kept.second * S

    def is_set_aside() -> bool:
        kept.store.keep(now_ns, WALL + now_ns, tuple)
        return EventKind.STORE_SET_ASIDE in [event.kind for event in kept.store.news()]

    wait_until(is_set_aside, "it is set aside")


@removes_open_files
def test_deleted_while_open_it_is_begun_anew_with_what_is_known(kept: Kept) -> None:
    kept.beat(30)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{kept.path}{suffix}").unlink()
    kept.beat(15)
    assert kept.seqs() == list(range(45)), "all, none twice"
    assert kept.told == [EventKind.STORE_UNAVAILABLE]
    assert kept.store.health.recording
    assert kept.gaps() == []
    with RecordReader(kept.path) as reader:
        assert {beat.session for beat in reader.beats(0, 2**62)} == {1}


@removes_open_files
def test_exchanged_for_an_older_copy_no_beat_is_in_it_twice(kept: Kept, tmp_path: Path) -> None:
    kept.beat(20)
    kept.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(kept.path, copy)
    kept.beat(5)
    for suffix in ("-wal", "-shm"):
        Path(f"{kept.path}{suffix}").unlink()
    copy.replace(kept.path)
    kept.beat(15)
    assert kept.seqs() == list(range(40))


@removes_open_files
def test_the_folder_deleted_while_open_comes_back(kept: Kept) -> None:
    kept.beat(5)
    shutil.rmtree(kept.path.parent)
    kept.beat(15)
    assert kept.seqs() == list(range(20))
