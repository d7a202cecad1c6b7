"""An analysis as a page of text for the terminal: the sentence first, then bars, tables with spark lines, advice."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from math import log

from aios_gui.history.analysis import words
from aios_gui.history.analysis.model.analysis import AdviceLevel, Analysis, Day
from aios_gui.history.model.distribution import Band, Distribution
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.terminal.style import TerminalStyle
from aios_gui.text.terminal.text_width import cut, padded, width

_WIDEST = 110
_SPARKS, _PLAIN_SPARKS = "▁▂▃▄▅▆▇█", "_.-=+*#@"
_SHADES, _PLAIN_SHADES = "·░▒▓█", ".:+*#"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BOLD, _DIM, _RED, _GREEN, _YELLOW, _CYAN = "1", "2", "31", "32", "33", "36"
_BAND_COLOURS = {Band.EXCELLENT: _GREEN, Band.GOOD: _GREEN, Band.ACCEPTABLE: _YELLOW, Band.POOR: _RED}
_LEVEL_COLOURS = {AdviceLevel.ACT: _RED, AdviceLevel.NOTE: _YELLOW, AdviceLevel.FINE: _GREEN}
_MARKS = {AdviceLevel.ACT: "!", AdviceLevel.NOTE: "•", AdviceLevel.FINE: "✓"}
_PLAIN_MARKS = {AdviceLevel.ACT: "!", AdviceLevel.NOTE: "-", AdviceLevel.FINE: "+"}
_MOST_DAYS = 31
_LEAST_BAR = 8
_PERCENTILES = ((0.5, "P50"), (0.95, "P95"), (0.99, "P99"), (0.999, "P99.9"))
_WEEKDAY_PLACES = 3
_LEAST_DAYS_FOR_WEEK = 7


def page(analysis: Analysis, style: TerminalStyle, long_term: bool = False) -> Iterator[str]:
    """The lines; with ``long_term`` the days and what changed between them, else the beats and what was unusual."""
    paper = _Paper(style)
    yield from paper.wrapped(words.headline(analysis), _BOLD)
    if not analysis.count:
        yield ""
        yield from _advice(analysis, paper)
        return
    yield from paper.wrapped(_basis(analysis), _DIM)
    parts: tuple[Callable[[Analysis, _Paper], Iterator[str]], ...] = (_times, _bands, _unusual, _last_beats)
    if long_term:
        parts = (_times, _bands, _days, _week, _over_time)
    for part in (*parts, _anomalies, _advice):
        lines = list(part(analysis, paper))
        if lines:
            yield ""
            yield from lines


class _Paper:
    """What is written on: its width, and whether it has colours and characters beyond ASCII."""

    def __init__(self, style: TerminalStyle) -> None:
        self.places = min(style.columns, _WIDEST)
        self.blocks = style.blocks
        self._colour = style.colour

    def coloured(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and code and text else text

    def title(self, text: str) -> str:
        return self.coloured(cut(text, self.places), f"{_BOLD};{_CYAN}")

    def wrapped(self, text: str, code: str = "", mark: str = "", mark_code: str = "") -> Iterator[str]:
        """A sentence over as many lines as it needs, with a mark before the first."""
        indent = " " * (width(mark) + 1) if mark else ""
        # A Chinese letter takes two places, and a line may break after each, but not within a word or figure.
        places = self.places - width(indent)
        if width(text) > len(text):
            lines = []
            while width(text) > places:
                end = _end_of_line(text, len(cut(text, places + 1)) - 1 or 1)
                lines.append(text[:end].rstrip())
                text = text[end:].lstrip()
            lines.append(text)
        else:
            lines = textwrap.wrap(text, max(10, places)) or [""]
        for number, line in enumerate(lines):
            before = f"{self.coloured(mark, mark_code)} " if mark and not number else indent
            yield before + self.coloured(line, code)

    def bar(self, share: float, places: int, code: str) -> str:
        """A bar as long as a share of 0 to 1; what is not nothing is seen."""
        if not self.blocks:
            return self.coloured("#" * max(round(share * places), 1 if share > 0 else 0), code)
        eighths = max(round(share * places * 8), 1 if share > 0 else 0)
        full, rest = divmod(eighths, 8)
        return self.coloured("█" * full + (_EIGHTHS[rest] if rest else ""), code)

    def sparks(self, values: Sequence[float | None], places: int) -> str:
        """Figures as a line of small bars, by their logarithms, no more than fit: of several the largest is drawn."""
        count = max(1, min(places, len(values)))
        groups = [values[len(values) * n // count : len(values) * (n + 1) // count] for n in range(count)]
        most = [max((each for each in group if each is not None), default=None) for group in groups]
        known = [log(max(each, 1.0)) for each in most if each is not None]
        if not known:
            return ""
        least, reach = min(known), max(max(known) - min(known), log(1.5))
        shapes = _SPARKS if self.blocks else _PLAIN_SPARKS
        return "".join(
            " " if each is None else shapes[min(7, int((log(max(each, 1.0)) - least) / reach * 7.999))]
            for each in most
        )

    def table(self, rows: Sequence[Sequence[str]], optional: Sequence[int] = ()) -> list[str]:
        """Columns, the first at the left, the others at the right; of these ``optional`` ones go where it is narrow."""
        columns = list(range(len(rows[0])))
        dropped = iter(optional)
        widths = {place: max(width(row[place]) for row in rows) for place in columns}
        while sum(widths[place] + 2 for place in columns) - 2 > self.places:
            drop = next(dropped, None)
            if drop is None:
                break
            columns.remove(drop)
        lines = []
        for number, row in enumerate(rows):
            cells = [
                padded(row[place], widths[place])
                if place == columns[0]
                else " " * (widths[place] - width(row[place])) + row[place]
                for place in columns
            ]
            line = cut("  ".join(cells).rstrip(), self.places)
            lines.append(self.coloured(line, _DIM) if not number else line)
        return lines


def _end_of_line(text: str, most: int) -> int:
    """How many of the letters that fit go into a line; all of them where they are one word."""
    end = most
    while end and all(width(each) == 1 and each != " " for each in text[end - 1 : end + 1]):
        end -= 1
    return end or most


def _basis(analysis: Analysis) -> str:
    coverage, span = analysis.coverage, analysis.span
    seconds = span.end_ns - span.start_ns < figures.SHORT_SPAN_NS
    return ngettext(
        "{start} to {end}: {count} beat, {availability} of those due; {covered} of the span recorded.",
        "{start} to {end}: {count} beats, {availability} of those due; {covered} of the span recorded.",
        analysis.count,
    ).format(
        start=figures.clock_time(span.start_ns, 1, seconds),
        end=figures.clock_time(span.end_ns, 1, seconds),
        count=figures.count(analysis.count),
        availability=figures.availability(coverage.availability),
        covered=figures.availability(coverage.share),
    )


def _times(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    header = ["", _("mean"), *(name for _share, name in _PERCENTILES), _("longest")]
    rows = [header]
    for name, timing in (
        (_("Duration"), analysis.distributions.duration),
        (_("Lateness"), analysis.distributions.lateness),
    ):
        rows.append([name, *_row(timing.raw)])
        if timing.corrected != timing.raw:
            rows.append([_("  corrected"), *_row(timing.corrected)])
    yield from paper.table(rows, optional=(1, 3, 5))
    shares = [
        _("{name} {mean} on average, {most} at most").format(
            name=name, mean=figures.percent(each.mean_percent), most=figures.percent(each.most_percent)
        )
        for name, each in ((_("CPU"), analysis.cpu), (_("memory"), analysis.memory))
        if each.mean_percent is not None
    ]
    yield from paper.wrapped(_("; ").join(shares), _DIM) if shares else ()


def _row(times: Distribution) -> list[str]:
    return [
        figures.duration(times.mean_ns),
        *(figures.duration(times.at(share)) for share, _name in _PERCENTILES),
        figures.duration(times.most_ns),
    ]


def _bands(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    limits = ("< 5 ms", "5–10 ms", "10–50 ms", "> 50 ms")
    names = [f"{words.band_name(band)} {limit}" for band, limit in zip(Band, limits, strict=True)]
    for title, bands in ((_("Duration"), analysis.bands), (_("Lateness"), analysis.lateness_bands)):
        yield paper.title(title)
        parts = [(name, bands[band], _BAND_COLOURS[band]) for name, band in zip(names, Band, strict=True)]
        yield from _bars(parts, paper)
    yield paper.title(_("Duration, in the older classes"))
    colours = (_GREEN, _GREEN, _YELLOW, _RED, _RED)
    seed = [
        (words.seed_band_name(band), share, colour)
        for (band, share), colour in zip(analysis.seed_bands.items(), colours, strict=True)
    ]
    yield from _bars(seed, paper)


def _bars(parts: Sequence[tuple[str, float, str]], paper: _Paper) -> Iterator[str]:
    places = max(width(name) for name, _share, _colour in parts)
    texts = [words.share_text(share) for _name, share, _colour in parts]
    figure_places = max(map(width, texts))
    room = paper.places - places - figure_places - 4
    for (name, share, colour), text in zip(parts, texts, strict=True):
        line = f"  {padded(name, places)}  {' ' * (figure_places - width(text))}{text}"
        yield (
            f"{line}  {paper.bar(share, room - 2, colour)}".rstrip()
            if room > _LEAST_BAR
            else cut(line, paper.places)
        )


def _days(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    yield paper.title(_("Days"))
    shown = [day for day in analysis.days if day.count][-_MOST_DAYS:]
    names = (
        _("beats"),
        _("recorded"),
        _("mean"),
        "P50",
        "P95",
        "P99",
        _("late P99"),
        _("longest"),
        _("hiccups"),
        _("P99 band"),
    )
    rows = [["", *names], *(_day(day) for day in shown)]
    yield from paper.table(rows, optional=(3, 5, 10, 2, 4, 1, 8))
    left_out = sum(1 for day in analysis.days if day.count) - len(shown)
    if left_out > 0:
        more = ngettext("{count} earlier day is not listed", "{count} earlier days are not listed", left_out)
        yield paper.coloured(cut(more.format(count=figures.count(left_out)), paper.places), _DIM)
    sparks = (
        (_("Duration P99"), [day.duration_p99_ns for day in analysis.days]),
        (_("Lateness P99"), [day.lateness_p99_ns for day in analysis.days]),
        (_("Hiccups"), [day.hiccups + 1 if day.count else None for day in analysis.days]),
    )
    places = max(width(name) for name, _values in sparks)
    for name, values in sparks:
        line = paper.sparks(values, paper.places - places - 2)
        yield f"{padded(name, places)}  {paper.coloured(line, _CYAN)}"
    trend = analysis.trend
    if trend is not None and trend.lateness_p99_ratio is not None and trend.duration_p99_ratio is not None:
        yield from paper.wrapped(
            _("From {first} to {last}: duration P99 {duration}, lateness P99 {lateness}.").format(
                first=trend.first.date.isoformat(),
                last=trend.last.date.isoformat(),
                duration=words.change_phrase(trend.duration_p99_ratio),
                lateness=words.change_phrase(trend.lateness_p99_ratio),
            )
        )


def _day(day: Day) -> list[str]:
    return [
        day.date.isoformat(),
        figures.count(day.count),
        figures.availability(day.coverage),
        figures.duration(day.duration_mean_ns),
        figures.duration(day.duration_p50_ns),
        figures.duration(day.duration_p95_ns),
        figures.duration(day.duration_p99_ns),
        figures.duration(day.lateness_p99_ns),
        figures.duration(max(day.lateness_max_ns or 0, day.worst_stall_ns)),
        figures.count(day.hiccups),
        "" if day.band is None else words.band_name(day.band),
    ]


def _week(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    """Lateness by the hour of the week, a shade for each."""
    if len(analysis.days) < _LEAST_DAYS_FOR_WEEK:
        return
    rows = analysis.heat_map.lateness_p99_ns
    known = [log(max(each, 1)) for row in rows for each in row if each is not None]
    names = [words.weekday_name(day)[:_WEEKDAY_PLACES] for day in range(7)]
    places = max(map(width, names))
    if not known or paper.places < places + 2 + 24:
        return
    yield paper.title(_("Lateness P99 by the hour of the week"))
    least, reach = min(known), max(max(known) - min(known), log(1.5))
    shapes = _SHADES if paper.blocks else _PLAIN_SHADES
    step = 2 if paper.places >= places + 2 + 48 else 1
    hours = "".join(padded(f"{hour:02d}", 6 * step) for hour in range(0, 24, 6))
    yield paper.coloured(f"{' ' * places}  {hours}".rstrip(), _DIM)
    for name, row in zip(names, rows, strict=True):
        cells = "".join(
            " " * step
            if each is None
            else shapes[min(4, int((log(max(each, 1)) - least) / reach * 4.999))] * step
            for each in row
        )
        yield f"{padded(name, places)}  {paper.coloured(cells, _CYAN)}".rstrip()
    values = [each for row in rows for each in row if each is not None]
    yield paper.coloured(
        f"{' ' * places}  {shapes[0]} {figures.duration(min(values))}  {shapes[-1]} {figures.duration(max(values))}",
        _DIM,
    )


def _over_time(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    sentences = [words.change_sentence(each) for each in analysis.change_points]
    sentences += [words.drift_sentence(each) for each in analysis.drifts]
    yield paper.title(_("When it changed"))
    if not sentences:
        yield from paper.wrapped(_("No demonstrable change from day to day."))
    for sentence in sentences:
        yield from paper.wrapped(sentence, mark="•" if paper.blocks else "-")


def _unusual(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    unusual = analysis.unusual
    if not unusual.weeks:
        return
    yield paper.title(
        ngettext(
            "Unusual, against the same hours of {count} week before",
            "Unusual, against the same hours of {count} weeks before",
            unusual.weeks,
        ).format(count=unusual.weeks)
    )
    sentences = words.unusual_sentences(analysis)
    if not sentences:
        yield from paper.wrapped(_("Nothing was unusual."))
    for sentence in sentences:
        yield from paper.wrapped(sentence, mark="•" if paper.blocks else "-")


def _last_beats(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    if not analysis.last_beats:
        return  # their hours are no longer kept
    yield paper.title(_("Last beats"))
    rows = [["", _("duration"), _("lateness"), _("CPU"), _("memory"), _("result")]]
    rows += [
        [
            figures.clock_time(beat.wall_ns, beat.wall_ns, seconds=True),
            figures.duration(beat.duration_ns),
            figures.duration(beat.lateness_ns),
            figures.percent(beat.cpu_percent),
            figures.percent(beat.memory_percent),
            str(beat.outcome),
        ]
        for beat in analysis.last_beats
    ]
    yield from paper.table(rows, optional=(4, 3, 5))


def _anomalies(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    yield paper.title(_("Beats that stand out"))
    for each in analysis.anomalies:
        yield from paper.wrapped(words.anomalies_sentence(each), mark="•" if paper.blocks else "-")


def _advice(analysis: Analysis, paper: _Paper) -> Iterator[str]:
    yield paper.title(_("Advice"))
    marks = _MARKS if paper.blocks else _PLAIN_MARKS
    for each in analysis.advice:
        sentence = words.advice_sentence(each, analysis)
        yield from paper.wrapped(sentence, "", marks[each.level], _LEVEL_COLOURS[each.level])
        basis = words.advice_basis(each, analysis)
        if basis:
            yield from paper.wrapped(basis, _DIM, mark=" ")
