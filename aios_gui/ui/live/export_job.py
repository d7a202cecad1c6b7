"""Exports beats in a child process, so that a long one takes nothing from the beat or the window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from aios_gui.ui.widgets.own_process import OwnProcess

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STANDARD_OUTPUT = "-"


class ExportJob(QObject):
    """One export at a time. ``done`` brings an ``Ended``; nothing comes of one that was cancelled."""

    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._child = OwnProcess(self)
        self._child.ended.connect(self.done)

    @property
    def running(self) -> bool:
        """Whether an export is being written."""
        return self._child.running

    def start(self, form: str, start_ns: int, end_ns: int, target: Path | None = None) -> None:
        """Write the beats of a span (wall clock, ns) to ``target``, or to the answer's text; ends one that runs."""
        span = f"{_iso(start_ns)}..{_iso(end_ns)}"
        output = STANDARD_OUTPUT if target is None else str(target)
        self._child.start(["export", "--format", form, "--range", span, "-o", output])

    def cancel(self) -> None:
        """End the export that runs; the file that was to be replaced stays as it was."""
        self._child.cancel()


def _iso(wall_ns: int) -> str:
    return (_EPOCH + timedelta(microseconds=wall_ns // 1000)).isoformat(timespec="microseconds")
