"""What the figures of reports show of the values that they are given."""

import math
from array import array
from datetime import date

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.history.analysis.model.analysis import Day
from aios_gui.history.analysis.model.smoke import Puff, Smoke
from aios_gui.history.model.distribution import Band, Distribution, Distributions, Timing
from aios_gui.record.model.histogram import Histogram
from aios_gui.reports.figures import beats
from aios_gui.reports.figures.plot import WIDTH
from aios_gui.reports.figures.program import warm_up_figure
from aios_gui.reports.model.drawing import Box, Curve, Ink
from tests.fakes import WALL, S


def puff(*medians: float) -> Puff:
    return Puff(
        *(array("d", (value * share for value in medians)) for share in (0.5, 0.8, 1.0, 1.2, 2.0, 4.0))
    )


def smoke(*medians: float, gaps: tuple[Gap, ...] = ()) -> Smoke:
    times = array("d", (WALL / S + 60 * place for place in range(len(medians))))
    end_ns = WALL + 60 * S * len(medians)
    return Smoke(WALL, end_ns, 60 * S, times, puff(*medians), puff(*medians), gaps=gaps)


def distributions(*values_ns: int) -> Distributions:
    histogram = Histogram()
    histogram.add(values_ns)
    found = Distribution(histogram, min(values_ns, default=0), max(values_ns, default=0), sum(values_ns))
    return Distributions(Timing(found, found), Timing(found, found))


def test_a_duration_that_stayed_the_same_is_told_as_one() -> None:
    same, others = (beats.smoke_figure(smoke(20e3, last)) for last in (20e3, 23e3))
    assert same is not None
    assert others is not None
    assert same.summary.startswith("The usual duration (median) was 20 µs;")
    assert others.summary.startswith("The usual duration (median) lay between 20 µs and 23 µs;")


def test_smoke_is_broken_where_nothing_was_measured_and_the_gap_is_hatched() -> None:
    gap = Gap(GapKind.SUSPENDED, WALL + 120 * S, WALL + 240 * S)
    figure = beats.smoke_figure(smoke(20e3, 21e3, math.nan, math.nan, 22e3, 23e3, gaps=(gap,)))
    assert figure is not None
    lines = [each for each in figure.drawing.items if isinstance(each, Curve) and not each.is_area]
    assert [(each.ink, len(each.xs)) for each in lines] == [
        (Ink.DURATION, 2),
        (Ink.DURATION, 2),
        (Ink.LATENESS, 2),
        (Ink.LATENESS, 2),
    ]
    hatched = [
        each for each in figure.drawing.items if isinstance(each, Box) and each.is_hatched and each.hint
    ]
    assert [each.hint for each in hatched] == ["asleep: the machine was suspended"] * 2
    assert lines[0].xs[-1] < hatched[0].x < hatched[0].x + hatched[0].width < lines[1].xs[0]


def test_without_a_beat_there_is_no_figure() -> None:
    assert beats.smoke_figure(smoke(math.nan, math.nan)) is None
    assert beats.percentile_figure(distributions()) is None
    assert beats.bands_figure({}, {}) is None
    assert beats.days_figure((), ()) is None
    assert beats.availability_figure(()) is None
    assert warm_up_figure([25_000]) is None


def test_a_single_day_is_not_called_the_worst_of_several() -> None:
    days = [
        Day(date(2025, 6, 15 + place), WALL + place * 86_400 * S, WALL + (place + 1) * 86_400 * S, count=100)
        for place in range(2)
    ]
    one, two = beats.availability_figure(days[:1]), beats.availability_figure(days)
    assert one is not None
    assert two is not None
    assert one.summary == "The day had 100.00 %; the goal is 99.9 %."
    assert two.summary == "The worst day had 100.00 %; 2 of 2 days reached 99.9 %."


def test_percentiles_go_no_further_than_there_are_beats() -> None:
    figure = beats.percentile_figure(distributions(*range(10_000, 20_000, 100)))
    assert figure is not None
    assert figure.table is not None
    assert [row[0].text for row in figure.table.rows] == ["fastest", "P50", "P90", "P95", "P99", "slowest"]
    assert figure.table.rows[-1][1].text == "20 µs"


def test_bands_fill_the_whole_and_a_small_share_is_seen() -> None:
    shares = {Band.EXCELLENT: 0.9999, Band.GOOD: 0.0, Band.ACCEPTABLE: 0.0, Band.POOR: 0.0001}
    figure = beats.bands_figure(shares, shares)
    assert figure is not None
    bars = [each for each in figure.drawing.items if isinstance(each, Box) and each.height > 20]
    assert len(bars) == 4
    assert bars[1].width >= 1.5
    assert all(each.x + each.width <= WIDTH for each in bars)
    assert figure.summary.startswith("99.99 % of the beats")


def test_one_poor_beat_in_a_day_is_not_told_as_none() -> None:
    shares = {Band.EXCELLENT: 86_399 / 86_400, Band.GOOD: 0.0, Band.ACCEPTABLE: 0.0, Band.POOR: 1 / 86_400}
    figure = beats.bands_figure(shares, shares)
    assert figure is not None
    assert figure.table is not None
    assert [row[2].text for row in figure.table.rows] == ["> 99.99 %", "0 %", "0 %", "< 0.01 %"]
    hints = [each.hint for each in figure.drawing.items if isinstance(each, Box) and each.height > 20]
    assert hints == ["excellent > 99.99 %", "poor < 0.01 %"] * 2
