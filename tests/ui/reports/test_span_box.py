"""The span of a report: chosen from the list, typed, or brought along from another panel."""

import time

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from aios_gui.record.model.timerange import TimeRange, parse_range
from aios_gui.ui.reports.span_box import SpanBox, span_sentence
from tests.ui.fakes import Show

NOW_NS = 1_741_784_587_000_000_000  # 2025-03-12 13:03:07 UTC
MINUTE_NS = 60_000_000_000


@pytest.fixture
def box(show: Show) -> SpanBox:
    return show(SpanBox(lambda: NOW_NS))


def test_it_begins_with_a_week(box: SpanBox) -> None:
    assert box.words == "7d"
    assert box.box.currentText() == "Last 7 days"
    assert box.span.end_ns - box.span.start_ns == 7 * 24 * 60 * MINUTE_NS + 1000


def test_what_is_typed_is_understood_a_moment_later(box: SpanBox, qtbot: QtBot) -> None:
    box.box.setFocus()
    box.line.selectAll()
    with qtbot.waitSignal(box.changed):
        qtbot.keyClicks(box.line, "15m")
        qtbot.keyClick(box.line, Qt.Key.Key_Return)
    assert box.words == "15m"
    assert box.fault == ""


def test_the_name_of_one_of_the_list_may_be_typed(box: SpanBox) -> None:
    box.line.setText("Yesterday")
    box.settle()
    assert box.words == "yesterday"


def test_what_cannot_be_understood_is_said_and_the_last_span_stays(box: SpanBox) -> None:
    told = []
    box.changed.connect(lambda: told.append(box.fault))
    box.line.setText("next tuesday")
    box.settle()
    box.settle()
    assert box.words == "7d"
    assert box.said.text().startswith("“next tuesday” is not a range")
    assert len(told) == 1
    box.show_words("24h")
    assert box.fault == ""


def test_the_span_of_another_panel_is_whole_and_can_be_typed_again(box: SpanBox) -> None:
    start_ns, end_ns = NOW_NS - 10 * MINUTE_NS + 1, NOW_NS + 1
    box.show_span(start_ns, end_ns)
    assert box.fault == ""
    assert box.span.start_ns <= start_ns
    assert box.span.end_ns >= end_ns
    assert box.box.currentText() == box.words
    assert "T" not in box.words  # as a person would type it


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="only here can the time zone be set for a test")
def test_an_hour_that_the_clocks_showed_twice_keeps_its_span(
    box: SpanBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        back_ns = (
            1_761_438_600_000_000_000  # 2025-10-26 02:30 in summer time, half an hour before it came again
        )
        box.show_span(back_ns, back_ns + MINUTE_NS)
        assert box.span == TimeRange(back_ns, back_ns + MINUTE_NS)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_all_of_the_record_is_said_in_words() -> None:
    assert span_sentence(TimeRange(0, 2**63 - 1)) == "From the first beat to the latest"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2025-03-11 20:00:10..2025-03-11 20:00:40", "2025-03-11 20:00:10 to 2025-03-11 20:00:40"),
        ("2025-03-11 20:00:10..2025-03-11 21:00:10", "2025-03-11 20:00 to 2025-03-11 21:00"),
        ("2025-03-12..", "2025-03-12 00:00 to now"),
    ],
)
def test_a_short_span_is_said_with_its_seconds(typed: str, said: str) -> None:
    assert span_sentence(parse_range(typed, NOW_NS)) == said


def test_a_span_that_ends_before_it_begins_by_now_keeps_what_it_meant(show: Show) -> None:
    now = [NOW_NS]
    box = show(SpanBox(lambda: now[0]))
    box.show_words("yesterday 14:00..2025-03-12")
    meant = box.span
    now[0] += 4 * 24 * 60 * MINUTE_NS
    box.retranslate()
    assert box.span == meant


def test_a_fault_is_gone_where_another_language_shows_the_last_span_again(box: SpanBox) -> None:
    box.line.setText("lately")
    box.settle()
    assert box.fault
    box.retranslate()
    assert (box.fault, box.box.currentText()) == ("", "Last 7 days")
