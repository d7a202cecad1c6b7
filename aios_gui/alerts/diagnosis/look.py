"""One look at the machine: the process table twice, shortly one after the other, and what it comes to."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from aios_gui.alerts.diagnosis.culprits import ArgumentsOf, culprit_of, mover_of, with_own_name
from aios_gui.alerts.diagnosis.port import Question
from aios_gui.alerts.diagnosis.psutil_processes import Processes, Refused
from aios_gui.alerts.diagnosis.system_evidence import Facts, SystemEvidence, compared
from aios_gui.alerts.model.conclusion import Case, conclude
from aios_gui.alerts.model.incident import Finding
from aios_gui.alerts.model.processes import Calm, ProcessTable, Program, Usage, family, programs, usages
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)
INTERVAL_S = 0.45
_TEXT_CHARACTERS = 120


class Look:
    """Made for one or several questions that came together; ``take`` is called once, and may hang or raise.

    ``finding`` makes the best of whatever has been seen, also while ``take`` still hangs.
    ``first_by_ns``, ``second_by_ns``: when the two readings of the table must be over (monotonic).
    """

    def __init__(
        self,
        processes: Processes,
        system: SystemEvidence,
        calm_before: Callable[[int], Calm | None],
        arguments_of: ArgumentsOf,
        stopping: threading.Event,
        first_by_ns: int,
        second_by_ns: int,
        now_ns: Callable[[], int] = time.monotonic_ns,
        cores: int | None = None,
        own_pid: int | None = None,
        keep_lines: bool = False,
    ) -> None:
        self._processes, self._system = processes, system
        self._calm_before, self._arguments_of, self._stopping = calm_before, arguments_of, stopping
        self._first_by_ns, self._second_by_ns = first_by_ns, second_by_ns
        self._now_ns = now_ns
        self._cores = cores or os.cpu_count() or 1
        self._own_pid = os.getpid() if own_pid is None else own_pid
        self._keep_lines = keep_lines
        self._began_ns = now_ns()
        self._first: ProcessTable | None = None
        self._second: ProcessTable | None = None
        self._evidence: Facts = {}
        self._refused = ""

    def take(self) -> None:
        """Look twice; whatever the system raises is kept as evidence."""
        before = self._system.counters()
        self._evidence = dict(before.standing)
        self._first = self._read(self._first_by_ns)
        self._stopping.wait(INTERVAL_S)
        self._second = self._read(self._second_by_ns)
        self._evidence = compared(before, self._system.counters())

    def _read(self, deadline_ns: int) -> ProcessTable | None:
        try:
            return self._processes.table(deadline_ns)
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the evidence stands
            log.warning("the process table cannot be read: %s", error)
            self._refused = plain(f"{type(error).__name__}: {error}", _TEXT_CHARACTERS)
            return None

    def finding(self, question: Question, in_time: bool = True) -> Finding:
        """What it comes to for a question. Not ``in_time``: nothing more is read, only what is known is used."""
        table = self._second or self._first
        own = family(
            {row.pid: row.parent for row in table.rows.values()} if table is not None else {}, self._own_pid
        )
        case = self._case(question, table, own)
        conclusion = conclude(case)
        seen = table or ProcessTable(0)
        arguments = self._arguments if in_time else None
        return Finding(
            conclusion.kind,
            _harmless(conclusion.facts),
            tuple(culprit_of(each, seen, arguments, self._keep_lines) for each in conclusion.culprits),
            tuple(mover_of(each) for each in conclusion.movers),
            self._shown_evidence(table, case),
            self._now_ns() - self._began_ns,
            partial=not in_time or not self._is_whole(),
        )

    def _case(self, question: Question, table: ProcessTable | None, own: frozenset[int]) -> Case:
        incident = question.incident
        calm = self._calm_before(incident.started_ns)
        if table is None:
            calm = None
        since_s = (table.at_ns - calm.table.at_ns) / 1e9 if table is not None and calm is not None else 0.0
        busy = self._evidence.get("busy_percent")
        named = partial(self._programs, own=own)
        return Case(
            incident.measure,
            incident.limit,
            named(self._first if self._second is not None else None, table),
            named(calm.table, table) if calm is not None and since_s > 0 else (),
            max(0.0, since_s),
            max(0.0, (question.end_ns - incident.started_ns) / 1e9),
            self._cores,
            float(busy) if isinstance(busy, int | float) else None,
            own,
            dict(question.known),
            dict(question.hiccup.facts) if question.hiccup is not None else {},
            self._evidence,
        )

    def _programs(
        self, before: ProcessTable | None, after: ProcessTable | None, own: frozenset[int]
    ) -> tuple[Program, ...]:
        if after is None:
            return ()
        rows = after.rows.values()
        found = [Usage(row) for row in rows] if before is None else usages(before, after, self._cores)
        return tuple(programs(with_own_name(found, own)))

    def _arguments(self, pid: int) -> Sequence[str]:
        if self._now_ns() > self._second_by_ns:
            raise Refused("no_time")
        return self._arguments_of(pid)

    def _is_whole(self) -> bool:
        first, second = self._first, self._second
        return first is not None and second is not None and first.complete and second.complete

    def _shown_evidence(self, table: ProcessTable | None, case: Case) -> Facts:
        evidence = dict(self._evidence)
        if table is not None:
            evidence["processes"] = len(table.rows)
            if table.unread:
                evidence["unread_processes"] = table.unread
        if case.since_s:
            evidence["since_calm_s"] = round(case.since_s, 1)
        if self._refused:
            evidence["refused"] = self._refused
        return evidence


def _harmless(facts: Facts) -> Facts:
    return {
        name: plain(value, _TEXT_CHARACTERS) if isinstance(value, str) else value
        for name, value in facts.items()
    }
