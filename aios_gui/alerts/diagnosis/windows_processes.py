"""The process table of Windows: by one question, where psutil asks several of each process."""

from __future__ import annotations

import time
from collections.abc import Callable

from aios_gui.alerts.model.processes import ProcessRow, ProcessTable
from aios_gui.system.windows.processes import RunningProcess, running_processes


class WindowsProcesses:
    """Reads all processes at once. Windows does not tell what children that have ended had used."""

    def __init__(
        self,
        running: Callable[[], list[RunningProcess]] = running_processes,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._running, self._now_ns = running, now_ns

    def table(self, _deadline_ns: int) -> ProcessTable:
        """All processes now, whatever the deadline; OSError where Windows does not tell."""
        at_ns = self._now_ns()
        rows = {
            each.pid: ProcessRow(
                each.pid,
                each.started_s,
                each.name or "?",
                each.parent,
                each.cpu_s,
                None,
                each.memory_bytes,
                each.read_and_written_bytes,
                (),
                each.hard_faults,
            )
            for each in self._running()
        }
        return ProcessTable(at_ns, rows, clock_s=time.time())
