"""One look at the machine: a table now, and what it and those before it come to."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from aios_gui.alerts.diagnosis.culprits import culprit_of, mover_of
from aios_gui.alerts.diagnosis.port import HiccupQuestion, Question
from aios_gui.alerts.diagnosis.processes import ArgumentsOf, Refused
from aios_gui.alerts.diagnosis.system_evidence import Facts, rates
from aios_gui.alerts.diagnosis.tables import Tables
from aios_gui.alerts.model.conclusion import NAMED, Case, Conclusion, conclude, conclude_hiccup
from aios_gui.alerts.model.incident import Finding, FindingKind
from aios_gui.alerts.model.ledger import Span
from aios_gui.alerts.model.rules import Measure
from aios_gui.heartbeat.model.items import hiccup_length_ns
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)
INTERVAL_S = 0.45
"""Where there is no table from before, a second one is taken this much later."""
BEFORE_NS = 600_000_000_000
"""What changed since all was calm is looked for in this much time before an incident."""
SHORT_S = 2.0
"""A shorter stall is shorter than the tables are apart, so that what is usual has to be taken off what was done."""
KNOWN_SHARE = 0.5
AGAIN_S = 0.1
_BY_OTHERS = frozenset(
    (FindingKind.NO_FREE_CORE, FindingKind.DISK_BUSY, FindingKind.MEMORY_SHORT, FindingKind.UNKNOWN)
)
_TEXT_CHARACTERS = 120


class Look:
    """Made for one or several questions that came together; ``take`` is called once, and may hang.

    ``finding`` and ``of_hiccup`` make the best of whatever has been seen, also while ``take`` still hangs. By
    ``ahead_ns`` the wall clock is ahead of the monotonic one. ``first_by_ns``, ``second_by_ns``: when the tables must
    have been read (monotonic).
    """

    def __init__(
        self,
        tables: Tables,
        arguments_of: ArgumentsOf,
        stopping: threading.Event,
        first_by_ns: int,
        second_by_ns: int,
        ahead_ns: int,
        now_ns: Callable[[], int] = time.monotonic_ns,
        keep_lines: bool = False,
    ) -> None:
        self._tables, self._arguments_of, self._stopping = tables, arguments_of, stopping
        self._first_by_ns, self._second_by_ns = first_by_ns, second_by_ns
        self._ahead_ns = ahead_ns
        self._now_ns = now_ns
        self._keep_lines = keep_lines
        self._began_ns = now_ns()
        self._taken = self._looked_again = False
        self._refused = ""

    def take(self, learn: bool = True) -> None:
        """Take a table, and another one where that is the first; whatever the system raises is kept as evidence.

        Not to ``learn``: there was a stall.
        """
        first = self._tables.ledger.table is None
        if self._read(self._first_by_ns, learn) and first:
            self._stopping.wait(INTERVAL_S)
            self._taken = self._read(self._second_by_ns, learn)
        else:
            self._taken = not self._refused

    def _read(self, deadline_ns: int, learn: bool) -> bool:
        try:
            self._tables.take(deadline_ns, learn=learn)
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the evidence stands
            log.warning("the process table cannot be read: %s", error)
            self._refused = plain(f"{type(error).__name__}: {error}", _TEXT_CHARACTERS)
            return False
        return True

    def finding(self, question: Question, in_time: bool = True) -> Finding:
        """What it comes to for a question. Not ``in_time``: nothing more is read, only what is known is used."""
        if question.hiccup is not None:
            return self.of_hiccup(HiccupQuestion(question.hiccup, question.stalled), in_time)
        incident = question.incident
        start_ns, end_ns = self._span_of(question)
        ledger = self._tables.ledger
        span = ledger.span(start_ns, end_ns)
        if not span.seconds:  # nothing is known of it, so of what came next
            span = ledger.span(start_ns, max(end_ns, self._now_ns()))
        since = span if not in_time else ledger.span(start_ns - BEFORE_NS, max(end_ns, self._now_ns()))
        programs = span.programs
        if incident.measure in (Measure.MEMORY, Measure.SWAP, Measure.MEMORY_STALLED):
            programs = ledger.holders(programs)
        evidence = self._evidence(span)
        busy = evidence.get("busy_percent")
        case = Case(
            incident.measure,
            incident.limit,
            programs,
            since.programs,
            since.seconds,
            (end_ns - start_ns) / 1e9,
            self._tables.cores,
            float(busy) if isinstance(busy, int | float) else None,
            dict(question.known),
            {},
            evidence,
            span.seconds,
            span.rest_cpu_s / span.seconds * 100 if span.seconds else 0.0,
        )
        return self._made(conclude(case), self._shown(evidence, since), in_time)

    def knows(self, question: Question) -> bool:
        """Whether there are tables of at least half of its span."""
        start_ns, end_ns = self._span_of(question)
        return self._tables.ledger.known_ns(start_ns, end_ns) >= KNOWN_SHARE * (end_ns - start_ns)

    def of_hiccup(self, question: HiccupQuestion, in_time: bool = True) -> Finding:
        """What it comes to for a hiccup."""
        length_ns = hiccup_length_ns(question.hiccup)
        end_ns = question.hiccup.wall_ns - self._ahead_ns
        start_ns = end_ns - length_ns
        ledger = self._tables.ledger
        known_ns = ledger.whole_from(end_ns) or max(end_ns, self._now_ns())
        found = self._of_stall(question, start_ns, end_ns, known_ns, in_time)
        if found.culprits or not in_time or found.kind not in _BY_OTHERS or self._looked_again:
            return found
        # Who ended at this very moment may have been missed: no longer there, and not yet waited for by its parent.
        self._looked_again = True
        if self._stopping.wait(AGAIN_S) or not self._read(self._second_by_ns, learn=False):
            return found
        return self._of_stall(question, start_ns, end_ns, max(end_ns, self._now_ns()), in_time)

    def _of_stall(
        self, question: HiccupQuestion, start_ns: int, end_ns: int, known_ns: int, in_time: bool
    ) -> Finding:
        ledger, length_s = self._tables.ledger, max(1e-3, (end_ns - start_ns) / 1e9)
        span = ledger.span(start_ns, end_ns, length_s if length_s < SHORT_S else None, known_ns)
        evidence = self._evidence(span) | {f"{name}_stalled_ns": ns for name, ns in question.stalled.items()}
        case = Case(
            Measure.LATENESS,
            0.0,
            span.programs,
            ledger.span(start_ns, end_ns, None, known_ns).programs,
            span.seconds,
            cores=self._tables.cores,
            hiccup=dict(question.hiccup.facts),
            evidence=evidence,
        )
        return self._made(conclude_hiccup(case), self._shown(evidence, span), in_time, told=1)

    def _span_of(self, question: Question) -> tuple[int, int]:
        incident = question.incident
        start_ns = incident.started_ns - self._ahead_ns
        end_ns = self._now_ns() if incident.cleared_ns is None else incident.cleared_ns - self._ahead_ns
        return start_ns, max(start_ns + 1, end_ns)

    def _made(self, conclusion: Conclusion, evidence: Facts, in_time: bool, told: int = NAMED) -> Finding:
        """``told``: of how many the command line is read, which takes longest."""
        arguments = self._arguments if in_time else None
        told = told if in_time else NAMED
        table = self._tables.ledger.table
        return Finding(
            conclusion.kind,
            _harmless(conclusion.facts),
            tuple(
                culprit_of(each, arguments if place < told else _not_asked, self._keep_lines)
                for place, each in enumerate(conclusion.culprits)
            ),
            tuple(mover_of(each) for each in conclusion.movers),
            evidence,
            self._now_ns() - self._began_ns,
            partial=not in_time or not self._taken or table is None or not table.complete,
        )

    def _arguments(self, pid: int) -> Sequence[str]:
        if self._now_ns() > self._second_by_ns:
            raise Refused("no_time")
        return self._arguments_of(pid)

    def _evidence(self, span: Span) -> Facts:
        counters = self._tables.counters
        standing = dict(counters.standing) if counters is not None else {}
        return standing | rates(span.grown, span.seconds)

    def _shown(self, evidence: Facts, since: Span) -> Facts:
        shown = dict(evidence)
        table = self._tables.ledger.table
        if table is not None:
            shown["processes"] = len(table.rows)
            if table.unread:
                shown["unread_processes"] = table.unread
        if since.seconds:
            shown["since_calm_s"] = round(since.seconds, 1)
        if self._refused:
            shown["refused"] = self._refused
        return shown


def _not_asked(_pid: int) -> Sequence[str]:
    return ()


def _harmless(facts: Facts) -> Facts:
    return {
        name: plain(value, _TEXT_CHARACTERS) if isinstance(value, str) else value
        for name, value in facts.items()
    }
