"""Incidents as rows of a table, in the order given; what has not changed is not told again."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from aios_gui.alerts.model.incident import Incident, IncidentState
from aios_gui.alerts.words import incidents as words
from aios_gui.text.catalogue import gettext as _
from aios_gui.ui.widgets.plain_tip import plain_tip

Index = QModelIndex | QPersistentModelIndex
MARK, WHEN, WHAT, LASTED = range(4)
_COLUMNS = 4
_NO_INDEX = QModelIndex()
_MOST_STEPS = 40
"""More rows than these coming and going are told as a whole."""


class IncidentModel(QAbstractTableModel):
    """What stands in the cells is composed when the incidents are shown, so that painting composes nothing."""

    widths_changed = Signal()
    """The longest text of a column is another one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.incidents: list[Incident] = []
        self._texts: list[tuple[str, ...]] = []
        self._longest = ("",) * _COLUMNS
        self._composed: dict[int, tuple[Incident, tuple[str, ...]]] = {}
        self._day: tuple[int, ...] = ()

    def show(self, incidents: list[Incident], now_ns: int) -> None:
        """Show these instead; ``now_ns`` is the wall clock."""
        texts = self._compose(incidents, now_ns)
        self._show(incidents, texts)
        longest = tuple(
            max((text[column] for text in texts), key=len, default="") for column in range(_COLUMNS)
        )
        if tuple(map(len, longest)) != tuple(map(len, self._longest)):
            self._longest = longest
            self.widths_changed.emit()

    def look(self, now_ns: int) -> None:
        """Compose the texts again once another day has begun: they say which moments are today."""
        if _day(now_ns) != self._day:
            self.show(self.incidents, now_ns)

    def _compose(self, incidents: list[Incident], now_ns: int) -> list[tuple[str, ...]]:
        """The texts; there may be thousands, so those that were composed today of the same incident are taken again."""
        if (day := _day(now_ns)) != self._day:
            self._day, self._composed = day, {}
        before, self._composed = self._composed, {}
        for each in incidents:
            known = before.get(each.id)
            if known is None or known[0] is not each:
                known = each, _texts_of(each, now_ns)
            self._composed[each.id] = known
        return [self._composed[each.id][1] for each in incidents]

    def longest(self, column: int) -> str:
        """The longest text of a column."""
        return self._longest[column] if column != MARK else ""

    def _show(self, incidents: list[Incident], texts: list[tuple[str, ...]]) -> None:
        if not self._move_to(incidents, texts):
            self.beginResetModel()
            self.incidents, self._texts = list(incidents), texts
            self.endResetModel()
            return
        for row, (incident, text) in enumerate(zip(incidents, texts, strict=True)):
            changed = text != self._texts[row] or _mark(incident) != _mark(self.incidents[row])
            self.incidents[row], self._texts[row] = incident, text
            if changed:
                self.dataChanged.emit(self.index(row, 0), self.index(row, _COLUMNS - 1))

    def _move_to(self, incidents: list[Incident], texts: list[tuple[str, ...]]) -> bool:
        """Take rows away and put new ones in until they are those; False where that would be too many steps."""
        wanted = [incident.id for incident in incidents]
        here = [incident.id for incident in self.incidents]
        if here == wanted:
            return True
        gone, new = set(here) - set(wanted), set(wanted) - set(here)
        stay = [number for number in here if number not in gone]
        if len(gone) + len(new) > _MOST_STEPS or stay != [number for number in wanted if number not in new]:
            return False
        for row in range(len(here) - 1, -1, -1):
            if here[row] in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.incidents[row], self._texts[row]
                self.endRemoveRows()
        for row, number in enumerate(wanted):
            if number in new:
                self.beginInsertRows(QModelIndex(), row, row)
                self.incidents.insert(row, incidents[row])
                self._texts.insert(row, texts[row])
                self.endInsertRows()
        return True

    def row_of(self, number: int) -> int:
        """The row of an incident; −1 where it is not shown."""
        return next((row for row, each in enumerate(self.incidents) if each.id == number), -1)

    def retranslate(self) -> None:
        """The headings are in another language; cells follow when they are shown again."""
        self._composed = {}
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, _COLUMNS - 1)

    def remark(self, row: int) -> str:
        """What stands in quieter letters behind the title of a row."""
        return self._texts[row][_COLUMNS]

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.incidents)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else _COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if column == MARK else self._texts[row][column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            text = self._texts[row][column]
            return _(", ").join(part for part in (text, self.remark(row)) if part) if column == WHAT else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(row)) or None
        return None

    def _tip(self, row: int) -> str:
        mark, _when, what, _lasted, remark = self._texts[row]
        titled = _("{what} ({level})").format(what=what, level=mark)
        return "\n".join(part for part in (titled, remark, self.incidents[row].note) if part)

    @staticmethod
    def heading(column: int) -> str:
        """What stands over a column."""
        return ("", _("When"), _("What"), _("Lasted"))[column]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heading = self.heading(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                _(
                    "How bad it was by its rule: a square is a warning, a triangle critical; filled, it is ongoing."
                ),
                _("When it began."),
                _("What happened, as its rule calls it."),
                _("How long it lasted; of a single hiccup, how long the machine stalled."),
            )[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return heading
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return heading or _("Level and state")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == LASTED else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _day(wall_ns: int) -> tuple[int, ...]:
    return time.localtime(max(0, wall_ns) // 1_000_000_000)[:3]


def _mark(incident: Incident) -> tuple[object, ...]:
    return incident.level, incident.state, incident.acknowledged_ns is None


def _texts_of(incident: Incident, now_ns: int) -> tuple[str, ...]:
    return (
        words.mark_phrase(incident.level, incident.state),
        words.when(incident.started_ns, now_ns),
        words.title(incident),
        # The remark says that it was open when the recording ended: the column is narrow.
        words.length(incident) if incident.state is IncidentState.LEFT_OPEN else words.lasted(incident),
        " · ".join(words.remarks(incident)),
    )
