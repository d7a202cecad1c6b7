"""A small table of facts on a card: figures, bars, hairlines; read by keyboard and by screen readers as any table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtCore import QPersistentModelIndex as PersistentIndex
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
)
from PySide6.QtGui import QResizeEvent as ResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import spreadsheet_safe
from aios_gui.ui.theme import LABEL, XS, S, Theme, font
from aios_gui.ui.widgets.plain_tip import plain_tip
from aios_gui.ui.widgets.toast import copy_text

Index = QModelIndex | PersistentIndex
_BAR_PX = 8.0
_GAP_PX = 2 * S
_LEAST_ROW_PX, _MOST_ROW_PX = 18, 34
_LEAST_BAR_PX = 48
_HEADER_PX = 22
_LEAST_TEXT_PX = 96
_MEASURED = 40
_FIGURE = re.compile(r"[+-]?[\d.,\s]+[%\w]*(?:/s)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and what that means; text to the right or the left, or a bar."""

    heading: str
    right: bool = True
    bar: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Whisker:
    """A figure and from where to where it reaches, −1 to 1 from edge to edge of the cell.

    Of a difference the middle is none, and ``noise`` how far from it differences are that mean nothing.
    """

    low: float
    at: float
    high: float
    noise: float | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A cell. ``bar`` is its length, 0 to 1, or None for none; ``tone`` names its colour among the theme's tokens.

    In place of a bar, ``line`` is a small curve of points from 0 to 1, None where there is a hole, and ``whisker`` a
    difference.
    """

    text: str = ""
    bar: float | None = None
    line: tuple[float | None, ...] = ()
    whisker: Whisker | None = None
    tone: str = ""
    strong: bool = False
    tip: str = ""


Row = tuple[Fact, ...]


class FactModel(QAbstractTableModel):
    """Rows of facts; what has not changed is not told again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.rows: tuple[Row, ...] = ()

    def show(self, columns: tuple[Column, ...], rows: Sequence[Row]) -> bool:
        """Take these instead; whether anything is new."""
        wanted = tuple(rows)
        if columns == self.columns and wanted == self.rows:
            return False
        if columns == self.columns and len(wanted) == len(self.rows):
            self.rows = wanted
            self.dataChanged.emit(self.index(0, 0), self.index(len(wanted) - 1, len(columns) - 1))
            return True
        self.beginResetModel()
        self.columns, self.rows = columns, wanted
        self.endResetModel()
        return True

    def fact(self, index: Index) -> Fact:
        """The cell at an index."""
        return self.rows[index.row()][index.column()]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        fact = self.fact(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return fact.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(fact.tip) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tip) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class _Painter(QStyledItemDelegate):
    """Paints a cell, and the hairline below its row."""

    def __init__(self, theme: Theme, model: FactModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, fact = self._theme.tokens, self._facts.fact(index)
        column = self._facts.columns[index.column()]
        box = QRectF(option.rect)
        state = option.state
        if state & state.State_Selected:
            painter.fillRect(box, QColor(tokens.accent_ground))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(tokens.line))
        if fact.line:
            self._paint_line(painter, box.adjusted(S, XS, -S, -XS - 1), fact)
            return
        if fact.whisker is not None:
            self._paint_whisker(painter, box.adjusted(S, 0, -S, -1), fact, fact.whisker)
            return
        if column.bar:
            self._paint_bar(painter, box, fact)
            return
        painter.setFont(font(LABEL + 1, strong=fact.strong))
        painter.setPen(QColor(getattr(tokens, fact.tone or "text")))
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        inner = box.adjusted(S, 0, -S, -1)
        text = painter.fontMetrics().elidedText(
            fact.text, Qt.TextElideMode.ElideRight, round(inner.width()) + 1
        )
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_bar(self, painter: QPainter, box: QRectF, fact: Fact) -> None:
        if fact.bar is None:
            return
        tokens = self._theme.tokens
        whole = QRectF(box.left() + S, box.center().y() - _BAR_PX / 2, box.width() - 2 * S, _BAR_PX)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.grid))
        painter.drawRoundedRect(whole, _BAR_PX / 2, _BAR_PX / 2)
        if fact.bar > 0:
            length = max(_BAR_PX, whole.width() * min(1.0, fact.bar))
            painter.setBrush(QColor(getattr(tokens, fact.tone or "accent")))
            painter.drawRoundedRect(
                QRectF(whole.left(), whole.top(), length, _BAR_PX), _BAR_PX / 2, _BAR_PX / 2
            )
        painter.restore()

    def _paint_line(self, painter: QPainter, box: QRectF, fact: Fact) -> None:
        step = box.width() / max(1, len(fact.line) - 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(getattr(self._theme.tokens, fact.tone or "accent")), 1.2))
        before: QPointF | None = None
        for place, share in enumerate(fact.line):
            if share is None:
                before = None
                continue
            point = QPointF(box.left() + place * step, box.bottom() - share * box.height())
            if before is not None:
                painter.drawLine(before, point)
            before = point
        painter.restore()

    def _paint_whisker(self, painter: QPainter, box: QRectF, fact: Fact, whisker: Whisker) -> None:
        tokens, middle, half = self._theme.tokens, box.center(), box.width() / 2
        low, at, high = (
            middle.x() + half * max(-1.0, min(1.0, each)) for each in (whisker.low, whisker.at, whisker.high)
        )
        painter.save()
        if whisker.noise is not None:
            noise = half * min(1.0, whisker.noise)
            inner = box.adjusted(0, XS, 0, -XS)
            painter.fillRect(
                QRectF(middle.x() - noise, inner.top(), 2 * noise, inner.height()), QColor(tokens.grid)
            )
            painter.setPen(QPen(QColor(tokens.gap), 1))
            painter.drawLine(QPointF(middle.x(), inner.top()), QPointF(middle.x(), inner.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(tokens, fact.tone or "accent"))
        painter.setPen(QPen(colour, 1.6))
        painter.drawLine(QPointF(low, middle.y()), QPointF(high, middle.y()))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(at, middle.y()), _BAR_PX / 2 - 0.5, _BAR_PX / 2 - 0.5)
        painter.restore()


