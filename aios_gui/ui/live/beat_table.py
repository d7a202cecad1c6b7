"""The table of the beats in view, for the keyboard, for screen readers, and for copying."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from aios_gui.heartbeat.model.items import RecordedBeat
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
    "frozen from outside",
)
_CELL_PADDING = 28


class BeatTable(QTableView):
    """Whole rows are chosen; Copy puts them on the clipboard as comma-separated values."""

    def __init__(self, model: BeatModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beats = model
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
        for column, text in enumerate(_WIDEST):
            heading = str(self._beats.headerData(column, Qt.Orientation.Horizontal))
            widest = max(cells.horizontalAdvance(text), headings.horizontalAdvance(heading))
            self.setColumnWidth(column, widest + _CELL_PADDING)
            self.wish_px += widest + _CELL_PADDING

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
