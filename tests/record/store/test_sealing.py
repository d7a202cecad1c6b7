"""An hour that is over becomes a page: each beat is a row or in its page, whatever happens in between."""

import gc
import os
import random
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.envelope import MEASURES
from aios_gui.record.model.histogram import Histogram
from aios_gui.record.model.page import HOUR_US, Page, Row
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.part import Seal, part_id
from aios_gui.record.relocation.journal import files_of
from aios_gui.record.store import rows as record_rows
from aios_gui.record.store import sealing as module
from aios_gui.record.store.former import formers_of
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealed import SealedHours
from aios_gui.record.store.sealing import (
    DAY_HOURS,
    HOUR_MINUTES,
    SUMMARY_COLUMNS,
    Summary,
    nothing,
    sealing,
    summary_of,
)
from aios_gui.record.store.writer import SqliteWriter

FIRST = 480_000
"""An hour, the first one of a day."""
NEWEST_US = (FIRST + 100) * HOUR_US
_INSERT = f"INSERT INTO beat ({record_rows.BEAT_COLUMNS}) VALUES ({record_rows.places_of(record_rows.BEAT_COLUMNS)})"


class Stubborn(sqlite3.Connection):
    """A connection that fails at the statement that ``left`` counts down to."""

    left = -1

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self.left -= 1
        if self.left == 0:
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(*arguments)


def record(path: Path | str = ":memory:") -> Stubborn:
    connection = sqlite3.connect(path, isolation_level=None, factory=Stubborn)
    RECORD_SCHEMA.migrate(connection)
    return connection


def beat(at_us: int, seq: int, session: int = 1) -> Row:
    chance = random.Random(seq)
    return (
        at_us,
        session,
        seq,
        chance.randrange(2_000, 9_000) * 10,
        chance.randrange(10**5) * 10,
        chance.randrange(-500, 500),
        chance.randrange(3),
        chance.randrange(8),
        chance.randrange(4),
        chance.choice([None, 50, 1_000]),
        4_000,
        chance.choice([None, 30_000]),
    )


def beats_of(hour: int, count: int, seq: int = 0) -> list[Row]:
    step = HOUR_US // max(1, count)
    return [beat(hour * HOUR_US + place * step, seq + place) for place in range(count)]


def put(connection: sqlite3.Connection, rows: list[Row]) -> None:
    connection.executemany(_INSERT, rows)


def seal(connection: sqlite3.Connection, steps: int | None = None, newest_us: int = NEWEST_US) -> int:
    """Seal all, or do some steps of it; how many were done."""
    done = 0
    for _step in sealing(connection, RECORD_SCHEMA.seal, newest_us, set()):
        done += 1
        if done == steps:
            break
    return done


def exact(row: Row) -> tuple[Any, ...]:
    """The values of a row that a page keeps as they are."""
    return (*row[:5], *row[6:11])


