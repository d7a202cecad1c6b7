"""What a reader of the process table, or of command lines, offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from aios_gui.alerts.model.processes import ProcessTable

ArgumentsOf = Callable[[int], Sequence[str]]
"""The command line of a process; Refused, in a word, where it is not told."""


class Refused(Exception):
    """The system does not tell; the message is the word for why."""


class Processes(Protocol):
    """Reads the process table; whatever the system raises may come through, and it may hang."""

    def table(self, deadline_ns: int) -> ProcessTable:
        """All processes now; not complete where the deadline (monotonic) passed."""
        ...
