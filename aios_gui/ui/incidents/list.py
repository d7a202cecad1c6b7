"""The list of incidents: one is chosen, and stays so while others come and go."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtCore import QPersistentModelIndex as PersistentIndex
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.incidents.marks import paint_incident_mark
from aios_gui.ui.incidents.table_model import LASTED, MARK, WHAT, WHEN, IncidentModel
from aios_gui.ui.theme import LABEL, TEXT, S, Theme, font

ROW_PX = 33
_MARK_PX = 11.0
_MARK_COLUMN_PX = 36
_PAD_PX = 2 * S
_LEAST_REMARK_PX = 5 * S
_WIDEST = ("", "00-00 00:00 ", "", "59 min so far")


class IncidentList(QTableView):
    """``chosen`` brings the number of an incident that a person has chosen, 0 where there is none any more."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, model: IncidentModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._incidents = model
        self._number = 0
        self._restoring = False
        self.setModel(model)
        self.setItemDelegate(_Painter(theme, model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setProperty("look", "facts")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        self.setMinimumHeight(3 * ROW_PX)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)

    @property
    def number(self) -> int:
        """The incident chosen; 0 for none."""
        return self._number

    def choose(self, number: int) -> bool:
        """Choose an incident; False where it is not in the list."""
        row = self._incidents.row_of(number)
        if row < 0:
            return False
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._incidents.index(row, WHEN), flags)
        return True

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.setAccessibleName(_("Incidents, newest first"))
        self.setAccessibleDescription(_("The one chosen is shown beside the list."))
        header = self.horizontalHeader()
        # What it paints with as well, which forgets what it inherits when the list comes to have rows.
        for each in (header, header.viewport()):
            each.setFont(font(LABEL))
        self._incidents.retranslate()
        self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Within a row there is nowhere to go.
        rows = self._incidents.incidents
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and rows:
            self.choose(rows[0 if event.key() == Qt.Key.Key_Home else -1].id)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        metrics = QFontMetrics(font(TEXT))
        widths = [metrics.horizontalAdvance(text) + _PAD_PX + 2 for text in _WIDEST]
        widths[MARK] = _MARK_COLUMN_PX
        widths[WHAT] = max(90, self.viewport().width() - widths[MARK] - widths[WHEN] - widths[LASTED])
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if self._restoring:
            return
        number = self._incidents.incidents[current.row()].id if current.isValid() else 0
        if number != self._number:
            self._number = number
            self.chosen.emit(number)

    def _on_about_to_reset(self) -> None:
        self._restoring = True

    def _on_reset(self) -> None:
        found = self.choose(self._number)
        self._restoring = False
        if not found and self._number:
            self._number = 0
            self.chosen.emit(0)


class _Painter(QStyledItemDelegate):
    """Paints a row: its mark, its words, a hairline below."""

    def __init__(self, theme: Theme, model: IncidentModel, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._incidents = model

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | PersistentIndex
    ) -> None:
        tokens = self._theme.tokens
        incident = self._incidents.incidents[index.row()]
        box = QRectF(option.rect)
        if option.state & option.state.State_Selected:
            painter.fillRect(box, QColor(tokens.accent_ground))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(tokens.line))
        if index.column() == MARK:
            place = QRectF(
                box.center().x() - _MARK_PX / 2, box.center().y() - _MARK_PX / 2, _MARK_PX, _MARK_PX
            )
            paint_incident_mark(painter, place, incident.level, incident.state, tokens)
            return
        seen = incident.acknowledged_ns is not None
        strong = index.column() == WHAT and not seen and not incident.silence
        painter.setFont(font(TEXT, strong=strong))
        painter.setPen(QColor(tokens.text if index.column() == WHAT else tokens.muted))
        side = Qt.AlignmentFlag.AlignRight if index.column() == LASTED else Qt.AlignmentFlag.AlignLeft
        inner = box.adjusted(S, 0, -S, -1)
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, round(inner.width())
        )
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
        if index.column() == WHAT:
            self._paint_remark(painter, inner, painter.fontMetrics().horizontalAdvance(text), index.row())

    def _paint_remark(self, painter: QPainter, inner: QRectF, taken_px: int, row: int) -> None:
        remark = self._incidents.remark(row)
        left = taken_px + S
        if not remark or left > inner.width() - _LEAST_REMARK_PX:
            return
        painter.setFont(font(LABEL + 1))
        painter.setPen(QColor(self._theme.tokens.muted))
        room = inner.adjusted(left, 0, 0, 0)
        text = painter.fontMetrics().elidedText(remark, Qt.TextElideMode.ElideRight, round(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
