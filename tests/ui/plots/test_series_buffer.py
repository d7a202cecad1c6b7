"""The buffer behind the plots: what is added beat by beat equals what the record would have answered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.model.hiccups import MOST_EVENTS
from aios_gui.ui.plots.quantity import QUANTITIES
from aios_gui.ui.plots.series_buffer import RAW_LIMIT, SeriesBuffer
from tests.ui.machine import NS, beat_at, context_at, gap_at, hiccup_at, series_of

START = 1_741_785_300.0
SHARES = st.one_of(st.none(), st.floats(0, 100))
MADE = st.tuples(st.integers(20, 4000), st.integers(0, 10**9), st.integers(0, 10**10), SHARES, SHARES)


def beats_of(made: list[tuple[int, int, int, float | None, float | None]]) -> list[RecordedBeat]:
    at_ms = 0
    beats: list[RecordedBeat] = []
    for step_ms, duration, lateness, cpu, memory in made:
        at_ms += step_ms
        beats.append(beat_at(START + at_ms / 1000, len(beats), duration, lateness, cpu, memory))
    return beats


def assert_same(buffer: SeriesBuffer, other: SeriesBuffer) -> None:
    np.testing.assert_allclose(buffer.times, other.times, rtol=0, atol=1e-6)
    for index in range(len(QUANTITIES)):
        np.testing.assert_array_equal(buffer.low(index), other.low(index))
        np.testing.assert_array_equal(buffer.high(index), other.high(index))


def loaded(beats: list[RecordedBeat], bucket_ns: int = 0) -> SeriesBuffer:
    buffer = SeriesBuffer()
    buffer.load(series_of(beats, int(START * NS), int((START + 1e6) * NS), bucket_ns))
    return buffer


@settings(deadline=None)
@given(
    st.lists(MADE, min_size=1, max_size=60), st.integers(0, 59), st.sampled_from([0, NS, 7 * NS, 144 * NS])
)
def test_appending_equals_loading_it_all(
    made: list[tuple[int, int, int, float | None, float | None]], cut: int, bucket_ns: int
) -> None:
    beats = beats_of(made)
    buffer = loaded(beats[:cut], bucket_ns)
    for beat in beats[cut:]:
        buffer.append(beat)
    assert_same(buffer, loaded(beats, bucket_ns))


@settings(deadline=None)
@given(st.lists(MADE, min_size=1, max_size=60), st.integers(1, 30), st.sampled_from([0, 7 * NS]))
def test_beats_that_come_again_change_nothing(
    made: list[tuple[int, int, int, float | None, float | None]], again: int, bucket_ns: int
) -> None:
    beats = beats_of(made)
    buffer = loaded(beats, bucket_ns)
    for beat in beats[-again:]:
        if beats[-1].wall_ns - beat.wall_ns < 10 * NS or not bucket_ns:
            buffer.append(beat)
    assert_same(buffer, loaded(beats, bucket_ns))


def test_too_many_beats_become_buckets_as_the_record_cuts_them() -> None:
    beats = [
        beat_at(START + n, n, 20_000 + n % 97, n % 1013, None if n % 5 else n % 100)
        for n in range(RAW_LIMIT + 200)
    ]
    buffer = loaded(beats[:10])
    for beat in beats[10:]:
        buffer.append(beat)
    assert buffer.coarsen(3600.0)
    assert buffer.bucket_ns == 6 * NS
    assert_same(buffer, loaded(beats, 6 * NS))
    last = beat_at(START + len(beats), duration_ns=999_999)
    buffer.append(last)
    assert_same(buffer, loaded([*beats, last], 6 * NS))


def test_a_clock_set_back_drops_what_lay_after() -> None:
    buffer = loaded([beat_at(START + n, n) for n in range(100)])
    buffer.append(beat_at(START + 50.5))
    assert len(buffer) == 52
    assert buffer.times[-1] == pytest.approx(START + 50.5)
    assert (np.diff(buffer.times) > 0).all()


def test_a_clock_set_back_by_hours_in_a_long_span_starts_over_there() -> None:
    buffer = loaded([beat_at(START + n * 100, n) for n in range(800)], 144 * NS)
    buffer.append(beat_at(START + 3600.5))
    assert buffer.times[-1] == pytest.approx(START + 3600.5)
    assert (np.diff(buffer.times) > 0).all()


def test_an_unchanged_bucket_asks_for_no_repaint() -> None:
    buffer = loaded([beat_at(START + 1, 1, 20_000), beat_at(START + 2, 2, 90_000)], 3600 * NS)
    before = list(buffer.versions)
    buffer.append(beat_at(START + 3, 3, 50_000))
    assert buffer.versions == before
    buffer.append(beat_at(START + 4, 4, 95_000))
    assert buffer.versions[0] == before[0] + 1
    assert buffer.versions[1:] == before[1:]


def test_many_beats_do_not_make_it_grow_for_ever() -> None:
    buffer = loaded([])
    for number in range(20_000):
        buffer.append(beat_at(START + number, number))
        buffer.trim(START + number - 900)
    assert 900 <= len(buffer) <= 902
    assert buffer._columns.shape[1] <= 8192


def test_gaps_and_hiccups_are_held_once_and_let_go() -> None:
    buffer = loaded([])
    for _again in range(2):
        buffer.append_gap(gap_at(START, START + 10))
        buffer.append_hiccup(hiccup_at(START + 12))
    assert (len(buffer.gaps), len(buffer.hiccups)) == (1, 1)
    buffer.trim(START + 11)
    assert (len(buffer.gaps), len(buffer.hiccups)) == (0, 1)


def test_beats_after_the_clock_was_set_forward_and_back_lie_in_no_gap() -> None:
    forward, back = (
        gap_at(START + 1, START + 9000, GapKind.CLOCK_JUMP),
        gap_at(START + 9020, START + 30, GapKind.CLOCK_JUMP),
    )
    buffer = loaded([beat_at(START + 1)])
    for gap in (forward, back):
        buffer.append_gap(gap)
    for number in range(2, 9):
        buffer.append(beat_at(START + 30 + number, number))
    assert buffer.gaps == [gap_at(START + 1, START + 30, GapKind.CLOCK_JUMP), back]


def test_what_is_left_of_a_gap_that_the_record_told_goes_as_beats_reach_it() -> None:
    back = gap_at(START + 9020, START + 30, GapKind.CLOCK_JUMP)
    buffer = loaded([beat_at(START + 40)])
    buffer.append_gap(back)
    buffer.append_gap(gap_at(START + 40, START + 9000, GapKind.CLOCK_JUMP))
    buffer.append(beat_at(START + 41, 2))
    assert all(gap.end_ns <= gap.start_ns for gap in buffer.gaps)


def test_many_hiccups_do_not_make_it_grow_for_ever() -> None:
    buffer = loaded([])
    for number in range(3 * MOST_EVENTS):
        buffer.append_hiccup(hiccup_at(START + number))
    assert len(buffer.hiccups) == 3 * MOST_EVENTS
    assert len(buffer.hiccups.events) <= MOST_EVENTS
    buffer.trim(START + 3 * MOST_EVENTS - 10)
    assert (len(buffer.hiccups), len(buffer.hiccups.events) <= 10) == (10, True)


def test_own_share_is_thinned_to_what_can_be_seen() -> None:
    buffer = loaded([])
    for number in range(1000):
        buffer.append_own(context_at(START + number), 86_400.0)
    times, shares = buffer.own.points("own_cpu_percent")
    assert len(times) == len(shares) == 7
    assert np.isfinite(times).all()
    buffer.own.trim(START + 500)
    assert buffer.own.points("own_memory_percent")[0][0] == START + 432


def test_own_share_stays_a_line_while_samples_come_less_often() -> None:
    buffer = loaded([])
    for offset in (0, 5, 10, 15, 35, 55, 75, 195):
        buffer.append_own(context_at(START + offset), 900.0)
    times, _shares = buffer.own.points("own_cpu_percent", START + 195)
    assert np.isfinite(times).all()


def test_own_share_is_not_drawn_across_a_gap_and_holds_until_the_newest_beat() -> None:
    buffer = loaded([])
    for offset in (0, 10, 20, 320, 330, 340):
        buffer.append_own(context_at(START + offset), 900.0)
    times, shares = buffer.own.points("own_cpu_percent", START + 345)
    assert [None if np.isnan(each) else each - START for each in times] == [
        0,
        10,
        20,
        None,
        320,
        330,
        340,
        345,
    ]
    assert np.isnan(shares[3])
    times, _shares = buffer.own.points("own_cpu_percent", START + 345, np.array([START + 325]))
    assert np.isnan(times[[3, 5]]).all()
    assert len(buffer.own.points("own_cpu_percent", START + 5000)[0]) == 7
