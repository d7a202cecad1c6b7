"""An analysis as a child process prints it: two weeks, the second of them worse."""

from __future__ import annotations

from datetime import date, timedelta

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.history.analysis.model.analysis import (
    Advice,
    AdviceKind,
    AdviceLevel,
    Analysis,
    Anomalies,
    ChangePoint,
    CulpritCount,
    Day,
    Drift,
    HeatMap,
    LimitsApart,
    Outlier,
    Preceding,
    SeedBand,
    Shares,
    Stalls,
    Timed,
    Tracked,
    Unusual,
    UnusualMeasure,
    UnusualProgram,
)
from aios_gui.history.changes.model import Burst, Change, ChangeKind
from aios_gui.history.model.coverage import Coverage, GapSum
from aios_gui.history.model.distribution import Band, Distributions
from aios_gui.record.model.timerange import TimeRange
from tests.ui.history.compared import BEGIN, HOUR, timing

DAY = 24 * HOUR
SPAN = TimeRange(BEGIN, BEGIN + 14 * DAY)
FIRST = date(2025, 3, 12)
SLEPT = Gap(GapKind.SUSPENDED, BEGIN + DAY, BEGIN + DAY + 7 * HOUR)
UPDATED = Change(
    BEGIN + 7 * DAY - 14 * 60 * 10**9, ChangeKind.PACKAGE, "dpkg", "linux-image", "6.1.1", "6.1.2"
)


def a_day(place: int, missed: int = 0) -> Day:
    """A day; from the second week on its beats wake later."""
    worse = 2 if place >= 7 else 1
    return Day(
        FIRST + timedelta(days=place),
        BEGIN + place * DAY,
        BEGIN + (place + 1) * DAY,
        86_400 - place,
        missed,
        0.99,
        duration_mean_ns=25e3,
        duration_min_ns=20_000,
        duration_p50_ns=24_000,
        duration_p95_ns=30_000,
        duration_p99_ns=40_000,
        duration_max_ns=90_000,
        lateness_p50_ns=100_000 * worse,
        lateness_p99_ns=300_000 * worse,
        lateness_max_ns=900_000 * worse + place,
        lateness_hours_ns=(*[200_000 * worse] * 10, None, *[900_000 * worse + place] * 13),
        hiccups=place % 3,
        worst_stall_ns=80_000_000,
        band=Band.EXCELLENT if worse == 1 else Band.GOOD,
    )


def heat(hot: tuple[int, int]) -> HeatMap:
    """Every hour alike but one; none at night on Sunday."""

    def rows(usual: int, high: int) -> tuple[tuple[int | None, ...], ...]:
        return tuple(
            tuple(
                None if (day, hour) == (6, 3) else high if (day, hour) == hot else usual for hour in range(24)
            )
            for day in range(7)
        )

    beats, hiccups = (
        tuple(tuple(value or 0 for value in row) for row in rows(*each)) for each in ((7200, 7200), (0, 5))
    )
    return HeatMap(beats, rows(40_000, 41_000), rows(300_000, 900_000), hiccups)


def two_weeks() -> Analysis:
    """All that an analysis may hold."""
    late = timing(*[100_000] * 980, *[300_000] * 19, 80_000_000)
    took = timing(*[24_000] * 1000)
    return Analysis(
        SPAN,
        1_000_000_000,
        Coverage(
            SPAN.start_ns, SPAN.end_ns, 1000, 2, 0, 14 * DAY - 7 * HOUR, {GapKind.SUSPENDED: GapSum(1, 7 * HOUR)}
        ),
        (SLEPT,),
        Distributions(took, late),
        took.raw.bands(),
        late.raw.bands(),
        {band: float(band is SeedBand.UNDER_10) for band in SeedBand},
        Shares(17.0, 80.0),
        Shares(42.0, 60.0),
        tuple(map(a_day, range(14))),
        heat((4, 17)),
        Stalls(13, 4.0, 80_000_000, BEGIN + HOUR, (CulpritCount("cargo", 9),), 13),
        (
            ChangePoint(
                Tracked.LATENESS_P99,
                FIRST + timedelta(days=7),
                BEGIN + 7 * DAY,
                HOUR,
                300e3,
                414e3,
                1.38,
                1.31,
                1.46,
                0.001,
                (Preceding(Burst((UPDATED,)), 14 * 60 * 10**9),),
            ),
        ),
        (Drift(Tracked.DURATION_P50, 1.04, 1.01, 1.07, 14),),
        (
            Anomalies(
                Timed.LATENESS, 100_000, 5_000, 150_000, 20, 0.02, 190e3, 570_000, 1, 0.001,
                LimitsApart.OUTLIERS_RAISE_MEAN, (Outlier(BEGIN + HOUR, 80_000_000),),
            ),
        ),
        Unusual(
            4,
            320,
            (
                UnusualMeasure(Tracked.LATENESS_P99, 480e3, 350e3, 300e3, 400e3, 5.2),
                UnusualMeasure(Tracked.CPU, 17.0, 16.0, 12.0, 20.0, 0.3),
            ),
            (UnusualProgram("cargo", 187.0, None, 2 << 30, 8.1),),
        ),
        advice=(
            Advice(AdviceKind.CULPRIT, AdviceLevel.ACT, {"name": "cargo", "hiccups": 9, "count": 13}),
            Advice(AdviceKind.CHANGED, AdviceLevel.NOTE, {"place": 0}),
        ),
    )  # fmt: skip


def nothing() -> Analysis:
    """A span without beats."""
    empty = Distributions(timing(), timing())
    none: tuple[tuple[int, ...], ...] = ((0,) * 24,) * 7
    unknown: tuple[tuple[int | None, ...], ...] = ((None,) * 24,) * 7
    return Analysis(
        SPAN, 0, Coverage(SPAN.start_ns, SPAN.start_ns), (), empty, {}, {}, {}, Shares(), Shares(), (),
        HeatMap(none, unknown, unknown, none), Stalls(),
        advice=(Advice(AdviceKind.NO_BEATS, AdviceLevel.NOTE),),
    )  # fmt: skip
