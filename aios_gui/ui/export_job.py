"""Exports beats in a child process, so that a long one takes nothing from the beat or the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QProcess, QProcessEnvironment, Signal

from aios_gui.services.own_program import own_command

_PATIENCE_MS = 300
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Exported:
    """How an export ended: ``text`` is what it wrote to the standard output, ``said`` its last words."""

    succeeded: bool
    said: str
    text: str


class ExportJob(QObject):
    """One export at a time. ``done`` brings an ``Exported``; nothing comes of one that was cancelled."""

    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        """Whether an export is being written."""
        return self._process is not None

    def start(self, form: str, start_ns: int, end_ns: int, target: Path | None = None) -> None:
        """Write the beats of a span (wall clock, ns) to ``target``, or to the answer's text; ends one that runs."""
        self.cancel()
        program, *arguments = own_command(
            "export",
            "--format",
            form,
            "--range",
            f"{_iso(start_ns)}..{_iso(end_ns)}",
            "-o",
            STANDARD_OUTPUT if target is None else str(target),
        )
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        process = QProcess(self)
        process.setProcessEnvironment(environment)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start(program, arguments)

    def cancel(self) -> None:
        """End the export that runs; the file that was to be replaced stays as it was."""
        process = self._take()
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            process.terminate()  # lets it remove what it has written of the file
            if not process.waitForFinished(_PATIENCE_MS):
                process.kill()
                process.waitForFinished(_PATIENCE_MS)
            process.deleteLater()

    def _take(self) -> QProcess | None:
        process, self._process = self._process, None
        return process

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._take()
        if process is None:
            return
        lines = _text(process.readAllStandardError()).strip().splitlines()
        text = _text(process.readAllStandardOutput())
        process.deleteLater()
        fine = status is QProcess.ExitStatus.NormalExit and code == 0
        self.done.emit(Exported(fine, lines[-1] if lines else "", text))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is not QProcess.ProcessError.FailedToStart:
            return  # the end of the process tells
        process = self._take()
        if process is not None:
            reason = process.errorString()
            process.deleteLater()
            self.done.emit(Exported(False, reason, ""))


def _text(written: QByteArray) -> str:
    return bytes(written.data()).decode("utf-8", "replace")


def _iso(wall_ns: int) -> str:
    return (_EPOCH + timedelta(microseconds=wall_ns // 1000)).isoformat(timespec="microseconds")
