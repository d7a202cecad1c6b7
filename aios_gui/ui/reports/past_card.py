"""What was written: a list of files, and what can be done with the one chosen."""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QMessageBox,
    QPushButton,
    QTableView,
    QWidget,
)

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.formats import FORMATS
from aios_gui.reports.past import (
    FileState,
    PastReport,
    forget,
    note_written,
    past_reports,
    remove,
)
from aios_gui.system.paths import Paths
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.os_reason import reason_of
from aios_gui.text.plain import plain
from aios_gui.ui.pool import WorkerPool
from aios_gui.ui.reports.files import Files, file_data
from aios_gui.ui.reports.form import Order
from aios_gui.ui.reports.span_box import span_sentence
from aios_gui.ui.reports.templates import Templates
from aios_gui.ui.theme import LABEL, M, S, Theme, font
from aios_gui.ui.widgets.card import Card, muted_label, set_text
from aios_gui.ui.widgets.plain_tip import plain_tip
from aios_gui.ui.widgets.toast import confirm

_log = logging.getLogger(__name__)
Index = QModelIndex | QPersistentModelIndex
NAME, SPAN, _FORMAT, SIZE, MADE = range(5)
_COLUMNS = 5
_NO_INDEX = QModelIndex()
_ROW_PX = 30
_PAD_PX = 2 * M


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of the list, and what became of it."""

    report: PastReport
    state: FileState


class PastModel(QAbstractTableModel):
    """Rows can be dragged out as files."""

    def __init__(self, theme: Theme, templates: Templates, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme, self._templates = theme, templates
        self.listed: list[Listed] = []
        self._texts: list[tuple[str, ...]] = []

    def show(self, listed: list[Listed]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.listed = listed
        self._texts = [_texts_of(each, self._templates) for each in listed]
        self.endResetModel()

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        return self._texts[row][column]

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.listed)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else _COLUMNS

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        there = index.isValid() and self.listed[index.row()].state is not FileState.GONE
        return usual | Qt.ItemFlag.ItemIsDragEnabled if there else usual

    def mimeData(self, indexes: Any) -> QMimeData:
        return file_data(*(self.listed[row].report.path for row in sorted({each.row() for each in indexes})))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._texts[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.listed[index.row()].report.file)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == SIZE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            gone = self.listed[index.row()].state is FileState.GONE
            quiet = gone or index.column() != NAME
            return QColor(self._theme.tokens.muted if quiet else self._theme.tokens.text)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (_("Report"), _("Time span"), _("Format"), _("Size"), _("Written"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == SIZE else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def _texts_of(listed: Listed, templates: Templates) -> tuple[str, ...]:
    report = listed.report
    written = figures.clock_time(report.made_ns)
    states = {FileState.CHANGED: _("changed since"), FileState.GONE: _("no longer there")}
    remarks = [_("by schedule")] if report.scheduled else []
    remarks += [states[listed.state]] if listed.state in states else []
    return (
        templates.title_of(report.template) if report.template else _("Raw data"),
        span_sentence(report.span),
        _format_name(report.format),
        figures.size(report.size_bytes),
        " · ".join((written, *remarks)),
    )


def _format_name(name: str) -> str:
    """A format in a word or two, as ``CSV``; of one that this version does not know, its own name."""
    form = FORMATS.get(name)
    return re.split("[:：]", form.title)[0] if form is not None else plain(name, 40)


class PastTable(QTableView):
    """One row is chosen; Enter opens it, Delete removes it, Copy takes its path."""

    asked = Signal(str)
    """Brings ``open``, ``copy`` or ``remove``."""

    def __init__(self, model: PastModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._past = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setProperty("look", "facts")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(20)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.setMinimumHeight(4 * _ROW_PX)
        self.doubleClicked.connect(lambda _index: self.asked.emit("open"))
        model.modelReset.connect(self._share_out)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.setAccessibleName(_("What was written"))
        self.setAccessibleDescription(
            _("Enter opens the one chosen, Delete removes it, Copy puts its path on the clipboard.")
        )
        self.setFont(font(LABEL + 1))
        self.horizontalHeader().setFont(font(LABEL))
        self._share_out()

    def choose(self, row: int) -> None:
        """Choose a row and make it current."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._past.index(row, NAME), flags)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        asked = {Qt.Key.Key_Return: "open", Qt.Key.Key_Enter: "open", Qt.Key.Key_Delete: "remove"}
        if event.matches(QKeySequence.StandardKey.Copy):
            self.asked.emit("copy")
        elif event.key() in asked:
            self.asked.emit(asked[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Give each column what its texts need, and the first what is left; where it is little, the spans give way."""
        cells, heads = QFontMetrics(self.font()), QFontMetrics(self.horizontalHeader().font())
        wished = []
        for column in range(_COLUMNS):
            texts = [self._past.text(row, column) for row in range(self._past.rowCount())]
            widest = max((cells.horizontalAdvance(text) for text in texts), default=0)
            heading = str(self._past.headerData(column, Qt.Orientation.Horizontal))
            wished.append(max(widest, heads.horizontalAdvance(heading)) + _PAD_PX)
        room = self.viewport().width()
        for column in (SPAN, NAME, MADE):
            excess = sum(wished) - room
            wished[column] = max(wished[column] - max(0, excess), 90)
        wished[NAME] += max(0, room - sum(wished))
        for column, width in enumerate(wished):
            self.horizontalHeader().resizeSection(column, width)


class PastCard(Card):
    """Reads the list off the window's thread; ``read`` comes with every list."""

    read = Signal()
    _found = Signal(object)

    def __init__(
        self, theme: Theme, paths: Paths, templates: Templates, files: Files, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._paths, self._files = paths, files
        self._pool = WorkerPool()
        self._closed = False
        self._unnoted: deque[Callable[[], None]] = deque()
        self._wanted = ""
        self.model = PastModel(theme, templates, self)
        templates.read.connect(self._name_again)
        self.table = PastTable(self.model)
        self.empty = muted_label()
        self.open, self.show_folder, self.copy, self.remove = (QPushButton() for _each in range(4))
        self._ways = {"open": self.open, "folder": self.show_folder, "copy": self.copy, "remove": self.remove}
        self.confirm_removal: Callable[[Listed], bool] = self._ask
        below = QHBoxLayout()
        below.setSpacing(S)
        for button in (self.open, self.show_folder, self.copy):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.remove)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(below)
        self._found.connect(self._show)
        self.table.asked.connect(self._on_asked)
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._offer())
        self.table.customContextMenuRequested.connect(self._on_menu)
        for asked, button in self._ways.items():
            button.clicked.connect(partial(self._on_asked, asked))
        self._show([])

    @property
    def chosen(self) -> Listed | None:
        """The file chosen."""
        row = self.table.currentIndex().row()
        return self.model.listed[row] if 0 <= row < len(self.model.listed) else None

    def load(self, wanted: str = "") -> None:
        """Read the list again; then choose the file ``wanted``, or the one that was chosen before."""
        chosen = self.chosen
        self._wanted = wanted or self._wanted or (chosen.report.file if chosen is not None else "")

        def work() -> None:
            found = [Listed(each, each.state()) for each in past_reports(self._paths)]
            if not self._closed:
                self._found.emit(found)

        if not self._closed:
            self._pool.start(work)

    def note(self, file: Path, order: Order, span: TimeRange) -> None:
        """Note a file that was just written, and list it."""
        if not self._closed:
            facts = order.template, order.format, order.language, span, time.time_ns()
            self._unnoted.append(partial(note_written, self._paths, file, *facts))
            self._pool.start(self._write_notes)
            self.load(str(file.resolve()))

    def _write_notes(self) -> None:
        while self._unnoted:
            try:
                note = self._unnoted.popleft()
            except IndexError:  # another thread was quicker
                return
            note()

    def close_down(self) -> None:
        """Read nothing any more; what was written last is noted, else it would not be listed at the next start."""
        self._closed = True
        self._pool.finish()
        self._write_notes()

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("Written so far"))
        self.table.retranslate()
        self.empty.setFont(font(LABEL + 1))
        set_text(
            self.empty, _("Nothing was written yet. What you write is listed here, wherever you put it.")
        )
        for button, text, tip in (
            (self.open, _("Open"), _("Open it with the program that the system has for it (Enter)")),
            (self.show_folder, _("Show in folder"), _("Open the folder that it lies in")),
            (self.copy, _("Copy path"), _("Put the whole path on the clipboard")),
            (self.remove, _("Remove…"), _("Remove the file, or only take it off this list")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self._name_again()
        self._offer()

    def _name_again(self) -> None:
        row = self.table.currentIndex().row()
        self.model.show(self.model.listed)
        if row >= 0:
            self.table.choose(row)

    def _show(self, listed: list[Listed]) -> None:
        if listed != self.model.listed:
            wanted = self._wanted or (self.chosen.report.file if self.chosen is not None else "")
            self.model.show(listed)
            row = next((row for row, each in enumerate(listed) if each.report.file == wanted), 0)
            if listed:
                self.table.choose(row)
        self._wanted = ""
        self.table.setVisible(bool(listed))
        self.empty.setVisible(not listed)
        self.body.setAlignment(self.empty, Qt.AlignmentFlag.AlignTop)
        self._offer()
        self.read.emit()

    def _offer(self) -> None:
        chosen = self.chosen
        there = chosen is not None and chosen.state is not FileState.GONE
        for button in (self.open, self.show_folder):
            button.setEnabled(there)
        for button in (self.copy, self.remove):
            button.setEnabled(chosen is not None)

    def _on_asked(self, asked: str, _checked: bool = False) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        path = chosen.report.path
        if asked == "remove":
            self._remove(chosen)
        elif asked == "copy":
            self._files.copy_path(path)
        elif asked == "open":
            self._files.open(path)
        else:
            self._files.show_in_folder(path)

    def _on_menu(self, at: QPoint) -> None:
        if self.chosen is None:
            return
        menu = QMenu(self)
        for asked, button in self._ways.items():
            action = menu.addAction(button.text(), partial(self._on_asked, asked))
            action.setEnabled(button.isEnabled())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _remove(self, chosen: Listed) -> None:
        if not self.confirm_removal(chosen):
            return
        name = plain(chosen.report.path.name, 100)
        try:
            state = remove(self._paths, chosen.report)
        except OSError as error:
            sentence = _("{file} could not be removed: {reason}")
            self._files.failed.emit(sentence.format(file=name, reason=reason_of(error)))
            return
        if state is FileState.CHANGED:
            confirm(
                self, _("{file} was changed by another program, so it stays where it is.").format(file=name)
            )
        elif state is FileState.THERE:
            confirm(self, _("{file} was removed").format(file=name))
        self.load()

    def _ask(self, chosen: Listed) -> bool:
        """Whether the file is to be removed; "only from the list" is done at once."""
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(_("Remove a report"))
        name = plain(chosen.report.path.name, 100)
        if chosen.state is FileState.THERE:
            question.setText(_("Remove {file} from the disk?").format(file=name))
            question.setInformativeText(plain_tip(chosen.report.file))
            grave = question.addButton(_("Remove the file"), QMessageBox.ButtonRole.DestructiveRole)
        else:
            question.setText(_("Take {file} off the list?").format(file=name))
            question.setInformativeText(_("The file itself is not touched."))
            grave = None
        only = question.addButton(_("Only off the list"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.exec()
        if question.clickedButton() is only:
            forget(self._paths, chosen.report)
            self.load()
        return grave is not None and question.clickedButton() is grave
