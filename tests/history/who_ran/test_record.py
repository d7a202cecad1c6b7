"""Who ran in the record: samples are kept and found again by moment; what is damaged is passed over."""

import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.stretches import by_day
from aios_gui.history.who_ran.codec import pack, unpack
from aios_gui.history.who_ran.model import NotKnown, Ran, WhoRan, summed
from aios_gui.history.who_ran.record import WHO_RAN, WHO_RAN_PART
from aios_gui.history.who_ran.record_reader import samples, samples_by_day, who_at
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.part import part_id
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, WALL, S

CARGO = Ran("cargo", 7, "bash", "session-2.scope", 3, 176.0, 1 << 30, 2048.0)


def sample(at_s: float, seconds: float = 60, ran: Ran = CARGO) -> WhoRan:
    return WhoRan(WALL + round(at_s * S), seconds, (ran,))


def beat_at(at_s: int) -> RecordedBeat:
    return RecordedBeat(1, at_s, WALL + at_s * S, 24_000, 0, 0, 0, True, Cause.NONE, (), False, 1.0, 1.0)


def test_samples_of_a_span_come_back_in_order(writer: SqliteWriter) -> None:
    kept = [sample(120), sample(60), sample(180)]
    writer.write(kept, 0)
    writer.close()
    with RecordReader(writer.path) as reader:
        assert samples(reader, WALL, WALL + 180 * S) == [sample(60), sample(120)]


@pytest.mark.parametrize(
    ("at_s", "found_s"),
    [
        (61, 120),
        (120, 120),
        (119.5, 120),
        (125, 120),
        (150, 120),
        (1, 60),
        (299, 300),
        (270, 300),
        (400, 300),
    ],
)
def test_the_sample_that_takes_in_the_moment_is_found_else_the_nearest(
    writer: SqliteWriter, at_s: float, found_s: float
) -> None:
    writer.write([sample(60), sample(120), sample(300, 10)], 0)
    writer.close()
    with RecordReader(writer.path) as reader:
        answer = who_at(reader, WALL + round(at_s * S))
    assert answer.sample is not None
    assert answer.sample.wall_ns == WALL + found_s * S


def test_where_nothing_is_known_it_says_why(writer: SqliteWriter) -> None:
    beats = [beat_at(at_s) for at_s in (0, 1000, 2000)]
    gap = Gap(GapKind.SUSPENDED, WALL + 1100 * S, WALL + 1900 * S)
    writer.write([*beats, gap, sample(1950)], 0)
    writer.close()
    with RecordReader(writer.path) as reader:

        def why(at_s: int) -> NotKnown | None:
            answer = who_at(reader, WALL + at_s * S)
            assert (answer.sample is None) == (answer.not_known is not None)
            assert (answer.gap == gap) == (answer.not_known is NotKnown.GAP)
            return answer.not_known

        assert why(-1) is NotKnown.BEFORE_RECORD
        assert why(500) is NotKnown.NO_SAMPLE
        assert why(1880) is NotKnown.GAP
        assert why(1895) is None, "it was looked at all the same"
        assert why(1901) is None
        assert why(2100) is NotKnown.AFTER_RECORD


def test_nothing_is_known_of_a_record_that_is_not_there(tmp_path: Path) -> None:
    with RecordReader(tmp_path / "none.sqlite3") as reader:
        assert who_at(reader, WALL).not_known is NotKnown.EMPTY_RECORD


DAMAGED = [
    (60_000, b"garbage"),
    (60_000, "text"),
    (60_000, "7"),
    (60_000, "[7]"),
    (60_000, '[["a", 7]]'),
    (60_000, '[["a", -7, "", "", 1, 0, 0, 0, ""]]'),
    (60_000, '[["a", 7, "", "", 1, 0, true, 0, ""]]'),
    (60_000, '[["a", 7, "", "", 1, 0, NaN, 0, ""]]'),
    (60_000, '[["a", 7, "", "", 1, 1e999, 0, 0, ""]]'),
    (60_000, f'[["{"x" * 1001}", 7, "", "", 1, 0, 0, 0, ""]]'),
    (60_000, "[" * 100_000),
    (-1, "[]"),
    ("long", "[]"),
]


@pytest.mark.parametrize(("length_ms", "programs"), DAMAGED)
def test_a_damaged_row_is_passed_over(writer: SqliteWriter, length_ms: object, programs: object) -> None:
    writer.write([sample(60)], 0)
    values = (WALL + 90 * S) // 1000, length_ms, programs
    writer.connection.execute("INSERT INTO who_ran VALUES (?,?,?)", values)
    writer.close()
    with RecordReader(writer.path) as reader:
        assert samples(reader, WALL, WALL + 180 * S) == [sample(60)]
        assert reader.unreadable == 1


