"""The tables of all parts make one record: its versions in one list, and each item in the hands of one part."""

import sqlite3
from contextlib import closing

import pytest

from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.part import RecordPart, Seal
from aios_gui.record.store.errors import NewerStoreError
from aios_gui.record.store.schema import RecordSchema

NOTES = RecordPart(
    {3: "CREATE TABLE note (text TEXT);", 4: "ALTER TABLE context ADD COLUMN more INTEGER;", 6: ""},
    write={str: lambda connection, text: connection.execute("INSERT INTO note VALUES (?)", (text,))},
)


def test_versions_of_all_parts_are_made_in_their_order() -> None:
    schema = RecordSchema(NOTES)
    with closing(sqlite3.connect(":memory:")) as connection:
        schema.migrate(connection)
        assert schema.found_version(connection) == schema.version == 7
        schema.writers[str](connection, "seen")
        assert connection.execute("SELECT text FROM note").fetchall() == [("seen",)]


def test_a_record_of_any_version_is_brought_to_the_newest() -> None:
    newest = tables_after(RECORD_SCHEMA.version)
    for version in range(RECORD_SCHEMA.version):
        assert tables_after(version) == newest


def tables_after(version: int) -> list[str]:
    """The tables of a record that an older program left at ``version``, once this one has opened it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for script in RECORD_SCHEMA.migrations[:version]:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {version}")
        RECORD_SCHEMA.migrate(connection)
        assert RECORD_SCHEMA.found_version(connection) == RECORD_SCHEMA.version
        return [str(row) for row in connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name")]


def test_a_version_that_no_part_brings_is_told_before_any_record_is_opened() -> None:
    with pytest.raises(ValueError, match="brings version 4"):
        RecordSchema(RecordPart({3: "", 8: ""}))


def test_two_parts_cannot_bring_the_same() -> None:
    for other in (RecordPart({4: ""}), RecordPart({8: ""}, write={str: NOTES.write[str]})):
        with pytest.raises(ValueError, match="two parts"):
            RecordSchema(NOTES, other)
    with pytest.raises(ValueError, match="two parts"):
        RecordSchema(NOTES, RecordPart({8: ""}, age_out={"beat": "at_us"}))
    seal = Seal(lambda *_hour: None, {})
    with pytest.raises(ValueError, match="two parts"):
        RecordSchema(NOTES, RecordPart({8: ""}, seal={1: seal}), RecordPart({9: ""}, seal={1: seal}))
    with pytest.raises(ValueError, match="below 64"):
        RecordSchema(NOTES, RecordPart({8: ""}, seal={64: seal}))


def test_a_newer_record_is_refused() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        newer = RECORD_SCHEMA.version + 1
        connection.execute(f"PRAGMA user_version = {newer}")
        with pytest.raises(NewerStoreError, match=f"version {newer}"):
            RECORD_SCHEMA.migrate(connection)
