"""Ranges as people type them: every text is a span that is not empty, or is refused with its fault."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.record.model.timerange import END_OF_TIME_NS, RangeError, RangeFault, parse_range

NOW_NS = 1_700_000_000_000_000_000
S = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("15m", 900), ("24h", 86_400), ("7d", 604_800), ("2W", 1_209_600), (" 1h ", 3600)],
)
def test_length_reaches_back_from_now_and_takes_in_the_newest_beat(text: str, seconds: int) -> None:
    span = parse_range(text, NOW_NS)
    assert span.start_ns == NOW_NS - seconds * S
    assert span.end_ns > NOW_NS


def test_all_is_everything() -> None:
    span = parse_range("ALL", NOW_NS)
    assert (span.start_ns, span.end_ns) == (0, END_OF_TIME_NS)


def test_length_longer_than_time_itself_begins_at_the_epoch() -> None:
    assert parse_range("999999999w", NOW_NS).start_ns == 0


@given(
    st.integers(0, 7 * 10**15).map(lambda us: EPOCH + timedelta(microseconds=us)),
    st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=4000)),
    st.integers(-14 * 60, 14 * 60),
)
def test_iso_times_are_kept_to_the_microsecond_in_any_offset(
    start: datetime, length: timedelta, offset: int
) -> None:
    zone = timezone(timedelta(minutes=offset))
    end = start + length
    span = parse_range(f"{start.astimezone(zone).isoformat()}..{end.isoformat()}", NOW_NS)
    assert span.start_ns == (start - EPOCH) // timedelta(microseconds=1) * 1000
    assert span.end_ns - span.start_ns == length // timedelta(microseconds=1) * 1000


def test_time_without_offset_is_local_and_a_date_ends_after_its_day() -> None:
    span = parse_range("2025-03-12..2025-03-12", NOW_NS)
    assert span.start_ns == round(time.mktime((2025, 3, 12, 0, 0, 0, 0, 0, -1))) * S
    assert span.end_ns == round(time.mktime((2025, 3, 13, 0, 0, 0, 0, 0, -1))) * S


def test_either_side_may_be_open() -> None:
    assert parse_range("2025-01-01T00:00Z..", NOW_NS).end_ns == END_OF_TIME_NS
    assert parse_range("..2025-01-01T00:00Z", NOW_NS).start_ns == 0


@pytest.mark.parametrize(
    ("text", "fault", "part"),
    [
        ("", RangeFault.NOT_A_RANGE, ""),
        ("..", RangeFault.NOT_A_RANGE, ".."),
        ("5x", RangeFault.NOT_A_RANGE, "5x"),
        ("-5m", RangeFault.NOT_A_RANGE, "-5m"),
        ("\u0661\u0665m", RangeFault.NOT_A_RANGE, "\u0661\u0665m"),
        ("0m", RangeFault.NOTHING_IN_IT, "0m"),
        ("2025-02-30..", RangeFault.NOT_A_TIME, "2025-02-30"),
        ("2025-01-01..soon", RangeFault.NOT_A_TIME, "soon"),
        ("9990-01-01..", RangeFault.NOTHING_IN_IT, "9990-01-01.."),
        ("2025-01-02..2025-01-01", RangeFault.NOTHING_IN_IT, "2025-01-02..2025-01-01"),
    ],
)
def test_fault_and_its_place_are_named(text: str, fault: RangeFault, part: str) -> None:
    with pytest.raises(RangeError) as caught:
        parse_range(text, NOW_NS)
    assert (caught.value.fault, caught.value.part) == (fault, part)


@given(st.text(max_size=40), st.integers(0, 2**62))
def test_any_text_is_a_span_with_something_in_it_or_a_range_error(text: str, now_ns: int) -> None:
    try:
        span = parse_range(text, now_ns)
    except RangeError:
        return
    assert 0 <= span.start_ns < span.end_ns
