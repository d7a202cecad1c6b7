"""Analyses a span of the record; the figures that others show, say and report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from heapq import nlargest
from math import exp

import numpy as np

from aios_gui.alerts.record_reader import hiccup_findings
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.analysis.anomalies import anomalies_of
from aios_gui.history.analysis.changepoints import slope_of, steps_of
from aios_gui.history.analysis.model.advice import advice_of
from aios_gui.history.analysis.model.analysis import (
    DAILY,
    SEED_LIMITS_NS,
    Analysis,
    ChangePoint,
    CulpritCount,
    Day,
    Drift,
    HeatMap,
    SeedBand,
    Shares,
    Stalls,
    Timed,
    Tracked,
    Trend,
)
from aios_gui.history.analysis.reading import WEEK_HOURS, Table, read_table
from aios_gui.history.analysis.smoke import covered_shares
from aios_gui.history.analysis.stretches import (
    CPU,
    DURATION,
    KNOWN,
    LATENESS,
    LEAST,
    MEMORY,
    MOST,
    SCALES,
    TOTAL,
    Stretches,
    summed,
)
from aios_gui.history.analysis.tallies import Floats, Ints
from aios_gui.history.analysis.unusual import unusual_of
from aios_gui.history.analysis.when import moment_of, preceding_of
from aios_gui.history.model.coverage import Coverage
from aios_gui.history.model.distribution import Distribution, Distributions, Timing, band_of
from aios_gui.history.queries import SHORTEST_INTERVAL_NS, History
from aios_gui.record.model.intervals import Intervals
from aios_gui.record.model.page import HOUR_US
from aios_gui.record.model.timerange import TimeRange

_LAST_BEATS = 10
_LONGEST_DAY_HOURS = 25
"""Where the clocks go back."""
_LEAST_HOURS = 4
"""Days with fewer hours of beats are left out where days are compared."""
_CULPRITS = 5
_MOST_FINDINGS_NS = 92 * 86_400 * 1_000_000_000
"""Who caused hiccups is counted over the newest three months of a span: each finding is decoded."""
_TWO_DAYS_NS = 2 * 86_400 * 1_000_000_000


class Cancelled(Exception):
    """The analysis was given up, since it was asked to."""


def analyse(
    history: History,
    span: TimeRange,
    *,
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Analysis:
    """The span analysed; Cancelled as soon as ``is_cancelled`` says so, StoreError as of the reader.

    ``progress`` is told the share that is done, 0 to 1, on the thread that asks.
    """

    def step(share: float) -> None:
        if is_cancelled is not None and is_cancelled():
            raise Cancelled
        if progress is not None:
            progress(share)

    step(0.0)
    reader = history.reader
    with reader.at_once() as (connection, sealed):
        whole = reader.span()
        if (
            connection is None
            or whole is None
            or max(span.start_ns, whole[0]) >= min(span.end_ns, whole[1] + 1000)
        ):
            return _nothing(span)
        start_ns, end_ns = max(span.start_ns, whole[0]), min(span.end_ns, whole[1] + 1000)
        asked, span = span, TimeRange(start_ns, end_ns)
        span_us = start_ns // 1000, end_ns // 1000
        intervals = reader.intervals()
        suspect_ns = 2 * (intervals.shortest_ns or SHORTEST_INTERVAL_NS)
        table = read_table(connection, sealed, *span_us, suspect_ns, lambda share: step(0.7 * share))
        found = table.stretches
        if not found.size:
            return _nothing(span)
        # Also those before the first beat and after the last one, as every list of them has.
        hiccups = reader.hiccup_lengths(asked.start_ns, asked.end_ns)
        coverage, gaps = history.coverage(span), tuple(reader.gaps(start_ns, end_ns))
        recorded_ns = whole[0], whole[1] + 1000
        covered = covered_shares(np.array(_bounds_ns(table, span)), recorded_ns, gaps)
        days = _days(table, hiccups, covered, span)
        step(0.75)
        tracked = _tracked(table, days, hiccups)
        points, drifts = _over_time(history, table, tracked)
        step(0.85)
        times = _distributions(history, span, table, intervals)
        if not (times.duration.raw.count and times.lateness.raw.count):
            return _nothing(span)  # of damaged hours there may be beats and no times
        analysis = Analysis(
            span,
            intervals.throughout(start_ns, end_ns),
            coverage,
            gaps,
            times,
            times.duration.raw.bands(),
            times.lateness.raw.bands(),
            _seed_bands(times.duration.raw),
            _shares(found, CPU),
            _shares(found, MEMORY),
            days,
            _heat_map(table, hiccups),
            _stalls(history, hiccups, end_ns - _MOST_FINDINGS_NS, coverage.covered_ns / 3.6e12),
            points,
            drifts,
            trend=_trend(days),
        )
        anomalies = (
            anomalies_of(connection, sealed, found, timed, each.raw)
            for timed, each in ((Timed.DURATION, times.duration), (Timed.LATENESS, times.lateness))
        )
        analysis = replace(analysis, anomalies=tuple(each for each in anomalies if each is not None))
        step(0.9)
        unusual = unusual_of(reader, connection, sealed, span_us, len(hiccups))
        analysis = replace(analysis, unusual=unusual, last_beats=_last_beats(history, span, found))
    step(1.0)
    return replace(analysis, advice=advice_of(analysis))


def _nothing(span: TimeRange) -> Analysis:
    nothing = Timing(Distribution(), Distribution())
    rows: tuple[tuple[None, ...], ...] = ((None,) * 24,) * 7
    zeros = ((0,) * 24,) * 7
    analysis = Analysis(
        span,
        0,
        Coverage(span.start_ns, span.start_ns),
        (),
        Distributions(nothing, nothing),
        {},
        {},
        {},
        Shares(),
        Shares(),
        (),
        HeatMap(zeros, rows, rows, zeros),
        Stalls(),
    )
    return replace(analysis, advice=advice_of(analysis))


# Figures of the span


def _distributions(history: History, span: TimeRange, table: Table, intervals: Intervals) -> Distributions:
    timings = []
    for raw, late in zip(table.whole, table.late, strict=True):
        known = [(value_ns, intervals.at(at_us * 1000)) for at_us, value_ns in late]
        if any(not interval_ns for _value_ns, interval_ns in known):
            return history.distribution(span)  # which looks at the beats to tell the interval
        timings.append(Timing(raw, raw.with_omitted(known)))
    return Distributions(*timings)


def _seed_bands(times: Distribution) -> dict[SeedBand, float]:
    below = [0, *map(times.histogram.below, SEED_LIMITS_NS), times.count]
    return {
        band: (upper - lower) / times.count
        for band, lower, upper in zip(SeedBand, below, below[1:], strict=False)
    }


def _shares(found: Stretches, measure: int) -> Shares:
    timed, known = (int(found.sums[KNOWN, each].sum()) for each in (DURATION, measure))
    unknown = timed - known
    if not known:
        return Shares(unknown_beats=unknown)
    scale = SCALES[measure]
    mean = float(found.sums[TOTAL, measure].sum()) / known * scale
    return Shares(mean, float(found.sums[MOST, measure].max()) * scale, unknown)


def _heat_map(table: Table, hiccups: list[tuple[int, int]]) -> HeatMap:
    there = table.week_hour >= 0
    beats = summed(table.week_hour[there], table.stretches.beats[there], WEEK_HOURS)
    stalls = np.zeros(WEEK_HOURS, np.int64)
    if hiccups:
        ends = np.array([at_us for at_us, _length_ns in hiccups])
        place = np.searchsorted(table.stretches.start_us, ends, "right") - 1
        hours = table.week_hour[np.maximum(place, 0)]
        stalls = np.bincount(hours[hours >= 0], minlength=WEEK_HOURS)
    duration, lateness = (
        tuple(
            tuple(None if p99 != p99 else int(p99) for p99 in row) for row in values.reshape(7, 24).tolist()
        )
        for values in table.of_week
    )
    counted, stalled = (tuple(map(tuple, values.reshape(7, 24).tolist())) for values in (beats, stalls))
    return HeatMap(counted, duration, lateness, stalled)


def _stalls(history: History, hiccups: list[tuple[int, int]], since_ns: int, hours: float) -> Stalls:
    """All of them; the culprits of those since ``since_ns``."""
    if not hiccups:
        return Stalls(per_100h=0.0)
    worst = max(hiccups, key=lambda each: (each[1], -each[0]))
    ends_ns = [at_us * 1000 for at_us, _length_ns in hiccups if at_us * 1000 >= since_ns]
    # There are findings also of stalls that only the kernel told of, which are no hiccups.
    findings = hiccup_findings(history.reader, ends_ns[0], ends_ns[-1] + 1000) if ends_ns else {}
    found = [findings[end_ns] for end_ns in ends_ns if end_ns in findings]
    names = Counter(finding.culprits[0].name for finding in found if finding.culprits)
    foremost = sorted(names.items(), key=lambda each: (-each[1], each[0]))[:_CULPRITS]
    return Stalls(
        len(hiccups),
        len(hiccups) / hours * 100 if hours else None,
        worst[1],
        worst[0] * 1000 - worst[1],
        tuple(CulpritCount(name, count) for name, count in foremost),
        len(ends_ns),
    )


def _last_beats(history: History, span: TimeRange, found: Stretches) -> tuple[RecordedBeat, ...]:
    """The latest by the wall clock, out of the last stretches that have as many."""
    after = np.cumsum(found.beats[::-1])
    first = found.size - 1 - min(int(np.searchsorted(after, _LAST_BEATS)), found.size - 1)
    start_ns = max(span.start_ns, int(found.start_us[first]) * 1000)
    beats = history.beats(TimeRange(start_ns, span.end_ns))
    return tuple(nlargest(_LAST_BEATS, beats, key=lambda each: each.wall_ns)[::-1])


# Days


def _bounds_ns(table: Table, span: TimeRange) -> list[int]:
    """Where each day begins and the last one ends, as far as that lies in the span."""
    return [
        span.start_ns,
        *(bound * 1000 for bound in table.bounds_us[1:-1]),
        min(span.end_ns, table.bounds_us[-1] * 1000),
    ]


def _days(table: Table, hiccups: list[tuple[int, int]], covered: Floats, span: TimeRange) -> tuple[Day, ...]:
    count, missed = table.summed(table.stretches.beats), table.summed(table.stretches.missed)
    sums = table.stretches.sums
    total = table.summed(sums[TOTAL, DURATION])
    known = table.summed(sums[KNOWN, DURATION])
    least = np.full(len(table.dates), np.iinfo(np.int64).max)
    most = np.zeros((2, len(table.dates)), np.int64)
    np.minimum.at(least, table.day, sums[LEAST, DURATION])
    for place in (DURATION, LATENESS):
        np.maximum.at(most[place], table.day, sums[MOST, place])
    ends = np.array([at_us for at_us, _length_ns in hiccups], np.int64)
    of_day = np.searchsorted(np.array(table.bounds_us), ends, "right") - 1
    stalls: Counter[int] = Counter(of_day.tolist())
    worst: dict[int, int] = {}
    for day, (_at_us, length_ns) in zip(of_day.tolist(), hiccups, strict=True):
        worst[day] = max(worst.get(day, 0), length_ns)
    bounds, hours = _bounds_ns(table, span), _latest_by_hour(table)
    found = []
    for place, date in enumerate(table.dates):
        day = Day(
            date,
            bounds[place],
            bounds[place + 1],
            int(count[place]),
            int(missed[place]),
            float(covered[place]),
            hiccups=stalls[place],
            worst_stall_ns=worst.get(place, 0),
            is_whole=table.bounds_us[place] * 1000 >= span.start_ns
            and table.bounds_us[place + 1] * 1000 <= span.end_ns,
        )
        times = np.minimum(table.of_days[:, :, place], np.minimum(most[:, place, None], 2.0**62))
        # Of a damaged day the beats may be known, and not how long they took.
        if known[place] and np.isfinite(times).all():
            (p50, p95, p99), (late_p50, _late_p95, late_p99) = times.astype(np.int64).tolist()
            day = replace(
                day,
                duration_mean_ns=float(total[place] / known[place]),
                duration_min_ns=int(least[place]),
                duration_p50_ns=p50,
                duration_p95_ns=p95,
                duration_p99_ns=p99,
                duration_max_ns=int(most[DURATION, place]),
                lateness_p50_ns=late_p50,
                lateness_p99_ns=late_p99,
                lateness_max_ns=int(most[LATENESS, place]),
                lateness_hours_ns=hours[place],
                band=band_of(max(p99, late_p99)),
            )
        found.append(day)
    return tuple(found)


def _latest_by_hour(table: Table) -> list[tuple[int | None, ...]]:
    """The longest lateness of each hour of each day; nothing for days of which hours are no longer kept."""
    found = table.stretches
    bounds = np.array(table.bounds_us)
    hour = (found.start_us - bounds[table.day]) // HOUR_US
    most = np.full((len(table.dates), 1 + _LONGEST_DAY_HOURS), -1, np.int64)
    np.maximum.at(most, (table.day, np.clip(hour, 0, _LONGEST_DAY_HOURS)), found.sums[MOST, LATENESS])
    has_days = np.bincount(table.day, found.hours > 1, len(table.dates)) > 0
    lengths = np.diff(bounds) // HOUR_US
    return [
        () if has_days[day] else tuple(None if value < 0 else value for value in row[: lengths[day]])
        for day, row in enumerate(most.tolist())
    ]


def _trend(days: tuple[Day, ...]) -> Trend | None:
    known = [day for day in days if day.count and day.is_whole]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]

    def ratio(name: str) -> float | None:
        before, after = getattr(first, name), getattr(last, name)
        return after / before if before and after is not None else None

    return Trend(first, last, *map(ratio, ("duration_mean_ns", "duration_p99_ns", "lateness_p99_ns")))


# What changed


class _Tracked:
    """What is followed: of the days that are compared the places, and of each figure the logarithms by day and hour."""

    def __init__(self, days: Ints, by_day: dict[Tracked, Floats], by_hour: dict[Tracked, Floats]) -> None:
        self.days = days
        self.by_day = by_day
        self.by_hour = by_hour


def _tracked(table: Table, days: tuple[Day, ...], hiccups: list[tuple[int, int]]) -> _Tracked:
    hours = np.bincount(table.day, np.where(table.stretches.hours == 24, 24, 1), len(days))
    usable = np.array(
        [place for place, day in enumerate(days) if day.count and hours[place] >= _LEAST_HOURS], np.int64
    )
    ends = np.array([at_us for at_us, _length_ns in hiccups], np.int64)
    place = np.searchsorted(table.stretches.start_us, ends, "right") - 1
    of_hour = np.bincount(place[place >= 0], minlength=table.stretches.size)
    covered = np.array([(day.coverage or 0.0) * (day.end_ns - day.start_ns) / 3.6e12 for day in days])
    rates = np.array([day.hiccups for day in days]) + 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        day_logs, hour_logs = np.log(np.maximum(table.of_days, 1.0)), np.log(np.maximum(table.of_hours, 1.0))
    by_day = {
        Tracked.DURATION_P50: day_logs[0, 0],
        Tracked.DURATION_P99: day_logs[0, 2],
        Tracked.LATENESS_P50: day_logs[1, 0],
        Tracked.LATENESS_P99: day_logs[1, 2],
        Tracked.HICCUPS: np.log(rates / np.maximum(covered, 1.0) * 100),
    }
    by_hour = {
        Tracked.DURATION_P50: hour_logs[0, 0],
        Tracked.DURATION_P99: hour_logs[0, 1],
        Tracked.LATENESS_P50: hour_logs[1, 0],
        Tracked.LATENESS_P99: hour_logs[1, 1],
        Tracked.HICCUPS: np.log(of_hour + 0.5),
    }
    return _Tracked(usable, {name: by_day[name][usable] for name in DAILY}, by_hour)


def _over_time(
    history: History, table: Table, tracked: _Tracked
) -> tuple[tuple[ChangePoint, ...], tuple[Drift, ...]]:
    """The change points by time, and the drifts, the largest first."""
    points: list[ChangePoint] = []
    drifts = []
    numbers = np.array([table.dates[place].toordinal() for place in tracked.days.tolist()], np.int64)
    for name, values in tracked.by_day.items():
        steps = steps_of(values, numbers)
        evened = _without_hours(table, tracked.by_hour[name]) if steps else tracked.by_hour[name]
        for step in steps:
            day = int(tracked.days[step.place])
            with history.reader.at_once() as (_connection, sealed):
                at_ns, precision_ns = moment_of(table, evened, sealed, name, day)
            changes = history.changes(TimeRange(max(0, at_ns - _TWO_DAYS_NS), at_ns + precision_ns))
            points.append(
                ChangePoint(
                    name,
                    table.dates[day],
                    at_ns,
                    precision_ns,
                    exp(step.before),
                    exp(step.after),
                    exp(step.difference),
                    exp(step.low),
                    exp(step.high),
                    step.p_value,
                    preceding_of(changes, at_ns, precision_ns),
                )
            )
        slope = slope_of(values, numbers, steps)
        if slope is not None:
            drifts.append(Drift(name, exp(slope.a_month), exp(slope.low), exp(slope.high), slope.days))
    points.sort(key=lambda each: (each.at_ns, each.tracked))
    return tuple(points), tuple(sorted(drifts, key=lambda each: -abs(each.ratio - 1)))


def _without_hours(table: Table, hourly: Floats) -> Floats:
    """Figures of hours without what is usual of the hour of the day against its day."""
    of_day = np.full(len(table.dates), np.nan)
    for day in np.unique(table.day[np.isfinite(hourly)]).tolist():
        of_day[day] = np.nanmedian(hourly[table.day == day])
    apart, hour = hourly - of_day[table.day], table.week_hour % 24
    usual = np.zeros(24)
    for each in range(24):
        known = apart[(hour == each) & np.isfinite(apart)]
        usual[each] = np.median(known) if len(known) else 0.0
    found: Floats = hourly - usual[hour]
    return found
