"""Figures of the beats, each with what it shows in a sentence and, where they are few, its values as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.history.analysis.words import band_name, share_text, weekday_name
from aios_gui.history.model.distribution import BAND_LIMITS_NS, Band, Distributions
from aios_gui.reports import dates
from aios_gui.reports.figures.plot import WIDTH, Plot, ceiling, floor, legend, moments, text_width
from aios_gui.reports.model.drawing import Anchor, Box, Drawing, Ink, Item, Label, Line, Mark, Shape
from aios_gui.reports.model.report import Cell, Column, Figure, Table
from aios_gui.reports.words import gap_name
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

if TYPE_CHECKING:
    from aios_gui.alerts.model.incident import Incident
    from aios_gui.heartbeat.model.gap import Gap
    from aios_gui.history.analysis.model.analysis import Analysis, Day, HeatMap
    from aios_gui.history.analysis.model.smoke import Puff, Smoke

SHARES = (0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999)
"""Where the percentile curve is read."""
BAND_LOOK = {
    Band.EXCELLENT: (Ink.FINE, 0.4, False),
    Band.GOOD: (Ink.FINE, 0.8, False),
    Band.ACCEPTABLE: (Ink.WARNING, 1.0, True),
    Band.POOR: (Ink.CRITICAL, 1.0, False),
}
"""The colour of a band, how much of it, and whether it is hatched: in grey, too, the darker is the worse."""
_LEGEND_ROOM = 44.0


def smoke_figure(smoke: Smoke) -> Figure | None:
    """Duration and lateness through the span: median, quantiles round it, and the longest; None without a beat."""
    panes = [
        ("duration", _("Duration"), smoke.duration, Ink.DURATION),
        ("lateness", _("Lateness"), smoke.lateness, Ink.LATENESS),
    ]
    known = [value for _key, _title, puff, _ink in panes for value in (*puff.p5, *puff.max) if value > 0]
    if not known:
        return None
    span_s = smoke.start_ns / 1e9, smoke.end_ns / 1e9
    items: list[Item] = []
    top = 24.0
    plot = Plot(span_s, (1.0, 10.0))
    for _key, title, puff, ink in panes:
        values = [value for value in (*puff.p5, *puff.max) if value > 0]
        if not values:
            continue
        plot = Plot(span_s, (floor(min(values)), ceiling(max(values))), 130.0, top, is_log=True)
        plot.times()
        plot.levels_of_time()
        plot.gaps(smoke.gaps, {kind: gap_name(kind) for kind in GapKind})
        _draw_smoke(plot, smoke, puff, ink)
        plot.base()
        items += [*plot.items, Label(plot.left, top - 8, title, Ink.TEXT, 12, is_strong=True)]
        top = plot.bottom + 52
    items += [
        *_smoke_key(plot.bottom + 42),
    ]
    medians = [value for value in smoke.duration.p50 if math.isfinite(value)]
    worst = max((value for value in smoke.lateness.max if math.isfinite(value)), default=0.0)
    low, high = (figures.spoken_duration(which(medians, default=None)) for which in (min, max))
    if low == high:
        way = _("The usual duration (median) was {low}; the latest beat woke {worst} late.")
    else:
        way = _(
            "The usual duration (median) lay between {low} and {high}; the latest beat woke {worst} late."
        )
    summary = way.format(low=low, high=high, worst=figures.spoken_duration(worst))
    return Figure("smoke", _("Through the span"), summary, Drawing(WIDTH, plot.bottom + 54, tuple(items)))


def _draw_smoke(plot: Plot, smoke: Smoke, puff: Puff, ink: Ink) -> None:
    middle = [at + smoke.bucket_ns / 2e9 for at in smoke.time_s]
    within = 1.5 * smoke.bucket_ns / 1e9
    plot.ribbon(middle, puff.p5, puff.p95, ink, 0.18, within)
    plot.ribbon(middle, puff.p25, puff.p75, ink, 0.30, within)
    plot.curve(middle, puff.p50, ink, 1.5, (), within)
    for at, value in zip(middle, puff.max, strict=True):
        if math.isfinite(value):
            y = plot.at_y(value)
            plot.items.append(Line(plot.at_x(at), y - 0.8, plot.at_x(at), y + 0.8, ink, 1.6))


def _smoke_key(y: float) -> list[Item]:
    entries = (
        (_("5 to 95 % of the beats"), 0.18, False),
        (_("25 to 75 %"), 0.42, False),
        (_("half of them"), 1.0, True),
    )
    items: list[Item] = []
    x = 64.0
    for text, opacity, is_line in entries:
        if is_line:
            items.append(Line(x, y - 4, x + 16, y - 4, Ink.TEXT, 1.5))
        else:
            items.append(Box(x, y - 10, 16, 11, Ink.TEXT, opacity))
        items.append(Label(x + 22, y, text, Ink.TEXT, 11))
        x += 22 + text_width(text, 11) + 18
    items.append(Mark(x + 8, y - 4, Shape.SQUARE, Ink.TEXT, 2.4))
    items.append(Label(x + 16, y, _("the longest"), Ink.TEXT, 11))
    x += 16 + text_width(_("the longest"), 11) + 18
    items.append(Box(x, y - 10, 16, 11, Ink.GAP, 1.0, True))
    items.append(Label(x + 22, y, _("nothing recorded"), Ink.TEXT, 11))
    return items


def percentile_figure(found: Distributions) -> Figure | None:
    """How long the slowest beats took, by how rare they are; None without a beat."""
    count = found.duration.raw.count
    if not count:
        return None
    shares = [share for share in SHARES if share < 1 - 0.5 / count] + [1.0]
    lines = (
        (_("Duration"), found.duration.raw, Ink.DURATION, ()),
        (_("Lateness"), found.lateness.raw, Ink.LATENESS, (7.0, 3.0)),
        (_("Lateness, corrected"), found.lateness.corrected, Ink.LATENESS, (2.0, 3.0)),
    )
    most = max(each.at(1.0) for _title, each, _ink, _dashes in lines)
    least = min(each.at(0.0) for _title, each, _ink, _dashes in lines[:2])
    places = [float(place) for place in range(len(shares))]
    plot = Plot((0.0, places[-1] or 1.0), (floor(least), ceiling(most)), 210.0, is_log=True)
    plot.levels_of_time()
    for place, share in zip(places, shares, strict=True):
        x = plot.at_x(place)
        plot.items.append(Line(x, plot.top, x, plot.bottom, Ink.GRID))
        anchor = Anchor.END if place == places[-1] else Anchor.START if not place else Anchor.MIDDLE
        plot.items.append(Label(x, plot.bottom + 17, share_name(share), Ink.MUTED, 11, anchor))
    for _title, each, ink, dashes in lines:
        plot.curve(places, [float(max(1, each.at(share))) for share in shares], ink, 2.0, dashes)
    plot.base()
    raw = found.lateness.raw
    summary = _(
        "99 of 100 beats took at most {duration} and woke at most {lateness} late; the longest took {most}."
    ).format(
        duration=figures.spoken_duration(found.duration.raw.at(0.99)),
        lateness=figures.spoken_duration(raw.at(0.99)),
        most=figures.spoken_duration(found.duration.raw.most_ns),
    )
    rows = tuple(
        (
            Cell(share_name(share)),
            *(Cell(figures.duration(each.at(share))) for _title, each, _ink, _dashes in lines),
            Cell(figures.count(round(count * (1 - share)) if share < 1 else 0)),
        )
        for share in shares
    )
    columns = (
        Column(_("percentile")),
        *(Column(title, is_figure=True) for title, _each, _ink, _dashes in lines),
        Column(_("beats above"), is_figure=True),
    )
    key = legend(plot.bottom + 40, [(title, ink, dashes) for title, _each, ink, dashes in lines])
    table = Table(_("Percentiles by nearest rank"), columns, rows)
    return Figure(
        "percentiles", _("How long the slowest took"), summary, plot.drawing(key, _LEGEND_ROOM + 4), table
    )


def share_name(share: float) -> str:
    """A percentile by its name: ``P50``, ``P99.9``; the ends in words."""
    if share <= 0:
        return _("fastest")
    if share >= 1:
        return _("slowest")
    return f"P{share * 100:.6g}"


def band_limits(band: Band) -> str:
    """From where to where a band goes."""
    place = list(Band).index(band)
    if not place:
        return f"< {figures.duration(BAND_LIMITS_NS[0])}"
    low = figures.duration(BAND_LIMITS_NS[place - 1])
    if place == len(BAND_LIMITS_NS):
        return f"≥ {low}"
    return f"{low} – {figures.duration(BAND_LIMITS_NS[place])}"


def bands_figure(duration: Mapping[Band, float], lateness: Mapping[Band, float]) -> Figure | None:
    """The share of each band, of durations and of latenesses; None without a beat."""
    if not duration:
        return None
    items: list[Item] = []
    y, left, width = 12.0, 96.0, WIDTH - 108
    for title, shares in ((_("Duration"), duration), (_("Lateness"), lateness)):
        items.append(Label(left - 10, y + 18, title, Ink.TEXT, 12, Anchor.END))
        x = left
        for band in Band:
            share = shares.get(band, 0.0)
            if share > 0:
                ink, opacity, is_hatched = BAND_LOOK[band]
                wide = max(1.5, share * width)
                hint = f"{band_name(band)} {share_text(share)}"
                items.append(Box(min(x, left + width - wide), y, wide, 26, ink, opacity, is_hatched, hint))
                x += share * width
        y += 40
    x = left
    for band in Band:
        ink, opacity, is_hatched = BAND_LOOK[band]
        text = f"{band_name(band)} {band_limits(band)}"
        items += [
            Box(x, y - 1, 12, 12, ink, opacity, is_hatched),
            Label(x + 18, y + 9, text, Ink.TEXT, 11),
        ]
        x += 18 + text_width(text, 11) + 18
    best = duration.get(Band.EXCELLENT, 0.0)
    summary = _("{share} of the beats were excellent: under {limit}.").format(
        share=share_text(best), limit=figures.spoken_duration(BAND_LIMITS_NS[0])
    )
    rows = tuple(
        (
            Cell(band_name(band)),
            Cell(band_limits(band)),
            Cell(share_text(duration.get(band, 0.0))),
            Cell(share_text(lateness.get(band, 0.0))),
        )
        for band in Band
    )
    columns = (
        Column(_("band")),
        Column(_("limits")),
        Column(_("Duration"), is_figure=True),
        Column(_("Lateness"), is_figure=True),
    )
    return Figure(
        "bands",
        _("How good the beats were"),
        summary,
        Drawing(WIDTH, y + 20, tuple(items)),
        Table(_("Share of the beats"), columns, rows),
    )


def days_figure(days: Sequence[Day], gaps: Iterable[Gap]) -> Figure | None:
    """P99 of lateness and duration of each day, with the worst stall; None for fewer than two days with beats."""
    known = [day for day in days if day.count]
    if len(known) < 2:
        return None
    values = [
        float(value)
        for day in known
        for value in (day.duration_p99_ns, day.lateness_p99_ns, day.duration_p50_ns, day.worst_stall_ns)
        if value
    ]
    if not values:
        return None
    span_s = days[0].start_ns / 1e9, days[-1].end_ns / 1e9
    plot = Plot(span_s, (floor(min(values)), ceiling(max(values))), 190.0, is_log=True)
    plot.times()
    plot.levels_of_time()
    plot.gaps(gaps, {kind: gap_name(kind) for kind in GapKind})
    middle = [(day.start_ns + day.end_ns) / 2e9 for day in days]
    within = 1.6 * 86_400
    lines = (
        (_("duration, P50"), [day.duration_p50_ns for day in days], Ink.DURATION, (2.0, 3.0)),
        (_("duration, P99"), [day.duration_p99_ns for day in days], Ink.DURATION, ()),
        (_("lateness, P99"), [day.lateness_p99_ns for day in days], Ink.LATENESS, (7.0, 3.0)),
    )
    for _title, line, ink, dashes in lines:
        plot.curve(middle, [float(value) if value else math.nan for value in line], ink, 2.0, dashes, within)
    size = max(3.5, min(7.0, 1.6 * (plot.right - plot.left) / len(days)))
    for day, x in zip(days, middle, strict=True):
        if day.worst_stall_ns:
            stalls = ngettext("{count} hiccup", "{count} hiccups", day.hiccups).format(
                count=figures.count(day.hiccups)
            )
            hint = f"{day.date.isoformat()}: {stalls}, {figures.duration(day.worst_stall_ns)}"
            place = plot.at_x(x), plot.at_y(float(day.worst_stall_ns))
            plot.items.append(Mark(*place, Shape.TRIANGLE, Ink.CRITICAL, size, hint))
    plot.base()
    y = plot.bottom + 40
    key = legend(y, [(title, ink, dashes) for title, _line, ink, dashes in lines])
    x = max(item.x for item in key if isinstance(item, Label)) + text_width(lines[-1][0], 11) + 28
    key += [
        Mark(x, y - 4, Shape.TRIANGLE, Ink.CRITICAL, 8.0),
        Label(x + 10, y, _("worst hiccup of a day"), Ink.TEXT, 11),
    ]
    worst = max(known, key=lambda day: day.worst_stall_ns)
    summary = _("{count} days with beats; P99 of the lateness from {low} to {high} a day.").format(
        count=figures.count(len(known)),
        low=figures.spoken_duration(min(day.lateness_p99_ns or 0 for day in known)),
        high=figures.spoken_duration(max(day.lateness_p99_ns or 0 for day in known)),
    )
    if worst.worst_stall_ns:
        summary += " " + _("The worst hiccup, {length}, was on {day}.").format(
            length=figures.spoken_duration(worst.worst_stall_ns), day=dates.day(worst.date)
        )
    return Figure("days", _("Day by day"), summary, plot.drawing(key, _LEGEND_ROOM + 4))


def heat_figure(heat: HeatMap) -> Figure | None:
    """How late beats woke by the hour of the week; None where fewer than two days have beats."""
    known = [value for row in heat.lateness_p99_ns for value in row if value is not None]
    if sum(any(row) for row in heat.beats) < 2 or not known:
        return None
    low, high = math.log(max(1, min(known))), math.log(max(2, *known))
    left, top, wide, tall = 84.0, 8.0, (WIDTH - 96) / 24, 20.0
    items: list[Item] = []
    worst = (0, 0)
    for day, row in enumerate(heat.lateness_p99_ns):
        items.append(Label(left - 8, top + day * tall + 14, weekday_name(day), Ink.TEXT, 11, Anchor.END))
        for hour, value in enumerate(row):
            place = left + hour * wide, top + day * tall
            if value is None:
                items.append(Box(*place, wide - 1, tall - 1, Ink.GAP, 1.0, True, _("nothing recorded")))
                continue
            share = (math.log(max(1, value)) - low) / (high - low) if high > low else 0.0
            hint = f"{weekday_name(day)} {hour:02d}:00 {figures.duration(value)}"
            items.append(Box(*place, wide - 1, tall - 1, Ink.LATENESS, 0.08 + 0.92 * share, hint=hint))
            if value > (heat.lateness_p99_ns[worst[0]][worst[1]] or 0):
                worst = (day, hour)
    y = top + 7 * tall + 14
    items += [Label(left + hour * wide, y, f"{hour:02d}:00", Ink.MUTED, 11) for hour in range(0, 24, 3)]
    steps = 24
    items += [
        Box(left + 80 + step * 6, y + 12, 6, 11, Ink.LATENESS, 0.08 + 0.92 * step / (steps - 1))
        for step in range(steps)
    ]
    items += [
        Label(left + 72, y + 22, figures.duration(min(known)), Ink.TEXT, 11, Anchor.END),
        Label(left + 80 + steps * 6 + 8, y + 22, figures.duration(max(known)), Ink.TEXT, 11),
    ]
    summary = _("Beats woke latest on {weekday} from {hour}: 99 of 100 at most {lateness} late.").format(
        weekday=weekday_name(worst[0]),
        hour=f"{worst[1]:02d}:00",
        lateness=figures.spoken_duration(max(known)),
    )
    drawing = Drawing(WIDTH, y + 30, tuple(items))
    return Figure("heat", _("By the hour of the week: P99 of the lateness"), summary, drawing)


def strip_figure(analysis: Analysis, incidents: Sequence[Incident]) -> Figure | None:
    """The span as one strip: days by their band, gaps hatched, incidents on top; None for no span."""
    span = analysis.span
    plot = Plot((span.start_ns / 1e9, span.end_ns / 1e9), (0.0, 1.0), 30.0, 22.0, left=12.0)
    if plot.x[1] <= plot.x[0]:
        return None
    for x, text in _ticks(plot):
        plot.items.append(Label(x, plot.bottom + 16, text, Ink.MUTED, 11, Anchor.MIDDLE))
    for day in analysis.days:
        if day.band is None:
            continue
        ink, opacity, is_hatched = BAND_LOOK[day.band]
        left, right = plot.at_x(day.start_ns / 1e9), plot.at_x(day.end_ns / 1e9)
        hint = f"{day.date.isoformat()}: {band_name(day.band)}"
        room = 1.0 if right - left > 4 else 0.0
        plot.items.append(
            Box(left, plot.top, right - left - room, plot.height, ink, opacity, is_hatched, hint)
        )
    shown = [gap for gap in analysis.gaps if gap.end_ns > gap.start_ns and _wide(plot, gap) >= 0.8]
    for gap in shown:
        left = plot.at_x(gap.start_ns / 1e9)
        plot.items.append(Box(left, plot.top, _wide(plot, gap), plot.height, Ink.SURFACE))
    plot.gaps(shown, {kind: gap_name(kind) for kind in GapKind})
    for incident in incidents:
        shape, ink = (
            (Shape.TRIANGLE, Ink.CRITICAL) if incident.level == "critical" else (Shape.SQUARE, Ink.WARNING)
        )
        plot.items.append(Mark(plot.at_x(incident.started_ns / 1e9), plot.top - 9, shape, ink, 8.0))
    found = ngettext("{count} incident", "{count} incidents", len(incidents)).format(
        count=figures.count(len(incidents))
    )
    summary = _("{coverage} of the span is recorded; {incidents}.").format(
        coverage=figures.availability(analysis.coverage.share), incidents=found
    )
    key = _strip_key(plot.bottom + 38)
    return Figure("strip", _("The span at a glance"), summary, plot.drawing(key, 46))


def _ticks(plot: Plot) -> list[tuple[float, str]]:
    ticks = [(plot.at_x(at_s), text) for at_s, text in moments(*plot.x)]
    return [(x, text) for x, text in ticks if text_width(text, 11) / 2 <= min(x, WIDTH - x)]


def _wide(plot: Plot, gap: Gap) -> float:
    return plot.at_x(gap.end_ns / 1e9) - plot.at_x(gap.start_ns / 1e9)


def _strip_key(y: float) -> list[Item]:
    items: list[Item] = []
    x = 12.0
    for band in Band:
        ink, opacity, is_hatched = BAND_LOOK[band]
        items += [
            Box(x, y - 10, 12, 12, ink, opacity, is_hatched),
            Label(x + 18, y, band_name(band), Ink.TEXT, 11),
        ]
        x += 18 + text_width(band_name(band), 11) + 16
    items += [
        Box(x, y - 10, 12, 12, Ink.GAP, 1.0, True),
        Label(x + 18, y, _("nothing recorded"), Ink.TEXT, 11),
    ]
    x += 18 + text_width(_("nothing recorded"), 11) + 16
    items += [
        Mark(x + 5, y - 4, Shape.SQUARE, Ink.WARNING, 8.0),
        Mark(x + 18, y - 4, Shape.TRIANGLE, Ink.CRITICAL, 8.0),
        Label(x + 28, y, _("incident"), Ink.TEXT, 11),
    ]
    return items


def availability_figure(days: Sequence[Day]) -> Figure | None:
    """Beats made of those due, day by day, and how much of each day is recorded; None without a beat."""
    known = [day for day in days if day.count]
    if not known:
        return None
    shares = [day.count / (day.count + day.missed) for day in known]
    low = min(0.999, math.floor(min(shares) * 1000) / 1000)
    plot = Plot((0.0, float(len(days))), (low, 1.0), 120.0)
    for value in (low, (low + 1) / 2, 1.0):
        plot.level(value, f"{value * 100:.2f} %")
    if low < 0.999:
        plot.level(0.999, "", Ink.MUTED, (4.0, 3.0))
    wide = (plot.right - plot.left) / len(days)
    every = max(1, round(len(days) / 15))
    hidden_words = _("nothing recorded")
    for place, day in enumerate(days):
        x = plot.left + place * wide
        if not place % every:
            label = f"{day.date:%m-%d}"
            plot.items.append(Label(x + wide / 2, plot.bottom + 17, label, Ink.MUTED, 10, Anchor.MIDDLE))
        coverage = day.coverage or 0.0
        if coverage < 0.995 or not day.count:
            hidden = plot.height * (1 - coverage)
            hint = f"{day.date.isoformat()}: {hidden_words} {figures.percent((1 - coverage) * 100)}"
            plot.items.append(Box(x, plot.top, wide - 1, hidden, Ink.GAP, 1.0, True, hint))
        if day.count:
            share = day.count / (day.count + day.missed)
            y = plot.at_y(share)
            ink, shape = (Ink.FINE, Shape.DOT) if share >= 0.999 else (Ink.CRITICAL, Shape.TRIANGLE)
            hint = f"{day.date.isoformat()}: {figures.availability(share)}"
            plot.items.append(Mark(x + wide / 2, y, shape, ink, 8.0, hint))
    plot.base()
    way = ngettext(
        "The day had {worst}; the goal is {goal}.",
        "The worst day had {worst}; {count} of {days} days reached {goal}.",
        len(known),
    )
    summary = way.format(
        worst=figures.availability(min(shares)),
        count=figures.count(sum(share >= 0.999 for share in shares)),
        days=figures.count(len(known)),
        goal="99.9 %",
    )
    return Figure("availability", _("Availability, day by day"), summary, plot.drawing((), 28))
