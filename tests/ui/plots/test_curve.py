"""The line: never across a gap, a hole or an unknown figure, and a beat alone is still seen."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aios_gui.ui.plots.curve import Curve, Rows
from aios_gui.ui.plots.series_buffer import SeriesBuffer
from tests.ui.machine import NS, beat_at, gap_at, series_of

START = 1_741_785_300.0


def rows_of(
    offsets: list[float],
    gaps: list[tuple[float, float]] = [],  # noqa: B006
    bucket_ns: int = 0,
    interval_ns: int = NS,
) -> Rows:
    buffer = SeriesBuffer()
    buffer.load(series_of([beat_at(START + each) for each in offsets], 0, 1, bucket_ns))
    for start, end in gaps:
        buffer.append_gap(gap_at(START + start, START + end))
    return buffer.rows(START - 10, START + 10_000, interval_ns)


def joined(rows: Rows) -> set[tuple[float, float]]:
    """Pairs of rows (offsets) between which the line is drawn."""
    line = Curve.of(rows, 0.5).line
    y = line.y(rows.highs[0], rows.highs[0])
    found = set()
    for index in range(len(y) - 1):
        if np.isfinite(y[index : index + 2]).all():
            found.add((round(line.x[index] - START, 3), round(line.x[index + 1] - START, 3)))
    return found


def test_neighbours_are_joined() -> None:
    assert joined(rows_of([0, 1, 2])) == {(0, 1), (1, 2)}


def test_a_hole_is_not_bridged() -> None:
    assert joined(rows_of([0, 1, 2, 9, 10])) == {(0, 1), (1, 2), (9, 10)}


def test_two_missed_beats_are_no_hole() -> None:
    assert (1, 4) in joined(rows_of([0, 1, 4, 5]))


@pytest.mark.parametrize("interval_ns", [NS // 10, NS, 10 * NS])
def test_beats_of_another_interval_stay_a_line(interval_ns: int) -> None:
    offsets = [
        0.0,
        10,
        20,
        30,
        31,
        32,
        33,
        34,
        *(round(34 + n / 10, 1) for n in range(1, 9)),
        44.8,
        54.8,
        64.8,
    ]
    rows = rows_of(offsets, interval_ns=interval_ns)
    assert joined(rows) == set(pairwise(offsets))
    assert (32, 37) not in joined(rows_of([30, 31, 32, 37, 38, 39], interval_ns=interval_ns))


def test_a_short_gap_is_not_bridged_either() -> None:
    assert joined(rows_of([0, 1, 3, 4], [(1.2, 2.8)])) == {(0, 1), (3, 4)}


def test_a_clock_set_back_breaks_nothing() -> None:
    assert joined(rows_of([0, 1, 2, 3], [(2.5, 0.5)])) == {(0, 1), (1, 2), (2, 3)}


def test_a_beat_alone_becomes_a_dash() -> None:
    found = {pair for pair in joined(rows_of([0, 1, 50, 100, 101])) if pair[0] != pair[1]}
    assert found == {(0, 1), (50, 50.5), (100, 101)}


def test_buckets_have_a_body_from_minimum_to_maximum() -> None:
    buffer = SeriesBuffer()
    beats = [beat_at(START + n / 2, n, 20_000 + n * 1000) for n in range(20)]
    buffer.load(series_of(beats, 0, 1, 2 * NS))
    rows = buffer.rows(START - 1, START + 100, NS)
    curve = Curve.of(rows, 0.1)
    assert curve.body is not None
    y = curve.body.y(rows.lows[0], rows.highs[0])
    assert (y[curve.body.first_at] == buffer.low(0)).all()
    assert (y[curve.body.second_at] == buffer.high(0)).all()
    assert Curve.of(rows_of([0, 1, 2]), 0.1).body is None


@given(
    st.lists(st.integers(1, 12), min_size=2, max_size=40),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 30)), max_size=4),
    st.sampled_from([0, NS, 2 * NS]),
)
@example([1, 7, 1, 2], [], 2 * NS).via("two of them in one bucket")
def test_nothing_is_ever_drawn_across_a_gap(
    steps: list[int], gaps: list[tuple[int, int]], bucket_ns: int
) -> None:
    offsets = [float(each) for each in np.cumsum(steps)]
    spans = [(start + 0.25, start + length + 0.25) for start, length in gaps]
    # There are no beats within a gap, and gaps do not overlap in what is recorded.
    offsets = [each for each in offsets if not any(start < each < end for start, end in spans)]
    rows = rows_of(offsets, spans, bucket_ns)
    hole_s = max(3, 2 * bucket_ns / NS)
    offsets = [round(each, 3) for each in rows.times - START]  # beats of one bucket are one row
    for left, right in joined(rows):
        row = offsets.index(left)
        around = [*np.diff(offsets[max(0, row - 2) : row + 1]), *np.diff(offsets[row + 1 : row + 4])]
        assert right - left <= max(hole_s, 3 * max(around, default=0))
        assert not any(left < start and end < right for start, end in spans)


def test_no_rows_make_an_empty_line() -> None:
    curve = Curve.of(rows_of([]), 0.5)
    assert len(curve.line.x) == 0


def test_extremes_pass_over_what_is_unknown() -> None:
    buffer = SeriesBuffer()
    buffer.load(
        series_of(
            [beat_at(START, cpu=None), beat_at(START + 1, cpu=30.0), beat_at(START + 2, lateness_ns=0)],
            0,
            1,
            0,
        )
    )
    rows = buffer.rows(START - 1, START + 5, NS)
    assert rows.largest(2) == 30.0
    assert rows.smallest_positive(1) == 120_000
    empty = SeriesBuffer().rows(START, START + 1, NS)
    assert empty.largest(0) == -np.inf
    assert empty.smallest_positive(0) == np.inf
