"""The settings file: where it is, out to another file and in from one, and back to the defaults."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton

from aios_gui.settings.model import Settings
from aios_gui.settings.transfer import ImportRefused, import_settings
from aios_gui.settings.words import fault_sentence
from aios_gui.system.bounded_queue import BoundedQueueThread
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.os_reason import reason_of
from aios_gui.text.plain import plain
from aios_gui.ui.settings.row import ActionRow
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.save_dialog import ask_where_to_save

_MOST_PROBLEMS = 8
_NAME = "aios-heartbeat-settings.toml"


class FileRows(QObject):
    """``imported`` brings the settings of a file that is sound; any other changes nothing and is told here."""

    imported = Signal(object)
    import_ended = Signal()
    """A file was read, whatever came of it."""
    _has_read = Signal(object, object)
    reset_asked = Signal()

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.open, self.export, self.take = QPushButton(), QPushButton(), QPushButton()
        self.reset = QPushButton()
        self._file, self._backup, self._all = (
            ActionRow(self.open),
            ActionRow(self.export, self.take),
            ActionRow(self.reset),
        )
        self.rows = [self._file, self._backup, self._all]
        self.message, self.show_message = self._backup.message, self._backup.show_message
        self._folder: Path | None = None
        # Named, so that a test need not work a dialog of the system.
        self.ask_where: Callable[[], Path | None] = self._ask_where
        self.ask_which: Callable[[], Path | None] = self._ask_which
        self.open_file: Callable[[Path], object] = lambda path: QDesktopServices.openUrl(
            QUrl.fromLocalFile(str(path))
        )
        self.open.clicked.connect(self._on_open)
        self.export.clicked.connect(self._on_export)
        self.take.clicked.connect(self._on_import)
        self.reset.clicked.connect(self.reset_asked)
        self._reader: BoundedQueueThread[Path] = BoundedQueueThread("settings import", self._read, 1)
        self._has_read.connect(self._on_read, Qt.ConnectionType.QueuedConnection)
        controller.store.exported.connect(self._on_exported)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        path = str(self._controller.paths.settings)
        self._file.set_text(
            _("Settings file"),
            _("{path}. Changes in the file apply at once.").format(path=path),
            N_("edit text editor toml configuration"),
        )
        self._backup.set_text(
            _("Backup"), _("Export or import settings."), N_("save restore copy another machine file")
        )
        self._all.set_text(
            _("Defaults"),
            _("Put every setting back to its default. Ctrl+Z undoes it."),
            N_("factory restore original"),
        )
        self.open.setText(_("Open file"))
        self.export.setText(_("Export…"))
        self.take.setText(_("Import…"))
        self.reset.setText(_("Reset all"))

    def show_state(self, any_changed: bool, locked: bool) -> None:
        """Offer what can be done now."""
        self.reset.setEnabled(any_changed and not locked)
        self.take.setEnabled(not locked)

    def _on_open(self) -> None:
        self.show_message("")
        path = self._controller.paths.settings
        if path.exists():
            self._open(path)
        else:
            self._controller.store.export(path)

    def _open(self, path: Path) -> None:
        if not self.open_file(path):
            self.show_message(
                _("No program opens {file}. Open it with a text editor.").format(file=path), "critical"
            )

    def _on_export(self) -> None:
        self.show_message("")
        target = self.ask_where()
        if target is not None:
            self._controller.store.export(target)

    def _on_exported(self, target: Path, error: OSError | None) -> None:
        if error is not None:
            sentence = _("The settings could not be written to {file} ({reason}). Choose another folder.")
            reason = reason_of(error)
            self.show_message(sentence.format(file=plain(target, 400), reason=reason), "critical")
        elif target == self._controller.paths.settings:
            self._open(target)
        else:
            self._folder = target.parent
            self.show_message(_("Saved {file}").format(file=plain(target, 400)))

    def _on_import(self) -> None:
        self.show_message("")
        source = self.ask_which()
        if source is None:
            return
        self._folder = source.parent
        self._reader.put(source)

    def _read(self, sources: list[Path]) -> None:
        """On a thread of its own: a large file takes a second, and a disk may take any time."""
        source = sources[-1]
        found: Settings | ImportRefused
        try:
            found = import_settings(source, self._controller.settings.declared)
        except ImportRefused as refused:
            found = refused
        with contextlib.suppress(RuntimeError):  # the window has gone in the meantime
            self._has_read.emit(source, found)

    def _on_read(self, source: Path, found: Settings | ImportRefused) -> None:
        if isinstance(found, ImportRefused):
            refused = found
            lines = [fault_sentence(problem) for problem in refused.problems[:_MOST_PROBLEMS]]
            if len(refused.problems) > _MOST_PROBLEMS:
                lines.append("…")
            self.show_message(
                "\n".join((_("Nothing was changed, since this file cannot be used:"), *lines)), "critical"
            )
            self.import_ended.emit()
            return
        self.imported.emit(found)
        if self._controller.confirming.waiting:
            self._controller.confirming.asked.emit()
        self.show_message(
            _("The settings were taken from {file}. Ctrl+Z undoes it.").format(file=plain(source, 400))
        )
        self.import_ended.emit()

    def _ask_where(self) -> Path | None:
        start, title = self._start_folder() / _NAME, _("Export the settings")
        return ask_where_to_save(self._backup, title, start, _("Settings (*.toml)"))

    def _ask_which(self) -> Path | None:
        start = str(self._start_folder())
        chosen, _kind = QFileDialog.getOpenFileName(
            self._backup, _("Import settings"), start, _("Settings (*.toml)")
        )
        return Path(chosen) if chosen else None

    def _start_folder(self) -> Path:
        """Where a dialog begins: where the last file was, or the documents, or the home. A name is no such folder."""
        where = QStandardPaths.StandardLocation
        places = (where.DocumentsLocation, where.HomeLocation)
        folders = [Path(QStandardPaths.writableLocation(place)) for place in places]
        return next((each for each in (self._folder, *folders) if each and each.is_dir()), Path.home())
