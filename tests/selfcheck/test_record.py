"""Measurements in the record: kept for ever, read back as they were, also in a file that an older version began."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store import rows
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.selfcheck.record import Measurement, MeasurementKind, measurement_row
from aios_gui.selfcheck.record_reader import measurement_of, measurements
from tests.fakes import WALL, S, recorded_beat

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def measured(second: int, **facts: object) -> Measurement:
    return Measurement(MeasurementKind.BENCHMARK, WALL + second * S, facts)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "heartbeat.sqlite3"


def read(path: Path) -> list[Measurement]:
    with RecordReader(path) as reader:
        return measurements(reader, MeasurementKind.BENCHMARK)


@given(st.dictionaries(st.text(), plain, max_size=4), st.integers(0, 2**52))
def test_facts_survive_as_they_are(facts: dict[str, object], at_us: int) -> None:
    measurement = Measurement(MeasurementKind.BENCHMARK, at_us * 1000, facts)
    back = measurement_of((5, *measurement_row(measurement)))
    assert back == measurement
    assert back.number == 5


def test_they_are_read_newest_last_with_their_numbers(writer: SqliteWriter, path: Path) -> None:
    writer.write([measured(9, name="心跳"), measured(3)], 0)
    writer.write([measured(5, nested={"a": [1, None]})], 0)
    found = read(path)
    assert found == [measured(3), measured(5, nested={"a": [1, None]}), measured(9, name="心跳")]
    assert [each.number for each in found] == [2, 3, 1]


def test_kinds_of_a_newer_program_are_passed_over(writer: SqliteWriter, path: Path) -> None:
    writer.connection.execute("INSERT INTO measurement VALUES (NULL, 1, 'eclipse', '{}')")
    writer.write([measured(1)], 0)
    assert read(path) == [measured(1)]


def test_one_alone_is_neither_a_run_nor_a_sign_of_an_unclean_end(writer: SqliteWriter) -> None:
    writer.write([measured(1)], 0)
    writer.close()
    opened = writer.open()
    assert (opened.last_ns, opened.ended_cleanly, opened.set_aside) == (None, True, None)


def test_no_age_and_no_size_removes_them(writer: SqliteWriter, path: Path) -> None:
    writer.write([measured(0), *(recorded_beat(seq) for seq in range(50))], 1)
    while writer.trim(raw_days=1, limit_bytes=1):
        pass
    assert read(path) == [measured(0)]
    with RecordReader(path) as reader:
        assert reader.count(0, 2**62) == 0


# Older versions


def begun_by_version_1(path: Path) -> list[object]:
    """A record as the first version left it."""
    connection = sqlite3.connect(path)
    connection.executescript(RECORD_SCHEMA.migrations[0] + "PRAGMA user_version = 1;")
    beats = [recorded_beat(seq) for seq in range(20)]
    places = ",".join("?" * 11)
    connection.executemany(
        f"INSERT INTO beat VALUES ({places})", [rows.beat_row(beat)[:11] for beat in beats]
    )
    connection.execute(
        "INSERT INTO session VALUES (1, ?, ?, 'service', '{}')", (WALL // 1000, WALL // 1000 + 1)
    )
    connection.commit()
    connection.close()
    return list(beats)


def test_a_record_of_version_1_has_none(path: Path) -> None:
    begun_by_version_1(path)
    assert read(path) == []


def test_a_record_of_version_1_takes_them_and_loses_nothing(path: Path) -> None:
    beats = begun_by_version_1(path)
    writer = SqliteWriter(path, RECORD_SCHEMA)
    writer.open()
    writer.write([measured(1)], 1)
    writer.close()
    with RecordReader(path) as reader:
        assert reader.schema_version == RECORD_SCHEMA.version
        assert list(reader.beats(0, 2**62)) == beats
        assert measurements(reader, MeasurementKind.BENCHMARK) == [measured(1)]


def test_a_record_that_is_not_there_has_none(path: Path) -> None:
    assert read(path) == []
    assert not path.exists()
