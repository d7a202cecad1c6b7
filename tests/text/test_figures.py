"""Figures: two digits at least, one unit, never a rounding that contradicts the order of things."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.text import figures

UNITS_NS = {"µs": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9}


def test_duration() -> None:
    cases: list[tuple[float | None, str]] = [
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "–"),
        (10**400, "–"),
        (0, "0 µs"),
        (1_000, "1.0 µs"),
        (24_000, "24 µs"),
        (99_499, "99 µs"),
        (99_600, "100 µs"),
        (140_000, "140 µs"),
        (999_400, "999 µs"),
        (999_600, "1.0 ms"),
        (380_000_000, "380 ms"),
        (999_600_000, "1.0 s"),
        (1_900_000_000, "1.9 s"),
        (75_000_000_000, "75 s"),
        (-5_000_000, "−5.0 ms"),
    ]
    for ns, text in cases:
        assert figures.duration(ns) == text


@given(st.lists(st.integers(1_000, 10**16), min_size=2, max_size=2))
def test_longer_duration_never_reads_shorter(pair: list[int]) -> None:
    short, long = sorted(pair)
    shown = [float(figure) * UNITS_NS[unit] for figure, unit in map(figures.duration_parts, (short, long))]
    assert shown[0] <= shown[1]


@given(st.integers(1_000, 10**16))
def test_duration_is_right_to_its_digits(ns: int) -> None:
    figure, unit = figures.duration_parts(ns)
    assert abs(float(figure) * UNITS_NS[unit] - ns) <= 0.051 * ns
    assert len(figure.replace(".", "").lstrip("0")) >= 2


def test_percent() -> None:
    cases: list[tuple[float | None, str]] = [
        (None, "–"),
        (0, "0 %"),
        (0.04, "0.04 %"),
        (0.1, "0.1 %"),
        (9.96, "10 %"),
        (17.2, "17 %"),
        (100, "100 %"),
    ]
    for percent, text in cases:
        assert figures.percent(percent) == text


def test_a_size_and_the_whole_that_it_is_part_of_are_written_alike() -> None:
    assert figures.size_pair(1 << 30, 23.5 * 2**30) == ("1.0", "23.5 GB")
    assert figures.size_pair(300 << 20, 512 << 20) == ("300", "512 MB")
    assert figures.size_pair(0, 24 << 30) == ("0.0", "24.0 GB")


def test_size() -> None:
    cases: list[tuple[float | None, str]] = [
        (None, "–"),
        (0, "0 B"),
        (96 << 20, "96 MB"),
        (24 << 30, "24 GB"),
        (10.1 * 2**30, "10.1 GB"),
        (5 << 50, "5120 TB"),
    ]
    for size, text in cases:
        assert figures.size(size) == text


def test_availability_never_rounds_up_to_all() -> None:
    cases: list[tuple[float | None, str]] = [
        (None, "–"),
        (1.0, "100.00 %"),
        (0.99999, "99.99 %"),
        (0.9998, "99.98 %"),
        (0.0, "0.00 %"),
        (1e-5, "< 0.01 %"),
        (1199 / 1200, "99.91 %"),
    ]
    for share, text in cases:
        assert figures.availability(share) == text


def test_span() -> None:
    cases: list[tuple[float, str]] = [
        (0.5, "500 ms"),
        (45.9, "45 s"),
        (720, "12 min"),
        (11_520, "3 h 12 min"),
        (3_600, "1 h"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d"),
        (187_200, "2 d 4 h"),
    ]
    for seconds, text in cases:
        assert figures.span(seconds * 1e9) == text


def test_interval_reads_as_it_was_set() -> None:
    cases: list[tuple[float, str]] = [
        (0.02, "20 ms"),
        (0.0625, "62.5 ms"),
        (1, "1 s"),
        (1.5, "1.5 s"),
        (60, "60 s"),
        (150, "150 s"),
        (300, "5 min"),
        (3600, "1 h"),
    ]
    for seconds, text in cases:
        assert figures.interval(seconds * 1e9) == text


def test_count_has_its_thousands_apart() -> None:
    assert figures.count(604_800) == "604,800"
    assert figures.count(None) == "–"


def test_rate_has_a_decimal_where_that_says_something() -> None:
    cases = [(None, "–"), (0.0, "0.0"), (12.54, "12.5"), (99.97, "100"), (13_503.1, "13,503")]
    assert [figures.rate(value) for value, _text in cases] == [text for _value, text in cases]


def test_times() -> None:
    cases: list[tuple[float | None, str]] = [
        (80_049.6, "80,050×"),
        (99.96, "100×"),
        (99.94, "99.9×"),
        (8.449, "8.4×"),
        (1.0, "1.0×"),
        (0.999, "1.0×"),
        (0.516, "0.52×"),
        (None, "–"),
        (float("inf"), "–"),
    ]
    for ratio, text in cases:
        assert figures.times(ratio) == text


def test_clock_time_has_its_date_unless_it_is_today() -> None:
    noon = time.mktime((2025, 3, 12, 12, 0, 7, 0, 0, -1))
    noon_ns = round(noon) * 1_000_000_000
    assert figures.clock_time(noon_ns, noon_ns) == "12:00"
    assert figures.clock_time(noon_ns, noon_ns, seconds=True) == "12:00:07"
    assert figures.clock_time(noon_ns, noon_ns + 86_400 * 10**9) == "2025-03-12 12:00"
    assert figures.moment(noon_ns + 120_999_999) == "2025-03-12 12:00:07.120"


def test_the_end_of_a_span_has_its_date_unless_it_began_on_that_day() -> None:
    noon_ns = round(time.mktime((2025, 3, 12, 12, 0, 0, 0, 0, -1))) * 1_000_000_000
    hour_ns, day_ns = 3_600 * 10**9, 86_400 * 10**9
    began_ns = noon_ns - day_ns
    assert figures.clock_times(began_ns, noon_ns, noon_ns) == ("2025-03-11 12:00", "2025-03-12 12:00")
    assert figures.clock_times(began_ns, began_ns + hour_ns, noon_ns) == ("2025-03-11 12:00", "13:00")
    assert figures.clock_times(noon_ns, noon_ns + hour_ns, noon_ns) == ("12:00", "13:00")


@pytest.mark.parametrize("wall_ns", [None, 10**40, -(10**40)])
def test_moment_that_no_calendar_holds_is_left_out(wall_ns: int | None) -> None:
    assert figures.clock_time(wall_ns) == figures.moment(wall_ns) == "–"


def test_of_less_than_a_second_no_time_left_is_told() -> None:
    assert figures.time_left(38.2) == "38 s left"
    assert figures.time_left(0.4) == "", "never 0 µs"
