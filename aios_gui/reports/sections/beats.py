"""Sections on the beats: the span at a glance, statistics, bands, percentiles, smoke, days, hours of the week."""

from __future__ import annotations

from aios_gui.history.analysis import words as analysis_words
from aios_gui.history.model.coverage import Coverage
from aios_gui.history.model.distribution import Distribution
from aios_gui.reports import dates
from aios_gui.reports.figures import beats as charts
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import (
    Block,
    Cell,
    Column,
    Fact,
    Facts,
    Figure,
    Section,
    Table,
    Text,
    Tone,
)
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext

AVAILABILITY_GOAL = 0.999
_MOST_DAYS = 31
_TONES = {"excellent": Tone.FINE, "good": Tone.FINE, "acceptable": Tone.WARNING, "poor": Tone.CRITICAL}


def glance(material: Material) -> Section:
    """The figures that a reader is to see first, and the span as a strip."""
    analysis = material.analysis
    duration, lateness = analysis.distributions.duration.raw, analysis.distributions.lateness.raw
    stalls, availability = analysis.stalls, analysis.coverage.availability
    facts = Facts(
        (
            Fact(_("beats"), figures.count(analysis.count), _("made in the span")),
            Fact(
                _("availability"),
                figures.availability(availability),
                _("beats made of those that were due outside of gaps"),
                _reached(availability, AVAILABILITY_GOAL),
            ),
            Fact(_("duration, P50"), _time(duration, 0.5), _("half of the beats took at most this")),
            Fact(_("duration, P99"), _time(duration, 0.99), _("99 of 100 beats took at most this")),
            Fact(_("lateness, P99"), _time(lateness, 0.99), _("99 of 100 beats woke at most this late")),
            Fact(
                _("hiccups"),
                figures.count(stalls.count if analysis.count else None),
                _("stalls of the machine over the threshold"),
                Tone.WARNING if stalls.count else Tone.FINE if analysis.count else Tone.UNKNOWN,
            ),
        ),
        are_large=True,
    )
    figure = charts.strip_figure(analysis, material.incidents) if analysis.count else None
    return Section("glance", _("At a glance"), (facts, *_there(figure)))


def _there(*found: Figure | None) -> tuple[Figure, ...]:
    return tuple(each for each in found if each is not None)


def _reached(value: float | None, goal: float) -> Tone:
    if value is None:
        return Tone.UNKNOWN
    return Tone.FINE if value >= goal else Tone.CRITICAL


def _time(found: Distribution, share: float) -> str:
    return figures.duration(found.at(share)) if found.count else figures.NONE


def statistics(material: Material) -> Section | None:
    """Count, mean, extremes and percentiles, raw and corrected; None without a beat."""
    found = material.analysis.distributions
    if not found.duration.raw.count:
        return None
    columns = (
        (_("Duration"), found.duration.raw),
        (_("Lateness"), found.lateness.raw),
        (_("Lateness, corrected"), found.lateness.corrected),
    )
    rows: list[tuple[str, list[str]]] = [
        (_("mean"), [figures.duration(each.mean_ns) for _title, each in columns]),
        (_("fastest"), [figures.duration(each.least_ns) for _title, each in columns]),
        *(
            (charts.share_name(share), [figures.duration(each.at(share)) for _title, each in columns])
            for share in (0.5, 0.95, 0.99, 0.999)
        ),
        (_("slowest"), [figures.duration(each.most_ns) for _title, each in columns]),
    ]
    count = found.duration.raw.count
    table = Table(
        ngettext("Of {count} beat", "Of {count} beats", count).format(count=figures.count(count)),
        (Column(_("figure")), *(Column(title, is_figure=True) for title, _each in columns)),
        tuple((Cell(name), *map(Cell, values)) for name, values in rows),
    )
    return Section("statistics", _("Statistics"), (table,))


def bands(material: Material) -> Section | None:
    """How good the beats were; None without a beat."""
    analysis = material.analysis
    figure = charts.bands_figure(analysis.bands, analysis.lateness_bands)
    if figure is None:
        return None
    rows = tuple(
        (Cell(analysis_words.seed_band_name(band)), Cell(analysis_words.share_text(share)))
        for band, share in analysis.seed_bands.items()
    )
    columns = (Column(_("duration")), Column(_("share"), is_figure=True))
    older = Table(_("The classes of the first AIOS heartbeat"), columns, rows)
    return Section("bands", _("Distribution"), (figure, older))


def percentiles(material: Material) -> Section | None:
    """How long the slowest took; None without a beat."""
    figure = charts.percentile_figure(material.analysis.distributions)
    return Section("percentiles", _("The slowest beats"), (figure,)) if figure is not None else None


def smoke(material: Material) -> Section | None:
    """Duration and lateness through the span; None without a beat."""
    figure = charts.smoke_figure(material.smoke) if material.analysis.count else None
    return Section("smoke", _("Course"), (figure,)) if figure is not None else None


