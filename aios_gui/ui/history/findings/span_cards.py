"""The cards of a span as a whole: how good its beats were, when in the week they were late, what is not recorded."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.history.analysis.model.analysis import Analysis, SeedBand
from aios_gui.history.analysis.words import band_name, seed_band_name, share_text, weekday_name
from aios_gui.history.model.distribution import Band
from aios_gui.instance.words import gap_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import paragraph
from aios_gui.ui.history.findings.band_bar import BandBar, BarPart
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.history.findings.heat_map import HOURS, WEEKDAYS, Heat, HeatMap, shares_of
from aios_gui.ui.theme import LABEL, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_BAND_TONES = dict(zip(Band, ("fine", "accent", "warning", "critical"), strict=True))
_SEED_TONES = {
    SeedBand.UNDER_10: ("fine", 1.0),
    SeedBand.FROM_10: ("accent", 1.0),
    SeedBand.FROM_50: ("warning", 0.7),
    SeedBand.FROM_100: ("warning", 1.0),
    SeedBand.OVER_200: ("critical", 1.0),
}


class BandsCard(FindingCard):
    """Bars of shares: durations and latenesses by ours, durations by the older five."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._page = QWidget()
        super().__init__(theme, self._page, parent)
        self.bars = BandBar(theme), BandBar(theme), BandBar(theme)
        self._labels = tuple(muted_label(wraps=False) for _bar in self.bars)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S // 2)
        for label, bar in zip(self._labels, self.bars, strict=True):
            column.addWidget(label)
            column.addWidget(bar)
            column.addSpacing(S // 2)
        column.addStretch(1)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("How good the beats were"))
        super().retranslate()
        for label, text in zip(self._labels, _bar_names(), strict=True):
            label.setFont(font(LABEL))
            set_text(label, text)

    def show_analysis(self, analysis: Analysis) -> None:
        """Fill bars and table."""
        parts: list[list[BarPart]] = [
            [
                BarPart(share, band_name(band), share_text(share), _BAND_TONES[band])
                for band, share in bands.items()
            ]
            for bands in (analysis.bands, analysis.lateness_bands)
        ]
        parts.append(
            [
                BarPart(share, seed_band_name(band), share_text(share), *_SEED_TONES[band])
                for band, share in analysis.seed_bands.items()
            ]
        )
        rows: list[Row] = []
        for bar, found, name in zip(self.bars, parts, _bar_names(), strict=True):
            bar.show_parts(found, name)
            rows += [(Fact(name), Fact(part.name), Fact(part.figure)) for part in found]
        columns = (Column(_("what"), right=False), Column(_("band"), right=False), Column(_("share")))
        self.tell(_bands_sentence(analysis), columns, rows)


def _bar_names() -> tuple[str, str, str]:
    return (
        _("Duration: what a beat cost"),
        _("Lateness: how late the machine woke it"),
        _("Duration, in five classes"),
    )


def _bands_sentence(analysis: Analysis) -> str:
    if not analysis.count:
        return _("There are no beats in this span.")
    return _("{duration} of the beats took less than 5 ms, {lateness} woke less than 5 ms late.").format(
        duration=share_text(analysis.bands[Band.EXCELLENT]),
        lateness=share_text(analysis.lateness_bands[Band.EXCELLENT]),
    )


