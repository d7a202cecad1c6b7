"""The doctor's check of the record: finds what is broken and leaves it alone."""

import sqlite3

import pytest

from aios_gui.record import doctor_checks
from aios_gui.system.paths import Paths
from aios_gui.text.check import CheckState


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
