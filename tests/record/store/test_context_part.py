"""Of the context samples of a sealed hour one a minute is kept."""

from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.record.part import part_id
from aios_gui.record.store.context_part import CONTEXT_PART, context_rows
from aios_gui.record.store.decode import context_of
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, WALL, S, recorded_beat

MINUTE = 60 * S


def seal(writer: SqliteWriter) -> None:
    while writer.seal():
        pass


def kept(writer: SqliteWriter) -> list[ContextSample]:
    rows = writer.connection.execute("SELECT packed FROM page_part ORDER BY id").fetchall()
    return [context_of(row) for (packed,) in rows for row in context_rows(packed)]


def test_samples_of_a_minute_become_their_mean_and_later_ones_join(writer: SqliteWriter) -> None:
    begin = WALL // HOUR * HOUR
    first = [
        ContextSample(begin, 1.0, 20, 4, 1_000, None, 100.0, 0.0, None, 5.0),
        ContextSample(begin + 5 * S, 2.0, 30, 4, 1_000, None, 300.0, 0.0, None, 7.0),
        ContextSample(begin + 3 * MINUTE, 3.0, 40, None, 1_000, 1.5),
    ]
    writer.write([*first, recorded_beat(0, begin + 5 * HOUR)], 1)
    seal(writer)
    assert writer.connection.execute("SELECT count(*) FROM context").fetchone() == (0,)
    mean = ContextSample(begin + 5 * S, 1.5, 25, 4, 1_000, None, 200.0, 0.0, None, 6.0)
    assert kept(writer) == [mean, first[2]]
    late = ContextSample(begin + 2 * MINUTE, 9.0, 50)
    writer.write([late], 1)
    seal(writer)
    assert kept(writer) == [mean, late, first[2]]


def test_a_damaged_part_is_replaced(writer: SqliteWriter) -> None:
    begin = WALL // HOUR * HOUR
    writer.connection.execute(
        "INSERT INTO page_part VALUES (?, x'00')", (part_id(begin // HOUR, CONTEXT_PART),)
    )
    sample = ContextSample(begin, 1.0)
    writer.write([sample, recorded_beat(0, begin + 5 * HOUR)], 1)
    seal(writer)
    assert kept(writer) == [sample]
