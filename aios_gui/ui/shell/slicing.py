"""Saving a slice: what would be in it is shown first, with the names replaced on request; then it is written."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from aios_gui.history.slices.make import SliceContents
from aios_gui.history.slices.words import contents_lines
from aios_gui.instance.start_options import SLICE
from aios_gui.record.model.timerange import TimeRange
from aios_gui.system.origin import file_name
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.history.words import range_text
from aios_gui.ui.theme import STRONG, TEXT, M, S, font
from aios_gui.ui.widgets.card import set_look
from aios_gui.ui.widgets.own_process import Ended, OwnProcess
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.save_dialog import ask_where_to_save
from aios_gui.ui.widgets.toast import confirm


class SliceDialog(QDialog):
    """A child looks at what is recorded of the span, and looks again where names are to be replaced; another writes."""

    def __init__(self, span: TimeRange, record_words: list[str], parent: QWidget) -> None:
        """``record_words`` have a command read the record that is looked at."""
        super().__init__(parent)
        self.setWindowTitle(_("Save a slice"))
        self._window = parent
        self._what = [f"--range={range_text(span)}", *record_words]
        self._target: Path | None = None
        self.child = OwnProcess(self)
        self.choose_file: Callable[[], Path | None] = self._ask_for_file
        self.head = PlainLabel(
            _("All that is recorded of this span is saved as one file, which any AIOS Heartbeat opens.")
        )
        self.head.setFont(font(STRONG, strong=True))
        self.head.setWordWrap(True)
        self.contents = QPlainTextEdit()
        self.contents.setReadOnly(True)
        self.contents.setTabChangesFocus(True)
        self.contents.setAccessibleName(_("What would be in it"))
        self.contents.setFont(font(TEXT))
        self.hide_names = QCheckBox(_("Replace the names of programs and users, and notes"))
        self.hide_names.setFont(font(TEXT))
        self.message = PlainLabel()
        self.message.setFont(font(TEXT))
        self.message.setWordWrap(True)
        buttons = QDialogButtonBox()
        self.save = QPushButton(_("Choose a file…"))
        self.save.setDefault(True)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.reject)
        self.hide_names.toggled.connect(lambda _on: self._look())
        self.child.ended.connect(self._on_ended)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(M + S, M + S, M + S, M + S)
        layout.setSpacing(M)
        for widget in (self.head, self.contents, self.hide_names, self.message, buttons):
            layout.addWidget(widget)
        self.resize(560, 400)
        self._look()

    def done(self, result: int) -> None:
        """However it is closed, no child goes on."""
        self.child.cancel()
        super().done(result)
        self.deleteLater()

    @property
    def _names(self) -> list[str]:
        return ["--hide-names"] if self.hide_names.isChecked() else []

    def _look(self) -> None:
        self._target = None
        self.save.setEnabled(False)
        self._tell(_("Looking at what is recorded…"))
        self.child.start(["slice", *self._what, "--dry-run", "--json", *self._names])

    def _on_save(self) -> None:
        target = self.choose_file()
        if target is None:
            return
        if target.exists():
            self._tell(
                _("{file} is there already; name a new file").format(file=plain(target.name, 100)), True
            )
            return
        self._target = target
        self.save.setEnabled(False)
        self._tell(_("Saving…"))
        self.child.start(["slice", *self._what, "--yes", *self._names, "-o", str(target)])

    def _on_ended(self, end: Ended) -> None:
        if not end.succeeded:
            self._tell(_("Nothing was saved: {reason}").format(reason=end.message), True)
            self.save.setEnabled(self._target is not None)
        elif self._target is not None:
            confirm(self._window, _("Saved {file}").format(file=plain(self._target.name, 100)))
            self.accept()
        else:
            contents = SliceContents(**json.loads(end.text))
            self.contents.setPlainText("\n".join(contents_lines(contents, time.time_ns(), None)))
            self._tell("")
            self.save.setEnabled(True)

    def _tell(self, text: str, failed: bool = False) -> None:
        set_look(self.message, "critical" if failed else "muted")
        self.message.setText(text)

    def _ask_for_file(self) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        start, kinds = Path(folder) / file_name(SLICE), _("Slices (*.aiosrec)")
        return ask_where_to_save(self, _("Save a slice"), start, kinds)
