"""Beats as rows for a table, newest first, read from the record as far back as the table is scrolled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from aios_gui.heartbeat.model.beat import Outcome
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.instance.words import cause_phrase
from aios_gui.text import figures
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MOST_LIVE = 20_000
_LAG_NS = 10_000_000_000
"""How far the record and the feed, which both bring beats, may be behind each other."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _result(beat: RecordedBeat) -> str:
    return f"{beat.outcome}:{','.join(beat.breached)}" if beat.outcome is Outcome.ALERT else str(beat.outcome)


_COLUMNS: tuple[tuple[str, Callable[[RecordedBeat], str], bool, str], ...] = (
    (N_("Time"), lambda beat: figures.moment(beat.wall_ns), False, N_("When the beat began.")),
    (
        N_("Duration, µs"),
        lambda beat: f"{beat.duration_ns / 1e3:,.0f}",
        True,
        N_("How long the beat itself took."),
    ),
    (
        N_("Lateness, ms"),
        lambda beat: f"{beat.lateness_ns / 1e6:,.2f}",
        True,
        N_("How late the machine woke it."),
    ),
    (
        N_("Missed"),
        lambda beat: figures.count(beat.missed),
        True,
        N_("Beats before it that were never made."),
    ),
    (
        N_("CPU"),
        lambda beat: figures.percent(beat.cpu_percent),
        True,
        N_("Of all cores of the machine together."),
    ),
    (N_("Memory"), lambda beat: figures.percent(beat.memory_percent), True, N_("Of the machine, in use.")),
    (
        N_("Path"),
        lambda beat: _("fast") if beat.path == "fast" else _("slow"),
        False,
        N_("How the figures were read: the fast way, or a slower one in its place."),
    ),
    (N_("Result"), _result, False, N_("The word that scripts read, and which limits were exceeded.")),
    (N_("Cause"), lambda beat: cause_phrase(beat.cause), False, N_("Why it was late, where it was.")),
)
"""Heading, what stands in the cell, whether it is a figure, and what the heading means."""


class BeatModel(QAbstractTableModel):
    """Beats of a span. ``page_wanted`` asks for those before a moment (ns); ``add_page`` brings them."""

    page_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Oldest first; the view is turned round, so that both ends grow cheaply.
        self._beats: list[RecordedBeat] = []
        self._start_ns = 0
        self._next_ns = 0
        self._asked = False

    def show_span(self, start_ns: int, end_ns: int) -> None:
        """Begin again with the beats from ``start_ns`` to ``end_ns``."""
        self.beginResetModel()
        self._beats = []
        self._start_ns, self._next_ns = start_ns, end_ns
        self._asked = False
        self.endResetModel()
        self.fetchMore()

    def add_page(self, start_ns: int, beats: list[RecordedBeat]) -> None:
        """Add beats older than all that are here; ``start_ns`` is how far back they go."""
        self._asked = False
        self._next_ns = max(self._start_ns, start_ns)
        beats = sorted(beats, key=_wall_ns)
        if self._beats:
            # Live beats may have come before the first page did, and be in it.
            beats = beats[: bisect_left(beats, self._beats[0].wall_ns // 1000 * 1000, key=_wall_ns)]
        if beats:
            count = len(self._beats)
            self.beginInsertRows(QModelIndex(), count, count + len(beats) - 1)
            self._beats[:0] = beats
            self.endInsertRows()

    def page_failed(self) -> None:
        """The page asked for does not come; scrolling asks again."""
        self._asked = False

    def add_live(self, beats: list[RecordedBeat], start_ns: int) -> None:
        """Add new beats on top, and let go of those before ``start_ns``.

        Of very many the older half goes, too; it is read again once the table is scrolled to it.
        """
        if beats and self._beats and beats[0].wall_ns < self._beats[-1].wall_ns - _LAG_NS:
            self._cut_from(beats[0].wall_ns)
        newest = self._beats[-1].wall_ns if self._beats else min(self._start_ns, start_ns)
        beats = [beat for beat in beats if beat.wall_ns // 1000 > newest // 1000]
        if beats:
            self.beginInsertRows(QModelIndex(), 0, len(beats) - 1)
            self._beats.extend(beats)
            self.endInsertRows()
        self._start_ns = start_ns
        gone = bisect_left(self._beats, start_ns, key=_wall_ns)
        if len(self._beats) - gone > _MOST_LIVE and not self._asked:
            gone = len(self._beats) - _MOST_LIVE // 2
            self._next_ns = self._beats[gone].wall_ns
        if gone:
            count = len(self._beats)
            self.beginRemoveRows(QModelIndex(), count - gone, count - 1)
            del self._beats[:gone]
            self.endRemoveRows()

    def _cut_from(self, wall_ns: int) -> None:
        """Let go of what lies after a moment to which the wall clock was set back."""
        kept = bisect_left(self._beats, wall_ns, key=_wall_ns)
        self.beginRemoveRows(QModelIndex(), 0, len(self._beats) - kept - 1)
        del self._beats[kept:]
        self.endRemoveRows()
        self._next_ns = min(self._next_ns, wall_ns)

    def beat(self, row: int) -> RecordedBeat:
        """The beat in a row, 0 the newest."""
        return self._beats[-1 - row]

    def retranslate(self) -> None:
        """Say headings and cells in the language spoken."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(_COLUMNS) - 1)
        if self._beats:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._beats) - 1, len(_COLUMNS) - 1))

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._beats)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def canFetchMore(self, parent: Index = _NO_INDEX) -> bool:
        return not parent.isValid() and not self._asked and self._next_ns > self._start_ns

    def fetchMore(self, parent: Index = _NO_INDEX) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.page_wanted.emit(self._next_ns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        _heading, text, is_figure, _tip = _COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text(self.beat(index.row()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if is_figure else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole and not is_figure:
            return text(self.beat(index.row()))  # words may be cut off
        if role == Qt.ItemDataRole.AccessibleTextRole:
            # A screen reader says the heading with each cell, or the figures are without meaning.
            return f"{_(_heading)}: {text(self.beat(index.row()))}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heading, _text, is_figure, tip = _COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(heading)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _(tip)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if is_figure else _LEFT
        return None


def _wall_ns(beat: RecordedBeat) -> int:
    return beat.wall_ns
