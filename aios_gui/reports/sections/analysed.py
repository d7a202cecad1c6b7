"""Sections on what an analysis concludes: what to do, what became different and why, what was unusual."""

from __future__ import annotations

from aios_gui.history.analysis import words as analysis_words
from aios_gui.history.analysis.model.analysis import AdviceLevel
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Block, Cell, Column, Items, Section, Table, Text, Tone
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _

LEVELS = {AdviceLevel.FINE: Tone.FINE, AdviceLevel.NOTE: Tone.PLAIN, AdviceLevel.ACT: Tone.WARNING}


def advice(material: Material) -> Section:
    """What to say of the span, what matters most first, each with the figures that it rests on."""
    analysis = material.analysis
    blocks: list[Block] = []
    for each in analysis.advice:
        blocks.append(Text(analysis_words.advice_sentence(each, analysis), tone=LEVELS[each.level]))
        basis = analysis_words.advice_basis(each, analysis)
        if basis:
            blocks.append(Text(basis, is_muted=True))
    return Section("advice", _("What matters most"), tuple(blocks))


def changes(material: Material) -> Section | None:
    """When a daily figure became another one, and what changed before; None where nothing did."""
    analysis = material.analysis
    told = [analysis_words.change_sentence(each) for each in analysis.change_points]
    told += [analysis_words.drift_sentence(each) for each in analysis.drifts]
    return Section("changes", _("What became different"), (Items(tuple(told)),)) if told else None


def unusual(material: Material) -> Section | None:
    """What was unlike the same hours of the weeks before; None where there is nothing to compare with."""
    found, title = material.analysis.unusual, _("What was unusual")
    if not found.hours:
        return None
    basis = _("Against {hours} of the same hours of the {weeks} weeks before.").format(
        hours=figures.count(found.hours), weeks=found.weeks
    )
    told = analysis_words.unusual_sentences(material.analysis)
    if not told:
        return Section(
            "unusual", title, (Text(_("Nothing was."), tone=Tone.FINE), Text(basis, is_muted=True))
        )
    return Section("unusual", title, (Items(tuple(told)), Text(basis, is_muted=True)))


def anomalies(material: Material) -> Section | None:
    """The beats that stand out by both limits, with the longest; None without a beat."""
    found = material.analysis.anomalies
    if not found:
        return None
    blocks: list[Block] = [Items(tuple(map(analysis_words.anomalies_sentence, found)))]
    rows = tuple(
        (
            Cell(analysis_words.timed_name(each.timed)),
            Cell(figures.moment(outlier.at_ns)),
            Cell(figures.duration(outlier.value_ns)),
        )
        for each in found
        for outlier in each.worst[:5]
    )
    if rows:
        columns = (Column(_("time")), Column(_("when")), Column(_("length"), is_figure=True))
        blocks.append(Table(_("The longest"), columns, rows))
    return Section("anomalies", _("Beats that stand out"), tuple(blocks))
