"""What a wrong clock does to a record: nothing goes that would have stayed with a right one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.record_reader import incidents
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, RecordedBeat
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.part import part_id
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.retention import _oldest_to_keep_us, used_bytes
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import WALL, S, recorded_beat

DAY = 86_400 * S
MINUTE = 60 * S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "heartbeat.sqlite3"


class Runs:
    """Runs of the program one after the other, each by a clock that says what it is told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = SqliteWriter(path, RECORD_SCHEMA)

    def run(self, from_ns: int, count: int, every_ns: int = MINUTE, raw_days: int = 8) -> list[RecordedBeat]:
        """Beat and leave; what has been trimmed by the end is trimmed."""
        self.writer.open()
        session = self.writer.begin_session(from_ns, "service", {})
        beats = [recorded_beat(seq, from_ns + seq * every_ns, session=session) for seq in range(count)]
        self.writer.write(beats, session)
        while self.writer.trim(raw_days, 500_000_000):
            pass
        self.writer.end_session(session, beats[-1].wall_ns)
        self.writer.close()
        return beats

    def seal(self) -> None:
        """Make pages of all hours that can be sealed."""
        while self.writer.seal():
            pass

    def hours(self) -> list[int]:
        """The hours that have a page."""
        return [row[0] for row in self.writer.connection.execute("SELECT hour FROM page ORDER BY hour")]

    def kept(self) -> list[RecordedBeat]:
        with RecordReader(self.path) as reader:
            return list(reader.beats(0, 2**62))


@pytest.fixture
def runs(path: Path) -> Iterator[Runs]:
    runs = Runs(path)
    yield runs
    runs.writer.close()