def seal(writer: SqliteWriter, already: bytes | None = None) -> bytes | None:
    """What the page of the hour after ``BEGIN`` has of it."""
    return WHO_RAN.seal[WHO_RAN_PART].pack(writer.connection, BEGIN // 1000, (BEGIN + HOUR) // 1000, already)


BEGIN = WALL // HOUR * HOUR + HOUR


def within(at_s: float) -> WhoRan:
    return replace(sample(0), wall_ns=BEGIN + round(at_s * S))


def test_an_hour_is_sealed_and_read_as_before(writer: SqliteWriter) -> None:
    kept = [within(at_s) for at_s in (0, 60, 3599)]
    writer.write([within(-1), *kept, within(3 * 3600)], 0)
    for _step in sealing(writer.connection, RECORD_SCHEMA.seal, (BEGIN + 4 * HOUR) // 1000, set()):
        pass
    rows = writer.connection.execute("SELECT count(*) FROM who_ran").fetchone()[0]
    assert rows == 1, "the hour that is still open"
    writer.close()
    with RecordReader(writer.path) as reader:
        assert samples(reader, BEGIN - 10 * S, BEGIN + 4 * HOUR) == [within(-1), *kept, within(3 * 3600)]
        assert samples(reader, BEGIN + S, BEGIN + 3599 * S) == [within(60)]
        answer = who_at(reader, BEGIN + 3590 * S)
    assert answer.sample == within(3599)


def test_rows_that_come_after_an_hour_was_packed_are_joined_to_it(writer: SqliteWriter) -> None:
    writer.write([within(60), within(120)], 0)
    again = seal(writer, pack([within(0), within(60)]))
    assert again is not None
    assert unpack(again) == [within(0), within(60), within(120)]
    assert seal(writer, again) == again


def test_what_is_damaged_is_left_out_of_the_page(writer: SqliteWriter) -> None:
    for second, (length_ms, programs) in enumerate(DAMAGED):
        values = (BEGIN + second * S) // 1000, length_ms, programs
        writer.connection.execute("INSERT INTO who_ran VALUES (?,?,?)", values)
    assert seal(writer, b"garbage") is None
    writer.write([within(60)], 0)
    assert unpack(seal(writer, b"garbage") or b"") == [within(60)]


def test_a_damaged_part_of_a_page_loses_only_itself(writer: SqliteWriter) -> None:
    writer.write([within(60)], 0)
    for packed in (b"garbage", pack([within(0)])[:-1]):
        values = part_id(BEGIN // HOUR, WHO_RAN_PART), packed
        writer.connection.execute("INSERT OR REPLACE INTO page_part VALUES (?,?)", values)
        with RecordReader(writer.path) as reader:
            assert samples(reader, BEGIN, BEGIN + HOUR) == [within(60)]
            assert reader.unreadable == 1
    writer.close()


def test_a_long_span_is_added_up_a_day_at_a_time(writer: SqliteWriter) -> None:
    """With what was sampled before the first beat and after the last: those of a month would fill the memory."""
    programs = tuple(Ran(f"program {place}", place, cpu_percent=5.0) for place in range(10))
    days, a_day = 20, 40
    kept = [
        WhoRan(BEGIN + (day * 86_400 + place * 60) * S, 60.0, programs)
        for day in range(days)
        for place in range(a_day)
    ]
    writer.write(
        [*kept, *(replace(beat_at(day), wall_ns=BEGIN + day * 86_400 * S) for day in (1, days - 1))], 1
    )
    writer.close()
    with RecordReader(writer.path) as reader:
        list(samples_by_day(reader, BEGIN, BEGIN + HOUR))
        tracemalloc.start()
        try:
            found = summed(samples_by_day(reader, 0, END_OF_TIME_NS))
            _now, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert list(samples_by_day(reader, 0, END_OF_TIME_NS)) == samples(reader, 0, END_OF_TIME_NS)
    assert found is not None
    assert (found.count, found.start_ns, found.whole.seconds) == (
        days * a_day,
        BEGIN - 60 * S,
        days * a_day * 60.0,
    )
    assert most < 1 << 20


def test_a_clock_that_was_wrong_makes_no_part_for_each_day_since(writer: SqliteWriter) -> None:
    writer.write([beat_at(0), replace(beat_at(1), wall_ns=S)], 1)
    writer.close()
    with RecordReader(writer.path) as reader:
        parts = list(by_day(reader, 0, END_OF_TIME_NS))
    assert len(parts) < 1_100
    assert (parts[0][0], parts[-1][1]) == (0, END_OF_TIME_NS)
    assert all(one[1] == other[0] for one, other in pairwise(parts))
