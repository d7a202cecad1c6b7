"""A report for the preview in the window: rich text of Qt's kind, and figures as SVG, colours by their names.

It is no format of its own for people: the window starts `report … --preview`, reads the JSON, and gives the colours.
"""

from __future__ import annotations

import json
from html import escape
from typing import BinaryIO

from aios_gui.reports.formats.svg import svg_of
from aios_gui.reports.model.report import (
    SIGNS,
    Block,
    Cell,
    Fact,
    Facts,
    Figure,
    Items,
    Report,
    Section,
    Table,
    Text,
    Tone,
)
from aios_gui.text.figures import with_units_kept
from aios_gui.text.plain import plain

_CHARACTERS = 4_000
_FACTS_A_ROW = 3
_TONES = {
    Tone.PLAIN: "text",
    Tone.FINE: "fine",
    Tone.WARNING: "warning",
    Tone.CRITICAL: "critical",
    Tone.UNKNOWN: "gap",
}
_SMALL, _TEXT, _STRONG, _TITLE, _LARGE = 11, 13, 15, 20, 22
_ROW = "border-bottom: 1px solid var(--line); padding: 4px 8px 4px 0;"


def write(report: Report, out: BinaryIO) -> None:
    """Write one object: ``html``, whose pictures are called ``figure:NAME``, ``figures`` with their size in px, and
    the ``sentences`` of the verdict.
    """
    figures = [
        {
            "name": figure.name,
            "title": figure.title,
            "width": figure.drawing.width,
            "height": figure.drawing.height,
            "svg": svg_of(figure, _colour),
        }
        for figure in report.figures()
    ]
    sentences = [report.verdict.sentence, *report.verdict.reasons]
    content = {"html": rich_text(report), "figures": figures, "sentences": sentences}
    out.write(json.dumps(content, ensure_ascii=False).encode())


def rich_text(report: Report) -> str:
    """The report in what Qt understands of HTML, in which nothing of a record is anything but text."""
    verdict = report.verdict
    reasons = "".join(_p(each) for each in verdict.reasons)
    question = _p(report.question, _SMALL, "muted") if report.question else ""
    return (
        f'<body style="color: {_colour("text")}; font-size: {_TEXT}px">{question}'
        f"{_p(report.title, _TITLE, strong=True)}{_p(report.span, _TEXT, 'muted')}"
        f'<table width="100%" cellspacing="0" cellpadding="10" style="margin: 8px 0"><tr>'
        f'<td width="3" style="padding: 0; background: {_colour(_TONES[verdict.tone])}"></td>'
        f'<td style="background: {_colour("window")}">{_p(verdict.sentence, _STRONG, tone=verdict.tone, strong=True)}'
        f"{reasons}</td></tr></table>"
        + "".join(map(_section, report.sections))
        + f"<hr>{_p(report.origin, _SMALL, 'muted')}</body>"
    )


def _section(section: Section) -> str:
    heading = _p(section.title, _STRONG, strong=True, above=16) if section.title else ""
    return heading + "".join(map(_block, section.blocks))


def _block(block: Block) -> str:
    match block:
        case Text():
            return _p(block.text, ink="muted" if block.is_muted else "text", tone=block.tone)
        case Items():
            return "<ul>" + "".join(f"<li>{_text(each)}</li>" for each in block.texts) + "</ul>"
        case Facts():
            return _facts(block)
        case Table():
            return _table(block)
        case Figure():
            return (
                f"{_p(block.title, strong=True, above=10)}{_p(block.summary, _SMALL, 'muted')}"
                f'<p><img src="figure:{escape(block.name)}"></p>'
            )


def _facts(facts: Facts) -> str:
    rows = [facts.facts[place : place + _FACTS_A_ROW] for place in range(0, len(facts.facts), _FACTS_A_ROW)]
    size = _LARGE if facts.are_large else _STRONG
    cells = "".join("<tr>" + "".join(_fact(fact, size) for fact in row) + "</tr>" for row in rows)
    return f'<table width="100%" cellspacing="0" cellpadding="0" style="margin: 6px 0">{cells}</table>'


def _fact(fact: Fact, size: int) -> str:
    definition = _p(fact.definition, _SMALL, "muted") if fact.definition else ""
    # A large one is a figure, which no line parts from its unit.
    is_large = size == _LARGE
    text = fact.value.replace(" ", "\u00a0") if is_large else fact.value
    # Its sign stands by the name: before the figure it would leave no room for that on one line.
    at_name, at_value = (fact.tone, Tone.PLAIN) if is_large else (Tone.PLAIN, fact.tone)
    name, value = _p(fact.name, _SMALL, "muted", at_name), _p(text, size, tone=at_value, strong=True)
    return (
        f'<td width="{100 // _FACTS_A_ROW}%" style="padding: 4px 12px 8px 0">{name}{value}{definition}</td>'
    )


def _table(table: Table) -> str:
    sides = ["right" if column.is_figure else "left" for column in table.columns]
    head = "".join(
        f'<td align="{side}" style="{_ROW}"><span style="{_look(_SMALL, "muted")}">{_text(column.title)}</span></td>'
        for column, side in zip(table.columns, sides, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td align="{side}" style="{_ROW}">{_cell(cell)}</td>'
            for cell, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    return (
        f"{_p(table.caption, _SMALL, 'muted', above=8)}"
        f'<table width="100%" cellspacing="0" style="border-collapse: collapse; margin-bottom: 8px">'
        f"<tr>{head}</tr>{rows}</table>"
    )


def _cell(cell: Cell) -> str:
    return f'<span style="{_look(_SMALL + 1, "text")}">{_sign(cell.tone)}{_text(cell.text)}</span>'


def _p(
    text: str,
    size: int = _TEXT,
    ink: str = "text",
    tone: Tone = Tone.PLAIN,
    strong: bool = False,
    above: int = 0,
) -> str:
    weight = " font-weight: 600;" if strong else ""
    return (
        f'<p style="margin: {above}px 0 4px 0"><span style="{_look(size, ink)}{weight}">'
        f"{_sign(tone)}{_text(text)}</span></p>"
    )


def _look(size: int, ink: str) -> str:
    return f"font-size: {size}px; color: {_colour(ink)};"


def _sign(tone: Tone) -> str:
    sign = SIGNS.get(tone)
    return f'<span style="color: {_colour(_TONES[tone])}">{sign}</span> ' if sign else ""


def _colour(ink: str) -> str:
    return f"var(--{ink})"


def _text(text: str) -> str:
    return escape(with_units_kept(plain(text, _CHARACTERS)))