def in_rows(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    found = connection.execute(f"SELECT {record_rows.BEAT_COLUMNS} FROM beat ORDER BY session, seq")
    return [exact(row) for row in found]


def in_pages(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    found = connection.execute("SELECT packed FROM page ORDER BY first_session, first_seq")
    return [exact(row) for (packed,) in found for row in Page(packed).beats().rows()]


def whole(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return sorted(in_rows(connection) + in_pages(connection), key=lambda row: row[1:3] + row[:1])


def summaries(connection: sqlite3.Connection, table: str, slots: int) -> dict[int, Summary]:
    key = connection.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE pk").fetchone()[0]
    found = connection.execute(f"SELECT {key}, {SUMMARY_COLUMNS} FROM {table}")
    return {row[0]: summary_of(row[1:], slots) for row in found}


def check(connection: sqlite3.Connection, made: list[Row]) -> None:
    """Whether each beat is there once, and pages and days add up to those that are sealed."""
    assert whole(connection) == sorted(map(exact, made), key=lambda row: row[1:3] + row[:1])
    days: dict[int, Summary] = {}
    sealed = in_pages(connection)
    for hour, summary in summaries(connection, "page", HOUR_MINUTES).items():
        mine = [row for row in sealed if row[0] // HOUR_US == hour]
        assert summary[:4] == (
            len(mine),
            sum(row[5] for row in mine),
            min(row[0] for row in mine),
            max(row[0] for row in mine),
        )
        histogram = Histogram()
        histogram.add([row[4] for row in mine])
        assert summary.lateness == histogram
        for name, place in zip(MEASURES, (3, 4, 8, 9), strict=True):
            assert sum(summary.envelope.measures[name].total) == sum(row[place] or 0 for row in mine)
        day = hour // DAY_HOURS
        days[day] = days.get(day, nothing(DAY_HOURS)).plus(summary, hour % DAY_HOURS)
    assert summaries(connection, "day", DAY_HOURS) == days


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat.sqlite3"


@pytest.fixture
def connection() -> Iterator[Stubborn]:
    with closing(record()) as connection:
        yield connection


def test_the_rows_of_an_hour_become_its_page(connection: Stubborn) -> None:
    made = beats_of(FIRST, 900)
    put(connection, made)
    seal(connection)
    assert in_rows(connection) == []
    assert in_pages(connection) == list(map(exact, made))
    check(connection, made)
    assert connection.execute("SELECT hour, first_session, first_seq, last_session FROM page").fetchall() == [
        (FIRST, 1, 0, 1)
    ]
    assert connection.execute("SELECT day, hours FROM day").fetchall() == [(FIRST // DAY_HOURS, 1)]


def test_lateness_is_kept_to_ten_nanoseconds(connection: Stubborn) -> None:
    made = beats_of(FIRST, 3)
    put(
        connection,
        [(*row[:4], lateness, *row[5:]) for row, lateness in zip(made, (4, 5, 12_345), strict=True)],
    )
    seal(connection)
    assert [row[4] for row in in_pages(connection)] == [0, 10, 12_350]


def test_hours_stay_open_until_two_more_are_over(connection: Stubborn) -> None:
    made = [row for hour in range(5) for row in beats_of(FIRST + hour, 40, 40 * hour)]
    put(connection, made)
    seal(connection, newest_us=(FIRST + 4) * HOUR_US + 1)
    assert {row[0] // HOUR_US - FIRST for row in in_rows(connection)} == {2, 3, 4}
    check(connection, made)
    assert seal(connection, newest_us=(FIRST + 4) * HOUR_US + 2) == 0


def test_a_step_takes_few_beats_at_a_time(connection: Stubborn) -> None:
    put(connection, beats_of(FIRST, 3600))
    assert seal(connection) > 40


def test_what_comes_late_is_merged_and_what_comes_twice_is_dropped(connection: Stubborn) -> None:
    made = beats_of(FIRST, 100)
    put(connection, made[:40] + made[70:])
    seal(connection)
    put(connection, made[35:75])
    seal(connection)
    check(connection, made)
    put(connection, made)
    seal(connection)
    check(connection, made)
    assert in_rows(connection) == []


def test_beats_stay_in_the_order_in_which_they_were_made(connection: Stubborn) -> None:
    # The clock was set back by half an hour in the middle, and after a new start once more.
    begin = FIRST * HOUR_US
    minute = HOUR_US // 60
    made = [
        *(beat(begin + place * minute, place) for place in range(40)),
        *(beat(begin + place * minute + 1, place + 40) for place in range(10, 60)),
        *(beat(begin + place * minute + 2, place, session=2) for place in range(5, 30)),
    ]
    put(connection, made)
    seal(connection)
    assert in_pages(connection) == list(map(exact, made))
    check(connection, made)


def test_an_hour_of_very_many_beats_is_sealed_in_pieces(
    connection: Stubborn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEATS_AT_ONCE", 1_000)
    made = beats_of(FIRST, 3_500)
    put(connection, made)
    steps = sealing(connection, {}, NEWEST_US, set())
    kept = set()
    for _step in steps:
        kept.add(connection.execute("SELECT count(*) FROM beat").fetchone()[0])
    assert kept == {3_500, 2_500, 1_500, 500}
    assert in_rows(connection) == []
    assert in_pages(connection) == list(map(exact, made))
    check(connection, made)


def test_a_row_that_is_no_beat_does_not_keep_its_hour_open(connection: Stubborn) -> None:
    made = beats_of(FIRST, 50)
    put(connection, made)
    connection.execute("UPDATE beat SET cpu_hundredths = 'much' WHERE seq = 7")
    seal(connection)
    check(connection, made[:7] + made[8:])
    put(connection, beats_of(FIRST + 1, 2))
    connection.execute("UPDATE beat SET flags = 0.5, duration_ns = ?", (-(2**63),))
    seal(connection)
    assert in_rows(connection) == []
    check(connection, made[:7] + made[8:])


@pytest.mark.parametrize("number", [-(2**63), 2**63 - 1])
def test_a_sum_that_no_column_can_hold_is_as_near_to_it_as_one_can(connection: Stubborn, number: int) -> None:
    put(connection, [row for hour in range(2) for row in beats_of(FIRST + hour, 3, 3 * hour)])
    seal(connection)
    connection.execute("UPDATE page SET beats = ?, missed = ?", (number, number))
    module.sum_up_days(connection)
    assert connection.execute("SELECT beats, missed FROM day").fetchone() == (number, number)


@pytest.mark.parametrize(
    "broken", [lambda packed: b"\0" + packed[1:], lambda packed: packed[:-5], lambda _packed: "text"]
)
def test_a_damaged_page_is_replaced_and_its_day_keeps_what_is_known_of_it(
    connection: Stubborn, broken: Callable[[bytes], bytes | str]
) -> None:
    made = beats_of(FIRST, 60)
    put(connection, made[:30])
    seal(connection)
    (packed,) = connection.execute("SELECT packed FROM page").fetchone()
    connection.execute("UPDATE page SET packed = ?", (broken(packed),))
    put(connection, made[30:])
    seal(connection)
    assert in_pages(connection) == list(map(exact, made[30:]))
    assert connection.execute("SELECT beats FROM day").fetchone() == (60,)


def test_a_damaged_day_is_made_from_its_pages(connection: Stubborn) -> None:
    made = [row for hour in range(3) for row in beats_of(FIRST + hour, 20, 20 * hour)]
    put(connection, made[:40])
    seal(connection)
    connection.execute("UPDATE day SET envelope = x'00'")
    put(connection, made[40:])
    seal(connection)
    check(connection, made)


def test_beats_that_come_while_their_hour_is_sealed_are_not_lost(connection: Stubborn) -> None:
    made = beats_of(FIRST, 50)
    put(connection, made[:20] + made[21:])
    steps = sealing(connection, {}, NEWEST_US, set())
    for _done in range(4):
        next(steps)
    put(connection, made[20:21])
    for _step in steps:
        pass
    assert len(in_rows(connection)) == 50
    seal(connection)
    assert in_rows(connection) == []
    check(connection, made)


def test_an_hour_with_more_than_a_page_takes_stays_rows(
    connection: Stubborn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = beats_of(FIRST, 150) + beats_of(FIRST + 1, 5, 150)
    put(connection, made)
    monkeypatch.setattr("aios_gui.record.model.columns.MOST_VALUES", 100)
    left_out: set[int] = set()
    for _pass in range(2):
        for _step in sealing(connection, {}, NEWEST_US, left_out):
            pass
    assert left_out == {FIRST}
    assert len(in_rows(connection)) == 150
    check(connection, made)


# What ends it in the middle


@cache
def half_sealed() -> tuple[bytes, list[Row]]:
    """A record with a page, rows that belong to it, and rows of an hour without one."""
    made = beats_of(FIRST, 30) + beats_of(FIRST + 1, 12, 30)
    with closing(record()) as connection:
        put(connection, made[:20])
        seal(connection)
        put(connection, made[20:])
        return connection.serialize(), made


@pytest.fixture
def again() -> Iterator[Callable[[], tuple[Stubborn, list[Row]]]]:
    """Gives a half sealed record, and its beats, a new one each time."""
    content, made = half_sealed()
    with closing(sqlite3.connect(":memory:", isolation_level=None, factory=Stubborn)) as connection:

        def give() -> tuple[Stubborn, list[Row]]:
            connection.left = -1
            connection.deserialize(content)
            return connection, made

        yield give


def test_it_can_end_at_any_step_and_be_begun_again(again: Callable[[], tuple[Stubborn, list[Row]]]) -> None:
    steps = seal(again()[0])
    for step in range(1, steps + 1):
        connection, made = again()
        seal(connection, steps=step)
        check(connection, made)
        if step % 10 == 0:
            seal(connection)
            assert in_rows(connection) == []
            check(connection, made)


def test_it_can_fail_at_any_statement_and_be_begun_again(
    again: Callable[[], tuple[Stubborn, list[Row]]],
) -> None:
    connection, _made = again()
    connection.left = 0
    seal(connection)
    statements = -connection.left
    assert statements > 15
    for statement in range(1, statements + 1):
        connection, made = again()
        connection.left = statement
        with pytest.raises(sqlite3.OperationalError):
            seal(connection)
        assert not connection.in_transaction
        check(connection, made)
        seal(connection)
        assert in_rows(connection) == []
        check(connection, made)


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * HOUR_US), st.integers(1, 3), st.booleans()),
        max_size=40,
        unique_by=lambda each: each[0],
    ),
    st.integers(0, 60),
)
def test_whatever_the_order_and_the_pauses(given_beats: list[tuple[int, int, bool]], cut: int) -> None:
    with closing(record()) as connection:
        made: list[Row] = []
        for place, (at_us, session, seals) in enumerate(given_beats):
            made.append(beat(FIRST * HOUR_US + at_us, place, session))
            put(connection, made[-1:])
            if seals:
                seal(connection, steps=cut or None)
        seal(connection)
        assert in_rows(connection) == []
        check(connection, made)


# What features have of an hour


def test_what_a_feature_keeps_is_sealed_with_the_hour(connection: Stubborn) -> None:
    def count(
        connection: sqlite3.Connection, start_us: int, end_us: int, earlier: bytes | None
    ) -> bytes | None:
        (found,) = connection.execute(
            "SELECT count(*) FROM event WHERE at_us >= ? AND at_us < ?", (start_us, end_us)
        ).fetchone()
        return (earlier or b"") + bytes([found])

    parts = {5: Seal(count, {"event": "at_us"})}
    event = "INSERT INTO event (at_us, kind, facts) VALUES (?, '', '{}')"
    hours = [FIRST, FIRST, FIRST + 1, FIRST + 99]
    connection.executemany(event, [(hour * HOUR_US + place,) for place, hour in enumerate(hours)])
    for _step in sealing(connection, parts, NEWEST_US, set()):
        pass
    kept = "SELECT id, packed FROM page_part ORDER BY id"
    assert connection.execute(kept).fetchall() == [(part_id(FIRST, 5), b"\2"), (part_id(FIRST + 1, 5), b"\1")]
    assert connection.execute("SELECT at_us / ? FROM event", (HOUR_US,)).fetchall() == [(FIRST + 99,)]
    connection.execute(event, (FIRST * HOUR_US,))
    for _step in sealing(connection, parts, NEWEST_US, set()):
        pass
    assert connection.execute(kept).fetchall()[0] == (part_id(FIRST, 5), b"\2\1")


@pytest.mark.parametrize("failing", [ValueError("no"), TypeError("no")])
def test_a_feature_that_cannot_seal_keeps_its_rows(connection: Stubborn, failing: Exception) -> None:
    def fail(*_hour: object) -> bytes:
        raise failing

    made = beats_of(FIRST, 10)
    put(connection, made)
    connection.execute("INSERT INTO event (at_us, kind, facts) VALUES (?, '', '{}')", (FIRST * HOUR_US,))
    left_out: set[int] = set()
    for _step in sealing(connection, {5: Seal(fail, {"event": "at_us"})}, NEWEST_US, left_out):
        pass
    assert left_out == {FIRST}
    assert connection.execute("SELECT count(*) FROM event").fetchone() == (1,)
    check(connection, made)


# A record of an older version


def older(path: Path, version: int, made: list[Row]) -> None:
    """A record as a program of that version left it."""
    with closing(sqlite3.connect(path)) as connection:
        for script in RECORD_SCHEMA.migrations[:version]:
            connection.executescript(script)
        put(connection, made)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("INSERT INTO session VALUES (1, 1, ?, 'service', '{}')", (made[-1][0],))
        connection.commit()


@pytest.mark.parametrize("version", [5, 6])
def test_an_older_record_becomes_pages_and_is_kept_until_it_is_whole(path: Path, version: int) -> None:
    made = [row for hour in range(6) for row in beats_of(FIRST + hour, 50, 50 * hour)]
    older(path, version, made)
    former = path.with_name(f"{path.name}.version-{version}")
    open_hours: set[int] = set()
    for steps in (10, 25, 10_000):
        writer = SqliteWriter(path, RECORD_SCHEMA)
        writer.open()
        assert former.exists()
        assert former.stat().st_mode & 0o077 == 0 or os.name == "nt"
        check(writer.connection, made)
        for _step in range(steps):
            if not writer.seal():
                break
        check(writer.connection, made)
        open_hours = {row[0] // HOUR_US - FIRST for row in in_rows(writer.connection)}
        writer.close()
    assert not former.exists()
    assert open_hours == {3, 4, 5}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_copy_holds_what_the_record_held(path: Path) -> None:
    made = beats_of(FIRST, 50)
    older(path, 6, made)
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    writer.close()
    (former,) = formers_of(path)
    with closing(sqlite3.connect(former)) as connection:
        assert in_rows(connection) == list(map(exact, made))
        assert connection.execute("PRAGMA user_version").fetchone() == (6,)
    assert set(files_of(path)) >= {path, former}, "it goes where the record is moved or forgotten"


def test_without_room_for_a_copy_the_record_is_used_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aios_gui.record.store.former._SPARE_BYTES", 2**60)
    made = beats_of(FIRST, 50)
    older(path, 6, made)
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    assert formers_of(path) == []
    check(writer.connection, made)
    writer.close()


def test_what_is_no_time_is_no_edge_of_the_record(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat.sqlite3"
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    writer.close()
    with closing(sqlite3.connect(path)) as connection:
        assert SealedHours(connection, print).span() is None
        columns = ("hour", "first_us", "last_us")
        known = [row[1:3] for row in connection.execute("PRAGMA table_info(page)")]
        values = {name: 0 if kind == "INTEGER" else b"" for name, kind in known}
        for hour, first_us in ((1, "\xa5"), (2, 7_300_000_000)):
            row = {**values, **dict(zip(columns, (hour, first_us, 7_400_000_000), strict=True))}
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(
                f"INSERT INTO page ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                tuple(row.values()),
            )
        assert SealedHours(connection, print).span() == (7_400_000_000, 7_400_000_000)


def test_a_reader_goes_with_the_last_that_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "heartbeat.sqlite3"
    with closing(record(path)) as connection:
        put(connection, beats_of(FIRST, 20))
        seal(connection)
    gc.disable()
    try:
        with RecordReader(path) as reader:
            assert len(list(reader.beats(0, END_OF_TIME_NS))) == 20
        gone = weakref.ref(reader)
        del reader
        assert gone() is None
    finally:
        gc.enable()
