"""Whatever is asked of a span: sealed hours and rows say the same, and both say what was recorded."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.demonstration import demonstration
from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.history.analysis.analyse import analyse
from aios_gui.history.model.distribution import LARGEST_ERROR, LEAST_ERROR_NS, Distribution
from aios_gui.history.model.series import Series
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.decode import beat_of
from aios_gui.record.store.reader import RecordReader
from aios_gui.record.store.writer import SqliteWriter
from tests.fakes import HOUR, MS, WALL, S, recorded_beat, write_run
from tests.history.made import BEGIN, INTERVAL, Made, make

ALL = TimeRange(0, END_OF_TIME_NS)
COLUMNS = ("duration_ns", "lateness_ns", "missed", "cpu_hundredths", "memory_hundredths")
STARTS = st.integers(-HOUR // S, 9 * HOUR // S) | st.integers(24 * HOUR // S, 30 * HOUR // S)
LENGTHS = st.sampled_from([1, 60, 3600, 7200, 40_000, 200_000, 3_000_000]) | st.integers(1, 30_000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def both(made: Made) -> Iterator[tuple[History, History]]:
    with made.histories() as both:
        yield both


def span_of(start_s: int, and_ns: int, length_s: int) -> TimeRange:
    start_ns = BEGIN + start_s * S + and_ns
    return TimeRange(start_ns, start_ns + length_s * S)


SPANS = st.builds(span_of, STARTS, st.sampled_from([0, 500_000_000, 123_456_789]), LENGTHS)


def exactly_kept(beat: RecordedBeat) -> RecordedBeat:
    """Without what a page keeps to one percent only."""
    return replace(beat, start_offset_ns=0, unrehearsed_ns=None)


def test_an_example_that_was_made_up_is_no_incident_of_a_span(tmp_path: Path) -> None:
    real = Incident(1, "cpu", Measure.CPU, Level.WARNING, WALL, 99.0, 80.0, WALL + S)
    write_run(tmp_path / "record", [real, replace(demonstration(WALL, 50 * MS), id=2)])
    with RecordReader(tmp_path / "record") as reader:
        assert [each.id for each in History(reader).incidents(ALL)] == [1]


def test_hours_are_sealed_and_open(made: Made) -> None:
    with closing(sqlite3.connect(made.sealed)) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("page", "beat")
        ]
    assert counts[0] > 5
    assert counts[1] > 200


def test_every_beat_comes_once_and_in_the_order_in_which_it_was_made(
    made: Made, both: tuple[History, History]
) -> None:
    for history in both:
        assert list(map(exactly_kept, history.beats(ALL))) == list(map(exactly_kept, made.beats))
        assert history.reader.count(0, 2**62) == len(made.beats)
        rows = [row for part in history.beat_columns(ALL) for row in part.rows()]
        assert list(map(exactly_kept, map(beat_of, rows))) == list(map(exactly_kept, made.beats))
        walls = [beat.wall_ns for beat in made.beats]
        assert history.reader.span() == (min(walls), max(walls))


@given(span=SPANS, column=st.sampled_from(COLUMNS))
def test_rows_and_pages_say_the_same_of_any_span(
    made: Made, both: tuple[History, History], span: TimeRange, column: str
) -> None:
    rows, sealed = both
    inside = [exactly_kept(beat) for beat in made.beats if span.start_ns <= beat.wall_ns < span.end_ns]
    assert list(map(exactly_kept, sealed.beats(span))) == inside
    assert sealed.reader.count(span.start_ns, span.end_ns) == len(inside)
    found = list(sealed.reader.column("beat", column, span.start_ns, span.end_ns))
    assert found == list(rows.reader.column("beat", column, span.start_ns, span.end_ns))
    coverage = sealed.coverage(span)
    assert coverage == rows.coverage(span)
    assert (coverage.made, coverage.missed) == (len(inside), sum(beat.missed for beat in inside))
    assert sealed.distribution(span) == rows.distribution(span)


def test_no_beat_lies_in_a_gap_however_the_clock_was_set_and_all_time_counts_once(
    both: tuple[History, History],
) -> None:
    for history in both:
        gaps = [gap for gap in history.reader.gaps(0, END_OF_TIME_NS) if gap.end_ns > gap.start_ns]
        for gap in gaps:
            assert list(history.beats(TimeRange(gap.start_ns + INTERVAL, gap.end_ns - INTERVAL))) == []
        coverage = history.coverage(ALL)
        lengths = sum(total.length_ns for total in coverage.gaps.values())
        assert coverage.covered_ns + lengths == coverage.end_ns - coverage.start_ns
        assert coverage.gaps[GapKind.CLOCK_JUMP].count == 3
        first = history.days()[0]
        in_day = TimeRange(first.start_ns, first.start_ns + 24 * HOUR)
        due_s = sum(1 + beat.missed for beat in history.beats(in_day)) * INTERVAL / S
        assert first.coverage * 24 * 3600 <= due_s < 8 * 3600


@given(span=SPANS, pixels=st.sampled_from([1, 7, 60, 600, 1300]))
def test_a_series_keeps_the_extremes_of_every_bucket(
    made: Made, both: tuple[History, History], span: TimeRange, pixels: int
) -> None:
    for history in both:
        series = history.series(span, pixels)
        inside = sorted(
            (beat for beat in made.beats if span.start_ns <= beat.wall_ns < span.end_ns),
            key=lambda b: b.wall_ns,
        )
        if not series.bucket_ns:
            assert list(series.duration_max_ns) == [beat.duration_ns for beat in inside]
            continue
        hours = span.start_ns // HOUR, (span.end_ns - 1) // HOUR
        assert sum(hours[0] <= beat.wall_ns // HOUR <= hours[1] for beat in made.beats) > pixels
        groups: dict[int, list[RecordedBeat]] = {}
        for beat in inside:
            groups.setdefault(beat.wall_ns // series.bucket_ns, []).append(beat)
        assert [int(at_s * 1e9 + 500) // series.bucket_ns for at_s in series.time_s] == list(groups)
        for group, at_s in zip(groups.values(), series.time_s, strict=True):
            assert at_s <= group[0].wall_ns / 1e9 + 1e-6
        check_extremes(series, list(groups.values()))


def check_extremes(series: Series, groups: list[list[RecordedBeat]]) -> None:
    for name in ("duration_{}_ns", "lateness_{}_ns", "cpu_{}_percent", "memory_{}_percent"):
        values = [[getattr(beat, name.replace("_{}", "")) for beat in group] for group in groups]
        known = [[each for each in group if each is not None] for group in values]
        for end, pick in (("min", min), ("max", max)):
            expected = [pick(group) if group else np.nan for group in known]
            assert list(getattr(series, name.format(end))) == pytest.approx(expected, nan_ok=True)


@given(span=SPANS)
def test_percentiles_are_those_of_the_beats_within_the_stated_error(
    made: Made, both: tuple[History, History], span: TimeRange
) -> None:
    inside = [beat for beat in made.beats if span.start_ns <= beat.wall_ns < span.end_ns]
    found = both[1].distribution(span)
    for values, timing in (
        ([beat.duration_ns for beat in inside], found.duration),
        ([beat.lateness_ns for beat in inside], found.lateness),
    ):
        check_percentiles(values, timing.raw)
        if values:
            assert timing.raw.mean_ns == pytest.approx(np.mean(values))
    check_percentiles(corrected([beat.lateness_ns for beat in inside]), found.lateness.corrected)


def test_an_interval_that_no_run_told_is_taken_from_the_beats(writer: SqliteWriter) -> None:
    session = writer.begin_session(WALL, "service", {})
    late = {7: 3_200 * MS, 20: 2_900 * MS}
    beats = [recorded_beat(n, WALL + n * S + n % 3 * 7000, lateness_ns=late.get(n, 0)) for n in range(40)]
    writer.write(beats, session)
    with RecordReader(writer.path) as reader:
        found = History(reader).distribution(ALL).lateness.corrected
    # 2.2 and 1.2 s, and 1.9 s: what is left of an interval or more after one, two and so on.
    assert found.count == 43
    assert [round(found.at((rank - 0.5) / 43) / 1e9, 1) for rank in (39, 40, 41, 42, 43)] == [
        1.2,
        1.9,
        2.2,
        2.9,
        3.2,
    ]


def test_a_row_that_holds_what_no_beat_has_is_passed_over(writer: SqliteWriter) -> None:
    """As another program may have written it."""
    writer.write([recorded_beat(n, WALL + n * S, duration_ns=1000 * (n + 1)) for n in range(5)], 1)
    writer.connection.execute("UPDATE beat SET duration_ns = 'long' WHERE seq = 4")
    writer.close()
    with RecordReader(writer.path) as reader:
        found = History(reader).distribution(ALL).duration.raw
    assert (found.count, found.most_ns, found.mean_ns) == (4, 4000, 2500)


def test_an_interval_that_cannot_be_is_not_known(writer: SqliteWriter) -> None:
    """As a crafted slice may have: millions of beats were added beside each that was a little late."""
    session = writer.begin_session(WALL, "service", {"interval_ns": 1})
    changed = Event(EventKind.INTERVAL_CHANGED, WALL + 5 * S, None, {"interval_ns": 2})
    writer.write([*(recorded_beat(n, WALL + n * S, session=session) for n in range(10)), changed], session)
    with RecordReader(writer.path) as reader:
        intervals = reader.intervals()
        assert (intervals.at(WALL + S), intervals.at(WALL + 6 * S), intervals.shortest_ns) == (0, 0, 0)
        assert History(reader).distribution(ALL).lateness.corrected.count == 10


def corrected(values: list[int]) -> list[int]:
    """HdrHistogram's rule, value by value."""
    return values + [each for value in values for each in range(value - INTERVAL, INTERVAL - 1, -INTERVAL)]


