"""Ranges as people type them: every text is a span that is not empty, or is refused with its fault."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.record.model.timerange import (
    END_OF_TIME_NS,
    RangeError,
    RangeFault,
    TimeRange,
    parse_length,
    parse_moment,
    parse_range,
    parse_view,
)

NOW_NS = 1_700_000_000_000_000_000
S = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_length_reaches_back_from_now_and_takes_in_the_newest_beat() -> None:
    cases: list[tuple[str, int]] = [
        ("45s", 45),
        ("15m", 900),
        ("24h", 86_400),
        ("7d", 604_800),
        ("2W", 1_209_600),
        (" 1h ", 3600),
    ]
    for text, seconds in cases:
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


def test_fault_and_its_place_are_named() -> None:
    cases: list[tuple[str, RangeFault, str]] = [
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
    ]
    for text, fault, part in cases:
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


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The local time of Berlin, which has summer time."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of this process cannot be chosen here")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> int:
    """That moment in UTC, ns."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * S


# Thursday, 10:00 in Berlin
NOW = "2025-11-27T09:00"


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2025-11-27T09:00"),
        ("3 h ago", "2025-11-27T06:00"),
        ("90min ago", "2025-11-27T07:30"),
        ("1h 30m ago", "2025-11-27T07:30"),
        ("2 days ago", "2025-11-25T09:00"),
        ("9:59:30", "2025-11-27T08:59:30"),
        ("14:03", "2025-11-26T13:03"),
        ("today 08:00", "2025-11-27T07:00"),
        ("Yesterday  14:03", "2025-11-26T13:03"),
        ("yesterday at 14:03", "2025-11-26T13:03"),
        ("14:03 yesterday", "2025-11-26T13:03"),
        ("yesterday", "2025-11-25T23:00"),
        ("Monday 9:30", "2025-11-24T08:30"),
        ("mon 9:30", "2025-11-24T08:30"),
        ("thursday 09:30", "2025-11-27T08:30"),
        ("thursday 14:03", "2025-11-20T13:03"),
        ("last thursday 09:30", "2025-11-20T08:30"),
        ("2025-11-20 9:30", "2025-11-20T08:30"),
        ("2025-11-20T09:30:15", "2025-11-20T08:30:15"),
        ("2025-11-20T09:30:15+05:30", "2025-11-20T04:00:15"),
        ("2025-11-20T09:30Z", "2025-11-20T09:30"),
        ("2025-07-01 12:00", "2025-07-01T10:00"),
        ("2025-10-26T02:30+02:00", "2025-10-26T00:30"),
    ],
)
def test_moment_as_people_type_it(text: str, moment: str) -> None:
    assert parse_moment(text, at(NOW)) == at(moment)


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("yesterday", "2025-11-25T23:00", "2025-11-26T23:00"),
        ("today", "2025-11-26T23:00", "2025-11-27T23:00"),
        ("monday", "2025-11-23T23:00", "2025-11-24T23:00"),
        ("2025-10-26", "2025-10-25T22:00", "2025-10-26T23:00"),
        ("yesterday 14:00..15:00", "2025-11-26T13:00", "2025-11-26T14:00"),
        ("yesterday 23:00..1:00", "2025-11-26T22:00", "2025-11-27T00:00"),
        ("14:00..now", "2025-11-26T13:00", "2025-11-27T09:00"),
        ("monday..yesterday", "2025-11-23T23:00", "2025-11-26T23:00"),
        ("3 h ago..2 h ago", "2025-11-27T06:00", "2025-11-27T07:00"),
        ("2025-10-26T02:15..2025-10-26T02:45", "2025-10-26T00:15", "2025-10-26T01:45"),
    ],
)
def test_range_of_moments(text: str, start: str, end: str) -> None:
    span = parse_range(text, at(NOW))
    assert (span.start_ns, span.end_ns) == (at(start), at(end))


@pytest.mark.usefixtures("berlin")
def test_local_time_that_the_clocks_showed_twice_is_refused_with_both() -> None:
    with pytest.raises(RangeError) as caught:
        parse_moment("2025-10-26 02:30", at(NOW))
    assert caught.value.fault is RangeFault.TWICE
    assert caught.value.choices == ("2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00")
    for choice, utc in zip(caught.value.choices, ("2025-10-26T00:30", "2025-10-26T01:30"), strict=True):
        assert parse_moment(choice, at(NOW)) == at(utc)


@pytest.mark.usefixtures("berlin")
def test_local_time_that_never_was_is_refused() -> None:
    with pytest.raises(RangeError) as caught:
        parse_moment("2025-03-30 02:30", at(NOW))
    assert caught.value.fault is RangeFault.NEVER


def test_what_is_no_moment_is_refused() -> None:
    cases: list[str] = ["", "soon", "25:00", "14:61", "yesterday 14", "last yesterday", "14:03 15:03", "ago"]
    for text in cases:
        with pytest.raises(RangeError) as caught:
            parse_moment(text, NOW_NS)
        assert caught.value.fault is RangeFault.NOT_A_TIME


