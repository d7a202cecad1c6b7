"""The cards that say things in sentences: advice, what was unusual, when it changed, what stood out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aios_gui.history.analysis import words
from aios_gui.history.analysis.model.analysis import (
    UNUSUAL_SCORE,
    Advice,
    AdviceKind,
    AdviceLevel,
    Analysis,
    ChangePoint,
    UnusualMeasure,
    UnusualProgram,
)
from aios_gui.history.comparison.words import change
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import plain
from aios_gui.ui.history.findings.card import FindingCard
from aios_gui.ui.history.findings.sentences import Sentence, Sentences
from aios_gui.ui.theme import Theme
from aios_gui.ui.widgets.dot import Mark
from aios_gui.ui.widgets.fact_table import Column, Fact, Row

_MARKS = {AdviceLevel.FINE: Mark.FINE, AdviceLevel.NOTE: Mark.COLD, AdviceLevel.ACT: Mark.WARNING}
_OF_PROGRAMS = AdviceKind.CULPRIT, AdviceKind.UNUSUAL_PROGRAM
_MOST = 6
_UNUSUAL_NS = 28 * 86_400 * 1_000_000_000
"""Longer spans have no hours of earlier weeks that they could be set against."""
Table = tuple[tuple[Column, ...], Sequence[Row]]


class ToldCard(FindingCard):
    """Sentences, and the same as a table; ``moment_chosen`` brings when what was opened in the table was (ns)."""

    moment_chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        title: Callable[[], str],
        say: Callable[[Analysis], tuple[str, Sequence[Sentence]]],
        tabulate: Callable[[Analysis], Table],
        moments: Callable[[Analysis], Sequence[int]] = lambda _analysis: (),
        parent: QWidget | None = None,
    ) -> None:
        self.told = Sentences(theme)
        super().__init__(theme, self.told, parent)
        self._title, self._say, self._tabulate, self._moments_of = title, say, tabulate, moments
        self._analysis: Analysis | None = None
        self._moments: Sequence[int] = ()
        self.table.activated.connect(lambda index: self._open(index.row()))

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(self._title())
        super().retranslate()
        if self._analysis is not None:
            self.show_analysis(self._analysis)

    def show_analysis(self, analysis: Analysis) -> None:
        """Say what there is to say."""
        self._analysis = analysis
        lead, sentences = self._say(analysis)
        self.told.show_sentences(sentences)
        columns, rows = self._tabulate(analysis)
        self._moments = self._moments_of(analysis)
        self.as_table.setVisible(bool(rows))
        self.tell(lead, columns, rows)

    def as_text(self) -> str:
        """The sentences before the table."""
        title, *rest = super().as_text().split("\n\n", 1)
        return "\n\n".join(part for part in (title, self.told.as_text(), *rest) if part)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._moments):
            self.moment_chosen.emit(self._moments[row])


def make_advice(theme: Theme, parent: QWidget) -> ToldCard:
    """What is to be said of the span, with the figures that it rests on."""
    return ToldCard(theme, lambda: _("Advice"), _say_advice, _tabulate_advice, parent=parent)


def _say_advice(analysis: Analysis) -> tuple[str, Sequence[Sentence]]:
    return "", [
        Sentence(_advice(each, analysis), _MARKS[each.level], words.advice_basis(each, analysis))
        for each in analysis.advice
    ]


def _advice(advice: Advice, analysis: Analysis) -> str:
    sentence = words.advice_sentence(advice, analysis)
    return sentence if advice.kind in _OF_PROGRAMS else _begun(sentence)


def _begun(sentence: str) -> str:
    """With a capital, as at the begin of a line; not for what begins with the name of a program."""
    return sentence[:1].upper() + sentence[1:]


def _tabulate_advice(analysis: Analysis) -> Table:
    columns = Column(_("advice"), right=False), Column(_("rests on"), right=False)
    rows = [
        (Fact(_advice(each, analysis)), Fact(words.advice_basis(each, analysis))) for each in analysis.advice
    ]
    return columns, rows


def make_unusual(theme: Theme, parent: QWidget) -> ToldCard:
    """What was not as in the same hours of the weeks before."""
    return ToldCard(theme, lambda: _("What was unusual"), _say_unusual, _tabulate_unusual, parent=parent)


def _unusual(analysis: Analysis) -> list[UnusualMeasure | UnusualProgram]:
    both: list[UnusualMeasure | UnusualProgram] = [*analysis.unusual.measures, *analysis.unusual.programs]
    return sorted(both, key=lambda each: -abs(each.score))


def _say_unusual(analysis: Analysis) -> tuple[str, Sequence[Sentence]]:
    unusual = analysis.unusual
    if not unusual.hours:
        if analysis.span.end_ns - analysis.span.start_ns > _UNUSUAL_NS:
            return _("Only shown for spans of up to four weeks."), ()
        return _("There are no earlier weeks to compare this span with."), ()
    lead = ngettext(
        "Against the same hour of up to {weeks} weeks before.",
        "Against the same {hours} hours of up to {weeks} weeks before.",
        unusual.hours,
    ).format(hours=figures.count(unusual.hours), weeks=unusual.weeks)
    found = [each for each in _unusual(analysis) if abs(each.score) >= UNUSUAL_SCORE]
    if not found:
        return lead, [Sentence(_("Nothing was unusual."), Mark.FINE)]
    return lead, [Sentence(_unusual_sentence(each, analysis), Mark.COLD) for each in found[:_MOST]]


def _unusual_sentence(each: UnusualMeasure | UnusualProgram, analysis: Analysis) -> str:
    if isinstance(each, UnusualMeasure):
        return _begun(words.unusual_measure_sentence(each, analysis))
    return words.unusual_program_sentence(each)


def _tabulate_unusual(analysis: Analysis) -> Table:
    columns = (
        Column(_("what"), right=False),
        Column(_("in this span")),
        Column(_("usual")),
        Column(_("usually from … to")),
        Column(_("how unusual"), tip=_("How many usual spreads away; from 3 on it is called unusual")),
    )
    rows: list[Row] = []
    hourly = words.is_hourly(analysis)
    for each in _unusual(analysis):
        tone = "warning" if abs(each.score) >= UNUSUAL_SCORE else "muted"
        score = Fact(f"{'−' if each.score < 0 else ''}{abs(each.score):.1f}", tone=tone)
        if isinstance(each, UnusualMeasure):
            value, usual, low, high = (
                words.tracked_figure(each.tracked, figure, hourly)
                for figure in (each.value, each.usual, each.low, each.high)
            )
            rows.append(
                (
                    Fact(words.tracked_name(each.tracked, hourly)),
                    Fact(value),
                    Fact(usual),
                    Fact(f"{low} … {high}", tone="muted"),
                    score,
                )
            )
        else:
            usual_cpu = (
                _("did not run")
                if each.usual_cpu_percent is None
                else figures.percent(each.usual_cpu_percent)
            )
            rows.append(
                (
                    Fact(plain(each.name, 60), strong=True),
                    Fact(_("{percent} CPU").format(percent=figures.percent(each.cpu_percent))),
                    Fact(usual_cpu),
                    Fact(),
                    score,
                )
            )
    return columns, rows


def make_changed(theme: Theme, parent: QWidget) -> ToldCard:
    """When a daily figure became another one, with the change before it; and what drifts slowly."""
    return ToldCard(
        theme,
        lambda: _("When it changed"),
        _say_changed,
        _tabulate_changed,
        lambda analysis: [point.at_ns for point in analysis.change_points],
        parent=parent,
    )


def _say_changed(analysis: Analysis) -> tuple[str, Sequence[Sentence]]:
    sentences = [
        Sentence(_begun(words.change_sentence(point)), Mark.WARNING if point.ratio > 1 else Mark.FINE)
        for point in analysis.change_points
    ]
    sentences += [Sentence(_begun(words.drift_sentence(each)), Mark.COLD) for each in analysis.drifts]
    if sentences:
        return "", sentences
    days = sum(day.count > 0 for day in analysis.days)
    if days < _LEAST_DAYS:
        return _("To see when it changed, choose a span of some weeks."), ()
    return "", [Sentence(_("No change and no slow drift can be shown in these days."), Mark.FINE)]


_LEAST_DAYS = 10


def _tabulate_changed(analysis: Analysis) -> Table:
    columns = (
        Column(_("what"), right=False),
        Column(_("when")),
        Column(_("before")),
        Column(_("after")),
        Column(_("change")),
        Column(_("95 % interval")),
        Column(_("what changed before it"), right=False),
    )
    rows: list[Row] = [_point_row(point) for point in analysis.change_points]
    rows += [
        (
            Fact(words.tracked_name(each.tracked)),
            Fact(_("{days} days, slowly").format(days=each.days)),
            Fact(),
            Fact(),
            Fact(_("{change} in 30 days").format(change=change(each.ratio))),
            Fact(f"{change(each.low)} … {change(each.high)}", tone="muted"),
            Fact(),
        )
        for each in analysis.drifts
    ]
    return columns, rows


def _point_row(point: ChangePoint) -> Row:
    before = words.preceding_phrase(point.preceding[0]) if point.preceding else ""
    return (
        Fact(words.tracked_name(point.tracked)),
        Fact(point.date.isoformat()),
        Fact(words.tracked_figure(point.tracked, point.before)),
        Fact(words.tracked_figure(point.tracked, point.after)),
        Fact(change(point.ratio), tone="critical" if point.ratio > 1 else "fine", strong=True),
        Fact(f"{change(point.low)} … {change(point.high)}", tone="muted"),
        Fact(before, tip=before),
    )


def make_anomalies(theme: Theme, parent: QWidget) -> ToldCard:
    """Beats that stand out, by the median and by the older rule."""
    return ToldCard(
        theme,
        lambda: _("What stood out"),
        lambda analysis: (
            "",
            [Sentence(_begun(words.anomalies_sentence(each)), Mark.NONE) for each in analysis.anomalies],
        ),
        _tabulate_anomalies,
        lambda analysis: [worst.at_ns for each in analysis.anomalies for worst in each.worst],
        parent=parent,
    )


def _tabulate_anomalies(analysis: Analysis) -> Table:
    columns = Column(_("what"), right=False), Column(_("when")), Column(_("length"))
    rows: list[Row] = [
        (
            Fact(words.timed_name(each.timed)),
            Fact(figures.moment(worst.at_ns)[:19]),
            Fact(figures.duration(worst.value_ns)),
        )
        for each in analysis.anomalies
        for worst in each.worst
    ]
    return columns, rows