def days(material: Material) -> Section | None:
    """A figure and a row for each day; None for a single day."""
    analysis = material.analysis
    figure = charts.days_figure(analysis.days, analysis.gaps)
    known = [day for day in analysis.days if day.count]
    if figure is None:
        return None
    rows = tuple(
        (
            Cell(day.date.isoformat()),
            Cell(figures.count(day.count)),
            Cell(figures.availability(day.coverage)),
            Cell(figures.count(day.missed), Tone.WARNING if day.missed else Tone.PLAIN),
            Cell(figures.duration(day.duration_p50_ns)),
            Cell(figures.duration(day.duration_p99_ns)),
            Cell(figures.duration(day.lateness_p99_ns)),
            Cell(figures.count(day.hiccups)),
            Cell(figures.duration(day.worst_stall_ns) if day.worst_stall_ns else figures.NONE),
            Cell(analysis_words.band_name(day.band), _TONES[day.band])
            if day.band is not None
            else Cell(figures.NONE),
        )
        for day in known[-_MOST_DAYS:]
    )
    columns = (
        Column(_("day")),
        Column(_("beats"), is_figure=True),
        Column(_("recorded"), is_figure=True),
        Column(_("missed beats"), is_figure=True),
        Column(_("duration, P50"), is_figure=True),
        Column(_("duration, P99"), is_figure=True),
        Column(_("lateness, P99"), is_figure=True),
        Column(_("hiccups"), is_figure=True),
        Column(_("worst hiccup"), is_figure=True),
        Column(_("P99 band")),
    )
    caption = _("Local days with beats")
    if len(known) > _MOST_DAYS:
        caption = _("The last {count} of {all} local days with beats").format(
            count=_MOST_DAYS, all=figures.count(len(known))
        )
    return Section("days", _("Days"), (figure, Table(caption, columns, rows)))


def heat(material: Material) -> Section | None:
    """By the hour of the week; None for fewer than two days."""
    figure = charts.heat_figure(material.analysis.heat_map)
    return Section("heat", _("Hours of the week"), (figure,)) if figure is not None else None


def availability(material: Material) -> Section | None:
    """Availability by the day, against its goal; None without a beat."""
    analysis, coverage = material.analysis, material.analysis.coverage
    figure = charts.availability_figure(analysis.days)
    if figure is None:
        return None
    allowed = coverage.due * (1 - AVAILABILITY_GOAL)
    facts = Facts(
        (
            Fact(_("due"), figures.count(coverage.due), _("points of the grid outside of gaps")),
            Fact(_("made"), figures.count(coverage.made), _("beats that were made")),
            Fact(
                _("missed beats"),
                figures.count(coverage.missed),
                _("points of the grid that passed while a beat was late: this is what counts as down"),
            ),
            *_down(coverage, analysis.interval_ns),
            Fact(
                _("allowance used"),
                figures.percent(coverage.missed / allowed * 100 if allowed else None),
                _("missed beats of the 0.1 % that may be missed at 99.9 %"),
                _reached(coverage.availability, AVAILABILITY_GOAL),
            ),
            Fact(
                _("recorded"),
                figures.availability(coverage.share),
                _("share of the span that no gap takes; gaps count neither as up nor as down"),
            ),
        )
    )
    return Section("availability", _("Availability"), (facts, figure))


def _down(coverage: Coverage, interval_ns: int) -> tuple[Fact, ...]:
    """For how long it was down; nothing where the interval changed or is not known."""
    if not interval_ns:
        return ()
    meaning = _("missed beats by the interval of {interval}").format(interval=figures.interval(interval_ns))
    return (Fact(_("down for"), figures.span(coverage.missed * interval_ns), meaning),)


def not_covered(material: Material) -> Section:
    """What of the span is not recorded, and why."""
    from aios_gui.reports.words import gap_name

    analysis = material.analysis
    coverage = analysis.coverage
    if not coverage.gaps:
        text = _("Every moment from the first to the last beat of the span is covered.")
        if not analysis.count:
            text = _("Nothing was recorded in this span.")
        return Section("not-covered", _("What is not covered"), (Text(text),))
    rows = tuple(
        (Cell(gap_name(kind)), Cell(figures.count(found.count)), Cell(figures.span(found.length_ns)))
        for kind, found in coverage.gaps.items()
    )
    columns = (
        Column(_("gap")),
        Column(_("how often"), is_figure=True),
        Column(_("together"), is_figure=True),
    )
    longest = sorted(analysis.gaps, key=lambda gap: gap.start_ns - gap.end_ns)[:5]
    told = tuple(
        (
            Cell(dates.short(gap.start_ns)),
            Cell(dates.short(gap.end_ns)),
            Cell(figures.span(gap.end_ns - gap.start_ns)),
            Cell(gap_name(gap.kind)),
        )
        for gap in sorted(longest, key=lambda gap: gap.start_ns)
        if gap.end_ns > gap.start_ns
    )
    blocks: list[Block] = [
        Text(
            _(
                "{share} of the span is recorded. Gaps are hatched in every figure and count as no downtime."
            ).format(share=figures.availability(coverage.share))
        ),
        Table(_("Gaps by kind"), columns, rows),
    ]
    if told:
        heads = (Column(_("from")), Column(_("to")), Column(_("length"), is_figure=True), Column(_("gap")))
        blocks.append(Table(_("The longest"), heads, told))
    return Section("not-covered", _("What is not covered"), tuple(blocks))