class FactTable(QTableView):
    """Its rows share the height that there is, within reason; where that is not enough it scrolls."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.facts = FactModel(self)
        self.setModel(self.facts)
        self.setItemDelegate(_Painter(theme, self.facts, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setProperty("look", "facts")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(_LEAST_ROW_PX)
        header = self.horizontalHeader()
        header.setFont(font(LABEL))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(20)
        header.setFixedHeight(_HEADER_PX)
        self._wished: list[int] = []

    def show_facts(self, columns: tuple[Column, ...], rows: Sequence[Row]) -> None:
        """Show these rows; nothing is laid out or painted where they are the same."""
        if not self.facts.show(columns, rows) and self._wished:
            return
        cells, strong = QFontMetrics(font(LABEL + 1)), QFontMetrics(font(LABEL + 1, strong=True))
        headings = QFontMetrics(self.horizontalHeader().font())
        wished = []
        for place, column in enumerate(columns):
            # Of thousands of cells only those that may be the widest are measured.
            texts = nlargest(_MEASURED, (row[place] for row in self.facts.rows), key=lambda f: len(f.text))
            longest = max(
                ((strong if f.strong else cells).horizontalAdvance(f.text) for f in texts), default=0
            )
            least = _LEAST_BAR_PX if column.bar else longest
            wished.append(max(least, headings.horizontalAdvance(column.heading)) + _GAP_PX + 2)
        if wished != self._wished:
            self._wished = wished
            self.setMaximumHeight(_HEADER_PX + len(self.facts.rows) * _MOST_ROW_PX + 2)
            self.updateGeometry()
            self._share_out()

    def retranslate(self) -> None:
        """The fonts go with the language."""
        self.horizontalHeader().setFont(font(LABEL))
        self._wished = []

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # the card decides; more only where there is room

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._height_of(_LEAST_ROW_PX))

    def _height_of(self, row_px: int) -> int:
        # Many rows scroll; a table never asks for more than a card's worth.
        return _HEADER_PX + min(8, len(self.facts.rows)) * row_px + 1

    def resizeEvent(self, event: ResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Give the rows the height there is, and the bars, or else every column alike, the width that is left."""
        if not self._wished:
            return
        room = self.viewport().height()
        row_px = max(_LEAST_ROW_PX, min(_MOST_ROW_PX, room // max(1, len(self.facts.rows))))
        self.verticalHeader().setDefaultSectionSize(row_px)
        bars = [place for place, column in enumerate(self.facts.columns) if column.bar]
        flexible = bars or range(len(self._wished))
        room_px, widths = self.viewport().width(), self._wished
        if self.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            widths = _within(widths, room_px)
        else:
            room_px = max(room_px, sum(widths))
        share_px = (room_px - sum(widths)) // max(1, len(flexible))
        header = self.horizontalHeader()
        for place, width in enumerate(widths):
            header.resizeSection(place, max(20, width + (share_px if place in flexible else 0)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the chosen rows, or all, on the clipboard, tabs between the figures."""
        chosen = sorted({index.row() for index in self.selectionModel().selectedRows()})
        rows = [self.facts.rows[row] for row in chosen] or list(self.facts.rows)
        said = ngettext("Copied {count} row", "Copied {count} rows", len(rows))
        copy_text(self, self.as_text(rows), said.format(count=len(rows)))

    def as_text(self, rows: Sequence[Row] | None = None) -> str:
        """The headings and all rows, or those given, a line each, tabs between the figures."""
        places = [place for place, column in enumerate(self.facts.columns) if not column.bar]
        lines = ["\t".join(self.facts.columns[place].heading for place in places)]
        chosen = self.facts.rows if rows is None else rows
        lines += ["\t".join(_unformulated(row[place].text) for place in places) for row in chosen]
        return "\n".join(lines) + "\n"

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Who comes by keyboard sees where he is.
        if self.facts.rows and not self.currentIndex().isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(self.facts.index(0, 0), flags)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())


def _within(wished: Sequence[int], room_px: int) -> list[int]:
    """The widths wished, the widest cut where they need more room than there is: a name gives way, no figure."""
    most_px = max(wished, default=0)
    while most_px > _LEAST_TEXT_PX and sum(min(width, most_px) for width in wished) > room_px:
        most_px -= 1
    return [min(width, most_px) for width in wished]


def _unformulated(text: str) -> str:
    """``text`` so that no spreadsheet that it is pasted into takes it for a formula; figures stay figures."""
    return text if _FIGURE.fullmatch(text) else spreadsheet_safe(text)
