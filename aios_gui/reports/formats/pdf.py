"""A report as PDF: real text in embedded fonts, figures as lines, numbered pages, fit for printing in grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from aios_gui.reports.model.report import (
    SIGNS,
    Block,
    Cell,
    Column,
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
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.colours import LIGHT
from aios_gui.text.plain import plain

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QFont, QPainter, QPdfWriter, QTextOption

_DPI = 600
_POINT = _DPI / 72
_MARGIN_MM = 16.0
_FOOT = 26.0
_SMALL, _BODY, _STRONG, _HEADING, _TITLE, _LARGE = 7.5, 9.5, 11.5, 14.0, 20.0, 17.0
_CHARACTERS = 4_000
_COLOURS = {
    Tone.PLAIN: LIGHT.text,
    Tone.FINE: LIGHT.fine,
    Tone.WARNING: LIGHT.warning,
    Tone.CRITICAL: LIGHT.critical,
    Tone.UNKNOWN: LIGHT.gap,
}
_EVERYTHING = 1e6


def write(report: Report, out: BinaryIO) -> None:
    """Write all of it, A4 upright."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
    from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

    from aios_gui.reports.formats.painting import application

    kept = application()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle(plain(report.title))
    writer.setCreator("AIOS Heartbeat")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(
        QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM), QPageLayout.Unit.Millimeter
    )
    painter = QPainter(writer)
    _Pages(writer, painter, report).fill()
    painter.end()
    buffer.close()
    out.write(content.data())
    del kept


