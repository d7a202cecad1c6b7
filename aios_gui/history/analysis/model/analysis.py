"""What an analysis of a span says, as facts and figures; the sentences are in ``words``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from aios_gui.heartbeat.model.gap import Gap
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.history.changes.model import Burst
from aios_gui.history.model.coverage import Coverage
from aios_gui.history.model.distribution import Band, Distributions
from aios_gui.record.model.timerange import TimeRange


class SeedBand(StrEnum):
    """The five classes of durations that the first version of this program told apart, the best first."""

    UNDER_10 = "under_10"
    FROM_10 = "10_50"
    FROM_50 = "50_100"
    FROM_100 = "100_200"
    OVER_200 = "over_200"


SEED_LIMITS_NS = (10_000_000, 50_000_000, 100_000_000, 200_000_000)
"""Where the classes of ``SeedBand`` end."""


class Tracked(StrEnum):
    """What is followed from day to day and from hour to hour.

    Times are in ns, hiccups for each 100 hours of beats, CPU and memory of the machine in percent. More is worse in
    all of them.
    """

    DURATION_P50 = "duration.p50"
    DURATION_P99 = "duration.p99"
    LATENESS_P50 = "lateness.p50"
    LATENESS_P99 = "lateness.p99"
    HICCUPS = "hiccups_per_100h"
    CPU = "cpu.mean"
    MEMORY = "memory.mean"


DAILY = (
    Tracked.DURATION_P50,
    Tracked.DURATION_P99,
    Tracked.LATENESS_P50,
    Tracked.LATENESS_P99,
    Tracked.HICCUPS,
)
"""What change points and drift are looked for in."""


class Timed(StrEnum):
    """The two times of a beat."""

    DURATION = "duration"
    LATENESS = "lateness"


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, from ``start_ns`` to before ``end_ns`` as far as it lies in the span.

    Times are in ns, and None where there is no beat. ``hiccups`` counts stalls, ``worst_stall_ns`` is the longest.
    ``band`` is what at most one beat in a hundred is worse than, by duration or by lateness, whichever is worse: a few
    long stalls do not change it, so that it is called the band by P99 and stands beside the hiccups.
    ``lateness_hours_ns`` is the longest lateness of each hour from the day's begin on, None where there is no beat; it
    is empty where hours are not kept. ``coverage`` is the share of the day that no gap takes, ``is_whole`` whether all
    of the day lies in the span.
    """

    date: date
    start_ns: int
    end_ns: int
    count: int = 0
    missed: int = 0
    coverage: float | None = None
    duration_mean_ns: float | None = None
    duration_min_ns: int | None = None
    duration_p50_ns: int | None = None
    duration_p95_ns: int | None = None
    duration_p99_ns: int | None = None
    duration_max_ns: int | None = None
    lateness_p50_ns: int | None = None
    lateness_p99_ns: int | None = None
    lateness_max_ns: int | None = None
    lateness_hours_ns: tuple[int | None, ...] = ()
    hiccups: int = 0
    worst_stall_ns: int = 0
    band: Band | None = None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The hours of the week by local time: seven rows from Monday on, each of 24 hours. None where there is no beat."""

    beats: tuple[tuple[int, ...], ...]
    duration_p99_ns: tuple[tuple[int | None, ...], ...]
    lateness_p99_ns: tuple[tuple[int | None, ...], ...]
    hiccups: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Preceding:
    """What changed on the machine ``before_ns`` before something else did."""

    burst: Burst
    before_ns: int


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """When a daily figure became another one.

    ``at_ns`` is the moment, known to ``precision_ns``. ``before`` and ``after`` are what is usual in the days up to the
    change point before and to the one after. ``ratio`` is after ÷ before, with its 95 % interval ``low`` to ``high``;
    ``p_value`` is how often chance alone does as much. ``preceding`` are changes of the machine shortly before, the
    most likely first.
    """

    tracked: Tracked
    date: date
    at_ns: int
    precision_ns: int
    before: float
    after: float
    ratio: float
    low: float
    high: float
    p_value: float
    preceding: tuple[Preceding, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that slowly changes, apart from its change points: the factor of 30 days, with its 95 % interval."""

    tracked: Tracked
    ratio: float
    low: float
    high: float
    days: int


