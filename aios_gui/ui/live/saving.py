"""Saves and copies what the plots show: a picture of them, or the beats behind them."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QCheckBox, QFileDialog, QMenu, QMessageBox, QWidget

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.instance.start_options import SLICE
from aios_gui.reports.formats import csv_format
from aios_gui.reports.formats.raw_data import of_recorded
from aios_gui.system.origin import file_name, origin
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.figures import count
from aios_gui.text.plain import plain
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.theme import LABEL, font
from aios_gui.ui.widgets.own_process import Ended, OwnProcess

_log = logging.getLogger(__name__)
_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STANDARD_OUTPUT = "-"
_EDGE_PX, _CAPTION_PX = 10, 42


class Saving(QObject):
    """What the Save menu does; one export at a time."""

    noted = Signal(object)
    """How it goes, in words."""
    failed = Signal(object)
    """Why it did not work, in words."""

    def __init__(self, plots: QWidget, window: TimeWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._plots = plots
        self._window = window
        self._target: Path | None = None
        self._child = OwnProcess(self)
        self.ask_names: Callable[[], bool | None] = self._ask_for_names
        self.choose_file: Callable[[str, str, str], Path | None] = self._ask_for_file
        self._child.ended.connect(self._on_exported)

    def fill(self, menu: QMenu) -> None:
        """Add the ways to a menu."""
        menu.addAction(_("Save picture of the plots…"), self.save_picture)
        menu.addAction(_("Save beats in view (CSV)…"), self.save_csv)
        menu.addAction(_("Save what is in view to send it…"), self.save_slice)
        menu.addSeparator()
        menu.addAction(_("Copy picture"), self.copy_picture)
        menu.addAction(_("Copy beats in view (CSV)"), self.copy_csv)

    def save_picture(self) -> None:
        """Ask for a file and write the plots to it."""
        path = self.choose_file(_("Save picture"), ".png", _("Pictures (*.png)"))
        if path is None:
            return
        if self._picture().save(str(path), "PNG"):
            self.noted.emit(_("Saved {file}").format(file=path.name))
        else:
            _log.warning("cannot write the picture %s", path)
            self.failed.emit(
                _(
                    "The picture could not be written to {file}. Choose another folder, or make room on the disk."
                ).format(file=path)
            )

    def copy_picture(self) -> None:
        """Put a picture of the plots on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self._picture())
        self.noted.emit(_("Picture copied"))

    def _picture(self) -> QPixmap:
        """The plots, and below them what machine they are of, from when to when, and by what."""
        window, look = self._window, self._plots.palette()
        plots = self._plots.grab()
        ratio = plots.devicePixelRatio()
        picture = QPixmap(
            plots.width() + round(2 * _EDGE_PX * ratio), plots.height() + round(_CAPTION_PX * ratio)
        )
        picture.setDevicePixelRatio(ratio)
        picture.fill(look.color(QPalette.ColorRole.Window))
        painter = QPainter(picture)
        painter.drawPixmap(_EDGE_PX, _EDGE_PX, plots)
        painter.setFont(font(LABEL + 1))
        painter.setPen(look.color(QPalette.ColorRole.PlaceholderText))
        text = origin(int(window.start_s * _NS), int(window.end_s * _NS))
        painter.drawText(_EDGE_PX, round(picture.height() / ratio) - _EDGE_PX, text)
        painter.end()
        return picture

    def save_csv(self) -> None:
        """Ask for a file and write the beats in view to it, in a process of its own."""
        path = self.choose_file(_("Save beats"), ".csv", _("Comma-separated values (*.csv)"))
        if path is not None:
            self._export(path)

    def save_slice(self) -> None:
        """Ask for a file, and whether to replace names, and write all that is known of the span in view to it."""
        hides_names = self.ask_names()
        path = (
            None
            if hides_names is None
            else self.choose_file(_("Save a slice"), SLICE, _("Slices (*.aiosrec)"))
        )
        if path is None:
            return
        if path.exists():
            self.failed.emit(_("{file} is there already; name a new file").format(file=plain(path.name, 100)))
            return
        options = ["--hide-names"] if hides_names else []
        self._export(path, ["slice", "--yes", *options])

    def copy_csv(self) -> None:
        """Put the beats in view on the clipboard, as soon as they are read."""
        self._export(None)

    def close(self) -> None:
        """End what is still being written."""
        self._child.cancel()

    def _export(self, path: Path | None, command: Sequence[str] = ("export", "--format", "csv")) -> None:
        self._target = path
        self.noted.emit(_("Saving…") if path is not None else _("Copying…"))
        start_ns = int(self._window.start_s * _NS)
        # One more microsecond: the end is not in the span that the record answers, the newest beat is in view.
        end_ns = int(self._window.end_s * _NS) + 1000
        span = f"{_iso(start_ns)}..{_iso(end_ns)}"
        output = _STANDARD_OUTPUT if path is None else str(path)
        self._child.start([*command, "--range", span, "-o", output])

    def _on_exported(self, end: Ended) -> None:
        if not end.succeeded:
            _log.warning("the beats could not be exported: %s", end.message)
            self.failed.emit(_("Nothing was saved: {reason}").format(reason=plain(end.message)))
        elif self._target is not None:
            self.noted.emit(_("Saved {file}").format(file=self._target.name))
        else:
            QGuiApplication.clipboard().setText(_with_origin(end.text))
            self.noted.emit(copied_phrase(max(0, end.text.count("\n") - 1)))

    def _ask_for_names(self) -> bool | None:
        """Whether names are to be replaced; None where nothing is to be saved after all."""
        question = QMessageBox(self._plots)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(_("Save a slice"))
        question.setText(
            _("All that is recorded of the span in view is saved as one file, which can be sent.")
        )
        question.setInformativeText(
            _(
                "It holds beats, gaps, hiccups, incidents, who ran, changes and notes. Any AIOS Heartbeat opens it by "
                "a double click."
            )
        )
        box = QCheckBox(_("Replace the names of programs and users, and notes"), question)
        question.setCheckBox(box)
        save = question.addButton(_("Choose a file…"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.exec()
        return box.isChecked() if question.clickedButton() is save else None

    def _ask_for_file(self, title: str, suffix: str, kinds: str) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start = str(Path(folder) / file_name(suffix))
        chosen, _kind = QFileDialog.getSaveFileName(self._plots, title, start, kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suffix)


def beats_text(beats: Iterable[RecordedBeat]) -> str:
    """Beats as comma-separated values for the clipboard, with where they come from before them."""
    out = io.StringIO()
    csv_format.write_beats(of_recorded(beats), out)
    return _with_origin(out.getvalue())


def copied_phrase(beats: int) -> str:
    """That so many beats are on the clipboard."""
    return ngettext("Copied {count} beat", "Copied {count} beats", beats).format(count=count(beats))


def _with_origin(text: str) -> str:
    return f"# {origin(time.time_ns())}\n{text}"


def _iso(wall_ns: int) -> str:
    return (_EPOCH + timedelta(microseconds=wall_ns // 1000)).isoformat(timespec="microseconds")
