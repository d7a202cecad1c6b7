"""Notes in the record: kept for ever, edited and removed by number, found where they touch a span."""

import pytest

from aios_gui.history.notes.model import Note, NoteEdit, NoteRemoval
from aios_gui.history.notes.record_reader import note, note_written, notes
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, WALL, S

DAY = 24 * HOUR
MOMENT = Note(WALL, WALL, "disk replaced\nby hand", WALL + S, 1)
SPAN = Note(WALL - HOUR, WALL - 60 * S, "心跳 <b>&amp;", WALL + 2 * S, 2)


@pytest.fixture
def writer(writer: SqliteWriter) -> SqliteWriter:
    writer.write([MOMENT, SPAN], 0)
    return writer


def kept(writer: SqliteWriter, start_ns: int = 0, end_ns: int = 2**62) -> list[Note]:
    with RecordReader(writer.path) as reader:
        return notes(reader, start_ns, end_ns)


def test_notes_come_back_oldest_first_with_their_numbers(writer: SqliteWriter) -> None:
    assert kept(writer) == [SPAN, MOMENT]
    with RecordReader(writer.path) as reader:
        assert note(reader, 1) == MOMENT
        assert note(reader, 7) is None
        assert note(reader, 2**70) is None
        assert note_written(reader, WALL + 2 * S) == SPAN
    writer.close()


@pytest.mark.parametrize(
    ("start_ns", "end_ns", "found"),
    [
        (WALL - HOUR - 2, WALL - HOUR, []),
        (WALL - HOUR - 2, WALL - HOUR + 1000, [SPAN]),
        (WALL - 120 * S, WALL - 110 * S, [SPAN]),
        (WALL - 60 * S, WALL, [SPAN]),
        (WALL, WALL + 1, [MOMENT]),
        (WALL + 1000, WALL + S, []),
    ],
)
def test_those_of_a_span_are_the_ones_that_touch_it(
    writer: SqliteWriter, start_ns: int, end_ns: int, found: list[Note]
) -> None:
    assert kept(writer, start_ns, end_ns) == found
    writer.close()


def test_of_too_many_the_newest_are_told(writer: SqliteWriter) -> None:
    with RecordReader(writer.path) as reader:
        assert notes(reader, 0, 2**62, 1) == [MOMENT]
    writer.close()


def test_two_may_be_on_one_moment(writer: SqliteWriter) -> None:
    writer.write([Note(WALL, WALL, "again", WALL + S)], 0)
    assert [each.id for each in kept(writer, WALL, WALL + 1)] == [1, 3]
    writer.close()


def test_a_note_gets_another_text_other_moments_or_goes(writer: SqliteWriter) -> None:
    writer.write(
        [NoteEdit(1, "two disks"), NoteEdit(2, length_ns=S), NoteEdit(2, start_ns=WALL), NoteEdit(9, "none")],
        0,
    )
    first, second = kept(writer)
    assert (first.text, first.start_ns) == ("two disks", WALL)
    assert (second.text, second.start_ns, second.end_ns) == (SPAN.text, WALL, WALL + S)
    writer.write([NoteRemoval(1), NoteRemoval(9)], 0)
    assert [each.id for each in kept(writer)] == [2]
    writer.close()


def test_no_age_and_no_limit_of_size_takes_them(writer: SqliteWriter) -> None:
    for _round in range(3):
        writer.trim(1, 1)
    assert len(kept(writer)) == 2
    writer.close()


@pytest.mark.parametrize(
    "values", [(-1, 0, 0, "a"), (0, 2**62, 0, "a"), (0, 0, 0, "x" * 30_000), ("then", 0, 0, "a")]
)
def test_a_damaged_one_is_passed_over(writer: SqliteWriter, values: tuple[object, ...]) -> None:
    writer.connection.execute(
        "INSERT INTO note (start_us, end_us, written_us, text) VALUES (?,?,?,?)", values
    )
    assert kept(writer, -S, 2**62) == [SPAN, MOMENT]
    writer.close()
