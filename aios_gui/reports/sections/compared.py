"""The section on two spans compared."""

from __future__ import annotations

from aios_gui.history.comparison import words
from aios_gui.reports import dates
from aios_gui.reports.figures import compared as charts
from aios_gui.reports.material import Material
from aios_gui.reports.model.report import Block, Cell, Column, Fact, Facts, Items, Section, Table
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _


def compared(material: Material) -> Section | None:
    """Two spans, measure by measure; None where no second one was named."""
    found, against = material.comparison, material.against
    if found is None or against is None:
        return None
    blocks: list[Block] = [
        Facts(
            (
                Fact(_("first span (A)"), dates.span(material.recorded_part(against))),
                Fact(_("second span (B)"), dates.span(material.recorded_part(material.span))),
            )
        )
    ]
    figure = charts.comparison_figure(found)
    if figure is not None:
        blocks.append(figure)
    columns = (
        Column(_("measure")),
        Column(_("first"), is_figure=True),
        Column(_("second"), is_figure=True),
        Column(_("change"), is_figure=True),
        Column(_("95 % interval"), is_figure=True),
        Column(_("noise"), is_figure=True),
        Column(_("verdict")),
    )
    rows = tuple(
        (
            Cell(words.measure_name(each.measure)),
            Cell(words.figure(each.measure, each.a)),
            Cell(words.figure(each.measure, each.b)),
            Cell(words.change(each.ratio)),
            Cell(words.interval(each)),
            Cell(figures.NONE if each.noise is None else f"± {words.change(each.noise)[1:]}"),
            Cell(words.verdict_word(each.verdict) if each.low is not None else figures.NONE),
        )
        for each in found.measures
    )
    if rows:
        blocks.append(Table(_("What each changed by"), columns, rows))
    blocks.append(Items((*words.basis_sentences(found), words.seed_sentence(found))))
    return Section("compared", _("Measure by measure"), tuple(blocks))
