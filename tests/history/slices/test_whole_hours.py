"""Sealed hours are taken over packed as they are, and read as if each beat had been written again."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import pytest

from aios_gui.history.slices.contents import CONTENTS
from aios_gui.history.slices.make import make_slice
from aios_gui.history.who_ran.model import Ran, WhoRan
from aios_gui.history.who_ran.record import WHO_RAN_PART
from aios_gui.history.who_ran.record_reader import samples
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.part import PARTS
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.sealing import sealing
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, S, recorded_beat, write_run
from tests.history.made import BEGIN, make, seal

EVER = (0, 2**62)
FIRST = BEGIN // HOUR * HOUR
SPANS = {
    "all": EVER,
    "whole hours": (FIRST + HOUR, FIRST + 3 * HOUR),
    "cut at both ends": (FIRST + HOUR // 2, FIRST + 5 * HOUR // 2),
    "within an hour": (FIRST + HOUR + HOUR // 4, FIRST + HOUR + HOUR // 2),
    "the open end": (FIRST + 5 * HOUR, FIRST + 20 * HOUR),
    "while the clock was ahead": (FIRST + 24 * HOUR, FIRST + 30 * HOUR),
}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight hours, of which some are sealed and one was lived twice, with the programs that ran."""
    made = make(tmp_path_factory.mktemp("made"))
    writer = SqliteWriter(made.sealed, RECORD_SCHEMA)
    writer.open()
    for at_ns in range(FIRST, FIRST + 9 * HOUR, HOUR // 6):
        ran = [Ran(name, 7, "bash", "", 1, 5.0, 2**26, 100.0, "") for name in ("cargo", f"make{at_ns % 7}")]
        writer.write([WhoRan(at_ns, 10.0, tuple(ran))], 1)
    writer.close()
    seal(made.sealed, FIRST + 4 * HOUR)
    return made.sealed


def beat_by_beat(record: Path, file: Path, start_ns: int, end_ns: int) -> None:
    """A slice as it would be made without any knowledge of pages."""
    writer = SqliteWriter(file, RECORD_SCHEMA)
    writer.open()
    with RecordReader(record) as reader:
        for beat in reader.beats(start_ns, end_ns):
            writer.write([beat], beat.session)
        for read in CONTENTS.values():
            writer.write(list(read(reader, start_ns, end_ns)), 0)
    for _step in sealing(writer.connection, RECORD_SCHEMA.seal, 1 << 60, set()):
        pass
    writer.close()


def told(file: Path) -> dict[str, Any]:
    """All that can be read of a slice."""
    with RecordReader(file) as reader, reader.at_once() as (connection, sealed):
        assert connection is not None
        assert sealed is not None
        days = sealed.days(0, 2**62)
        found: dict[str, Any] = {name: list(read(reader, *EVER)) for name, read in CONTENTS.items()}
        found["open"] = [reader.open_hours(table, *EVER) for table in ("beat", "context", "who_ran")]
        found["beats"] = sorted(map(astuple, reader.beats(*EVER)))
        found["hours"] = [(each, sealed.summary(each.hour)) for each in sealed.hours(0, 2**62)]
        found["days"] = [(each, sealed.summary_of_day(each.day)) for each in days]
        assert not reader.unreadable
    return found


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_it_reads_as_one_that_was_made_beat_by_beat(
    record: Path, tmp_path: Path, span: tuple[int, int]
) -> None:
    contents = make_slice(record, RECORD_SCHEMA, tmp_path / "slice", *span)
    beat_by_beat(record, tmp_path / "other", *span)
    found, other = told(tmp_path / "slice"), told(tmp_path / "other")
    assert found == other
    assert contents.beats == len(other["beats"]) > 0
    assert contents.counts == {name: len(other[name]) for name in CONTENTS}


def test_an_hour_that_lies_within_is_taken_over_as_it_is_packed(tmp_path: Path) -> None:
    """One that was sealed in two pieces stays in two, of which beat by beat one would be made."""
    path, file = tmp_path / "record", tmp_path / "slice"
    for first in (0, 100):
        beats = [recorded_beat(seq, FIRST + seq * S) for seq in range(first, first + 100)]
        write_run(path, beats, FIRST)
        seal(path, FIRST + HOUR)
    make_slice(path, RECORD_SCHEMA, file, *EVER)
    rows = []
    for each in (path, file):
        with closing(sqlite3.connect(each)) as connection:
            rows.append(
                [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("page", "day")]
            )
    assert rows[0] == rows[1]


def damage(record: Path, path: Path, statement: str, hour_ns: int) -> Path:
    """A copy of the record in which what is sealed of an hour was changed."""
    shutil.copy(record, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, (hour_ns // 1000 // HOUR_US,)).rowcount == 1
    return path


@pytest.mark.parametrize("harm", ["envelope = x'07'", "duration = 'damage'", "beats = 7", "first_us = 7"])
def test_a_damaged_sum_of_an_hour_is_made_again_of_its_beats(record: Path, tmp_path: Path, harm: str) -> None:
    span = FIRST + HOUR, FIRST + 3 * HOUR
    statement = f"UPDATE page SET {harm} WHERE hour = ?"
    path = damage(record, tmp_path / "record", statement, FIRST + HOUR)
    make_slice(path, RECORD_SCHEMA, tmp_path / "slice", *span)
    make_slice(record, RECORD_SCHEMA, tmp_path / "sound", *span)
    assert told(tmp_path / "slice") == told(tmp_path / "sound")


def test_beats_and_programs_that_cannot_be_read_are_left_out(record: Path, tmp_path: Path) -> None:
    damaged = damage(record, tmp_path / "1", "UPDATE page SET packed = x'07' WHERE hour = ?", FIRST + HOUR)
    statement = f"UPDATE page_part SET packed = x'07' WHERE id = ? * {PARTS} + {WHO_RAN_PART}"
    damaged = damage(damaged, tmp_path / "2", statement, FIRST + HOUR)
    make_slice(damaged, RECORD_SCHEMA, tmp_path / "slice", FIRST + HOUR, FIRST + 3 * HOUR)
    make_slice(record, RECORD_SCHEMA, tmp_path / "sound", FIRST + 2 * HOUR, FIRST + 3 * HOUR)
    found, sound = told(tmp_path / "slice"), told(tmp_path / "sound")
    for left in ("beats", "hours", "who_ran"):
        assert found[left] == sound[left] != []
    assert len(found["contexts"]) > len(sound["contexts"])


def test_names_in_sealed_hours_are_told_and_hidden(record: Path, tmp_path: Path) -> None:
    span = FIRST, FIRST + 4 * HOUR
    shown = make_slice(record, RECORD_SCHEMA, tmp_path / "shown", *span)
    hidden = make_slice(record, RECORD_SCHEMA, tmp_path / "hidden", *span, hide_names=True)
    assert shown.names == hidden.names
    assert (shown.names["bash"], shown.names["cargo"]) == (48, 24)
    ran = []
    for name in ("shown", "hidden"):
        with RecordReader(tmp_path / name) as reader:
            ran.append([each for sample in samples(reader, *EVER) for each in sample.programs])
    instead = {each.name: other.name for each, other in zip(*ran, strict=True)}
    instead |= {each.parent: other.parent for each, other in zip(*ran, strict=True)}
    assert set(instead.values()) == {f"name-{number}" for number in range(1, len(shown.names) + 1)}
    assert [replace(each, name=instead[each.name], parent=instead[each.parent]) for each in ran[0]] == ran[1]
