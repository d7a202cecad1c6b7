"""Histograms tell percentiles within their grain, and another reader of their form tells the same."""

import random
from base64 import b64decode, b64encode
from collections import Counter
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.model.percentiles import SlidingPercentiles
from aios_gui.record.model.histogram import HIGHEST_NS, LOWEST_NS, Histogram, HistogramError

times = st.lists(
    st.integers(0, 2**18) | st.integers(0, 2**34) | st.integers(0, 2**52) | st.integers(-5, 5), max_size=60
)
SHARES = 0.0, 0.5, 0.9, 0.99, 0.999, 1.0


def histogram_of(values: list[int]) -> Histogram:
    histogram = Histogram()
    histogram.add(values)
    return histogram


@given(times)
def test_percentiles_are_those_of_the_sorted_values(values: list[int]) -> None:
    histogram = histogram_of(values)
    kept = sorted(min(max(each, 0), HIGHEST_NS) for each in values)
    assert histogram.total == len(kept)
    for share in SHARES:
        exact = kept[max(1, ceil(share * len(kept) - 1e-6)) - 1] if kept else 0
        assert 0 <= histogram.at(share) - exact <= max(LOWEST_NS - 1, exact / 128)


def test_a_percentile_is_that_of_the_window_of_a_running_heartbeat() -> None:
    """Of 88 beats the header said 84 µs and the analysis 50 µs: the one took rank 88 for the P99, the other 87."""
    for count in range(1, 40):
        values = [LOWEST_NS << place for place in range(count)]
        window = SlidingPercentiles(count)
        for value in values:
            window.add(value)
        for percent in (50, 95, 99, 100):
            assert histogram_of(values).at(percent / 100) // window.at(percent) == 1


@given(times, times)
def test_merged_is_counted_together(some: list[int], others: list[int]) -> None:
    merged = histogram_of(some)
    merged.merge(histogram_of(others))
    assert merged == histogram_of(some + others)


@given(times)
def test_it_comes_back_from_its_bytes(values: list[int]) -> None:
    histogram = histogram_of(values)
    assert Histogram.decode(histogram.encode()) == histogram


@given(times)
def test_another_reader_finds_the_same(values: list[int]) -> None:
    reader = pytest.importorskip("hdrh.histogram").HdrHistogram
    histogram = histogram_of(values)
    read = reader.decode(b64encode(histogram.encode()))
    assert read.get_total_count() == histogram.total
    for share in SHARES[1:]:
        # The rank next to a share is another one in half of all cases, so that it is asked for ours.
        rank = ceil(share * histogram.total - 1e-6)
        assert read.get_value_at_percentile(100 * rank / max(1, len(values))) == histogram.at(share)


@given(times)
def test_what_another_one_wrote_is_read(values: list[int]) -> None:
    writer = pytest.importorskip("hdrh.histogram").HdrHistogram(LOWEST_NS, HIGHEST_NS, 2)
    for value in values:
        writer.record_value(min(max(value, 0), HIGHEST_NS))
    assert Histogram.decode(b64decode(writer.encode())) == histogram_of(values)


def test_an_hour_of_beats_takes_few_bytes() -> None:
    chance = random.Random(1)
    assert len(histogram_of([int(chance.lognormvariate(10, 0.3)) for _beat in range(3600)]).encode()) < 400


@given(st.binary(max_size=200), st.integers(0, 40))
def test_what_is_no_histogram_is_refused(noise: bytes, place: int) -> None:
    sound = histogram_of([5, 23_000, 10**9]).encode()
    for broken in (noise, sound[:place] + noise, sound + b"x"):
        if broken == sound:
            continue
        with pytest.raises(HistogramError):
            Histogram.decode(broken)


def test_below_counts_what_is_shorter() -> None:
    histogram = Histogram(Counter(histogram_of([1_000_000, 4_000_000, 60_000_000]).counts))
    assert [histogram.below(limit) for limit in (0, 5_000_000, 10**12)] == [0, 2, 3]
