"""What is to be written: a report or raw data, of which span, in which format, where; and how far that is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QSettings, QStandardPaths, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from aios_gui.reports.formats import FORMATS, FormatKind, of_kind
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
from aios_gui.text.terminal.output import PROGRAM
from aios_gui.ui.reports.files import FileLabel, Files
from aios_gui.ui.reports.span_box import SpanBox
from aios_gui.ui.theme import LABEL, TEXT, M, S, font
from aios_gui.ui.widgets.card import Card, set_look
from aios_gui.ui.widgets.choice import Choice
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.plain_tip import plain_tip
from aios_gui.ui.widgets.run_bar import RunBar
from aios_gui.ui.widgets.segments import segments

_log = logging.getLogger(__name__)
REPORT, DATA = range(2)
_FOLDER_KEY = "reports/folder"
_FOLDER_NAME = "AIOS Heartbeat"
_DATA_NAME = "beats"
_MOST_NAMES = 99


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted, as the command line has it; ``template`` is "" for raw data."""

    template: str
    span: str
    format: str
    language: str = ""

    def command(self, output: str) -> list[str]:
        """The words after the name of the program, which write it to a file."""
        ways = ["export"] if not self.template else ["report", "--template", self.template]
        language = ["--language", self.language] if self.language and self.template else []
        options = ["--format", self.format, "--range", self.span, *language]
        return [*ways, *options, "-o", output, "--progress", "json"]