class LimitsApart(StrEnum):
    """Why the two limits of ``Anomalies`` do not lie together."""

    ALIKE = "alike"
    OUTLIERS_RAISE_MEAN = "outliers_raise_mean"
    """A few very long times pull the mean up, so that 3 × mean passes over what stands out."""
    WIDE_SPREAD = "wide_spread"
    """Times are spread widely as a rule, so that 3 × mean calls unusual what is not."""
    NARROW_SPREAD = "narrow_spread"
    """Times hardly differ, so that what is far from the others is still below 3 × mean."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """One beat by its time (wall, ns)."""

    at_ns: int
    value_ns: int


@dataclass(frozen=True, slots=True)
class Anomalies:
    """Beats that stand out, of one measure, by two limits.

    ``limit_ns`` is the median and ``MAD_FACTOR`` times 1.4826 × ``mad_ns``, the median distance from the median, which
    for a bell curve is its standard deviation. ``mean_limit_ns`` is three times the mean, as in the program's first
    version. ``worst`` are the longest, the longest first.
    """

    timed: Timed
    median_ns: int
    mad_ns: int
    limit_ns: int
    count: int
    share: float
    mean_ns: float
    mean_limit_ns: int
    mean_count: int
    mean_share: float
    apart: LimitsApart
    worst: tuple[Outlier, ...] = ()


MAD_FACTOR = 6.0


@dataclass(frozen=True, slots=True)
class UnusualMeasure:
    """A measure in the span, and in the same hours of the weeks before.

    ``low`` to ``high`` is where it lay in those weeks. ``score`` is how many usual spreads
    ``value`` is away from ``usual``: 0 is as ever, from ``UNUSUAL_SCORE`` on it is unusual; negative where it is less.
    """

    tracked: Tracked
    value: float
    usual: float
    low: float
    high: float
    score: float


@dataclass(frozen=True, slots=True)
class UnusualProgram:
    """A program in the span, and in the same hours of the weeks before; CPU in percent of one core, on average.

    ``usual_cpu_percent`` is None for one that did not run in these hours.
    """

    name: str
    cpu_percent: float
    usual_cpu_percent: float | None
    memory_bytes: int | None
    score: float


@dataclass(frozen=True, slots=True)
class Unusual:
    """What was unusual in the span, against the same hours of up to ``weeks`` weeks before; the most unusual first.

    ``hours`` is how many of these earlier hours there are; with 0 nothing can be said, and the rest is empty.
    """

    weeks: int = 0
    hours: int = 0
    measures: tuple[UnusualMeasure, ...] = ()
    programs: tuple[UnusualProgram, ...] = ()


UNUSUAL_SCORE = 3.0
"""From here on a measure or a program is called unusual."""


@dataclass(frozen=True, slots=True)
class Trend:
    """From the first to the last whole day that has beats: last ÷ first of each; None where there is none."""

    first: Day
    last: Day
    duration_mean_ratio: float | None
    duration_p99_ratio: float | None
    lateness_p99_ratio: float | None


@dataclass(frozen=True, slots=True)
class CulpritCount:
    """A program, and how many of the span's hiccups were its doing, by what was found at each."""

    name: str
    hiccups: int


@dataclass(frozen=True, slots=True)
class Stalls:
    """The hiccups of a span; ``culprits`` are those who caused most of the ``newest`` ones, the foremost first."""

    count: int = 0
    per_100h: float | None = None
    worst_ns: int = 0
    worst_at_ns: int | None = None
    culprits: tuple[CulpritCount, ...] = ()
    newest: int = 0
    """Of them those of the span's last three months: who caused the others was not counted."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A share of the machine, 0 to 100, over the span; None where no beat knows it."""

    mean_percent: float | None = None
    most_percent: float | None = None
    unknown_beats: int = 0
    """How many do not know it, of those that have a duration: of damaged hours nothing is told."""


class AdviceKind(StrEnum):
    """What is to be said of a span, each with the figures in ``Advice.figures``; scripts read the words."""

    NO_BEATS = "no_beats"
    TOO_SHORT = "too_short"
    """count, needed"""
    ALL_WELL = "all_well"
    """count, duration_p99_ns, lateness_p99_ns"""
    SLOW_BEATS = "slow_beats"
    """mean_ns, goal_ns"""
    STUTTERS = "stutters"
    """count, per_100h, worst_ns"""
    CULPRIT = "culprit"
    """name, hiccups, count"""
    BAD_HOUR = "bad_hour"
    """weekday (0 is Monday), hour, lateness_p99_ns, usual_ns"""
    CHANGED = "changed"
    """place: of ``Analysis.change_points``"""
    DRIFTS = "drifts"
    """place: of ``Analysis.drifts``"""
    UNUSUAL_MEASURE = "unusual_measure"
    """place: of ``Analysis.unusual.measures``"""
    UNUSUAL_PROGRAM = "unusual_program"
    """place: of ``Analysis.unusual.programs``"""
    CPU_BUSY = "cpu_busy"
    """mean_percent, limit_percent"""
    MEMORY_FULL = "memory_full"
    """mean_percent, limit_percent"""
    MISSED = "missed"
    """missed, due, availability"""
    NOT_MEASURED = "not_measured"
    """beats, count"""
    NOT_RECORDED = "not_recorded"
    """share, length_ns, count"""


class AdviceLevel(StrEnum):
    """How much it matters."""

    FINE = "fine"
    NOTE = "note"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to say, with the figures that it rests on; their names are told at each ``AdviceKind``."""

    kind: AdviceKind
    level: AdviceLevel
    figures: dict[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A span analysed. Shares are 0 to 1. The same span of the same record gives the same.

    ``span`` is what was asked for, cut to where the record begins and ends. ``days`` has every local day of it, also
    those without beats. ``interval_ns`` is from beat to beat, 0 where it changed or is not known. ``bands`` are of
    durations, ``lateness_bands`` of latenesses, ``seed_bands`` of durations in the older classes; all are empty
    without beats.
    """

    span: TimeRange
    interval_ns: int
    coverage: Coverage
    gaps: tuple[Gap, ...]
    distributions: Distributions
    bands: dict[Band, float]
    lateness_bands: dict[Band, float]
    seed_bands: dict[SeedBand, float]
    cpu: Shares
    memory: Shares
    days: tuple[Day, ...]
    heat_map: HeatMap
    stalls: Stalls
    change_points: tuple[ChangePoint, ...] = ()
    drifts: tuple[Drift, ...] = ()
    anomalies: tuple[Anomalies, ...] = ()
    unusual: Unusual = field(default_factory=Unusual)
    trend: Trend | None = None
    last_beats: tuple[RecordedBeat, ...] = ()
    """The ten latest, oldest first."""
    advice: tuple[Advice, ...] = ()
    """What matters most first; one at least."""

    @property
    def count(self) -> int:
        """Beats of the span."""
        return self.distributions.duration.raw.count
