"""How much the record grows is told by its pages, and what is still to be sealed by its rows."""

from pathlib import Path

import pytest

from aios_gui.record.model.retention import Growth
from aios_gui.record.part import part_id
from aios_gui.record.store.growth import size_of
from aios_gui.record.store.writer import SqliteWriter
from aios_gui.record.words import growth_sentence
from aios_gui.text import figures
from tests.fakes import HOUR, WALL, S, recorded_beat
from tests.systems import WINDOWS

MB = 1 << 20


def test_a_day_takes_what_the_pages_of_the_last_week_took(writer: SqliteWriter) -> None:
    assert writer.growth() == Growth()
    hour = WALL // HOUR
    beats = [
        recorded_beat(place, (hour + place // 10) * HOUR + place % 10 * S) for place in range(24 * 10 * 10)
    ]
    writer.write(beats, 1)
    assert writer.growth() == Growth(0.0, 239 - 2)
    while writer.seal():
        pass
    sizes = "length(packed) + length(envelope) + length(duration) + length(lateness)"
    query = f"SELECT sum({sizes}) FROM page WHERE hour > (SELECT max(hour) FROM page) - 168"
    (week,) = writer.connection.execute(query).fetchone()
    assert writer.growth() == Growth(writer.growth().bytes_a_day, 0)
    assert writer.growth().bytes_a_day == pytest.approx(week / 7)
    writer.connection.execute("INSERT INTO page_part VALUES (?, zeroblob(7000))", (part_id(hour + 200, 3),))
    assert writer.growth().bytes_a_day == pytest.approx(week / 7 + 1000)


@pytest.mark.parametrize("hours", [1, 3, 20])
def test_in_the_first_day_it_is_told_by_its_hours(writer: SqliteWriter, hours: int) -> None:
    first = WALL // HOUR
    writer.write([recorded_beat(place, (first + place) * HOUR) for place in range(hours)], 1)
    writer.write([recorded_beat(hours, (first + 30) * HOUR)], 1)
    while writer.seal():
        pass
    (some,) = writer.connection.execute(
        "SELECT sum(length(packed) + length(envelope) + length(duration) + length(lateness)) FROM page"
    ).fetchone()
    assert writer.growth().bytes_a_day == pytest.approx(some / hours * 24)


def test_it_is_told_in_words() -> None:
    assert growth_sentence(Growth(), 365, 500 * MB) == ""
    a_day, full = figures.size(MB), figures.size(365 * MB)
    assert growth_sentence(Growth(MB), 365, 500 * MB) == f"About {a_day} a day, {full} for 365 days."
    limit = figures.size(100 * MB)
    capped = f"About {a_day} a day: the limit of {limit} is reached after 100 days."
    assert growth_sentence(Growth(MB), 365, 100 * MB) == capped
    assert growth_sentence(Growth(0.0, 7), 365, MB) == "Older beats are being compressed: 7 hours to go."
    assert growth_sentence(Growth(0.0, 8_760), 365, MB).endswith(": 8,760 hours to go.")
    assert growth_sentence(Growth(MB), 1, 500 * MB) == f"About {a_day} a day, {a_day} for 1 day."
    reached = [growth_sentence(Growth(60 * MB), 365, limit * MB) for limit in (90, 30)]
    assert [each.partition("reached ")[2] for each in reached] == ["after 1 day.", "within a day."]


@pytest.mark.skipif(WINDOWS, reason="a link takes a privilege there")
def test_a_file_that_has_just_gone_counts_for_nothing(tmp_path: Path) -> None:
    """As the log of the record, between its name and its size; a link to nowhere is like it."""
    record = tmp_path / "heartbeat.sqlite3"
    record.write_bytes(b"12345")
    (tmp_path / "heartbeat.sqlite3-wal").symlink_to(tmp_path / "gone")
    assert size_of(record) == 5
