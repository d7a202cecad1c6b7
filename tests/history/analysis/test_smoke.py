"""The smoke of a span and the days of a record, against numpy over the beats themselves."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.analysis.model.smoke import Puff, Smoke
from aios_gui.history.analysis.stretches import beats_by_hour, beats_of
from aios_gui.history.model.distribution import LARGEST_ERROR, LEAST_ERROR_NS
from aios_gui.history.queries import History
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.reader import RecordReader
from tests.fakes import HOUR, S
from tests.history.made import BEGIN, Made

ALL = TimeRange(0, END_OF_TIME_NS)
SHARES = {"p5": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
DAY = 24 * HOUR


def in_buckets(smoke: Smoke, beats: list[RecordedBeat]) -> list[list[RecordedBeat]]:
    found: list[list[RecordedBeat]] = [[] for _bucket in smoke.time_s]
    first = round(smoke.time_s[0] * 1e6) * 1000 // smoke.bucket_ns if smoke.time_s else 0
    for beat in beats:
        if smoke.start_ns // 1000 <= beat.wall_ns // 1000 < smoke.end_ns // 1000:
            found[beat.wall_ns // smoke.bucket_ns - first].append(beat)
    return found


def check_times(puff: Puff, buckets: list[list[int]]) -> None:
    for place, values in enumerate(buckets):
        if not values:
            assert np.isnan(puff.p50[place])
            assert np.isnan(puff.max[place])
            continue
        assert puff.max[place] == max(values)
        for name, share in SHARES.items():
            ranked = sorted(values)[max(1, ceil(share * len(values) - 1e-6)) - 1]
            assert (
                ranked
                <= getattr(puff, name)[place]
                <= max(ranked * (1 + LARGEST_ERROR), ranked + LEAST_ERROR_NS)
            )


@settings(max_examples=20, deadline=None)
@given(
    st.integers(-1, 8 * 60), st.sampled_from([1, 7, 61, 300, 20 * 60, 35 * 60]), st.sampled_from([1, 10, 400])
)
def test_smoke_has_the_percentiles_of_the_beats_and_keeps_every_maximum(
    made: Made, start_min: int, minutes: int, pixels: int
) -> None:
    start_ns = BEGIN + start_min * 60 * S + 123_456_789
    span = TimeRange(start_ns, start_ns + minutes * 60 * S)
    with made.histories() as histories:
        for history in histories:
            smoke = history.smoke(span, pixels)
            beats = in_buckets(smoke, made.beats)
            assert sum(map(len, beats)) == history.reader.count(span.start_ns, span.end_ns)
            check_times(smoke.duration, [[beat.duration_ns for beat in each] for each in beats])
            check_times(smoke.lateness, [[beat.lateness_ns for beat in each] for each in beats])
            cpu = [[beat.cpu_percent for beat in each if beat.cpu_percent is not None] for each in beats]
            for place, values in enumerate(cpu):
                assert (
                    (smoke.cpu.max[place] == pytest.approx(max(values)))
                    if values
                    else np.isnan(smoke.cpu.max[place])
                )


def test_of_a_short_span_shares_are_those_of_beats_too(made: Made) -> None:
    span = TimeRange(BEGIN, BEGIN + HOUR)
    with made.histories() as (rows, sealed):
        assert rows.smoke(span, 50) == sealed.smoke(span, 50)
        smoke = sealed.smoke(span, 50)
    for place, beats in enumerate(in_buckets(smoke, made.beats)):
        known = sorted(beat.memory_percent for beat in beats if beat.memory_percent is not None)
        assert smoke.memory.p50[place] == pytest.approx(known[max(1, ceil(0.5 * len(known) - 1e-6)) - 1])


def test_smoke_outside_the_record_or_without_one_is_nothing(made: Made, tmp_path: Path) -> None:
    with made.histories() as histories, RecordReader(tmp_path / "none.sqlite3") as none:
        for history in (*histories, History(none)):
            assert not history.smoke(TimeRange(0, 1000 * S), 100).time_s
        assert History(none).days() == ()


def test_days_have_all_beats_and_say_how_much_of_them_is_covered(made: Made) -> None:
    with made.histories() as histories:
        for history in histories:
            days = history.days()
            assert sum(day.beats for day in days) == len(made.beats)
            assert [day.start_ns % DAY for day in days] == [0] * len(days)
            assert [later.start_ns - day.start_ns for day, later in pairwise(days)] == [DAY] * (len(days) - 1)
            assert all((day.band is None) == (day.beats == 0) for day in days)
            covered_ns = sum(day.coverage for day in days) * DAY
            whole = history.coverage(ALL)
            assert covered_ns == pytest.approx(whole.covered_ns, rel=1e-6)


def test_beats_come_an_hour_at_a_time(made: Made) -> None:
    """A day of ten beats a second takes 120 MB at once, of which much would never be given back."""
    start_us, end_us = BEGIN // 1000 + 7, (BEGIN + 6 * HOUR) // 1000
    with made.histories() as histories:
        for history in histories:
            with history.reader.at_once() as (connection, sealed):
                assert connection is not None
                parts = list(beats_by_hour(connection, sealed, start_us, end_us))
                assert all(len(np.unique(part[0] // HOUR_US)) <= 1 for part in parts)
                together = np.hstack(parts)
                whole = beats_of(connection, sealed, start_us, end_us)
                assert np.array_equal(together[:, np.argsort(together[0])], whole[:, np.argsort(whole[0])])
