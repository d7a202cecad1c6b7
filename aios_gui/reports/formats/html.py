"""A report as one HTML file that asks for nothing: figures as SVG, light and dark, on screen and in print."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from hashlib import sha256
from html import escape
from typing import BinaryIO

from aios_gui.reports.formats.svg import FONTS, svg_of
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
from aios_gui.system.resources import resource
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.colours import DARK, LIGHT, Tokens
from aios_gui.text.plain import plain

_CHARACTERS = 4_000


def write(report: Report, out: BinaryIO) -> None:
    """Write the whole page."""
    out.write(page(report).encode())


def page(report: Report) -> str:
    """The page, in which nothing of a record is anything but text."""
    style, script = _style(), resource("reports", "zoom.js").read_text(encoding="utf-8")
    # Only this style and this script are taken by the browser, and nothing is fetched.
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    verdict = report.verdict
    reasons = "".join(f"<p>{_text(each)}</p>" for each in verdict.reasons)
    question = f'<p class="question">{_text(report.question)}</p>\n' if report.question else ""
    listed = _("Contents")
    contents = "".join(
        f'<a href="#{escape(each.key)}">{_text(each.title)}</a>' for each in report.sections if each.title
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.language.replace("_", "-"))}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">\n'
        f"<title>{_text(report.title)} · {_text(report.span)}</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"<header>\n{question}<h1>{_text(report.title)}</h1>\n"
        f'<p class="span">{_text(report.span)}</p>\n</header>\n'
        f'<section class="verdict {verdict.tone}"><p class="sentence">{_sign(verdict.tone)}'
        f"{_text(verdict.sentence)}</p>{reasons}</section>\n"
        + (f'<nav aria-label="{_text(listed)}">{contents}</nav>\n' if len(report.sections) > 2 else "")
        + "".join(map(_section, report.sections))
        + f"<footer>{_text(report.origin)}</footer>\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _style() -> str:
    dark = f"@media screen and (prefers-color-scheme: dark){{:root{{{_variables(DARK)}}}}}"
    themes = f":root{{{_variables(LIGHT)}}}\n{dark}\n"
    return themes + resource("reports", "page.css").read_text(encoding="utf-8").replace("FONTS", FONTS)


def _variables(tokens: Tokens) -> str:
    return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in asdict(tokens).items())


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _section(section: Section) -> str:
    heading = f"<h2>{_text(section.title)}</h2>\n" if section.title else ""
    return (
        f'<section id="{escape(section.key)}">\n{heading}'
        + "".join(map(_block, section.blocks))
        + "</section>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Text():
            muted = " muted" if block.is_muted else ""
            return f'<p class="{block.tone}{muted}">{_sign(block.tone)}{_text(block.text)}</p>\n'
        case Items():
            return "<ul>" + "".join(f"<li>{_text(each)}</li>" for each in block.texts) + "</ul>\n"
        case Facts():
            look = "facts large" if block.are_large else "facts"
            return f'<dl class="{look}">' + "".join(map(_fact, block.facts)) + "</dl>\n"
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)


def _fact(fact: Fact) -> str:
    definition = f'<dd class="definition">{_text(fact.definition)}</dd>' if fact.definition else ""
    return (
        f"<div><dt>{_text(fact.name)}</dt>"
        f'<dd class="value {fact.tone}">{_sign(fact.tone)}{_text(fact.value)}</dd>{definition}</div>'
    )


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_figures_class(column.is_figure)}>{_text(column.title)}</th>'
        for column in table.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_figures_class(column.is_figure)}>{_cell(cell)}</td>"
            for column, cell in zip(table.columns, row, strict=True)
        )
        + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<div class="table"><table><caption>{_text(table.caption)}</caption><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>\n"
    )


def _figures_class(is_figure: bool) -> str:
    return ' class="figure"' if is_figure else ""


def _cell(cell: Cell) -> str:
    if cell.tone is Tone.PLAIN:
        return _text(cell.text)
    return f'<span class="{cell.tone}">{_sign(cell.tone)}{_text(cell.text)}</span>'


def _figure(figure: Figure) -> str:
    drawn = svg_of(figure, lambda ink: f"var(--{ink})")
    table = ""
    if figure.table is not None:
        as_table = _("As a table")
        table = f"<details><summary>{_text(as_table)}</summary>{_table(figure.table)}</details>"
    return (
        f'<figure id="figure-{escape(figure.name)}"><figcaption><strong>{_text(figure.title)}</strong>'
        f'<span>{_text(figure.summary)}</span></figcaption>\n<div class="drawing" tabindex="0">{drawn}</div>'
        f"{table}</figure>\n"
    )


def _sign(tone: Tone) -> str:
    sign = SIGNS.get(tone)
    return f'<span class="sign" aria-hidden="true">{sign}</span> ' if sign else ""


def _text(text: str) -> str:
    return escape(plain(text, _CHARACTERS))
