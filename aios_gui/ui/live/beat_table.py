"""The table of the beats in view, for the keyboard, for screen readers, and for copying."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.instance.words import cause_phrase
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.live.beat_model import BeatModel
from aios_gui.ui.live.saving import beats_text, copied_phrase
from aios_gui.ui.theme import LABEL, font
from aios_gui.ui.widgets.toast import copy_text

_WIDEST = (
    "2025-03-12 14:03:07.120",
    "9,999,999",
    "99,999.00",
    "9,999",
    "100 %",
    "100 %",
    "slow",
    "AIOS_ALERT:cpu,memory",
)
"""What needs most room in each column; in the last one, that is the cause with most words in the language spoken."""
_CELL_PADDING, _LEAST_PADDING = 28, 24
_WORDY = (7, 8)
"""The columns that give way where there is less room: as a rule they are empty."""


class BeatTable(QTableView):
    """Whole rows are chosen; Copy puts them on the clipboard as comma-separated values."""

    def __init__(self, model: BeatModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beats = model
        self._widest_px, self._least_px = [0] * model.columnCount(), [0] * model.columnCount()
        self.setModel(model)
        self.setFont(font(LABEL + 1))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        metrics = QFontMetrics(self.font())
        self.verticalHeader().setDefaultSectionSize(metrics.height() + 10)
        self.horizontalHeader().setFont(font(LABEL + 1))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        # Cells as far from their edge as the headings above them.
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.setAccessibleName(_("Beats in view"))
        self.setAccessibleDescription(_("Newest first. Copy puts the chosen rows on the clipboard."))
        self._beats.retranslate()
        cells, headings = QFontMetrics(self.font()), QFontMetrics(self.horizontalHeader().font())
        self.wish_px = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        """How wide it is without a column cut off."""
        causes = (cause_phrase(each) for each in Cause)
        for column, text in enumerate((*_WIDEST, max(causes, key=cells.horizontalAdvance))):
            heading = str(self._beats.headerData(column, Qt.Orientation.Horizontal))
            widest = max(cells.horizontalAdvance(text), headings.horizontalAdvance(heading))
            self._least_px[column] = headings.horizontalAdvance(heading) if column in _WORDY else widest
            self._widest_px[column] = widest
            self.wish_px += widest + _CELL_PADDING
        self._fit()

    def _fit(self) -> None:
        """Give each column what it needs; where there is less room, first the space between them is less."""
        room, count = self.viewport().width(), len(self._widest_px)
        padding = min(_CELL_PADDING, max(_LEAST_PADDING, (room - sum(self._widest_px)) // count))
        spare = max(1, sum(self._widest_px) - sum(self._least_px))
        share = min(1.0, max(0, sum(self._widest_px) + count * padding - room) / spare)
        for column, (widest, least) in enumerate(zip(self._widest_px, self._least_px, strict=True)):
            self.setColumnWidth(column, widest + padding - ceil(share * (widest - least)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def chosen(self) -> list[RecordedBeat]:
        """The chosen beats, oldest first; all that are loaded where none is chosen."""
        selection = self.selectionModel()
        rows = sorted({index.row() for index in selection.selectedRows()}, reverse=True)
        if not rows:
            rows = list(range(self._beats.rowCount() - 1, -1, -1))
        return [self._beats.beat(row) for row in rows]

    def copy(self) -> None:
        """Put the chosen beats on the clipboard."""
        beats = self.chosen()
        copy_text(self, beats_text(beats), copied_phrase(len(beats)))

    def choose(self, row: int) -> None:
        """Choose one row and make it current."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._beats.index(row, 0), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
