"""A report as Markdown, for chats and issues: the same words and tables, figures as what they show in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from aios_gui.reports.model.report import SIGNS, Block, Cell, Facts, Figure, Items, Report, Table, Text, Tone
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.markdown import escaped

_CHARACTERS = 4_000


def write(report: Report, out: BinaryIO) -> None:
    """Write the report."""
    out.write(("\n".join(_lines(report)).rstrip() + "\n").encode())


def _lines(report: Report) -> Iterator[str]:
    verdict = report.verdict
    yield f"# {_text(report.title)}"
    if report.question:
        yield from ("", f"*{_text(report.question)}*")
    yield from ("", _text(report.span), "")
    yield f"> **{_signed(verdict.sentence, verdict.tone)}**"
    for reason in verdict.reasons:
        yield from (">", f"> {_text(reason)}")
    for section in report.sections:
        if section.title:
            yield from ("", f"## {_text(section.title)}")
        for block in section.blocks:
            yield ""
            yield from _block(block)
    yield from ("", "---", "", _text(report.origin))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text():
            yield _signed(block.text, block.tone)
        case Items():
            yield from (f"- {_text(each)}" for each in block.texts)
        case Facts():
            yield _row((_("figure"), _("value"), _("definition")))
            yield "| --- | ---: | --- |"
            for fact in block.facts:
                yield f"| {_text(fact.name)} | {_signed(fact.value, fact.tone)} | {_text(fact.definition)} |"
        case Table():
            yield from _table(block)
        case Figure():
            yield f"**{_text(block.title)}**: {_text(block.summary)}"
            if block.table is not None:
                yield ""
                yield from _table(block.table)


def _table(table: Table) -> Iterator[str]:
    yield from (_text(table.caption), "")
    yield _row(tuple(column.title for column in table.columns))
    yield "| " + " | ".join("---:" if column.is_figure else "---" for column in table.columns) + " |"
    for row in table.rows:
        yield "| " + " | ".join(map(_cell, row)) + " |"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_text, cells)) + " |"


def _cell(cell: Cell) -> str:
    return _signed(cell.text, cell.tone)


def _signed(text: str, tone: Tone) -> str:
    sign = SIGNS.get(tone)
    return f"{sign} {_text(text)}" if sign else _text(text)


def _text(text: str) -> str:
    return escaped(text, _CHARACTERS)
