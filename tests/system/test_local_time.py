"""Local times without an offset: every moment is found again, also in the hours that clock changes repeat."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.system.local_time import LocalTimes
from tests.systems import knows_zones

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
pytestmark = knows_zones


def us(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def local(at_us: int, zone: ZoneInfo) -> str:
    return (EPOCH + timedelta(microseconds=at_us)).astimezone(zone).replace(tzinfo=None).isoformat()


@given(
    st.sampled_from(ZONES),
    st.integers(1_420_000_000, 2_050_000_000),
    st.lists(st.integers(0, 14 * 60_000_000), max_size=60),
)
def test_times_a_few_minutes_apart_are_found_again_whatever_the_clock_did(
    name: str, begin_s: int, steps: list[int]
) -> None:
    zone = ZoneInfo(name)
    times = LocalTimes(zone)
    at_us = begin_s * 1_000_000
    for step in steps:
        found = times.moment_us(local(at_us, zone))
        if times.ambiguous <= 1 and found != at_us:
            return  # the very first one lies in the hour that is repeated: nothing tells which it is
        assert found == at_us
        at_us += step


@pytest.mark.parametrize("name", ZONES[:3])
def test_every_second_of_the_night_in_which_the_clock_is_set_back(name: str) -> None:
    zone = ZoneInfo(name)
    # In the year 2026, from the change of day before any of these zones' changes.
    day = {"Europe/Berlin": (10, 25), "America/New_York": (11, 1), "Australia/Lord_Howe": (4, 5)}[name]
    start_us = us(datetime(2026, *day, tzinfo=zone))
    moments = [start_us + second * 1_000_000 + 250_000 for second in range(0, 6 * 3600, 7)]
    times = LocalTimes(zone)
    assert [times.moment_us(local(each, zone)) for each in moments] == moments
    assert times.ambiguous > 0


def test_a_time_that_was_left_out_is_taken_as_if_the_clock_had_not_been_changed() -> None:
    times = LocalTimes(ZoneInfo("Europe/Berlin"))
    assert times.moment_us("2026-03-29T02:30:00") == us(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert times.skipped == 1


def test_forms_that_are_understood() -> None:
    cases: list[tuple[str, int]] = [
        ("2026-11-27T05:57:13", 0),
        ("2026-11-27 05:57:13.5", 500_000),
        ("2026-11-27T05:57:13.1234567", 123_456),
        ("2026-11-27T06:57:13+01:00", 0),
        ("2026-11-27T05:57:13Z", 0),
        ("2026-11-27T0557", -13_000_000),
    ]
    for text, seconds in cases:
        times = LocalTimes(ZoneInfo("UTC"))
        expected = us(datetime(2026, 11, 27, 5, 57, 13, tzinfo=UTC)) + seconds
        assert [times.moment_us(each) for each in ("2026-11-27T05:57:01", text, text)][1:] == [
            expected,
            expected,
        ]


@given(st.text(max_size=40) | st.from_regex(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d.{0,8}"))
def test_no_other_text_is_more_than_refused(text: str) -> None:
    times = LocalTimes(ZoneInfo("Europe/Berlin"))
    times.moment_us("2026-11-27T05:57:01")
    with suppress(ValueError):
        assert 0 <= times.moment_us(text) < 2**53
