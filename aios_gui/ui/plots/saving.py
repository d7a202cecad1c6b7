"""Saves and copies what the plots show: a picture of them, or the beats behind them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from aios_gui.services.wording.catalogue import gettext as _
from aios_gui.services.wording.catalogue import ngettext
from aios_gui.services.wording.figures import count as written_count
from aios_gui.ui.plots.history_loader import Failed, FileWritten, HistoryLoader, TextReady
from aios_gui.ui.plots.time_window import TimeWindow

_log = logging.getLogger(__name__)
_NS = 1_000_000_000


class Saving(QObject):
    """What the Save menu does; ``told`` says how it went, ``failed`` that it did not."""

    told = Signal(object)
    failed = Signal(object)

    def __init__(self, plots: QWidget, window: TimeWindow, loader: HistoryLoader, parent: QObject) -> None:
        super().__init__(parent)
        self._plots = plots
        self._window = window
        self._loader = loader
        self.choose_file: Callable[[str, str, str], Path | None] = self._ask_for_file
        loader.done.connect(self._answered)

    def fill(self, menu: QMenu) -> None:
        """Add the four ways to a menu."""
        menu.addAction(_("Save picture of the plots…"), self.save_picture)
        menu.addAction(_("Save beats in view (CSV)…"), self.save_csv)
        menu.addSeparator()
        menu.addAction(_("Copy picture"), self.copy_picture)
        menu.addAction(_("Copy beats in view (CSV)"), self.copy_csv)

    def save_picture(self) -> None:
        """Ask for a file and write the plots to it."""
        path = self.choose_file(_("Save picture"), ".png", _("Pictures (*.png)"))
        if path is None:
            return
        if self._plots.grab().save(str(path), "PNG"):
            self.told.emit(_("Saved {file}").format(file=path.name))
        else:
            _log.warning("cannot write the picture %s", path)
            self.failed.emit(
                _(
                    "The picture could not be written to {file}. Choose another folder, or make room on the disk."
                ).format(file=path)
            )

    def copy_picture(self) -> None:
        """Put a picture of the plots on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self._plots.grab())
        self.told.emit(_("Picture copied"))

    def save_csv(self) -> None:
        """Ask for a file and write the beats in view to it, in the background."""
        path = self.choose_file(_("Save beats"), ".csv", _("Comma-separated values (*.csv)"))
        if path is not None:
            self.told.emit(_("Saving…"))
            self._loader.write_csv(path, *self._span_ns())

    def copy_csv(self) -> None:
        """Put the beats in view on the clipboard, as soon as they are read."""
        self._loader.copy_text(*self._span_ns())

    def _span_ns(self) -> tuple[int, int]:
        # One more microsecond: the end is not in the span that the record answers, the newest beat is in view.
        return int(self._window.start_s * _NS), int(self._window.end_s * _NS) + 1000

    def _answered(self, answer: object) -> None:
        if isinstance(answer, TextReady):
            QGuiApplication.clipboard().setText(answer.text)
            self.told.emit(_beats("Copied {count} beat", "Copied {count} beats", answer.count))
        elif isinstance(answer, FileWritten):
            text = _beats("Saved {count} beat to {file}", "Saved {count} beats to {file}", answer.count)
            self.told.emit(text.replace("{file}", answer.path.name))
        elif isinstance(answer, Failed) and answer.doing in ("copy", "export"):
            self.failed.emit(_("The beats could not be saved: {reason}").format(reason=answer.reason))

    def _ask_for_file(self, title: str, suffix: str, kinds: str) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = time.strftime("aios-heartbeat %Y-%m-%d %H.%M") + suffix
        chosen, _kind = QFileDialog.getSaveFileName(self._plots, title, str(Path(folder) / name), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(suffix)


def _beats(singular: str, plural: str, number: int) -> str:
    return ngettext(singular, plural, number).replace("{count}", written_count(number))
