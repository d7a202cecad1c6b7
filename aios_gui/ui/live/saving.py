"""Saves and copies what the plots show: a picture of them, or the beats behind them."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.model.timerange import TimeRange
from aios_gui.reports.formats import csv_format
from aios_gui.reports.formats.raw_data import of_recorded
from aios_gui.system.origin import file_name, origin
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.figures import count
from aios_gui.ui.history.words import range_text
from aios_gui.ui.live.time_window import TimeWindow
from aios_gui.ui.widgets.figure_copy import captioned
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.save_dialog import ask_where_to_save

_log = logging.getLogger(__name__)
_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STANDARD_OUTPUT = "-"
_MOST_COPIED_BYTES = 32 << 20
"""Some four days of a beat a second; a year would be gigabytes, all of them in memory."""


class Saving(QObject):
    """What the Save menu does; one export at a time."""

    noted = Signal(object)
    """How it goes, in words."""
    failed = Signal(object)
    """Why it did not work, in words."""

    report_asked = Signal(object)
    """Brings the span in view, of which a report is wanted."""

    def __init__(self, plots: QWidget, window: TimeWindow, record_words: list[str], parent: QObject) -> None:
        """``record_words`` have a command read the record that is looked at."""
        super().__init__(parent)
        self._plots, self._window, self._record_words = plots, window, record_words
        self._target: Path | None = None
        self._child = OwnProcess(self)
        self.choose_file: Callable[[str, str, str], Path | None] = self._ask_for_file
        self._child.ended.connect(self._on_exported)

    def fill(self, menu: QMenu) -> None:
        """Add the ways to a menu."""
        menu.addAction(_("Report this…"), lambda: self.report_asked.emit(self._span))
        menu.addSeparator()
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
        return captioned(self._plots, int(self._window.start_s * _NS), int(self._window.end_s * _NS))

    def save_csv(self) -> None:
        """Ask for a file and write the beats in view to it, in a process of its own."""
        path = self.choose_file(_("Save beats"), ".csv", _("Comma-separated values (*.csv)"))
        if path is not None:
            self._export(path)

    def save_slice(self) -> None:
        """Show what is recorded of the span in view, and write it to a file to send where that is wanted."""
        from aios_gui.ui.shell.slicing import SliceDialog  # few ever send one

        SliceDialog(self._span, self._record_words, self._plots.window()).show()

    def copy_csv(self) -> None:
        """Put the beats in view on the clipboard, as soon as they are read."""
        self._export(None)

    def close(self) -> None:
        """End what is still being written."""
        self._child.cancel()

    @property
    def _span(self) -> TimeRange:
        """What is in view."""
        # One more microsecond: the end is not in the span that the record answers, the newest beat is in view.
        return TimeRange(int(self._window.start_s * _NS), int(self._window.end_s * _NS) + 1000)

    def _export(self, path: Path | None) -> None:
        self._target = path
        self.noted.emit(_("Saving…") if path is not None else _("Copying…"))
        output = _STANDARD_OUTPUT if path is None else str(path)
        span = ["--range", range_text(self._span), *self._record_words]
        self._child.start(["export", "--format", "csv", *span, "-o", output], most_bytes=_MOST_COPIED_BYTES)

    def _on_exported(self, end: Ended) -> None:
        if end.is_too_long:
            self.failed.emit(_("These are too many beats for the clipboard. Save them to a file instead."))
        elif not end.succeeded:
            _log.warning("the beats could not be exported: %s", end.message)
            self.failed.emit(_("Nothing was saved: {reason}").format(reason=end.message))
        elif self._target is not None:
            self.noted.emit(_("Saved {file}").format(file=self._target.name))
        else:
            QGuiApplication.clipboard().setText(_with_origin(end.text))
            self.noted.emit(copied_phrase(max(0, end.text.count("\n") - 1)))

    def _ask_for_file(self, title: str, suffix: str, kinds: str) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return ask_where_to_save(self._plots, title, Path(folder) / file_name(suffix), kinds)


def beats_text(beats: Iterable[RecordedBeat]) -> str:
    """Beats as comma-separated values for the clipboard, with where they come from before them."""
    out = io.StringIO()
    csv_format.write_beats(of_recorded(beats), out)
    return _with_origin(out.getvalue())


def copied_phrase(beats: int) -> str:
    """That this number of beats is on the clipboard."""
    return ngettext("Copied {count} beat", "Copied {count} beats", beats).format(count=count(beats))


def _with_origin(text: str) -> str:
    return f"# {origin(time.time_ns())}\n{text}"
