"""Damage is found while the record is written, and what can be read of a damaged one is in the new one."""

import itertools
import random
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record import resilient_store
from aios_gui.record.part import part_id
from aios_gui.record.store import care
from aios_gui.record.store.care import Examination
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.salvage import Salvage
from tests.fakes import HOUR, STARTED, WALL, Kept, S, recorded_beat
from tests.processes import wait_until

PAGE = 4096
INTERIOR, LEAF = 5, 13


def overwrite(path: Path, pages: list[int]) -> None:
    """Leave nothing of these pages but zeros."""
    with path.open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE)
            file.write(bytes(PAGE))


def pages_of(path: Path, table: str) -> list[int]:
    """Which pages hold rows of a table, in the order of the rows. Not by `dbstat`, which few builds of SQLite have."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return _leaves(path.read_bytes(), root - 1)


def _leaves(file: bytes, page: int) -> list[int]:
    """The leaves of a table's tree below a page, by the format of SQLite's files."""
    content = file[page * PAGE : (page + 1) * PAGE]
    if content[0] == LEAF:
        return [page]
    assert content[0] == INTERIOR
    (cells,) = struct.unpack_from(">H", content, 3)
    places = struct.unpack_from(f">{cells}H", content, 12)
    below = [struct.unpack_from(">I", content, place)[0] - 1 for place in (*places, 8)]
    return [leaf for each in below for leaf in _leaves(file, each)]


def salvaged(path: Path, table: str = "beat") -> list[int]:
    """The first column of what can be read, in order."""
    salvage = Salvage(path, RECORD_SCHEMA.tables(RECORD_SCHEMA.version), (WALL + 10**6 * S) // 1000)
    batches = [*salvage.small(), *salvage.series()]
    return sorted(row[0] for batch in batches if batch.table == table for row in batch.rows)


@pytest.fixture
def full(kept: Kept) -> Kept:
    """A record with two thousand beats, closed."""
    kept.beat(2_000)
    kept.close()
    return kept


@pytest.mark.parametrize(
    "which",
    [
        lambda count: [0],
        lambda count: [count - 1],
        lambda count: [0, count - 1],
        lambda count: [count // 2],
        lambda count: [3, 4, 5, 9, 10],
        lambda count: [0, 1, 2, count // 2, count - 2, count - 1],
    ],
    ids=["first", "last", "both ends", "middle", "several", "many"],
)
def test_all_rows_around_damaged_pages_are_read(full: Kept, which: Callable[[int], list[int]]) -> None:
    leaves = pages_of(full.path, "beat")
    assert len(leaves) > 12
    whole = salvaged(full.path)
    assert len(whole) == 2_000
    damaged = which(len(leaves))
    overwrite(full.path, [leaves[each] for each in damaged])
    found = salvaged(full.path)
    most_a_page = 2_000 // len(leaves) + 10
    assert len(whole) - len(found) <= most_a_page * len(damaged)
    assert set(found) < set(whole)


def test_a_file_of_which_the_end_is_missing_is_read_as_far_as_it_goes(full: Kept) -> None:
    content = full.path.read_bytes()
    full.path.write_bytes(content[: len(content) * 2 // 3])
    assert len(salvaged(full.path)) > 200


@pytest.mark.parametrize("pages", [slice(0, 1), slice(0, None)])
def test_a_file_that_is_nothing_but_garbage_gives_nothing(full: Kept, pages: slice) -> None:
    overwrite(full.path, list(range(full.path.stat().st_size // PAGE))[pages])
    assert salvaged(full.path) == []


def test_rows_of_another_type_and_of_the_far_future_are_left_out(full: Kept) -> None:
    with closing(sqlite3.connect(full.path)) as connection:
        connection.execute("UPDATE beat SET duration_ns = 'long' WHERE seq = 5")
        connection.execute("UPDATE beat SET at_us = 9223372036854775807 WHERE seq = 6")
        connection.execute("INSERT INTO session (started_us, mode, facts) VALUES ('x', 5, x'00')")
        connection.commit()
    assert len(salvaged(full.path)) == 1_998
    assert len(salvaged(full.path, "session")) == 1


@pytest.mark.parametrize("small", [0, 2**60], ids=["by slices", "in one go"])
def test_a_sound_record_is_found_sound_and_a_damaged_one_damaged(
    full: Kept, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care, "SMALL_BYTES", small)

    def examined() -> str:
        examination = Examination(full.path, pause_s=0)
        examination.run()
        return examination.damage

    assert examined() == ""
    sound = full.path.read_bytes()
    leaves = pages_of(full.path, "beat")
    for damaged in (leaves[0], leaves[-1], leaves[5], pages_of(full.path, "session")[0]):
        overwrite(full.path, [damaged])
        assert examined()
        full.path.write_bytes(sound)
    chance = random.Random(4)
    content = bytearray(sound)
    for _flipped in range(60):
        content[chance.randrange(PAGE, len(content))] ^= 1 << chance.randrange(8)
    full.path.write_bytes(content)
    assert examined()


def test_damage_is_found_in_idle_time_and_nothing_new_is_lost(
    full: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resilient_store, "EXAMINE_FIRST_NS", 3 * S)
    damaged = pages_of(full.path, "beat")[5:8]
    overwrite(full.path, damaged)
    full.begin_again(WALL + full.second * S)
    full.beat(3)
    assert full.told == [], "the last run ended properly, so it is not read through at the start"

    def beat_on() -> bool:
        full.beat()
        return EventKind.STORE_CARRIED_OVER in full.told

    wait_until(beat_on, "what can be read is carried over")
    assert full.told == [EventKind.STORE_SET_ASIDE, EventKind.STORE_CARRIED_OVER]
    full.beat()
    seqs = full.seqs()
    assert seqs[-(full.second - 2_000) :] == list(range(2_000, full.second))
    assert 2_000 - 3 * 120 < len(set(seqs) & set(range(2_000))) < 2_000
    with RecordReader(full.path) as reader:
        (event,) = reader.events(0, 2**62, EventKind.STORE_CARRIED_OVER)
        assert reader.check() == "ok"
    assert int(event.facts["beat_rows"]) >= len(set(seqs) & set(range(2_000)))


def test_small_tables_and_the_number_of_the_session_go_on(kept: Kept) -> None:
    kept.store.take([Gap(GapKind.PAUSED, WALL, WALL + S), Event(EventKind.STUCK, WALL, 1, {"a": 1})])
    kept.beat(300)
    kept.close()
    overwrite(kept.path, pages_of(kept.path, "beat")[:1])
    with closing(sqlite3.connect(kept.path)) as connection:
        connection.execute("UPDATE session SET ended_us = NULL")
        connection.commit()
    ended = WALL + kept.second * S
    kept.begin_again(ended + 500 * S)
    kept.beat()
    assert kept.told[0] is EventKind.STORE_SET_ASIDE
    assert kept.store.session == 2
    assert EventKind.STUCK in kept.events()
    kinds = [(gap.kind, gap.start_ns) for gap in kept.gaps()]
    assert (GapKind.PAUSED, WALL) in kinds
    assert any(kind is GapKind.NOT_RECORDED and start >= WALL for kind, start in kinds)


def test_it_is_carried_on_by_the_next_run(full: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    overwrite(full.path, pages_of(full.path, "beat")[5:6])
    with closing(sqlite3.connect(full.path)) as connection:
        connection.execute("UPDATE session SET ended_us = NULL")
        connection.commit()
    full.begin_again(WALL + full.second * S)
    full.beat()
    full.close()
    assert full.told == [EventKind.STORE_SET_ASIDE]
    full.begin_again(WALL + full.second * S)

    def beat_on() -> bool:
        full.beat()
        return EventKind.STORE_CARRIED_OVER in full.told

    wait_until(beat_on, "the rest is carried over")
    assert len(set(full.seqs()) & set(range(2_000))) > 1_850
    full.close()
    full.begin_again(WALL + full.second * S)
    full.beat(3)
    assert full.told.count(EventKind.STORE_CARRIED_OVER) == 1, "done once, then no more"


def test_a_file_named_by_the_record_alone_is_not_read(kept: Kept, tmp_path: Path) -> None:
    other = Kept(tmp_path / "elsewhere" / "heartbeat.damaged-20250101-000000.sqlite3")
    other.beat(30)
    other.close()
    told = Event(EventKind.STORE_SET_ASIDE, STARTED, None, {"moved_to": str(other.path)})
    kept.store.take([told])
    kept.beat(3)
    kept.close()
    kept.begin_again(WALL + 100 * S)
    kept.beat(5)
    assert kept.told == []


# Sealed hours


@pytest.fixture
def sealed(kept: Kept) -> Kept:
    """A record with two days of sealed hours, some beats of hours that are open, and parts of pages; closed."""
    kept.beat()
    hour = WALL // HOUR
    beats = [
        recorded_beat(place, (hour - 50) * HOUR + place * HOUR // 200, lateness_ns=place * 7919 % 10**6 * 10)
        for place in range(50 * 200)
    ]
    kept.store.take(beats)
    kept.beat()
    kept.seal()
    parts = [(part_id(hour - each, 9), b"p" * 50) for each in range(3, 50)]
    kept.connection.executemany("INSERT INTO page_part VALUES (?, ?)", parts)
    kept.close()
    return kept


def test_pages_around_damage_are_read_from_a_record_that_was_set_aside(sealed: Kept) -> None:
    hours, parts, days = (salvaged(sealed.path, name) for name in ("page", "page_part", "day"))
    assert (len(hours), len(parts)) == (48, 47)
    assert len(days) == 3
    sound = sealed.path.read_bytes()
    leaves = pages_of(sealed.path, "page")
    assert len(leaves) > 6
    for damaged in ([0], [len(leaves) - 1], [2, 3], [0, 4]):
        overwrite(sealed.path, [leaves[each] for each in damaged])
        found = salvaged(sealed.path, "page")
        assert set(found) < set(hours)
        assert len(hours) - len(found) <= len(damaged) * (48 // len(leaves) + 4)
        sealed.path.write_bytes(sound)


def test_a_damaged_page_loses_its_hour_and_says_so_once(
    sealed: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resilient_store, "EXAMINE_FIRST_NS", S)
    monkeypatch.setattr(resilient_store, "EXAMINE_AGAIN_NS", S)
    hour = salvaged(sealed.path, "page")[5]
    with closing(sqlite3.connect(sealed.path)) as connection:
        (packed,) = connection.execute("SELECT packed FROM page WHERE hour = ?", (hour,)).fetchone()
        broken = packed[:20] + bytes([packed[20] ^ 1]) + packed[21:]
        connection.execute("UPDATE page SET packed = ? WHERE hour = ?", (broken, hour))
        connection.commit()
    sealed.begin_again(WALL + sealed.second * S)
    rounds = itertools.count()

    def beat_on() -> bool:
        sealed.beat()
        return next(rounds) > 40 and EventKind.HOUR_DAMAGED in sealed.told

    wait_until(beat_on, "the hour is named")
    sealed.beat()
    assert sealed.told == [EventKind.HOUR_DAMAGED], "the record goes on, and it is told once"
    with RecordReader(sealed.path) as reader:
        (event,) = reader.events(0, 2**62, EventKind.HOUR_DAMAGED)
    assert event.facts == {"hour": hour}
