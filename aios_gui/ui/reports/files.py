"""What can be done with a file that was written: open it, show it in its folder, copy its path, drag it out."""

from __future__ import annotations

import ntpath
import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from PySide6.QtCore import QMimeData, QObject, QPoint, QProcess, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDrag, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from aios_gui.system.tools import find_tool
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.plain import plain
from aios_gui.ui.widgets.plain_label import PlainLabel
from aios_gui.ui.widgets.plain_tip import plain_tip
from aios_gui.ui.widgets.toast import copy_text

_FILE_MANAGER = "org.freedesktop.FileManager1"
_LONGEST = 400


class Files(QObject):
    """``failed`` brings why it did not work, in words."""

    failed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl
        self.run: Callable[[str, list[str], Callable[[], object]], object] = self._run

    def open(self, file: Path) -> None:
        """Have the system open it."""
        if not file.exists():
            self.failed.emit(_("{file} is no longer there.").format(file=plain(file, _LONGEST)))
        elif not self.open_url(QUrl.fromLocalFile(str(file))):
            self.failed.emit(_("No program opens {file}.").format(file=plain(file, _LONGEST)))

    def show_in_folder(self, file: Path) -> None:
        """Have the folder opened with the file chosen in it, or only the folder where nothing can do that."""
        command = folder_command(file)
        if command:
            self.run(command[0], command[1:], lambda: self._open_folder(file))
        else:
            self._open_folder(file)

    def copy_path(self, file: Path) -> None:
        """Put the whole path on the clipboard."""
        copy_text(self._window, str(file), _("Path copied"))

    def _open_folder(self, file: Path) -> None:
        if not self.open_url(QUrl.fromLocalFile(str(file.parent))):
            self.failed.emit(
                _("The folder {folder} cannot be opened.").format(folder=plain(file.parent, _LONGEST))
            )

    def _run(self, program: str, arguments: list[str], otherwise: Callable[[], object]) -> None:
        process = QProcess(self)

        def ended(code: int, status: QProcess.ExitStatus) -> None:
            process.deleteLater()
            # The Explorer of Windows ends with 1 when all is well.
            if sys.platform != "win32" and (code or status is not QProcess.ExitStatus.NormalExit):
                otherwise()

        def failed(error: QProcess.ProcessError) -> None:
            if error is QProcess.ProcessError.FailedToStart:
                process.deleteLater()
                otherwise()

        process.finished.connect(ended)
        process.errorOccurred.connect(failed)
        process.start(program, arguments)


def folder_command(file: Path, system: str = sys.platform) -> list[str]:
    """What shows a file in its folder; nothing where this system has no such program."""
    if system == "win32":
        # By its place, and the path apart: within one pair of quotation marks Explorer knows no switch, and shows the
        # user's documents (a path with blanks is quoted).
        return [
            ntpath.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "explorer.exe"),
            "/select,",
            str(file),
        ]
    if system == "darwin":
        return ["/usr/bin/open", "-R", str(file)]
    tool = find_tool("dbus-send")
    if tool is None:
        return []
    # A comma would end an element of the array, so it is quoted too.
    url = "file://" + quote(str(file))
    path = "/" + _FILE_MANAGER.replace(".", "/")
    call = [f"--dest={_FILE_MANAGER}", "--type=method_call", path, f"{_FILE_MANAGER}.ShowItems"]
    return [
        tool,
        "--session",
        "--print-reply",
        "--reply-timeout=2000",
        *call,
        f"array:string:{url}",
        "string:",
    ]


def file_data(*files: Path) -> QMimeData:
    """These files to be dropped somewhere, or their paths where only text is taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    data.setText("\n".join(str(file) for file in files))
    return data


class PathLabel(PlainLabel):
    """A path in one line, cut in its middle where there is too little room; the tip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._path = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_path(self, path: str) -> None:
        """Show another path."""
        self._path = path
        self.setToolTip(plain_tip(path))
        self.setAccessibleName(path)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._path, Qt.TextElideMode.ElideMiddle, self.width()))


class FileLabel(PlainLabel):
    """The name of a file, which can be dragged to a mail or a folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._file: Path | None = None
        self._pressed_at: QPoint | None = None
        self.drag: Callable[[QMimeData], object] = self._drag
        self.setWordWrap(True)

    def show_file(self, file: Path | None, text: str) -> None:
        """Show a text about a file; None where there is none to drag."""
        self._file = file
        self.setText(text)
        self.setAccessibleName(text)
        if file is None:
            self.unsetCursor()
            self.setToolTip("")
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.setToolTip(_("Drag it to a mail or a folder"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)
        event.accept()  # or else the movement goes to what is below it

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or self._file is None:
            return
        way = event.position().toPoint() - self._pressed_at
        if way.manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            if self._file.exists():
                self.drag(file_data(self._file))

    def _drag(self, data: QMimeData) -> None:
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)
