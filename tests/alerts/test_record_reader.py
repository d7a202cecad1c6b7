"""Incidents are read of records of every earlier version, which lack columns of today."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aios_gui.alerts.record_reader import all_incidents, incident
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.store.reader import RecordReader

FIRST_WITH_INCIDENTS = 4


@pytest.mark.parametrize("version", range(FIRST_WITH_INCIDENTS, RECORD_SCHEMA.version + 1))
def test_incidents_of_an_earlier_version_are_read(tmp_path: Path, version: int) -> None:
    path = tmp_path / "record.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(RECORD_SCHEMA.migrations[:version]))
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(
            "INSERT INTO incident (id, rule, level, measure, started_us, peak, limit_value, count, note, facts) "
            "VALUES (3, 'cpu', 'warning', 'cpu_percent', 1000, 97.0, 80.0, 2, '', '{\"actions\":[]}')"
        )
        connection.commit()
    with RecordReader(path) as reader:
        (found,) = all_incidents(reader)
        assert (found.id, found.count) == (3, 2)
        assert incident(reader, 3) == found
