"""Runs this program's own command line as a child process: heavy work that takes nothing from beat or window."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QCoreApplication, QElapsedTimer, QObject, QProcess, Signal
from PySide6.QtCore import QProcessEnvironment as Environment

from aios_gui.system.own_program import own_command, own_folder, running_children
from aios_gui.system.paths import HOME_VARIABLE, home_of
from aios_gui.text.plain import plain
from aios_gui.text.terminal.output import PROGRAM

CANCEL_WITHIN_MS = 300
_ASKED_MS = 220
"""Of that, how long a child may take to end when it is asked to; then it is killed."""
_LONGEST_MESSAGE = 400


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: ``text`` is all of its standard output.

    ``message`` is the last line of its standard error without the name of the program, safe to show. A child that tells
    its progress has no ``text`` but a ``result``, the JSON object of its last line. One that prints more than it may is
    ended: it ``is_too_long``.
    """

    succeeded: bool
    message: str
    text: str = ""
    result: dict[str, Any] | None = None
    is_too_long: bool = False


class OwnProcess(QObject):
    """One child at a time. ``ended`` brings an ``Ended``; nothing comes of a child that was cancelled.

    ``progressed`` brings each JSON object with a ``progress`` (0 to 1) that a child prints, a line each. A child
    cannot outlive the program: it is cancelled when the application quits or the owner goes, and its standard input
    closes whatever happens.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._pid = 0
        self._has_progress = False
        self._pending = b""
        self._result: dict[str, Any] | None = None
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.cancel)

    @property
    def running(self) -> bool:
        """Whether a child is at work."""
        return self._process is not None

    def start(self, arguments: Sequence[str], tells_progress: bool = False, most_bytes: int = 0) -> None:
        """Run the command line with these arguments; ends a child that runs.

        ``most_bytes`` is how much it may print where it tells no progress; 0 for any amount.
        """
        self.cancel()
        program, *rest = own_command(*arguments)
        environment = Environment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        process = QProcess(self)
        home = home_of()
        if home:
            environment.insert(
                HOME_VARIABLE, home
            )  # it may be named from the folder that this process works in
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(own_folder())
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._has_progress, self._pending, self._result = tells_progress, b"", None
        if tells_progress:
            process.readyReadStandardOutput.connect(self._read_lines)
        elif most_bytes:
            process.readyReadStandardOutput.connect(lambda: self._look_at_length(most_bytes))
        self._process = process
        process.started.connect(lambda: self._note_child(process.processId()))
        process.start(program, rest)

    def cancel(self) -> None:
        """End the child that runs, and wait 300 ms at most until it has; again is harmless."""
        process = self._take()
        if process is None:
            return
        process.blockSignals(True)
        since = QElapsedTimer()
        since.start()
        # A child that measures watches its input, since Windows has no other way to ask it to end; one that writes
        # a file removes what it has written of it.
        process.closeWriteChannel()
        process.terminate()
        if not process.waitForFinished(_ASKED_MS):
            process.kill()
            process.waitForFinished(max(1, CANCEL_WITHIN_MS - since.elapsed()))
        if process.state() is QProcess.ProcessState.NotRunning:
            process.deleteLater()
        else:  # killed, and not dead yet, as on a busy machine: where it was deleted, Qt would wait for that
            process.finished.disconnect()
            process.finished.connect(process.deleteLater)
            process.blockSignals(False)

    def _take(self) -> QProcess | None:
        process, self._process = self._process, None
        self._note_child(0)
        return process

    def _note_child(self, pid: int) -> None:
        """Tell what steers this program's own work which process it is; 0 for none."""
        running_children.discard(self._pid)
        self._pid = pid
        if pid:
            running_children.add(pid)

    def _look_at_length(self, most_bytes: int) -> None:
        if self._process is not None and self._process.bytesAvailable() > most_bytes:
            self.cancel()
            self.ended.emit(Ended(False, "", is_too_long=True))

    def _read_lines(self) -> None:
        if self._process is None:
            return
        *lines, self._pending = (self._pending + _bytes(self._process.readAllStandardOutput())).split(b"\n")
        for line in lines:
            self._understand(line)

    def _understand(self, line: bytes) -> None:
        try:
            found = json.loads(line)
        except ValueError:
            return  # what a library prints is no progress
        if not isinstance(found, dict):
            return
        if "progress" in found:
            self.progressed.emit(found)
        else:
            self._result = found

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._has_progress:
            self._read_lines()
            self._understand(self._pending)
        process = self._take()
        if process is None:
            return
        last = _text(process.readAllStandardError()).strip().rpartition("\n")[2].removeprefix(f"{PROGRAM}: ")
        text = "" if self._has_progress else _text(process.readAllStandardOutput())
        process.deleteLater()
        fine = status is QProcess.ExitStatus.NormalExit and code == 0
        self.ended.emit(Ended(fine, plain(last, _LONGEST_MESSAGE), text, self._result))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is not QProcess.ProcessError.FailedToStart:
            return  # the end of the process tells
        process = self._take()
        if process is not None:
            reason = process.errorString()
            process.deleteLater()
            self.ended.emit(Ended(False, plain(reason, _LONGEST_MESSAGE)))


def _bytes(written: QByteArray) -> bytes:
    return bytes(written.data())


def _text(written: QByteArray) -> str:
    return _bytes(written).decode("utf-8", "replace").replace("\r\n", "\n")  # as Windows ends lines
