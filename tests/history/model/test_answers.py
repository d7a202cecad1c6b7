"""Coverage and distributions, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.history.model.coverage import GapSum, coverage_of
from aios_gui.history.model.distribution import Band, Distribution
from aios_gui.record.model.histogram import Histogram
from tests.fakes import HOUR, MS, S


def test_gaps_that_overlap_count_once_and_a_clock_set_back_takes_nothing() -> None:
    gaps = [
        Gap(GapKind.SUSPENDED, -HOUR, HOUR),
        Gap(GapKind.NOT_RECORDED, HOUR // 2, 2 * HOUR, unrecorded_beats=7),
        Gap(GapKind.CLOCK_JUMP, 5 * HOUR, 4 * HOUR),
        Gap(GapKind.SUSPENDED, 9 * HOUR, 12 * HOUR),
    ]
    found = coverage_of(0, 10 * HOUR, 990, 10, gaps)
    assert found.gaps == {
        GapKind.SUSPENDED: GapSum(2, 2 * HOUR),
        GapKind.NOT_RECORDED: GapSum(1, 3 * HOUR // 2),
        GapKind.CLOCK_JUMP: GapSum(1, 0),
    }
    assert (found.share, found.availability, found.due, found.unrecorded) == (0.7, 0.99, 1000, 7)


def test_of_nothing_nothing_is_known() -> None:
    found = coverage_of(0, 0, 0, 0, [])
    assert (found.share, found.availability) == (None, None)
    empty = Distribution()
    assert (empty.mean_ns, empty.at(0.5), empty.bands()) == (None, 0, {})


def test_times_fall_into_bands() -> None:
    times = [MS] * 4 + [7 * MS] * 3 + [20 * MS] * 2 + [60 * MS]
    histogram = Histogram()
    histogram.add(times)
    bands = Distribution(histogram, MS, 60 * MS, sum(times)).bands()
    assert bands == pytest.approx({Band.EXCELLENT: 0.4, Band.GOOD: 0.3, Band.ACCEPTABLE: 0.2, Band.POOR: 0.1})


@given(st.lists(st.integers(0, 400 * S), max_size=5), st.sampled_from([50 * MS, S, 7 * S + 1]))
def test_what_was_omitted_is_as_if_it_were_counted_one_by_one(times: list[int], interval_ns: int) -> None:
    raw, expected = Histogram(), Histogram()
    raw.add(times)
    every = times + [v for time in times for v in range(time - interval_ns, interval_ns - 1, -interval_ns)]
    expected.add(every)
    most = max(times, default=0)
    found = Distribution(raw, 0, most, sum(times)).with_omitted((time, interval_ns) for time in times)
    assert found.histogram == expected
    assert found.total_ns == sum(every)
