"""Takes the process table with the machine's counters, and keeps what was done from one to the next."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

from aios_gui.alerts.diagnosis.processes import ArgumentsOf, Processes
from aios_gui.alerts.diagnosis.system_evidence import Counters, SystemEvidence, grown
from aios_gui.alerts.diagnosis.units import Units
from aios_gui.alerts.model.incident import TopProcess
from aios_gui.alerts.model.ledger import Ledger
from aios_gui.alerts.model.processes import OWN_KEY, ProcessTable, family
from aios_gui.text.plain import plain

NAME_CHARACTERS = 60
JUST_NOW_NS, FRESH_NS = 1_500_000_000, 3_000_000_000
"""What was done just now is told of at least the one, and only by a table that is not older than the other."""

OnTable = Callable[["Tables", bool], object]

_COST_NS: Callable[[], int] = time.perf_counter_ns if sys.platform == "win32" else time.thread_time_ns
"""CPU time of the thread; Windows counts that in steps of 16 ms, so that a table would cost nothing, or five times as
much as it does: there it is how long it took."""


class Tables:
    """``take`` is called on one thread at a time, and may hang or raise. The rest may be read meanwhile.

    ``on_table`` is called on that thread after each whole table, with whether there was a stall before it.
    """

    def __init__(
        self,
        processes: Processes,
        system: SystemEvidence,
        cores: int | None = None,
        own_pid: int | None = None,
        now_ns: Callable[[], int] = time.monotonic_ns,
        on_table: OnTable | None = None,
        units: Units | None = None,
    ) -> None:
        self.cores = cores or os.cpu_count() or 1
        self.ledger = Ledger(self.cores)
        self.own: frozenset[int] = frozenset()
        """The processes of this program."""
        self.counters: Counters | None = None
        self.latest_ns = self.spent_ns = 0
        """CPU time that the latest table took, and all of them together."""
        self._told: dict[bool, tuple[int, TopProcess | None]] = {}
        """Who led by CPU and by memory, as told of the table of a moment."""
        self._lock = threading.Lock()
        self._processes, self._system = processes, system
        self._units = units or Units()
        self._own_pid = os.getpid() if own_pid is None else own_pid
        self._now_ns = now_ns
        self._on_table = on_table
        self._cost_ns = _COST_NS

    def take(self, deadline_ns: int, thorough: bool = True, learn: bool = True) -> None:
        """Take one more; whatever the system raises for the table comes through, when the counters are kept already.

        Not to ``learn``: there was a stall since the last one.
        """
        began_ns = self._cost_ns()
        with self._lock:
            self._take(began_ns, deadline_ns, thorough, learn)

    def _take(self, began_ns: int, deadline_ns: int, thorough: bool, learn: bool) -> None:
        before, counters = self.counters, self._system.counters(thorough)
        if before is None:
            self.counters = counters
        table = self._processes.table(deadline_ns)
        self._note_own(table)
        growth = grown(before, counters) if before is not None else {}
        # Since the last whole table: where others came in between, that is longer than since the last one.
        was_whole, units = self.ledger.is_whole, self._units.grown()
        self.ledger.add(table, self.own, growth, learn, units=units if was_whole else ())
        self.counters = counters
        if self._on_table is not None:
            self._on_table(self, not learn)
        self.latest_ns = self._cost_ns() - began_ns
        self.spent_ns += self.latest_ns

    def _note_own(self, table: ProcessTable) -> None:
        self.own = family({row.pid: row.parent for row in table.rows.values()}, self._own_pid)

    @property
    def can_refresh(self) -> bool:
        """Whether a table can be taken here in which only what is busy or new is read."""
        return hasattr(self._processes, "refreshed")

    def top(self, of_memory: bool) -> TopProcess | None:
        """Who used most of the CPU just now, or holds most memory; None where the latest table tells nothing of it."""
        table = self.ledger.table
        if table is None or (not of_memory and self._now_ns() - table.at_ns > FRESH_NS):
            return None
        told_at_ns, told = self._told.get(of_memory, (0, None))
        known_ns = self.ledger.known_until_ns
        if told_at_ns != known_ns or told_at_ns != table.at_ns:
            told = self._find_top(table, of_memory)
            self._told[of_memory] = known_ns, told
        return told

    def _find_top(self, table: ProcessTable, of_memory: bool) -> TopProcess | None:
        span = self.ledger.span(table.at_ns - JUST_NOW_NS, table.at_ns)
        programs = self.ledger.holders(span.programs) if of_memory else span.programs
        used = (lambda each: each.memory_bytes or 0) if of_memory else (lambda each: each.cpu_percent or 0.0)
        first = max(programs, key=used, default=None)
        if first is None or not used(first):
            return None
        # Over a longer span, who has just begun has used little of it.
        percent = first.cpu_percent if span.seconds * 1e9 <= FRESH_NS else None
        share = percent / self.cores if percent is not None else None
        return TopProcess(plain(first.name, NAME_CHARACTERS), percent, share, first.key == OWN_KEY)

    def refresh(self, learn: bool = True) -> bool:
        """Take a table in which only what is busy or new is read; False where that cannot be done now, or not here.

        ``learn`` as for ``take``. OSError where the system does not let it.
        """
        table, refreshed = self.ledger.table, getattr(self._processes, "refreshed", None)
        if table is None or refreshed is None or not self._lock.acquire(blocking=False):
            return False
        began_ns = self._cost_ns()
        try:
            newer = refreshed(table, self.ledger.busy)
            self._note_own(newer)
            self.ledger.add(newer, self.own, learn=learn, whole=False)
        finally:
            self.spent_ns += self._cost_ns() - began_ns
            self._lock.release()
        return True


def choose_processes() -> Processes:
    """The reader of the process table."""
    if sys.platform == "linux":
        from aios_gui.alerts.diagnosis.proc_processes import ProcProcesses

        return ProcProcesses()
    if sys.platform == "win32":
        from aios_gui.alerts.diagnosis.windows_processes import WindowsProcesses

        return WindowsProcesses()
    from aios_gui.alerts.diagnosis.psutil_processes import PsutilProcesses

    return PsutilProcesses()


def choose_arguments() -> ArgumentsOf:
    """The reader of the command lines."""
    if sys.platform == "linux":
        from aios_gui.alerts.diagnosis import proc_processes

        return proc_processes.arguments_of
    from aios_gui.alerts.diagnosis import psutil_processes

    return psutil_processes.arguments_of