class _Pages:
    """Lays blocks below each other, a new page where one does not fit; lengths in points."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, report: Report) -> None:
        self._writer, self._painter, self._report = writer, painter, report
        self._width, self._height = writer.width() / _POINT, writer.height() / _POINT - _FOOT
        self._y, self._page = 0.0, 1
        self._fonts: dict[tuple[float, bool], QFont] = {}
        self._option = self._wrapping()

    def _wrapping(self) -> QTextOption:
        from PySide6.QtGui import QTextOption

        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        return option

    def fill(self) -> None:
        """Write the whole report."""
        report = self._report
        if report.question:
            self._paragraph(report.question, _SMALL + 1, LIGHT.muted)
        self._paragraph(report.title, _TITLE, strong=True)
        self._paragraph(report.span, _BODY, LIGHT.muted)
        self._y += 8
        self._verdict()
        for section in report.sections:
            self._section(section)
        self._y += 6
        self._paragraph(report.origin, _SMALL, LIGHT.muted)
        self._foot()

    # Places

    def _room(self, height: float) -> None:
        """See to it that ``height`` fits, on a new page where it does not on this one."""
        if self._y + min(height, self._height) > self._height and self._y > 0:
            self._foot()
            self._writer.newPage()
            self._page += 1
            self._y = 0.0

    def _foot(self) -> None:
        # Not how many there are, since that is known only at the end.
        text = _("{title} · page {number}").format(title=self._report.title, number=self._page)
        self._draw(text, 0, self._height + _FOOT - 12, self._width, _SMALL, LIGHT.muted)

    # Text

    def _font(self, size: float, strong: bool) -> QFont:
        from aios_gui.reports.formats.painting import font

        key = (size, strong)
        if key not in self._fonts:
            self._fonts[key] = font(size * _POINT, strong)
        return self._fonts[key]

    def _rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        from PySide6.QtCore import QRectF

        return QRectF(x * _POINT, y * _POINT, width * _POINT, height * _POINT)

    def _tall(self, text: str, width: float, size: float, strong: bool = False) -> float:
        """How high a text is, wrapped to a width."""
        self._painter.setFont(self._font(size, strong))
        box = self._rect(0, 0, width, _EVERYTHING)
        return (
            float(self._painter.boundingRect(box, plain(text, _CHARACTERS) or " ", self._option).height())
            / _POINT
        )

    def _wide(self, text: str, size: float, strong: bool = False) -> float:
        from PySide6.QtGui import QFontMetricsF

        metrics = QFontMetricsF(self._font(size, strong), self._writer)
        return float(metrics.horizontalAdvance(plain(text, _CHARACTERS))) / _POINT

    def _draw(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        size: float,
        colour: str = LIGHT.text,
        strong: bool = False,
        right: bool = False,
    ) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QColor

        self._painter.setFont(self._font(size, strong))
        self._painter.setPen(QColor(colour))
        left, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        self._option.setAlignment(end if right else left)
        self._painter.drawText(self._rect(x, y, width, _EVERYTHING), plain(text, _CHARACTERS), self._option)

    def _signed(
        self,
        text: str,
        tone: Tone,
        x: float,
        y: float,
        width: float,
        size: float,
        strong: bool = False,
        colour: str = LIGHT.text,
    ) -> None:
        """A text after the sign of its tone; only the sign has the colour of that."""
        sign = SIGNS.get(tone)
        indent = 0.0
        if sign:
            self._draw(sign, x, y, width, size, _COLOURS[tone])
            indent = size * 1.25
        self._draw(text, x + indent, y, width - indent, size, colour, strong)

    def _paragraph(
        self, text: str, size: float, colour: str = LIGHT.text, strong: bool = False, after: float = 4
    ) -> None:
        height = self._tall(text, self._width, size, strong)
        self._room(height)
        self._draw(text, 0, self._y, self._width, size, colour, strong)
        self._y += height + after

    # Blocks

    def _verdict(self) -> None:
        from PySide6.QtGui import QColor

        verdict = self._report.verdict
        inner = self._width - 20
        heights = [self._tall(verdict.sentence, inner - 16, _STRONG + 1, strong=True)]
        heights += [self._tall(reason, inner, _BODY) for reason in verdict.reasons]
        height = sum(heights) + 4 * len(heights) + 14
        self._room(height)
        self._painter.fillRect(self._rect(0, self._y, self._width, height), QColor(LIGHT.window))
        self._painter.fillRect(self._rect(0, self._y, 3, height), QColor(_COLOURS[verdict.tone]))
        y = self._y + 8
        self._signed(verdict.sentence, verdict.tone, 12, y, inner, _STRONG + 1, strong=True)
        y += heights[0] + 4
        for reason, tall in zip(verdict.reasons, heights[1:], strict=True):
            self._draw(reason, 12, y, inner, _BODY)
            y += tall + 4
        self._y += height + 10

    def _section(self, section: Section) -> None:
        from PySide6.QtGui import QColor

        heading = self._tall(section.title, self._width, _HEADING, strong=True)
        first = self._least(section.blocks[0]) if section.blocks else 0.0
        self._room(heading + 18 + first)
        if self._y > 0:
            self._painter.fillRect(self._rect(0, self._y, self._width, 0.6), QColor(LIGHT.line))
            self._y += 9
        self._draw(section.title, 0, self._y, self._width, _HEADING, strong=True)
        self._y += heading + 6
        for block in section.blocks:
            self._block(block)
        self._y += 6

    def _least(self, block: Block) -> float:
        """How much of a block must stand below its heading."""
        if isinstance(block, Figure):
            return self._figure_height(block)
        return 60.0

    def _block(self, block: Block) -> None:
        match block:
            case Text():
                height = self._tall(block.text, self._width - 14, _BODY)
                self._room(height)
                colour = LIGHT.muted if block.is_muted else LIGHT.text
                self._signed(block.text, block.tone, 0, self._y, self._width, _BODY, colour=colour)
                self._y += height + 5
            case Items():
                for text in block.texts:
                    height = self._tall(text, self._width - 12, _BODY)
                    self._room(height)
                    self._draw("•", 2, self._y, 10, _BODY)
                    self._draw(text, 12, self._y, self._width - 12, _BODY)
                    self._y += height + 3
                self._y += 3
            case Facts():
                self._facts(block)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)

    def _facts(self, facts: Facts) -> None:
        columns = 3
        gap, size = 14.0, _LARGE if facts.are_large else _STRONG
        wide = (self._width - gap * (columns - 1)) / columns
        for place in range(0, len(facts.facts), columns):
            row = facts.facts[place : place + columns]
            height = max(self._fact_height(fact, wide, size) for fact in row)
            self._room(height)
            for column, fact in enumerate(row):
                x, y = column * (wide + gap), self._y
                self._draw(fact.name, x, y, wide, _SMALL, LIGHT.muted)
                y += self._tall(fact.name, wide, _SMALL) + 1
                self._signed(fact.value, fact.tone, x, y, wide, size, strong=True)
                y += self._value_height(fact, wide, size) + 1
                if fact.definition:
                    self._draw(fact.definition, x, y, wide, _SMALL, LIGHT.muted)
            self._y += height + 8

    def _value_height(self, fact: Fact, wide: float, size: float) -> float:
        indent = size * 1.25 if fact.tone in SIGNS else 0.0
        return self._tall(fact.value, wide - indent, size, strong=True)

    def _fact_height(self, fact: Fact, wide: float, size: float) -> float:
        height = self._tall(fact.name, wide, _SMALL) + self._value_height(fact, wide, size) + 2
        return height + (self._tall(fact.definition, wide, _SMALL) if fact.definition else 0.0)

    def _figure_height(self, figure: Figure) -> float:
        drawn = figure.drawing.height * self._width / figure.drawing.width
        return (
            drawn
            + self._tall(figure.title, self._width, _STRONG, strong=True)
            + self._tall(figure.summary, self._width, _BODY)
            + 14
        )

    def _figure(self, figure: Figure) -> None:
        from aios_gui.reports.formats.painting import paint

        self._room(self._figure_height(figure))
        self._paragraph(figure.title, _STRONG, strong=True, after=1)
        self._paragraph(figure.summary, _BODY, LIGHT.muted)
        scale = self._width / figure.drawing.width
        self._painter.save()
        self._painter.translate(0, self._y * _POINT)
        self._painter.scale(scale * _POINT, scale * _POINT)
        paint(figure.drawing, self._painter, LIGHT)
        self._painter.restore()
        self._y += figure.drawing.height * scale + 10

    def _table(self, table: Table) -> None:
        widths = self._widths(table)
        head = max(
            self._tall(column.title, width - 6, _SMALL, strong=True)
            for column, width in zip(table.columns, widths, strict=True)
        )
        caption = self._tall(table.caption, self._width, _SMALL)
        self._room(caption + head + 40)
        self._paragraph(table.caption, _SMALL, LIGHT.muted, after=3)
        self._head(table.columns, widths, head)
        for row in table.rows:
            height = max(
                self._tall(cell.text, width - 6 - self._indent(cell), _SMALL + 0.5)
                for cell, width in zip(row, widths, strict=True)
            )
            if self._y + height + 5 > self._height:
                self._room(self._height)
                self._head(table.columns, widths, head)
            self._row(row, table.columns, widths, height)
        self._y += 8

    def _indent(self, cell: Cell) -> float:
        return (_SMALL + 0.5) * 1.25 if cell.tone in SIGNS else 0.0

    def _head(self, columns: tuple[Column, ...], widths: list[float], height: float) -> None:
        from PySide6.QtGui import QColor

        x = 0.0
        for column, width in zip(columns, widths, strict=True):
            self._draw(
                column.title, x, self._y, width - 6, _SMALL, LIGHT.muted, strong=True, right=column.is_figure
            )
            x += width
        self._y += height + 2
        self._painter.fillRect(self._rect(0, self._y, self._width, 0.8), QColor(LIGHT.gap))
        self._y += 3

    def _row(
        self, row: tuple[Cell, ...], columns: tuple[Column, ...], widths: list[float], height: float
    ) -> None:
        from PySide6.QtGui import QColor

        x = 0.0
        for cell, column, width in zip(row, columns, widths, strict=True):
            if column.is_figure and cell.tone not in SIGNS:
                self._draw(cell.text, x, self._y, width - 6, _SMALL + 0.5, right=True)
            else:
                self._signed(cell.text, cell.tone, x, self._y, width - 6, _SMALL + 0.5)
            x += width
        self._y += height + 2
        self._painter.fillRect(self._rect(0, self._y, self._width, 0.4), QColor(LIGHT.line))
        self._y += 3

    def _widths(self, table: Table) -> list[float]:
        """Figures get the room that they take, words share what is left by how much they are."""
        natural, least = [], []
        for place, column in enumerate(table.columns):
            cells = [row[place] for row in table.rows]
            longest = max(
                [self._wide(column.title, _SMALL, strong=True)]
                + [self._wide(cell.text, _SMALL + 0.5) + self._indent(cell) for cell in cells]
            )
            words = max(
                (
                    self._wide(word, _SMALL + 0.5) + self._indent(cell)
                    for cell in cells
                    for word in cell.text.split()
                ),
                default=0.0,
            )
            heads = max((self._wide(word, _SMALL, strong=True) for word in column.title.split()), default=0.0)
            natural.append(longest + 10)
            floor = max(words if column.is_figure else min(words, 90.0), heads)
            least.append(min(longest, floor) + 12)
        room = self._width
        if sum(natural) <= room:
            spare = (room - sum(natural)) / len(natural)
            return [width + spare for width in natural]
        if sum(least) >= room:
            return [width * room / sum(least) for width in least]
        more = [wide - small for wide, small in zip(natural, least, strict=True)]
        share = (room - sum(least)) / sum(more)
        return [small + extra * share for small, extra in zip(least, more, strict=True)]
