"""The time axis across a change of the clocks, at odd offsets and at every zoom."""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from aios_gui.ui.plots.time_ticks import time_ticks

pytestmark = pytest.mark.skipif(
    not hasattr(time, "tzset"), reason="only here can the time zone be set for a test"
)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def use(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def labels(start: str, end: str, most: int) -> list[str]:
    return [tick.label for tick in time_ticks(at(start), at(end), most)]


BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"


def test_a_quarter_of_an_hour_has_round_minutes(zone: Callable[[str], None]) -> None:
    zone("UTC0")
    assert labels("2025-03-12T14:00:07+00:00", "2025-03-12T14:15:07+00:00", 6) == [
        "14:03", "14:06", "14:09", "14:12", "14:15",
    ]  # fmt: skip


def test_a_minute_shows_seconds(zone: Callable[[str], None]) -> None:
    zone("UTC0")
    found = labels("2025-03-12T14:00:07+00:00", "2025-03-12T14:01:07+00:00", 6)
    assert found[:2] == ["14:00:10", "14:00:20"]


def test_midnight_says_the_date(zone: Callable[[str], None]) -> None:
    zone("UTC0")
    found = labels("2025-03-11T14:15:00+00:00", "2025-03-12T14:15:00+00:00", 6)
    assert found == ["18:00", "03-12", "06:00", "12:00"]


def test_spring_forward_skips_an_hour_but_no_tick_twice(zone: Callable[[str], None]) -> None:
    zone(BERLIN)
    ticks = time_ticks(at("2025-03-29T22:30:00+00:00"), at("2025-03-30T03:30:00+00:00"), 8)
    assert [tick.label for tick in ticks] == ["03-30", "01:00", "03:00", "04:00", "05:00"]
    moments = [tick.at_s for tick in ticks]
    assert moments == sorted(set(moments))
    assert {b - a for a, b in itertools.pairwise(moments)} == {3600.0}


def test_autumn_back_shows_the_doubled_hour_twice(zone: Callable[[str], None]) -> None:
    zone(BERLIN)
    ticks = time_ticks(at("2025-10-25T22:30:00+00:00"), at("2025-10-26T03:30:00+00:00"), 8)
    assert [tick.label for tick in ticks] == ["01:00", "02:00", "02:00", "03:00", "04:00"]


def test_long_steps_stay_on_the_wall_clock_across_both_changes(zone: Callable[[str], None]) -> None:
    zone(BERLIN)
    assert labels("2025-03-29T12:00:00+00:00", "2025-03-30T12:00:00+00:00", 5) == [
        "18:00",
        "03-30",
        "06:00",
        "12:00",
    ]
    assert labels("2025-10-25T12:00:00+00:00", "2025-10-26T12:00:00+00:00", 5) == [
        "18:00",
        "10-26",
        "06:00",
        "12:00",
    ]


@pytest.mark.parametrize("name", ["IST-5:30", "<+0545>-5:45", "LHST-10:30LHDT-11,M10.1.0,M4.1.0"])
def test_odd_offsets_still_give_round_local_times(zone: Callable[[str], None], name: str) -> None:
    zone(name)
    start = at("2025-04-05T12:00:00+00:00")
    for length in (900, 3600, 6 * 3600, 86_400):
        ticks = time_ticks(start, start + length, 8)
        assert ticks
        for tick in ticks:
            assert datetime.fromtimestamp(tick.at_s).second == 0
            assert datetime.fromtimestamp(tick.at_s).minute % 2 == 0


@pytest.mark.parametrize(
    "length_s",
    [
        5,
        12,
        60,
        61,
        300,
        900,
        3600,
        5000,
        21_600,
        86_400,
        700_000,
        3_000_000,
        9_000_000,
        31_536_000,
        95_000_000,
    ],
)
def test_never_many_more_than_asked_for_and_all_in_view(zone: Callable[[str], None], length_s: float) -> None:
    zone(BERLIN)
    start = at("2025-10-20T11:11:11+00:00")
    ticks = time_ticks(start, start + length_s, 8)
    assert 1 <= len(ticks) <= 10
    assert all(start <= tick.at_s <= start + length_s for tick in ticks)


def test_a_year_has_the_first_of_its_months(zone: Callable[[str], None]) -> None:
    zone(BERLIN)
    start = at("2025-01-15T00:00:00+01:00")
    assert [tick.label for tick in time_ticks(start, start + 365 * 86_400, 6)] == [
        "2025-03", "2025-05", "2025-07", "2025-09", "2025-11", "2026-01",
    ]  # fmt: skip
