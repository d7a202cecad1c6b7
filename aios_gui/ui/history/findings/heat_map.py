"""The hours of the week as cells, darker where a figure is higher; read out cell by cell."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from aios_gui.ui.history.findings.chart import ReadChart
from aios_gui.ui.plots.painting import hatch_brush
from aios_gui.ui.theme import LABEL, XS, S, Theme, font, mix

HOURS, WEEKDAYS = 24, 7
_BOTTOM_PX, _TOP_PX, _CELL_PX = 18.0, 20.0, 20
_LABELLED_HOURS = range(0, HOURS, 3)
_FAINTEST = 0.10


@dataclass(frozen=True, slots=True)
class Heat:
    """A cell for each hour, Monday's first: how dark it is, 0 to 1, None where nothing is known; and what it says."""

    shares: tuple[float | None, ...] = (None,) * (HOURS * WEEKDAYS)
    texts: tuple[str, ...] = ("",) * (HOURS * WEEKDAYS)
    days: tuple[str, ...] = ("",) * WEEKDAYS
    tone: str = "accent"


def shares_of(values: list[float | None]) -> tuple[float | None, ...]:
    """How dark cells are: by the logarithm from the least to the greatest figure over 0, which are 0 and 1."""
    found = [value for value in values if value]
    if not found:
        return tuple(None if value is None else 0.0 for value in values)
    least, most = math.log(min(found)), math.log(max(found))
    room = max(most - least, math.log(1.5))  # what hardly differs does not look as if it did
    return tuple(
        None if value is None else 0.0 if not value else max(0.0, (math.log(value) - least) / room)
        for value in values
    )


class HeatMap(ReadChart):
    """A row a weekday; hours without beats are hatched."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, round(_TOP_PX + WEEKDAYS * _CELL_PX + _BOTTOM_PX), parent)
        self.heat = Heat()

    def show_heat(self, heat: Heat) -> None:
        """Show other cells."""
        if heat != self.heat:
            self.heat = heat
            self.update()

    def texts(self) -> list[str]:
        return list(self.heat.texts)

    def stepped(self, key: Qt.Key) -> int | None:
        if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return super().stepped(key)
        if self.place is None:
            return 0
        place = self.place + (HOURS if key == Qt.Key.Key_Down else -HOURS)
        return place if 0 <= place < HOURS * WEEKDAYS else self.place

    def place_at(self, point: QPointF) -> int | None:
        board = self._board()
        if not board.contains(point):
            return None
        hour = int((point.x() - board.left()) / board.width() * HOURS)
        day = int((point.y() - board.top()) / board.height() * WEEKDAYS)
        return min(WEEKDAYS - 1, day) * HOURS + min(HOURS - 1, hour)

    def _board(self) -> QRectF:
        metrics = QFontMetricsF(font(LABEL))
        left = max(metrics.horizontalAdvance(day) for day in self.heat.days) + S
        return QRectF(self.rect()).adjusted(left, _TOP_PX, -XS, -_BOTTOM_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, board, type_ = self.theme.tokens, self._board(), font(LABEL)
        metrics = QFontMetricsF(type_)
        width, height = board.width() / HOURS, board.height() / WEEKDAYS
        painter = QPainter(self)
        painter.setFont(type_)
        painter.setPen(QColor(tokens.muted))
        for day, name in enumerate(self.heat.days):
            box = QRectF(0, board.top() + day * height, board.left() - S, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        for hour in _LABELLED_HOURS:
            at = QPointF(board.left() + hour * width + 1, board.bottom() + XS + metrics.ascent())
            painter.drawText(at, f"{hour:02}")
        colour = getattr(tokens, self.heat.tone)
        for place, share in enumerate(self.heat.shares):
            day, hour = divmod(place, HOURS)
            cell = QRectF(board.left() + hour * width, board.top() + day * height, width - 1, height - 1)
            if share is None:
                painter.fillRect(cell, hatch_brush(tokens.gap, self.devicePixelRatioF()))
            else:
                shade = _FAINTEST + (1 - _FAINTEST) * share
                painter.fillRect(cell, QColor(mix(colour, tokens.surface, shade)))
            if place == self.place:
                painter.setPen(QPen(QColor(tokens.text), 2))
                painter.drawRect(cell.adjusted(1, 1, -1, -1))
        if self.said:
            painter.setPen(QColor(tokens.text))
            painter.drawText(QPointF(board.left(), _TOP_PX - metrics.descent() - XS), self.said)
        self.paint_focus(painter)
        painter.end()
