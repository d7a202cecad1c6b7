"""Writes a benchmark of the record to a file that the user names, in a process of its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from aios_gui.selfcheck.benchmark.formats import FORMATS
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.widgets.own_process import Ended, OwnProcess

_log = logging.getLogger(__name__)


class BenchExport(QObject):
    """``told`` brings a function that says how it went, and whether that is trouble."""

    told = Signal(object, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._target = Path()
        self.choose_file: Callable[[], tuple[str, str]] = self._ask_for_file
        self.child = OwnProcess(self)
        self.child.ended.connect(self._on_ended)

    def ask(self, number: int) -> None:
        """Ask for a file and write the benchmark of this number to it."""
        chosen, kind = self.choose_file()
        if not chosen:
            return
        path = Path(chosen)
        form = next((each for each in FORMATS.values() if each.suffix == path.suffix.lower()), None)
        if form is None:
            form = next((each for each in FORMATS.values() if f"*{each.suffix}" in kind), FORMATS["json"])
            path = path.with_name(path.name + form.suffix)
        self._target = path
        self.child.start(["bench", "--show", str(number), "-o", str(path), "--format", form.name])

    def close(self) -> None:
        """End what is still being written."""
        self.child.cancel()

    def _on_ended(self, end: Ended) -> None:
        name, reason = self._target.name, plain(end.said)
        if end.succeeded:
            self.told.emit(lambda: _("Saved {file}").format(file=name), False)
            return
        _log.warning("the benchmark could not be saved: %s", reason)
        self.told.emit(lambda: _("The benchmark could not be saved: {reason}").format(reason=reason), True)

    def _ask_for_file(self) -> tuple[str, str]:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = time.strftime("aios-heartbeat benchmark %Y-%m-%d") + ".json"
        kinds = ";;".join(("JSON (*.json)", _("Comma-separated values (*.csv)"), "Markdown (*.md)"))
        return QFileDialog.getSaveFileName(
            self._window, _("Export the benchmark"), str(Path(folder) / name), kinds
        )
