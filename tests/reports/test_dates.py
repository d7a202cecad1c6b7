"""Dates and times as reports write them."""

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports import dates
from tests.fakes import WALL, S


def test_a_short_span_is_told_to_the_second() -> None:
    begin_ns = WALL - WALL % (60 * S)
    short, long = (dates.span(TimeRange(begin_ns, begin_ns + length_s * S)) for length_s in (20, 900))
    assert ":00 to " in short
    assert ":20 (20 s)" in short
    assert [part.partition(" (")[0].count(":") for part in long.split(" to ")] == [1, 1]