class HeatCard(FindingCard):
    """The hours of the week by one figure at a time."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.map = HeatMap(theme)
        super().__init__(theme, self.map, parent)
        self._analysis: Analysis | None = None
        self.choice = self.add_choice(3, lambda _place: self._show())

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Hours of the week"))
        super().retranslate()
        for button, text in zip(self.choice.buttons(), _heat_names(), strict=True):
            button.setText(text)
        self._show()

    def show_analysis(self, analysis: Analysis) -> None:
        """Fill the cells."""
        self._analysis = analysis
        self._show()

    def _show(self) -> None:
        if self._analysis is None:
            return
        heat, place = self._analysis.heat_map, self.choice.checkedId()
        table = (heat.lateness_p99_ns, heat.duration_p99_ns, heat.hiccups)[place]
        tone = ("lateness", "duration", "critical")[place]
        values = [
            float(value) if value is not None and beats else None
            for row, made in zip(table, heat.beats, strict=True)
            for value, beats in zip(row, made, strict=True)
        ]
        written = [_count_of_hiccups(value) if place == 2 else figures.duration(value) for value in values]
        days = [weekday_name(day) for day in range(WEEKDAYS)]
        names = [_hour_name(days[at // HOURS], at % HOURS) for at in range(HOURS * WEEKDAYS)]
        name = _heat_names()[place]
        texts = tuple(
            _("{hour}: no beats").format(hour=hour)
            if value is None
            else _("{hour}: {name} {figure}").format(hour=hour, name=name, figure=figure)
            for hour, value, figure in zip(names, values, written, strict=True)
        )
        self.map.show_heat(Heat(shares_of(values), texts, tuple(day[:3] for day in days), tone))
        columns = (Column(_("hour"), right=False), *(Column(day) for day in days))
        rows = [
            (
                Fact(f"{hour:02}–{(hour + 1) % HOURS:02}"),
                *(Fact("" if values[at] is None else written[at]) for at in range(hour, len(values), HOURS)),
            )
            for hour in range(HOURS)
        ]
        self.tell(_heat_sentence(name, names, values, written), columns, rows)


def _heat_names() -> tuple[str, str, str]:
    return _("Lateness P99"), _("Duration P99"), _("Hiccups")


def _hour_name(day: str, hour: int) -> str:
    return _("{day} {from_hour} to {to_hour}").format(
        day=day, from_hour=f"{hour:02}:00", to_hour=f"{(hour + 1) % HOURS:02}:00"
    )


def _count_of_hiccups(value: float | None) -> str:
    return figures.NONE if value is None else figures.count(int(value))


def _heat_sentence(
    name: str, names: Sequence[str], values: Sequence[float | None], written: Sequence[str]
) -> str:
    known = [at for at, value in enumerate(values) if value is not None]
    if not known:
        return _("There are no beats in this span.")
    worst = max(known, key=lambda at: values[at] or 0.0)
    if not values[worst]:
        return _("{name}: none in any hour of the week.").format(name=name)
    middle = sorted(known, key=lambda at: values[at] or 0.0)[len(known) // 2]
    return _("{name}: the highest on {hour}, {worst}; as a rule {usual}.").format(
        name=name, hour=names[worst], worst=written[worst], usual=written[middle]
    )


class CoverageCard(FindingCard):
    """How much of the span is recorded, and what is missing by kind."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._page = QWidget()
        super().__init__(theme, self._page, parent)
        self.bar = BandBar(theme)
        self.longest = muted_label()
        self.longest.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.bar)
        column.addWidget(self.longest, 1)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Availability and coverage"))
        super().retranslate()

    def show_analysis(self, analysis: Analysis) -> None:
        """Fill bar, lines and table."""
        coverage, names = analysis.coverage, _gap_names()
        length_ns = max(1, coverage.end_ns - coverage.start_ns)
        parts = []
        if coverage.share is not None:
            parts.append(BarPart(coverage.share, _("recorded"), figures.availability(coverage.share), "fine"))
        rows: list[Row] = []
        for kind, total in coverage.gaps.items():
            share = total.length_ns / length_ns
            if total.length_ns:
                parts.append(BarPart(share, names[kind], share_text(share), *_GAP_TONES[kind]))
            rows.append(
                (
                    Fact(names[kind]),
                    Fact(figures.count(total.count)),
                    Fact(figures.span(total.length_ns)),
                    Fact(share_text(share)),
                )
            )
        self.bar.show_parts(parts, self.title.text())
        longest = sorted(analysis.gaps, key=lambda gap: gap.start_ns - gap.end_ns)[:_LONGEST]
        lines = [_sentence(gap_sentence(gap, 1)) for gap in longest]
        set_text(self.longest, "\n".join(lines))
        columns = (Column(_("gap"), right=False), Column(_("count")), Column(_("length")), Column(_("share")))
        self.tell(_coverage_sentence(analysis), columns, rows)


_LONGEST = 4
_GAP_TONES = {
    GapKind.NOT_RECORDED: ("gap", 1.0),
    GapKind.SUSPENDED: ("memory", 0.55),
    GapKind.PAUSED: ("accent", 0.55),
    GapKind.CLOCK_JUMP: ("warning", 0.8),
}


def _gap_names() -> dict[GapKind, str]:
    return {
        GapKind.NOT_RECORDED: _("not recorded"),
        GapKind.SUSPENDED: _("asleep"),
        GapKind.PAUSED: _("paused"),
        GapKind.CLOCK_JUMP: _("clock set"),
    }


def _sentence(text: str) -> str:
    """With its full stop."""
    return _("{sentence}.").format(sentence=text)


def _coverage_sentence(analysis: Analysis) -> str:
    coverage = analysis.coverage
    if not coverage.due:
        return _("No beat was due in this span.")
    missed = ngettext("{count} beat was missed", "{count} beats were missed", coverage.missed)
    sentences = [
        _("{made} of {due} beats were made: {availability}.").format(
            made=figures.count(coverage.made),
            due=figures.count(coverage.due),
            availability=figures.availability(coverage.availability),
        )
    ]
    if coverage.missed:
        sentences.append(_sentence(missed.format(count=figures.count(coverage.missed))))
    if coverage.unrecorded:
        lost = ngettext(
            "{count} beat could not be written", "{count} beats could not be written", coverage.unrecorded
        )
        sentences.append(_sentence(lost.format(count=figures.count(coverage.unrecorded))))
    if not analysis.gaps:
        sentences.append(_("There is no gap."))
    return paragraph(sentences)
