"""The record: where it lies, how large it is, and moving it elsewhere while it is being written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton, QSizePolicy

from aios_gui.record.settings import limits_of
from aios_gui.record.store.growth import size_of
from aios_gui.record.words import growth_sentence
from aios_gui.text import figures
from aios_gui.text.catalogue import N_
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.settings.row import ActionRow
from aios_gui.ui.shell.controller import Controller
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_tip import plain_tip
from aios_gui.ui.widgets.run_bar import RunBar


class RecordRows(QObject):
    """The move is a child's task, which has it done by the process that writes the record: this one or the service."""

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._before = Path()
        self.child = OwnProcess(self)
        self.elsewhere, self.back, self.open = QPushButton(), QPushButton(), QPushButton()
        self.run = RunBar(self.back, self.open, self.elsewhere)
        self.run.setMinimumWidth(260)
        self.row = ActionRow(self.run)
        self.bring = QPushButton()
        self._imports = ActionRow(self.bring)
        self.rows = [self.row, self._imports]
        self.message, self.show_message = self.row.message, self.row.show_message
        self.ask_where: Callable[[], Path | None] = self._ask_where
        self.open_folder: Callable[[Path], object] = lambda path: QDesktopServices.openUrl(
            QUrl.fromLocalFile(str(path))
        )
        self.row.help.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.row.help.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.elsewhere.clicked.connect(self._on_move)
        self.back.clicked.connect(lambda: self.start(controller.paths.data))
        self.open.clicked.connect(lambda: self.open_folder(controller.paths.record_folder))
        self.ask_which: Callable[[], Path | None] = self._ask_which
        self.bring.clicked.connect(self._on_bring)
        self.run.cancel_asked.connect(self._on_cancel)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)

    def retranslate(self) -> None:
        """Say everything in the language spoken."""
        self.elsewhere.setText(_("Move…"))
        self.elsewhere.setToolTip(
            _("Copy the record to another folder and go on there; no beat is lost meanwhile.")
        )
        self.back.setText(_("Move back"))
        self.back.setToolTip(plain_tip(str(self._controller.paths.data)))
        self.elsewhere.setAccessibleDescription(self.elsewhere.toolTip())
        self.back.setAccessibleDescription(plain(self._controller.paths.data, 400))
        self.open.setText(_("Open folder"))
        self.bring.setText(_("Import…"))
        self._imports.set_text(
            _("Beats of another file"),
            _(
                "Import an export or the file of another monitor. They are kept apart from this machine’s own."
            ),
            N_("import beats csv json lines file history other machine"),
        )
        self.run.retranslate()
        self.run.cancel.setToolTip(_("Leave the record where it is."))
        self.run.cancel.setAccessibleDescription(self.run.cancel.toolTip())
        self.refresh()

    def refresh(self) -> None:
        """Show where the record is now, and how large."""
        paths = self._controller.paths
        folder = paths.record_folder
        growth = growth_sentence(self._controller.snapshot.growth, *limits_of(self._controller.settings))
        self.row.set_text(
            _("Data folder: {size}").format(size=figures.size(size_of(paths.store))),
            f"{folder}\n{growth}" if growth else str(folder),
            N_("data folder record move path directory disk size location delete"),
        )
        self.back.setVisible(folder != paths.data)

    def start(self, target: Path) -> None:
        """Move the record there."""
        self.show_message("")
        self._before = self._controller.paths.record_folder
        self.run.begin(_("Preparing"))
        self.child.start(["record", "--progress", "--move", str(target)], tells_progress=True)

    def close_down(self) -> None:
        """End what is under way; the record stays where it was."""
        self.child.cancel()

    def _on_move(self) -> None:
        target = self.ask_where()
        if target is not None:
            self.start(target)

    def _on_bring(self) -> None:
        from aios_gui.ui.shell.importing import ImportDialog  # few ever import

        file = self.ask_which()
        if file is not None:
            ImportDialog(file, self.row.window()).show()

    def _ask_which(self) -> Path | None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self.row, _("Import beats"), "", _("Beats (*.jsonl *.json *.csv *.txt);;All files (*)")
        )
        return Path(chosen) if chosen else None

    def _on_progress(self, told: dict[str, Any]) -> None:
        self.run.progress(float(told["progress"]), str(told.get("text", "")))

    def _on_cancel(self) -> None:
        self.child.cancel()
        self.run.end()
        self.refresh()
        folder = self._controller.paths.record_folder
        if folder == self._before:
            self.show_message(_("Cancelled. The record stays where it was, and nothing is lost."))
        else:
            self.show_message(_("The record now lies in {folder}.").format(folder=plain(folder, 400)))

    def _on_ended(self, end: Ended) -> None:
        self.run.end()
        self.refresh()
        text = str((end.result or {}).get("text", "")) or end.message
        self.show_message(text, "muted" if end.succeeded else "critical")

    def _ask_where(self) -> Path | None:
        start = str(self._controller.paths.record_folder)
        chosen = QFileDialog.getExistingDirectory(self.row, _("Move the record to"), start)
        return Path(chosen) if chosen else None
