"""What is to be written: a report or raw data, of which span, in which format, where; and how far that is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QSettings, QStandardPaths, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.formats import FORMATS
from aios_gui.reports.jobs.model import JobResult
from aios_gui.reports.jobs.words import progress_sentence
from aios_gui.system.atomic_file import make_private
from aios_gui.system.origin import file_name
from aios_gui.system.paths import Paths
from aios_gui.system.progress import progress_of
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.os_reason import reason_of
from aios_gui.text.plain import plain
from aios_gui.ui.reports.files import FileLabel, Files, PathLabel
from aios_gui.ui.reports.form import Order, OrderForm
from aios_gui.ui.theme import LABEL, TEXT, S, font
from aios_gui.ui.widgets.card import Card, muted_label, set_look, set_text
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.run_bar import RunBar

_log = logging.getLogger(__name__)
_FOLDER_KEY = "reports/folder"
_FOLDER_NAME = "AIOS Heartbeat"
_DATA_NAME = "beats"
_MOST_NAMES = 99


class OrderCard(Card):
    """``written`` brings the path of a file that is there, what it was written by, and the span of it."""

    written = Signal(object, object, object)

    def __init__(self, paths: Paths, form: OrderForm, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._target = Path()
        self._wanted: tuple[Order, TimeRange] | None = None
        self.child = OwnProcess(self)
        self.form = form
        self.folder_name, self.folder = PlainLabel(), PathLabel()
        self.change = QPushButton()
        self.make = QPushButton()
        self.make.setProperty("look", "primary")
        self.run = RunBar(self.make)
        self.missing = muted_label()
        self.result = FileLabel()
        self.open, self.show_folder, self.copy = (QPushButton() for _each in range(3))
        self._result_file: Path | None = None
        self.choose_folder: Callable[[], Path | None] = self._ask_for_folder
        self._lay_out()
        self._wire(files)

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(S)
        where.addWidget(self.folder_name)
        where.addWidget(self.folder, 1)
        where.addWidget(self.change)
        ways = QHBoxLayout()
        ways.setSpacing(S)
        for button in (self.open, self.show_folder, self.copy):
            ways.addWidget(button)
        ways.addStretch(1)
        self.head.addStretch(1)
        self.head.addLayout(self.form.kind_row)
        self.body.addWidget(self.form)
        self.body.addLayout(where)
        parts: tuple[QWidget, ...] = (self.run, self.missing, self.result)
        for part in parts:
            self.body.addWidget(part)
        self.body.addLayout(ways)
        self.body.addStretch(1)

    def _wire(self, files: Files) -> None:
        self.form.changed.connect(self._offer)
        self.change.clicked.connect(self._on_change_folder)
        self.make.clicked.connect(self.start)
        self.run.cancel_asked.connect(self._on_cancel)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)
        for button, do in (
            (self.open, files.open),
            (self.show_folder, files.show_in_folder),
            (self.copy, files.copy_path),
        ):
            button.clicked.connect(lambda _checked=False, do=do: self._result_file and do(self._result_file))
        self._show_result(None, "")

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.set_title(_("New report"))
        self.form.retranslate()
        self.folder_name.setFont(font(TEXT))
        self.folder_name.setText(_("Folder"))
        self.folder.setFont(font(TEXT))
        for label in (self.result, self.missing):
            label.setFont(font(LABEL + 1))
        for button, text, tip in (
            (self.change, _("Change…"), _("Choose the folder that files are written to")),
            (self.make, _("Write it"), _("Write the file now")),
            (self.open, _("Open"), _("Open it with the program that the system has for it")),
            (self.show_folder, _("Show in folder"), _("Open the folder that it lies in")),
            (self.copy, _("Copy path"), _("Put the whole path on the clipboard")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.run.retranslate()
        self.run.cancel.setToolTip(_("End it at once; no half a file is left."))
        self.run.cancel.setAccessibleDescription(self.run.cancel.toolTip())
        self._show_folder()
        self._offer()

    def _offer(self) -> None:
        fault = self.form.fault
        self.make.setEnabled(not fault)
        set_text(self.missing, fault)
        self.missing.setVisible(bool(fault) and fault != self.form.span.fault)

    # Where it goes

    @property
    def where(self) -> Path:
        """The folder that files are written to."""
        kept = self._memory().value(_FOLDER_KEY)
        if isinstance(kept, str) and kept:
            return Path(kept)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(documents or Path.home()) / _FOLDER_NAME

    def _memory(self) -> QSettings:
        return QSettings(str(self._paths.window_state), QSettings.Format.IniFormat)

    def _show_folder(self) -> None:
        self.folder.show_path(plain(self.where, 400))

    def _on_change_folder(self) -> None:
        folder = self.choose_folder()
        if folder is not None:
            self._memory().setValue(_FOLDER_KEY, str(folder))
            self._show_folder()

    def _ask_for_folder(self) -> Path | None:
        start = next((each for each in (self.where, *self.where.parents) if each.is_dir()), Path.home())
        chosen = QFileDialog.getExistingDirectory(self, _("Folder for reports"), str(start))
        return Path(chosen) if chosen else None

    # Writing it

    def start(self) -> None:
        """Write what is chosen, in a process of its own."""
        self.form.span.settle()
        if self.form.fault:
            return
        order = self.form.order
        self._wanted = order, self.form.span.span
        try:
            if not self.where.is_dir():
                make_private(self.where)
        except (OSError, ValueError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else plain(error)
            sentence = _("The folder {folder} cannot be made: {reason}")
            self._show_result(
                None, sentence.format(folder=plain(self.where, 400), reason=reason), failed=True
            )
            return
        what = order.template or _DATA_NAME
        self._target = _free(self.where / file_name(FORMATS[order.format].suffix, what))
        self._show_result(None, "")
        self.run.begin(_("Starting…"))
        self.child.start(order.command(str(self._target)), tells_progress=True)

    def _on_progress(self, told: dict[str, Any]) -> None:
        progress = progress_of(told)
        if progress is not None:
            self.run.progress(progress.share, progress_sentence(progress))

    def _on_cancel(self) -> None:
        self.child.cancel()
        self.run.end()
        self._show_result(None, _("Cancelled; nothing was written."))

    def _on_ended(self, end: Ended) -> None:
        self.run.end()
        if not end.succeeded:
            _log.warning("nothing was written: %s", end.message)
            sentence = _("Nothing was written: {reason}")
            self._show_result(None, sentence.format(reason=end.message), failed=True)
            return
        try:
            made = msgspec.convert(end.result, JobResult)
        except msgspec.ValidationError as error:
            _log.warning("the end of a job was not understood: %s", error)
            made = JobResult(str(self._target), self.form.order.format, 0, 0.0)
        file = Path(made.file)
        sentence = _("{file}, {size}, written in {span}")
        text = sentence.format(
            file=plain(file.name, 200),
            size=figures.size(made.size_bytes),
            span=figures.span(made.seconds * 1e9),
        )
        self._show_result(file, text)
        if self._wanted is not None:
            self.written.emit(file, *self._wanted)

    def _show_result(self, file: Path | None, text: str, failed: bool = False) -> None:
        self._result_file = file
        set_look(self.result, "critical" if failed else "")
        self.result.show_file(file, text)
        self.result.setVisible(bool(text))
        for button in (self.open, self.show_folder, self.copy):
            button.setVisible(file is not None)

    def tell(self, trouble: str) -> None:
        """Say what could not be done with a file."""
        self._show_result(self._result_file, trouble, failed=True)

    def close_down(self) -> None:
        """End what is still being written."""
        self.form.stop()
        self.child.cancel()


def _free(target: Path) -> Path:
    """``target``, or with a number where something has that name already."""
    if not target.exists():
        return target
    numbered = (
        target.with_name(f"{target.stem} {number}{target.suffix}") for number in range(2, _MOST_NAMES)
    )
    return next((each for each in numbered if not each.exists()), target)
