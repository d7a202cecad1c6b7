"""The doctor's check of the record: finds what is broken and leaves it alone."""

import sqlite3

import pytest

from aios_gui.alerts.model.incident import Mute
from aios_gui.alerts.record_reader import mutes
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record import doctor_checks
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.check import CheckState
from tests.fakes import HOUR, WALL, Kept, recorded_beat
from tests.privileges import has_permissions


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_damaged_record_is_an_error_and_is_left_alone(paths: Paths, content: bytes) -> None:
    paths.store.write_bytes(content)
    check = doctor_checks.record(paths, 5)
    assert check.state is CheckState.ERROR
    assert check.remedy
    assert paths.store.read_bytes() == content


def test_record_of_a_newer_version_is_an_error(paths: Paths) -> None:
    connection = sqlite3.connect(paths.store)
    connection.executescript(
        "CREATE TABLE event (x); CREATE TABLE beat (at_us INTEGER); PRAGMA user_version = 999"
    )
    connection.close()
    assert "newer version" in doctor_checks.record(paths, 5).detail


def test_rows_that_cannot_be_read_are_counted(paths: Paths) -> None:
    paths.record_folder.mkdir(parents=True, exist_ok=True)
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    writer.write([Event(EventKind.STUCK, WALL, 1, {}), Mute("cpu", WALL)], 0)
    assert doctor_checks.record(paths, RECORD_SCHEMA.version, (mutes,)).state is CheckState.OK
    writer.connection.execute("UPDATE event SET facts = '{'")
    writer.connection.execute("UPDATE mute SET until_us = 'always'")
    writer.close()
    check = doctor_checks.record(paths, RECORD_SCHEMA.version, (mutes,))
    assert check.state is CheckState.WARNING
    assert "2 entries of the record cannot be read" in check.detail


@has_permissions
def test_a_folder_where_others_could_put_another_record_is_told(paths: Paths) -> None:
    paths.record_folder.mkdir(parents=True, exist_ok=True)
    writer = SqliteWriter(paths.store, RECORD_SCHEMA)
    writer.open()
    writer.close()
    paths.record_folder.chmod(0o777)
    check = doctor_checks.record(paths, RECORD_SCHEMA.version)
    assert check.state is CheckState.WARNING
    assert str(paths.record_folder) in check.detail
    assert "record --move" in check.remedy


def test_hours_whose_page_is_damaged_are_named(paths: Paths) -> None:
    kept, hour = Kept(paths.store), WALL // HOUR
    kept.beat()
    kept.store.take([recorded_beat(place, (hour - 6) * HOUR + place * HOUR // 4) for place in range(8)])
    kept.beat()
    assert "4 hours to go" in doctor_checks.record(paths, RECORD_SCHEMA.version).detail
    kept.seal()
    kept.connection.execute("UPDATE page SET packed = x'0102' WHERE hour = ?", (hour - 5,))
    kept.close()
    check = doctor_checks.record(paths, RECORD_SCHEMA.version)
    assert check.state is CheckState.WARNING
    assert "to go" not in check.detail
    assert figures.moment((hour - 5) * HOUR) in check.detail
    assert figures.moment((hour - 6) * HOUR) not in check.detail.partition("hours")[2]
