"""Many histograms at once say what each of them says alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.history.analysis.tallies import (
    NO_TALLY,
    decoded,
    highest_of,
    indexes_of,
    of_values,
    put_together,
)
from aios_gui.record.model.histogram import HIGHEST_NS, MOST_COUNTS, Histogram, HistogramError, index_of
from aios_gui.record.model.histogram import highest_of as one_highest_of

TIMES = st.lists(st.integers(0, 2 * HIGHEST_NS) | st.integers(0, 200_000), max_size=60)
SHARES = (0.0, 0.05, 0.5, 0.99, 1.0)


def histogram(times: list[int], copies: int = 1) -> Histogram:
    found = Histogram()
    for _copy in range(copies):
        found.add(times)
    return found


@given(st.lists(st.tuples(TIMES, st.sampled_from([1, 70, 20_000])), max_size=5))
def test_percentiles_of_many_are_those_of_each(groups: list[tuple[list[int], int]]) -> None:
    known = [
        Histogram({index: count * copies for index, count in histogram(times).counts.items()})
        for times, copies in groups
    ]
    tally, faults = decoded([each.encode() for each in known])
    assert not faults
    percentiles = tally.percentiles(len(known), *SHARES)
    for place, each in enumerate(known):
        if each.total:
            assert [each.at(share) for share in SHARES] == percentiles[:, place].tolist()
        else:
            assert np.isnan(percentiles[:, place]).all()
    assert np.bincount(tally.group, tally.count, len(known)).tolist() == [each.total for each in known]
    merged = Histogram()
    for each in known:
        merged.merge(each)
    one = tally.regrouped(np.zeros(len(known), np.int64), 1)
    assert dict(zip(one.index.tolist(), one.count.tolist(), strict=True)) == dict(merged.counts)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, HIGHEST_NS)), max_size=50))
def test_single_times_are_counted_as_a_histogram_counts_them(times: list[tuple[int, int]]) -> None:
    group, values = (np.array([each[place] for each in times], np.int64) for place in (0, 1))
    assert indexes_of(values).tolist() == [index_of(each) for _group, each in times]
    tally = of_values(group, values, 5)
    for place in range(5):
        mine = tally.group == place
        counts = dict(zip(tally.index[mine].tolist(), tally.count[mine].tolist(), strict=True))
        assert counts == dict(histogram([value for at, value in times if at == place]).counts)


def test_the_longest_of_every_count_is_known() -> None:
    assert highest_of(np.arange(MOST_COUNTS)).tolist() == [
        one_highest_of(index) for index in range(MOST_COUNTS)
    ]


@pytest.mark.parametrize("step", [2**31, 2**32 + 4, 2**54])
def test_a_step_over_more_counts_than_there_are_is_damage(step: int) -> None:
    """As a crafted record may have: in 32 bits it came round, to no count at all or to one that is there."""
    far = Histogram({step: 7}).encode()
    with pytest.raises(HistogramError):
        Histogram.decode(far)
    tally, faults = decoded([histogram([5]).encode(), far])
    assert (tally.group.tolist(), set(faults)) == ([0], {1})


def test_damaged_ones_are_told_and_have_nothing() -> None:
    whole = histogram([5, 70_000, 70_000]).encode()
    broken = [b"", whole[:-3], whole.replace(b"\x1c", b"\x1d", 1), b"text", whole]
    tally, faults = decoded(broken)
    assert set(faults) == {0, 1, 2, 3}
    assert np.bincount(tally.group, tally.count, 5).tolist() == [0, 0, 0, 0, 3]
    assert not len(decoded([])[0].group)
    assert not len(put_together(NO_TALLY, 3).group)