_WORDS = st.sampled_from(
    ["last", "at", "ago", "now", "today", "yesterday", "mon", "sunday", "3", "h", "2 days", "14:03", "Z"]
)


@given(st.one_of(st.text(max_size=30), st.lists(_WORDS, max_size=5).map(" ".join)), st.integers(0, 2**62))
def test_any_text_is_a_moment_or_a_range_error(text: str, now_ns: int) -> None:
    with suppress(RangeError):
        assert parse_moment(text, now_ns) >= 0
    with suppress(RangeError):
        assert parse_length(text) >= 0


@pytest.mark.usefixtures("berlin")
@given(st.integers(at("1975-01-01"), at("2037-01-01")).map(lambda ns: ns // S * S))
def test_local_time_as_it_is_shown_is_read_as_the_same_moment(moment_ns: int) -> None:
    shown = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment_ns // S))
    texts = [shown]
    try:
        parse_moment(shown, at(NOW))
    except RangeError as error:
        texts = list(error.choices)
    assert moment_ns in [parse_moment(each, at(NOW)) for each in texts]


LENGTHS = st.sampled_from([("s", 1), (" min", 60), (" hours", 3600), ("d", 86_400), (" weeks", 604_800)])


@given(st.integers(0, 10**6), LENGTHS)
def test_length_of_any_unit(number: int, unit: tuple[str, int]) -> None:
    name, seconds = unit
    assert parse_length(f"{number}{name}") == number * seconds * S
    assert parse_moment(f"{number}{name} ago", NOW_NS) == max(0, NOW_NS - number * seconds * S)


WEDNESDAY = datetime(2025, 3, 12, 14, 30)  # noqa: DTZ001 - local, as people mean it


def local_ns(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * S


def test_weeks_months_and_years_and_chinese_words() -> None:
    cases: list[tuple[str, str, str]] = [
        ("this week", "2025-03-10", "2025-03-17"),
        ("Last Week", "2025-03-03", "2025-03-10"),
        ("this month", "2025-03-01", "2025-04-01"),
        ("last month", "2025-02-01", "2025-03-01"),
        ("last year", "2024-01-01", "2025-01-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("2025-03-01 to 2025-03-05", "2025-03-01", "2025-03-06"),
        ("yesterday 14:00 – yesterday 15:00", "2025-03-11T14:00", "2025-03-11T15:00"),
        ("last 3 hours", "2025-03-12T11:30", "2025-03-12T14:30"),
        ("past 2 days", "2025-03-10T14:30", "2025-03-12T14:30"),
        ("上周", "2025-03-03", "2025-03-10"),
        ("本月", "2025-03-01", "2025-04-01"),
        ("上个月", "2025-02-01", "2025-03-01"),
        ("最近 3 小时", "2025-03-12T11:30", "2025-03-12T14:30"),
        ("过去7天", "2025-03-05T14:30", "2025-03-12T14:30"),
        ("昨天", "2025-03-11", "2025-03-12"),
        ("昨天 到 今天", "2025-03-11", "2025-03-13"),
        ("2025年3月1日", "2025-03-01", "2025-03-02"),
        ("2025年3月", "2025-03-01", "2025-04-01"),
        ("2025-03-01 .. 现在", "2025-03-01", "2025-03-12T14:30"),
        ("星期一", "2025-03-10", "2025-03-11"),
    ]
    for text, start, end in cases:
        span = parse_range(text, int(WEDNESDAY.timestamp()) * S)
        assert span.start_ns == local_ns(start)
        assert 0 <= span.end_ns - local_ns(end) <= 1000


def test_a_moment_is_looked_at_with_five_minutes_around_it() -> None:
    cases: list[tuple[str, str]] = [
        ("yesterday 14:03", "2025-03-11T14:03"),
        ("昨天 14:03", "2025-03-11T14:03"),
        ("昨天14点03分", "2025-03-11T14:03"),
        ("3 h ago", "2025-03-12T11:30"),
        ("3小时前", "2025-03-12T11:30"),
        ("30 分钟前", "2025-03-12T14:00"),
        ("周一 9：30", "2025-03-10T09:30"),
        ("2025-03-01T10:00", "2025-03-01T10:00"),
    ]
    for text, at in cases:
        view = parse_view(text, int(WEDNESDAY.timestamp()) * S)
        assert view.at_ns == local_ns(at)
        assert view.span == TimeRange(view.at_ns - 300 * S, view.at_ns + 300 * S)


def test_what_cannot_be_meant_is_refused_in_the_words_that_were_typed() -> None:
    cases: list[str] = ["上周一", "前天", "昨天 什么", "last", "this day", "2025-13", "the other day"]
    for text in cases:
        with pytest.raises(RangeError) as refused:
            parse_view(text, int(WEDNESDAY.timestamp()) * S)
        assert refused.value.part in text


def test_a_view_of_a_span_has_no_moment_and_a_wrong_end_is_named() -> None:
    assert parse_view("7d", NOW_NS).at_ns == 0
    with pytest.raises(RangeError) as refused:
        parse_view("2025-03-01..nonsense", NOW_NS)
    assert refused.value.fault is RangeFault.NOT_A_TIME
