"""Spans analysed, over records that were made so that it is known what is in them."""

from __future__ import annotations

import sqlite3
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aios_gui.alerts.model.incident import Culprit, Finding, FindingKind, HiccupFinding
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, EventKind, LiveItem
from aios_gui.history.analysis.analyse import Cancelled, _last_beats, analyse
from aios_gui.history.analysis.model.advice import SHORT_BEATS
from aios_gui.history.analysis.model.analysis import AdviceKind, Analysis, Tracked
from aios_gui.history.analysis.stretches import read_stretches
from aios_gui.history.analysis.words import advice_basis, headline
from aios_gui.history.model.distribution import LARGEST_ERROR, LEAST_ERROR_NS, Band
from aios_gui.history.queries import History
from aios_gui.record.model.timerange import END_OF_TIME_NS, TimeRange
from aios_gui.record.store.reader import RecordReader
from tests.fakes import HOUR, MS, S, recorded_beat, write_run
from tests.history.analysis.made_weeks import (
    A_DAY,
    DAY,
    FACTOR,
    INSTALLED_AT,
    INTERVAL,
    LAST_DAY,
    MINUTE,
    MONDAY,
    RISES_AT,
    Weeks,
    analysed,
)
from tests.history.made import BEGIN, Made, seal

ALL = TimeRange(0, END_OF_TIME_NS)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@settings(max_examples=15, deadline=None)
@given(st.integers(-1, 9 * 60), st.sampled_from([1, 30, 61, 300, 20 * 60, 40 * 60]))
def test_figures_are_those_of_the_beats(made: Made, start_min: int, minutes: int) -> None:
    start_ns = BEGIN + start_min * 60 * S + 123_456_789
    span = TimeRange(start_ns, start_ns + minutes * 60 * S)
    beats = [beat for beat in made.beats if start_ns // 1000 <= beat.wall_ns // 1000 < span.end_ns // 1000]
    found = []
    with made.histories() as histories:
        for history in histories:
            analysis = analyse(history, span)
            assert analysis.distributions == history.distribution(span)
            assert sum(day.count for day in analysis.days) == analysis.count == len(beats)
            assert sum(day.missed for day in analysis.days) == sum(beat.missed for beat in beats)
            assert sum(map(sum, analysis.heat_map.beats)) == len(beats)
            by_day: dict[object, list[int]] = {}
            for beat in beats:
                by_day.setdefault(datetime.fromtimestamp(beat.wall_ns // S).date(), []).append(
                    beat.lateness_ns
                )
            for day in analysis.days:
                if values := by_day.get(day.date):
                    exact = sorted(values)[max(1, ceil(0.99 * len(values) - 1e-6)) - 1]
                    assert day.lateness_p99_ns is not None
                    assert (
                        exact
                        <= day.lateness_p99_ns
                        <= max(exact * (1 + LARGEST_ERROR), exact + LEAST_ERROR_NS)
                    )
                    assert day.lateness_max_ns == max(values)
            most: dict[tuple[object, int], int] = {}
            for beat in beats:
                at = datetime.fromtimestamp(beat.wall_ns // S)
                place = at.date(), at.hour
                most[place] = max(most.get(place, 0), beat.lateness_ns)
            assert most == {
                (day.date, hour): longest
                for day in analysis.days
                for hour, longest in enumerate(day.lateness_hours_ns)
                if longest is not None
            }
            assert len(analysis.last_beats) == min(10, len(beats))
            assert analysis.advice
            found.append(
                (analysis.bands, analysis.lateness_bands, analysis.seed_bands, analysis.days, analysis.gaps)
            )
    assert found[0] == found[1]


def test_percentiles_agree_with_numpy_over_the_beats(whole: Analysis, weeks: Weeks) -> None:
    with RecordReader(weeks.path) as reader:
        beats = list(reader.beats(0, END_OF_TIME_NS))
    assert whole.count == len(beats) == 30 * A_DAY
    for name, timing in (
        ("duration_ns", whole.distributions.duration),
        ("lateness_ns", whole.distributions.lateness),
    ):
        values = np.array([getattr(beat, name) for beat in beats])
        for share in (0.5, 0.9, 0.99, 0.999):
            exact = np.quantile(values, share)
            assert timing.raw.at(share) == pytest.approx(exact, rel=2 * LARGEST_ERROR)
        assert timing.raw.mean_ns == pytest.approx(values.mean())


def test_a_change_is_found_to_the_minute_with_what_was_installed_before(whole: Analysis) -> None:
    by_tracked = {point.tracked: point for point in whole.change_points}
    assert set(by_tracked) == {Tracked.LATENESS_P50, Tracked.LATENESS_P99}
    point = by_tracked[Tracked.LATENESS_P50]
    assert abs(point.at_ns - RISES_AT) <= 2 * INTERVAL
    assert point.precision_ns <= HOUR
    assert point.low < FACTOR < point.high
    assert point.after / point.before == pytest.approx(FACTOR, rel=0.05)
    first = point.preceding[0]
    assert first.burst.changes[-1].subject == "linux-image-6.1"
    assert first.before_ns == point.at_ns - INSTALLED_AT
    assert first.before_ns == pytest.approx(14 * MINUTE, abs=2 * INTERVAL)
    assert not whole.drifts
    assert [each.kind for each in whole.advice].count(AdviceKind.CHANGED) == 1


def test_a_program_that_never_ran_in_these_hours_is_unusual(weeks: Weeks) -> None:
    analysis = analysed(weeks.path, TimeRange(LAST_DAY, weeks.end_ns))
    assert analysis.unusual.weeks == 4
    (program, *others) = analysis.unusual.programs
    assert (program.name, program.usual_cpu_percent) == ("indexer", None)
    assert program.cpu_percent == pytest.approx(90, rel=0.05)
    assert program.score > 3
    assert [each.name for each in others] == ["editor"]
    assert abs(others[0].score) < 1
    late = next(each for each in analysis.unusual.measures if each.tracked is Tracked.LATENESS_P50)
    assert late.value > late.usual
    assert AdviceKind.UNUSUAL_PROGRAM in {each.kind for each in analysis.advice}


def test_the_same_span_gives_the_same(whole: Analysis, weeks: Weeks) -> None:
    assert analysed(weeks.path, ALL) == whole


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set here")
@pytest.mark.parametrize("name", ["Asia/Kathmandu", "America/Santiago", "Australia/Lord_Howe", "UTC"])
def test_days_are_local_in_every_zone(weeks: Weeks, zone: pytest.MonkeyPatch, name: str) -> None:
    zone.setenv("TZ", name)
    time.tzset()
    with RecordReader(weeks.path) as reader:
        moments = [datetime.fromtimestamp(beat.wall_ns // S) for beat in reader.beats(MONDAY, weeks.end_ns)]
    analysis = analysed(weeks.path, ALL)
    assert {day.date: day.count for day in analysis.days if day.count} == Counter(
        each.date() for each in moments
    )
    if name == "UTC":
        counted = Counter((each.weekday(), each.hour) for each in moments)
        assert {
            (day, hour): count
            for day, row in enumerate(analysis.heat_map.beats)
            for hour, count in enumerate(row)
            if count
        } == counted
    assert [day.start_ns for day in analysis.days[1:]] == [day.end_ns for day in analysis.days[:-1]]


def test_hours_that_are_no_longer_kept_are_in_their_days(
    weeks: Weeks, whole: Analysis, tmp_path: Path
) -> None:
    copy = tmp_path / "thinned.sqlite3"
    with closing(sqlite3.connect(weeks.path)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    first = MONDAY // HOUR
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DELETE FROM page WHERE hour < ?", (first + 61,))
        connection.commit()
    analysis = analysed(copy, ALL)
    assert analysis.distributions.lateness.raw == whole.distributions.lateness.raw
    assert [day.count for day in analysis.days] == [day.count for day in whole.days]
    assert analysis.days[0].lateness_hours_ns == ()
    assert [replace(day, lateness_hours_ns=()) for day in analysis.days[:3]] == [
        replace(day, lateness_hours_ns=()) for day in whole.days[:3]
    ]


def test_it_tells_how_far_it_is_and_can_be_given_up(weeks: Weeks) -> None:
    shares: list[float] = []
    with RecordReader(weeks.path) as reader:
        history = History(reader)
        analyse(history, ALL, progress=shares.append)
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)
        assert len(shares) > 5
        asked = iter([False, False, True])
        with pytest.raises(Cancelled):
            analyse(history, ALL, is_cancelled=lambda: next(asked))
        assert (
            analyse(history, TimeRange(LAST_DAY + 12 * HOUR, LAST_DAY + 13 * HOUR)).count == HOUR // INTERVAL
        )


def test_without_beats_it_says_so(weeks: Weeks, tmp_path: Path) -> None:
    for path, span in ((tmp_path / "none.sqlite3", ALL), (weeks.path, TimeRange(0, 1000 * S))):
        analysis = analysed(path, span)
        assert (analysis.count, analysis.days, analysis.bands) == (0, (), {})
        assert [each.kind for each in analysis.advice] == [AdviceKind.NO_BEATS]


def test_a_short_span_is_called_short(weeks: Weeks) -> None:
    analysis = analysed(weeks.path, TimeRange(LAST_DAY + 12 * HOUR, LAST_DAY + 12 * HOUR + 30 * MINUTE))
    assert analysis.count == 12 < SHORT_BEATS
    assert analysis.advice[0].kind is AdviceKind.TOO_SHORT
    assert analysis.bands[Band.EXCELLENT] == 1.0


def test_no_machine_is_calm_whose_beats_wake_late(made: Made) -> None:
    analysis = analysed(made.sealed, ALL)
    assert analysis.stalls.count == 0
    assert headline(analysis).startswith("The machine was often late: 99 of 100 beats woke within ")
    assert AdviceKind.ALL_WELL not in {each.kind for each in analysis.advice}


def test_all_of_a_span_that_is_recorded_counts_as_covered(whole: Analysis) -> None:
    assert [day.coverage for day in whole.days] == [1.0] * len(whole.days)


def test_hiccups_are_counted_by_the_time_whatever_the_interval_was(tmp_path: Path) -> None:
    """By the interval at the end, an hour of ten beats a second before it would have counted as ten hours."""
    path = tmp_path / "record.sqlite3"
    at_ns, hiccups = MONDAY, 0
    for interval_ns in (S // 2, 10 * S):
        began_ns, items = at_ns, list[LiveItem]()
        for seq in range(1800 * S // interval_ns):
            at_ns += interval_ns
            items.append(recorded_beat(seq, at_ns))
            if seq % 60 == 30:
                hiccups += 1
                items.append(Event(EventKind.HICCUP, at_ns, seq, {"lateness_ns": 90 * MS, "missed": 0}))
        write_run(path, items, began_ns, interval_ns=interval_ns)
    analysis = analysed(path, ALL)
    assert analysis.stalls.count == hiccups
    assert analysis.stalls.per_100h == pytest.approx(hiccups * 100, rel=0.01)
    assert analysis.interval_ns == 0
    assert analysed(path, TimeRange(at_ns - 900 * S, at_ns)).interval_ns == 10 * S


def test_the_rate_of_hiccups_of_days_is_that_of_the_time_recorded(tmp_path: Path) -> None:
    """A machine that is on for six hours a day: by its hours and its coverage, a day counted as an hour and a half."""
    path = tmp_path / "record.sqlite3"
    items: list[LiveItem | Gap] = []
    for day in range(20):
        begin_ns = MONDAY + day * DAY
        items += [recorded_beat(day * 36 + seq, begin_ns + seq * 600 * S) for seq in range(37)]
        items.append(Gap(GapKind.SUSPENDED, begin_ns + 6 * HOUR, begin_ns + DAY))
        for seq in range(3 if day < 10 else 30):
            items.append(Event(EventKind.HICCUP, begin_ns + seq * 700 * S, seq, {"lateness_ns": 90 * MS}))
    write_run(path, items, MONDAY, interval_ns=600 * S)
    (point,) = analysed(path, ALL).change_points
    assert point.tracked is Tracked.HICCUPS
    assert (point.before, point.after) == pytest.approx((3.5 / 6 * 100, 30.5 / 6 * 100), rel=0.01)


@pytest.mark.parametrize(
    ("failed", "told"), [(10, ["10 of 1,800 beats."]), (1, [])], ids=["of many", "of one"]
)
def test_beats_that_could_not_measure_the_machine_are_told(
    tmp_path: Path, failed: int, told: list[str]
) -> None:
    """A calm machine is one thing; that nothing of it was measured is another."""
    path = tmp_path / "record.sqlite3"
    beats = [
        recorded_beat(seq, MONDAY + 2 * seq * S, failed=True, cpu_percent=None, memory_percent=None)
        if seq < failed
        else recorded_beat(seq, MONDAY + 2 * seq * S)
        for seq in range(1800)
    ]
    write_run(path, beats, MONDAY, interval_ns=2 * S)
    for until_ns in (MONDAY, MONDAY + HOUR):
        seal(path, until_ns)
        analysis = analysed(path, ALL)
        found = [each for each in analysis.advice if each.kind is AdviceKind.NOT_MEASURED]
        assert [advice_basis(each, analysis) for each in found] == told, "of rows as of a page"
        assert (AdviceKind.ALL_WELL in {each.kind for each in analysis.advice}) != bool(told)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("page", "day"):
            connection.execute(f"UPDATE {table} SET envelope = x'0709'")
    kinds = {each.kind for each in analysed(path, ALL).advice}
    assert AdviceKind.NOT_MEASURED not in kinds, "what is damaged does not tell what was measured"


def test_a_culprit_is_told_of_the_hiccups_that_were_looked_into(tmp_path: Path) -> None:
    """Findings are read of the last three months: of a longer span they were set against hiccups never looked at."""
    path = tmp_path / "record.sqlite3"
    items: list[LiveItem | Gap | HiccupFinding] = [Gap(GapKind.SUSPENDED, MONDAY + HOUR, MONDAY + 100 * DAY)]
    for begin_ns, hiccups in ((MONDAY, 30), (MONDAY + 100 * DAY, 4)):
        items += [recorded_beat(seq, begin_ns + seq * 10 * S) for seq in range(361)]
        for seq in range(hiccups):
            at_ns = begin_ns + seq * 100 * S
            finding = Finding(FindingKind.ONE_PROCESS, {"resource": "cpu"}, (Culprit("cargo", 4711, 80.0),))
            items += [
                Event(EventKind.HICCUP, at_ns, seq, {"lateness_ns": 90 * MS}),
                HiccupFinding(at_ns, seq, finding),
                # What the kernel told while nothing hung is no hiccup: it was “foremost in 8 of 4 hiccups”.
                Event(EventKind.RESOURCE_STALL, at_ns + S, None, {"lateness_ns": 90 * MS}),
                HiccupFinding(at_ns + S, 1000 + seq, finding),
            ]
    write_run(path, items, MONDAY, interval_ns=10 * S)
    analysis = analysed(path, ALL)
    (culprit,) = (each for each in analysis.advice if each.kind is AdviceKind.CULPRIT)
    assert analysis.stalls.count == 34
    assert advice_basis(culprit, analysis) == "It was foremost in 4 of 4 hiccups."


def test_hiccups_are_counted_up_to_the_end_of_the_span_as_in_every_list(tmp_path: Path) -> None:
    """At a beat a minute, one of half a minute ago was listed and exported, but “the machine never stalled”."""
    path = tmp_path / "record.sqlite3"
    beats = [recorded_beat(seq, MONDAY + HOUR + seq * 60 * S) for seq in range(10)]
    ends_ns = MONDAY + HOUR - S, beats[5].wall_ns, beats[-1].wall_ns + 30 * S
    stalls = [
        Event(EventKind.HICCUP, end_ns, None, {"lateness_ns": place * MS})
        for place, end_ns in enumerate(ends_ns, 90)
    ]
    write_run(path, [*beats, *stalls], MONDAY, interval_ns=60 * S)
    analysis = analysed(path, ALL)
    assert (analysis.stalls.count, analysis.stalls.worst_ns) == (3, 92 * MS)
    assert [day.hiccups for day in analysis.days] == [3]
    assert sum(map(sum, analysis.heat_map.hiccups)) == 3


def test_the_last_beats_are_taken_without_holding_those_before(tmp_path: Path) -> None:
    """Of twenty beats a second those of the last hour took thirty megabytes."""
    path = tmp_path / "record.sqlite3"
    write_run(path, [recorded_beat(seq, MONDAY + seq * S // 20) for seq in range(5000)], MONDAY)
    with RecordReader(path) as reader, reader.at_once() as (connection, sealed):
        assert connection is not None
        found = read_stretches(connection, sealed, MONDAY // 1000, (MONDAY + HOUR) // 1000)
        tracemalloc.start()
        try:
            last = _last_beats(History(reader), TimeRange(MONDAY, MONDAY + HOUR), found)
            _now, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert [each.seq for each in last] == list(range(4990, 5000))
    assert most < 500_000
