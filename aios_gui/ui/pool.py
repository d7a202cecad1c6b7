"""The worker thread of a panel, whose end never waits for ever."""

from __future__ import annotations

from PySide6.QtCore import QThreadPool

from aios_gui.system.termination import leave_behind

FINISH_MS = 2_000


class WorkerPool(QThreadPool):
    """A pool of one thread, which is there only while there is something to do.

    It has no parent, because destroying it waits for what runs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setMaxThreadCount(1)
        self.setExpiryTimeout(2_000)

    def finish(self) -> None:
        """Drop what has not begun and give what runs two seconds; where it hangs, it is left behind."""
        self.clear()
        if not self.waitForDone(FINISH_MS):
            leave_behind(lambda: self.activeThreadCount() > 0)
