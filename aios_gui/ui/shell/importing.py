"""The question before beats of a file are imported: it shows what would be, then how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.theme import STRONG, TEXT, M, S, font
from aios_gui.ui.widgets.card import set_look
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.run_bar import RunBar


def dropped_file(data: QMimeData) -> Path | None:
    """The one file that is dragged; None for several, for none, and for what is not on this machine."""
    urls = data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    file = Path(urls[0].toLocalFile())
    return None if file.is_dir() else file


class ImportDialog(QDialog):
    """A child reads the file, and reads it again to import it once the person wants that."""

    def __init__(self, file: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Import beats"))
        self._file = file
        self._is_dry = True
        self.child = OwnProcess(self)
        self.head = PlainLabel(plain(file.name, 120))
        self.head.setFont(font(STRONG, strong=True))
        self.head.setWordWrap(True)
        self.message = PlainLabel(_("The file is being read; nothing is imported yet."))
        self.message.setFont(font(TEXT))
        self.message.setWordWrap(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(_("What was left out"))
        self.details.setFont(font(TEXT))
        self.details.setMinimumHeight(96)
        self.details.hide()
        apart = PlainLabel(_("Imported beats are kept apart: no figure of this machine contains them."))
        apart.setFont(font(TEXT))
        apart.setProperty("look", "muted")
        apart.setWordWrap(True)
        self.run = RunBar()
        self.run.cancel.setToolTip(_("What was imported so far stays; import the file again to go on."))
        self.run.cancel.setAccessibleDescription(self.run.cancel.toolTip())
        self.buttons = QDialogButtonBox()
        self.take = QPushButton(_("Import"))
        self.take.setEnabled(False)
        self.buttons.addButton(self.take, QDialogButtonBox.ButtonRole.AcceptRole)
        self.leave = self.buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.buttons.accepted.connect(self._on_take)
        self.buttons.rejected.connect(self.reject)
        self.run.cancel_asked.connect(self._on_cancel)
        self.child.progressed.connect(self._on_progress)
        self.child.ended.connect(self._on_ended)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(M + S, M + S, M + S, M + S)
        layout.setSpacing(M)
        for widget in (self.head, self.message, self.details, apart):
            layout.addWidget(widget)
        layout.setStretchFactor(self.details, 1)
        layout.addStretch()
        layout.addWidget(self.run)
        layout.addWidget(self.buttons)
        self.resize(560, 320)
        self._start()

    def done(self, result: int) -> None:
        """However it is closed, no child goes on."""
        self.child.cancel()
        super().done(result)

    def _start(self) -> None:
        self.take.setEnabled(False)
        set_look(self.message, "")
        self.run.begin("")
        dry = ["--dry-run"] if self._is_dry else []
        self.child.start(["import", *dry, "--progress", str(self._file)], tells_progress=True)

    def _on_take(self) -> None:
        self._is_dry = False
        self.message.setText(_("The beats are being imported."))
        self._start()

    def _on_progress(self, told: dict[str, Any]) -> None:
        self.run.progress(float(told["progress"]), str(told.get("text", "")))

    def _on_cancel(self) -> None:
        self.child.cancel()
        self.run.end()
        said = _("Cancelled. Nothing was imported.")
        self._tell(said if self._is_dry else self.run.cancel.toolTip(), "")

    def _on_ended(self, end: Ended) -> None:
        self.run.end()
        result = end.result or {}
        self._tell(str(result.get("text", "")) or end.message, "" if end.succeeded else "critical")
        details = [str(each) for each in result.get("details", ())]
        self.details.setPlainText("\n".join(details))
        self.details.setVisible(bool(details))
        if self._is_dry and end.succeeded and result.get("imported"):
            self.take.setEnabled(True)
            self.take.setDefault(True)
            self.take.setFocus()
        else:
            self.take.hide()
            self.leave.setFocus()

    def _tell(self, text: str, look: str) -> None:
        set_look(self.message, look)
        self.message.setText(text)