def check_percentiles(values: list[int], found: Distribution) -> None:
    assert found.count == len(values)
    if not values:
        return
    for share in (0.0, 0.05, 0.5, 0.95, 0.99, 0.999, 1.0):
        rank = max(1, ceil(share * len(values) - 1e-6))
        exact = int(np.partition(values, rank - 1)[rank - 1])
        assert 0 <= found.at(share) - exact <= max(LEAST_ERROR_NS, exact * LARGEST_ERROR)
    assert found.at(1.0) == found.most_ns == max(values)


def test_context_samples_of_sealed_hours_are_read_with_the_others(both: tuple[History, History]) -> None:
    rows, sealed = both
    everything = rows.reader.contexts(0, 2**62)
    found = sealed.reader.contexts(0, 2**62)
    # One a minute is kept where an hour was lived twice.
    assert {sample.wall_ns for sample in found} < {sample.wall_ns for sample in everything}
    assert len(found) > 0.8 * len(everything)
    assert {sample.own_memory_percent for sample in found} == {25.0}
    column = list(sealed.reader.column("context", "own_memory_bytes", 0, 2**62))
    assert column == [(sample.wall_ns // 1000, 0, 50) for sample in found]
    series = sealed.series(TimeRange(BEGIN, BEGIN + 8 * HOUR), 600)
    assert set(series.own_memory_percent) == {25.0}
    assert len(series.own_time_s) > 200


def test_a_damaged_page_is_passed_over_told_and_counted(
    made: Made, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "damaged.sqlite3"
    path.write_bytes(made.sealed.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT hour, beats, packed FROM page ORDER BY hour LIMIT 1 OFFSET 2"
        hour, beats, packed = connection.execute(query).fetchone()
        connection.execute("UPDATE page SET packed = ? WHERE hour = ?", (packed[:-9] + b"nonsense!", hour))
        connection.commit()
    begin_ns = hour * HOUR
    with RecordReader(path) as reader:
        left = list(reader.beats(0, 2**62))
        assert len(left) == len(made.beats) - beats
        assert not [beat for beat in left if begin_ns <= beat.wall_ns < begin_ns + HOUR]
        assert reader.unreadable == 1
        # What stands beside its beats can still be had.
        history = History(reader)
        assert history.coverage(ALL).made == len(made.beats)
        assert len(history.series(TimeRange(begin_ns, begin_ns + HOUR), 10).time_s) >= 10
        assert list(history.series(TimeRange(begin_ns, begin_ns + HOUR), 10_000).time_s) == []
    assert f"page {hour} cannot be read" in caplog.text


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE page SET last_us = 1 << 62",
        "UPDATE page SET first_us = -(1 << 62)",
        "UPDATE day SET last_us = 1 << 62",
        "UPDATE beat SET at_us = at_us + (1 << 61) WHERE at_us = (SELECT max(at_us) FROM beat)",
        "UPDATE page SET beats = 'many' WHERE hour = (SELECT min(hour) FROM page)",
        "UPDATE page SET missed = x'00' WHERE hour = (SELECT min(hour) FROM page)",
        "UPDATE page SET first_session = 'first' WHERE hour = (SELECT min(hour) FROM page)",
    ],
)
def test_a_row_of_a_page_that_was_made_up_ends_nothing(made: Made, tmp_path: Path, harm: str) -> None:
    """As of a crafted slice: a mark was made for each day up to there, and a text was counted with."""
    path = tmp_path / "made_up.sqlite3"
    shutil.copy(made.sealed, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(harm)
        connection.commit()
    with RecordReader(path) as reader:
        history = History(reader)
        assert 0 < len(history.days()) < 10
        assert history.coverage(ALL).made > 1000
        assert 0 < sum(1 for _beat in history.beats(ALL)) <= len(made.beats)
        assert history.smoke(ALL, 100).time_s
        assert analyse(history, ALL).count > 1000


def test_the_columns_of_a_series_are_those_that_are_named() -> None:
    names = {field.name for field in fields(Series)}
    assert {"duration_min_ns", "cpu_max_percent"} <= names