class OrderCard(Card):
    """``changed`` comes with every other choice, ``written`` with the path of a file that is there."""

    changed = Signal()
    written = Signal(str)

    def __init__(self, paths: Paths, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._target = Path()
        self.child = OwnProcess(self)
        self.kinds = QButtonGroup(self)
        self.kinds.setExclusive(True)
        self.span = SpanBox()
        self.format, self.language = Choice(), Choice()
        self.folder = PlainLabel()
        self.folder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.change = QPushButton()
        self.make = QPushButton()
        self.make.setProperty("look", "primary")
        self.run = RunBar(self.make)
        self.result = FileLabel()
        self.open, self.show_folder, self.copy = (QPushButton() for _each in range(3))
        self._result_file: Path | None = None
        self.choose_folder: Callable[[], Path | None] = self._ask_for_folder
        self._labels: dict[str, QLabel] = {}
        self._lay_out()
        self._wire(files)

    # How it is built

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(M)
        form.setVerticalSpacing(S)
        form.setColumnStretch(1, 1)
        for row, (name, widget) in enumerate(
            (("span", self.span), ("format", self.format), ("language", self.language))
        ):
            self._add_row(form, row, name, widget)
        where = QHBoxLayout()
        where.setSpacing(S)
        where.addWidget(self.folder, 1)
        where.addWidget(self.change)
        label = self._labels["folder"] = PlainLabel()
        form.addWidget(label, 9, 0)
        form.addLayout(where, 9, 1)
        ways = QHBoxLayout()
        ways.setSpacing(S)
        for button in (self.open, self.show_folder, self.copy):
            ways.addWidget(button)
        ways.addStretch(1)
        self.head.addStretch(1)
        self.head.addLayout(segments(self.kinds, (REPORT, DATA)))
        self.body.addLayout(form)
        self.body.addWidget(self.run)
        self.body.addWidget(self.result)
        self.body.addLayout(ways)
        self.body.addStretch(1)
        self.kinds.button(DATA).setChecked(True)

    def _add_row(self, form: QGridLayout, row: int, name: str, field: QWidget) -> None:
        label = self._labels[name] = PlainLabel()
        label.setBuddy(field)
        top = Qt.AlignmentFlag.AlignTop
        label.setContentsMargins(0, 6, 0, 0)  # on a line with the text of the field
        form.addWidget(label, row, 0, top)
        form.addWidget(field, row, 1, top)

    def _wire(self, files: Files) -> None:
        self.kinds.idClicked.connect(self._on_kind)
        self.span.changed.connect(self._on_changed)
        self.format.activated.connect(self._on_changed)
        self.language.activated.connect(self._on_changed)
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
        for kind, text, tip in (
            (REPORT, _("Report"), _("A page that says how this machine did, with figures and tables")),
            (DATA, _("Raw data"), _("Every beat of the span, for other programs")),
        ):
            self.kinds.button(kind).setText(text)
            self.kinds.button(kind).setToolTip(tip)
            self.kinds.button(kind).setAccessibleDescription(tip)
        names = {
            "span": _("Time span"),
            "format": _("Format"),
            "language": _("Language"),
            "folder": _("Folder"),
        }
        for name, label in self._labels.items():
            label.setFont(font(TEXT))
            label.setText(names[name])
        self.format.setAccessibleName(names["format"])
        self.language.setAccessibleName(names["language"])
        self.span.retranslate()
        self.folder.setFont(font(TEXT))
        self.result.setFont(font(LABEL + 1))
        for button, text, tip in (
            (self.change, _("Change…"), _("Choose the folder that files are written to")),
            (self.make, _("Write it"), _("Write the file now")),
            (self.open, _("Open"), ""),
            (self.show_folder, _("Show in folder"), ""),
            (self.copy, _("Copy path"), ""),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
        self.run.retranslate()
        self.run.cancel.setToolTip(_("End it at once; no half a file is left."))
        self.run.cancel.setAccessibleDescription(self.run.cancel.toolTip())
        self._fill()

    # What is wanted

    @property
    def order(self) -> Order:
        """What is chosen."""
        return Order("", self.span.words, str(self.format.currentData()))

    def _fill(self) -> None:
        """Offer what fits the kind that is chosen, and keep what was chosen where it does."""
        chosen = self.format.currentData()
        kind = FormatKind.DATA if self.kinds.checkedId() == DATA else FormatKind.REPORT
        self.format.clear()
        for form in of_kind(kind).values():
            if form.is_available:
                self.format.addItem(form.title, form.name)
        self.format.setCurrentIndex(max(0, self.format.findData(chosen)))
        for widget in (self.language, self._labels["language"]):
            widget.setVisible(kind is FormatKind.REPORT)
        self._show_folder()
        self._offer()

    def _on_kind(self, _kind: int) -> None:
        self._fill()
        self._on_changed()

    def _on_changed(self) -> None:
        self._offer()
        self.changed.emit()

    def _offer(self) -> None:
        self.make.setEnabled(not self.span.fault and self.format.count() > 0)

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
        text = plain(self.where, 400)
        metrics = QFontMetrics(self.folder.font())
        self.folder.setText(
            metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(40, self.folder.width()))
        )
        self.folder.setToolTip(plain_tip(text))
        self.folder.setAccessibleName(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_folder()

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
        order = self.order
        self.span.settle()
        if self.span.fault:
            return
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
            self._show_result(None, sentence.format(reason=_reason(end)), failed=True)
            return
        try:
            made = msgspec.convert(end.result, JobResult)
        except msgspec.ValidationError as error:
            _log.warning("the end of a job was not understood: %s", error)
            made = JobResult(str(self._target), self.order.format, 0, 0.0)
        file = Path(made.file)
        sentence = _("{file}, {size}, written in {span}")
        text = sentence.format(
            file=plain(file.name, 200),
            size=figures.size(made.size_bytes),
            span=figures.span(made.seconds * 1e9),
        )
        self._show_result(file, text)
        self.written.emit(str(file))

    def _show_result(self, file: Path | None, text: str, failed: bool = False) -> None:
        self._result_file = file
        set_look(self.result, "critical" if failed else "")
        self.result.show_file(file, text)
        self.result.setVisible(bool(text))
        for button in (self.open, self.show_folder, self.copy):
            button.setVisible(file is not None)

    def close_down(self) -> None:
        """End what is still being written."""
        self.span.stop()
        self.child.cancel()


def _reason(end: Ended) -> str:
    """Why a child did not do it, without the name of the program before it."""
    return plain(end.message.removeprefix(f"{PROGRAM}: "), 400)


def _free(target: Path) -> Path:
    """``target``, or with a number where something has that name already."""
    if not target.exists():
        return target
    numbered = (
        target.with_name(f"{target.stem} {number}{target.suffix}") for number in range(2, _MOST_NAMES)
    )
    return next((each for each in numbered if not each.exists()), target)
