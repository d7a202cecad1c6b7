"""An hour out of the record is the hour that was seen."""

import sqlite3
from contextlib import closing
from dataclasses import replace

from aios_gui.alerts.kept import firings
from aios_gui.alerts.model.incident import Incident, Silence
from aios_gui.alerts.model.rules import Level
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.hour import MINUTE_NS, SlidingHour
from aios_gui.record.store.hour_rows import read_minutes
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, MS, WALL, S, recorded_beat

HICCUP_NS = 50 * MS


def test_the_record_adds_up_to_what_was_seen(writer: SqliteWriter) -> None:
    beats = [
        recorded_beat(
            number,
            duration_ns=20_000 + number,
            missed=number % 7 == 0,
            lateness_ns=HICCUP_NS if number % 5 == 0 else HICCUP_NS - 1,
            breached=(("cpu",), ("memory",), ())[number % 3] if number % 4 == 0 else (),
            failed=number % 11 == 0,
            cpu_percent=None if number % 6 == 0 else 0.25 * (number % 300),
            memory_percent=None if number % 10 == 0 else 40.25,
        )
        for number in range(1000)
    ]
    writer.write(beats, 1)
    seen, read = SlidingHour(), SlidingHour()
    for beat in beats:
        seen.add_beat(beat, HICCUP_NS)
    read.restore(read_minutes(writer.connection, WALL, WALL + HOUR, HICCUP_NS, firings))
    assert read.total() == seen.total()
    assert read_minutes(writer.connection, WALL + HOUR, WALL + 2 * HOUR, HICCUP_NS, firings) == []


def test_alerts_count_in_the_minute_they_began_unless_they_alert_nobody(writer: SqliteWriter) -> None:
    incident = Incident(1, "cpu", "cpu_percent", Level.CRITICAL, WALL, 99.0, 80.0, count=3)
    quiet = replace(incident, id=2, silence=Silence.QUIET_HOURS)
    later = replace(incident, id=3, started_ns=WALL + 120 * S, count=1)
    writer.write([incident, quiet, later, recorded_beat(0), recorded_beat(1, WALL + 120 * S)], 1)
    found = dict(read_minutes(writer.connection, WALL, WALL + HOUR, HICCUP_NS, firings))
    assert {minute: hour.firings for minute, hour in found.items()} == {
        WALL // MINUTE_NS: 3,
        WALL // MINUTE_NS + 2: 1,
    }


def test_an_hour_that_is_sealed_adds_up_to_the_same(writer: SqliteWriter) -> None:
    beats = [
        recorded_beat(
            number,
            duration_ns=20_000 + 10 * number,
            missed=number % 7 == 0,
            lateness_ns=HICCUP_NS - 10 * (number % 5),
            breached=("cpu",) if number % 9 == 0 else (),
            failed=number % 11 == 0,
            cpu_percent=None if number % 6 == 0 else 0.25 * (number % 300),
            memory_percent=40.25,
        )
        for number in range(500)
    ]
    writer.write(beats, 1)
    span = WALL + 10 * S, WALL + 400 * S
    rows = read_minutes(writer.connection, *span, HICCUP_NS, firings)
    for _step in sealing(writer.connection, RECORD_SCHEMA.seal, (WALL + 4 * HOUR) // 1000, set()):
        pass
    assert writer.connection.execute("SELECT count(*) FROM beat").fetchone() == (0,)
    assert read_minutes(writer.connection, *span, HICCUP_NS, firings) == rows


def test_a_minute_whose_rows_lack_what_they_must_have_is_left_out(writer: SqliteWriter) -> None:
    """As damage makes them: a table that is sound refuses such rows."""
    minute = WALL // MINUTE_NS
    beats = [recorded_beat(n, (minute + n // 2) * MINUTE_NS + n * S) for n in range(4)]
    writer.write(beats, 1)
    writer.close()
    lax = "UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'beat'"
    for statements in (
        ("PRAGMA writable_schema = ON", lax),
        ("UPDATE beat SET duration_ns = NULL WHERE seq < 2",),
    ):
        with closing(sqlite3.connect(writer.path, isolation_level=None)) as connection:
            for each in statements:
                connection.execute(each)
    with closing(sqlite3.connect(writer.path)) as connection:
        found = read_minutes(connection, 0, WALL + HOUR, HICCUP_NS, firings)
    assert [(at, hour.beats) for at, hour in found] == [(minute + 1, 2)]