@pytest.mark.parametrize("ahead_ns", [10 * DAY, 365 * DAY, 12_000 * DAY])
def test_a_start_with_a_clock_far_ahead_removes_nothing(runs: Runs, ahead_ns: int) -> None:
    before = runs.run(WALL, 60)
    runs.writer.open()
    others = [
        Gap(GapKind.PAUSED, WALL, WALL + S),
        Event(EventKind.STUCK, WALL, 1, {}),
        ContextSample(WALL, 1.0),
        Incident(1, "cpu", "cpu", Level.CRITICAL, WALL, 90.0, 80.0, WALL + S),
    ]
    runs.writer.write(others, 1)
    runs.writer.close()
    ahead = runs.run(WALL + ahead_ns, 60)
    again = runs.run(WALL + ahead_ns + DAY // 24, 60)
    assert runs.kept() == [*before, *ahead, *again]
    after = runs.run(WALL + DAY // 24, 60)
    assert runs.kept() == [*before, *ahead, *again, *after]
    with RecordReader(runs.path) as reader:
        assert reader.gaps(0, WALL + DAY) == others[:1]
        assert reader.events(0, 2**62) == others[1:2]
        assert reader.contexts(0, 2**62) == others[2:3]
        assert incidents(reader, 0, 2**62) == others[3:]


def test_a_month_by_a_clock_that_is_ahead_leaves_as_much_as_a_month_by_a_right_one(runs: Runs) -> None:
    runs.run(WALL, 8 * 24, 3600 * S)
    ahead = runs.run(WALL + 18 * DAY, 30 * 24, 3600 * S)
    last_days = [beat for beat in ahead if beat.wall_ns >= ahead[-1].wall_ns - 8 * DAY]
    assert runs.kept() == last_days
    since = runs.run(WALL + 38 * DAY + S, 9 * 24, 3600 * S)
    kept = runs.kept()
    assert set(last_days) <= set(kept), "dated later than now"
    assert [beat for beat in kept if beat not in last_days] == [
        beat for beat in since if beat.wall_ns >= since[-1].wall_ns - 8 * DAY
    ]


def test_a_clock_that_is_set_back_while_it_runs_removes_nothing(runs: Runs) -> None:
    runs.writer.open()
    session = runs.writer.begin_session(WALL, "service", {})
    walls = [WALL, WALL + 30 * DAY, WALL + 60 * DAY, WALL + S]
    beats = [recorded_beat(seq, wall, session=session) for seq, wall in enumerate(walls)]
    for beat in beats:
        runs.writer.write([beat], session)
        runs.writer.trim(1, 500_000_000)
    runs.writer.close()
    assert sorted(beat.seq for beat in runs.kept()) == [0, 1, 2, 3]


def shrunk(runs: Runs, tenths: int, *starts_ns: int) -> list[list[RecordedBeat]]:
    """Runs of 10,000 beats, of which as many are kept by size as is told; what was recorded."""
    found = [runs.run(start_ns, 10_000, raw_days=365) for start_ns in starts_ns]
    runs.writer.open()
    limit_bytes = used_bytes(runs.writer.connection) * tenths // 10
    while runs.writer.trim(365, limit_bytes):
        pass
    assert used_bytes(runs.writer.connection) <= limit_bytes
    runs.writer.close()
    return found


@pytest.mark.parametrize(
    "starts_ns",
    [
        (WALL, WALL + 30 * DAY, WALL + 7 * DAY),
        (WALL + 30 * DAY, WALL + 37 * DAY, WALL),
    ],
    ids=["a clock that was ahead", "a clock that is behind"],
)
def test_by_size_what_was_recorded_first_goes_first(runs: Runs, starts_ns: tuple[int, ...]) -> None:
    found = shrunk(runs, 6, *starts_ns)
    kept = runs.kept()
    assert {beat.session for beat in kept} == {2, 3}
    assert [beat for beat in kept if beat.session == 3] == found[2]


def test_by_size_the_last_day_stays_longer_than_what_is_dated_ahead(runs: Runs) -> None:
    found = shrunk(runs, 2, WALL - 30 * DAY, WALL + 30 * DAY, WALL)
    last_day = [beat for beat in found[2] if beat.wall_ns >= found[2][-1].wall_ns - DAY]
    assert set(last_day) <= set(runs.kept())


HOUR = 3600 * S


def test_the_pages_of_what_went_are_given_back_many_at_a_time(runs: Runs) -> None:
    runs.run(WALL, 20_000, S)
    runs.writer.open()
    free = "PRAGMA freelist_count"
    runs.writer.connection.execute("DELETE FROM beat")
    before = runs.writer.connection.execute(free).fetchone()[0]
    assert before > 50
    runs.writer.trim(8, 500_000_000)
    assert runs.writer.connection.execute(free).fetchone() == (max(0, before - 256),)


def test_pages_go_by_age_and_days_stay(runs: Runs) -> None:
    beats = runs.run(WALL, 240, HOUR // 2)
    runs.writer.open()
    runs.seal()
    parts = [(part_id(hour, number), b"") for hour in runs.hours() for number in (1, 2)]
    runs.writer.connection.executemany("INSERT INTO page_part VALUES (?, ?)", parts)
    assert len(runs.hours()) == 117
    while runs.writer.trim(2, 500_000_000):
        pass
    oldest = (beats[-1].wall_ns - 2 * DAY) // HOUR
    assert runs.hours() == list(range(oldest, oldest + len(runs.hours())))
    assert len(runs.hours()) in (46, 47)
    kept_parts = [row[0] for row in runs.writer.connection.execute("SELECT id FROM page_part ORDER BY id")]
    assert kept_parts == [part_id(hour, number) for hour in runs.hours() for number in (1, 2)]
    assert runs.writer.connection.execute("SELECT sum(beats) FROM day").fetchone()[0] > 230


@pytest.mark.parametrize("ahead_ns", [10 * DAY, 12_000 * DAY])
def test_pages_are_as_old_as_what_was_recorded_since(runs: Runs, ahead_ns: int) -> None:
    runs.run(WALL, 100, HOUR // 2)
    runs.writer.open()
    runs.seal()
    hours = runs.hours()
    runs.run(WALL + ahead_ns, 60, raw_days=3)
    runs.writer.open()
    assert runs.hours() == hours
    runs.run(WALL + ahead_ns + DAY, 24 * 5, HOUR, raw_days=3)
    runs.writer.open()
    assert runs.hours() == []


def test_by_size_the_oldest_pages_go_first_and_the_last_day_stays(runs: Runs) -> None:
    runs.run(WALL, 5 * 24 * 100, HOUR // 100, raw_days=365)
    runs.writer.open()
    runs.seal()
    hours, limit_bytes = runs.hours(), used_bytes(runs.writer.connection) * 17 // 20
    while runs.writer.trim(365, limit_bytes):
        pass
    assert used_bytes(runs.writer.connection) <= limit_bytes
    assert 20 <= len(runs.hours()) < len(hours)
    assert runs.hours() == hours[-len(runs.hours()) :]


def test_what_is_sealed_is_the_same_to_age(runs: Runs) -> None:
    """Whether a beat is a row or in a page, as much is counted."""
    runs.run(WALL, 200, HOUR)
    runs.writer.open()
    newest_us = runs.kept()[-1].wall_ns // 1000
    as_rows = [_oldest_to_keep_us(runs.writer.connection, newest_us, days) for days in range(1, 10)]
    runs.seal()
    assert [_oldest_to_keep_us(runs.writer.connection, newest_us, days) for days in range(1, 10)] == as_rows
