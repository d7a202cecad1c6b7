"""The interval at a moment, and of a span."""

from aios_gui.record.model.intervals import Intervals


def test_a_span_has_an_interval_where_it_never_changed() -> None:
    found = Intervals([(100, 5), (200, 5), (300, 7), (400, 0)])
    cases = [
        ((100, 299), 5),  # begun again with the same one
        ((150, 300), 0),
        ((300, 399), 7),
        ((300, 400), 0),
        ((400, 500), 0),
        ((0, 99), 0),
        ((50, 150), 0),
    ]
    for span, interval_ns in cases:
        assert found.throughout(*span) == interval_ns, span
