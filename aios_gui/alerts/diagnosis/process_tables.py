"""Which reader of the process table serves this system."""

from __future__ import annotations

import sys
from typing import Protocol

from aios_gui.alerts.model.processes import ProcessTable


class Processes(Protocol):
    """Reads the process table; whatever the system raises may come through, and it may hang."""

    def table(self, deadline_ns: int) -> ProcessTable:
        """All processes now; not complete where the deadline (monotonic) passed."""
        ...


def choose_processes() -> Processes:
    """The cheapest reader that works here."""
    if sys.platform == "linux":
        from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses

        return ProcProcesses()
    from aios_gui.alerts.diagnosis.psutil_processes import PsutilProcesses

    return PsutilProcesses()
