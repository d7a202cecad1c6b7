"""The list of incidents: one is chosen, and stays so while others come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtCore import QPersistentModelIndex as PersistentIndex
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from aios_gui.alerts.model.incident import Incident
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.words.incidents import title
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.plain import paragraph
from aios_gui.ui.incidents.filter import IncidentFilter, back_phrase
from aios_gui.ui.incidents.marks import paint_incident_mark
from aios_gui.ui.incidents.source import MOST, IncidentSource
from aios_gui.ui.incidents.table_model import LASTED, MARK, WHAT, WHEN, IncidentModel
from aios_gui.ui.theme import LABEL, STRONG, TEXT, XL, M, S, Theme, font
from aios_gui.ui.widgets.card import muted_label, set_text
from aios_gui.ui.widgets.plain_label import PlainLabel

_LEAST_PX = 340
ROW_PX = 33
_MARK_PX = 11.0
_MARK_COLUMN_PX = 32
_PAD_PX = 2 * S
_LEAST_REMARK_PX = 5 * S
_ARROW_PX = 16
_WHAT_PX = 240
"""As much as a name may take of a narrow list; a longer one is cut."""


class IncidentList(QTableView):
    """``chosen`` brings the number of an incident that a person has chosen, 0 where there is none any more.

    A click on a heading sorts by it, another one the other way round; ``order_asked`` asks for that.
    """

    chosen = Signal(int)
    order_asked = Signal()

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
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(WHEN, Qt.SortOrder.DescendingOrder)
        header.sortIndicatorChanged.connect(lambda *_order: self.order_asked.emit())
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        self.setMinimumHeight(3 * ROW_PX)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)
        model.widths_changed.connect(self._share_out)

    @property
    def number(self) -> int:
        """The incident chosen; 0 for none."""
        return self._number

    def in_order(self, incidents: Iterable[Incident]) -> list[Incident]:
        """Incidents, newest first as they come, in the order of the heading that was clicked."""
        header = self.horizontalHeader()
        place = header.sortIndicatorSection()
        downwards = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        keys: dict[int, Callable[[Incident], Any]] = {
            MARK: lambda each: (each.level is Level.CRITICAL, each.cleared_ns is None),
            WHEN: lambda each: each.started_ns,
            WHAT: title,
            LASTED: lambda each: each.lasted_ns,
        }
        return sorted(incidents, key=keys[place], reverse=downwards)

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
        self.setAccessibleName(_("Incidents"))
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
        headings = QFontMetrics(self.horizontalHeader().font())
        widths = [
            max(
                metrics.horizontalAdvance(self._incidents.longest(column)),
                headings.horizontalAdvance(str(self._incidents.heading(column))) + _ARROW_PX,
            )
            + _PAD_PX
            + 2
            for column in range(LASTED + 1)
        ]
        widths[MARK] = _MARK_COLUMN_PX
        names = QFontMetrics(font(TEXT, strong=True)).horizontalAdvance(self._incidents.longest(WHAT))
        left = self.viewport().width() - widths[MARK] - widths[WHEN]
        # How long it lasted stands also beside the list; what it was must be read here.
        is_narrow = left - widths[LASTED] < min(names + _PAD_PX + 2, _WHAT_PX)
        self.setColumnHidden(LASTED, is_narrow)
        widths[WHAT] = max(60, left if is_narrow else left - widths[LASTED])
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


class ListCard(QFrame):
    """``clear`` is the button that takes the filter away."""

    def __init__(self, shown: IncidentList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setMinimumWidth(_LEAST_PX)
        self._list = shown
        self.empty = PlainLabel()
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("look", "muted")
        self.clear = QPushButton()
        self.foot = muted_label()
        self.foot.setContentsMargins(M, S, M, S)
        nothing = QWidget()
        middle = QVBoxLayout(nothing)
        middle.setContentsMargins(XL, XL, XL, XL)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addSpacing(S)
        middle.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(2)
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 4)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self.foot)

    def retranslate(self) -> None:
        """Say everything in the language spoken; the rest follows with the next state."""
        self.empty.setFont(font(STRONG))
        self.foot.setFont(font(LABEL + 1))
        self.clear.setText(_("Clear the filter"))

    def show_state(
        self, source: IncidentSource, chosen: IncidentFilter, enabled: int | None, trouble: str, remark: str
    ) -> None:
        """Show the list, or why it is empty, ``enabled`` as there; ``trouble`` and ``remark`` may be empty."""
        any_shown = self._list.model().rowCount() > 0
        self._pages.setCurrentIndex(1 if any_shown else 0)
        self.clear.setVisible(chosen.narrows and bool(source.incidents))
        set_text(self.empty, trouble or why_empty(source, chosen.span_s, enabled))
        self.setHidden(is_blank(source, trouble))
        foot = remark or (trouble if any_shown else "")
        if not foot and not source.complete:
            foot = _("Only the newest {count} are shown.").format(count=figures.count(MOST))
        set_text(self.foot, foot)
        self.foot.setVisible(bool(foot))


def is_blank(source: IncidentSource, trouble: str) -> bool:
    """Whether there is nothing to list, as far as the record goes."""
    return not source.incidents and not source.reading and not trouble


def why_empty(source: IncidentSource, span_s: int | None, enabled: int | None) -> str:
    """Why nothing is listed; ``enabled`` rules are watched, None where a slice is looked at."""
    if source.reading and not source.incidents:
        return _("Reading the record…")
    if source.incidents:
        return _("No incident matches the filter.")
    if enabled is None:
        if span_s is None:
            return _("There are no incidents in this slice.")
        return _("No incidents in the last {span} of this slice.").format(span=back_phrase(span_s))
    if not enabled:
        return _("Every rule is off, so nothing is watched. Rules… turns them on.")
    first = _("No incidents so far.")
    if span_s is not None:
        first = _("No incidents in the last {span}.").format(span=back_phrase(span_s))
    second = ngettext("{count} rule is active.", "{count} rules are active.", enabled)
    return paragraph((first, second.format(count=figures.count(enabled))))
