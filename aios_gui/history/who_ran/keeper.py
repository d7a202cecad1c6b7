"""Keeps who ran: a sample of the process tables that are taken anyway, each minute, and more often under strain."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from aios_gui.alerts.diagnosis.culprits import COMMAND_CHARACTERS
from aios_gui.alerts.diagnosis.processes import ArgumentsOf, Refused
from aios_gui.alerts.diagnosis.system_evidence import Counters, grown, rates
from aios_gui.alerts.diagnosis.tables import NAME_CHARACTERS, Tables, choose_arguments
from aios_gui.history.who_ran.model import EVERY_NS, Pace, Ran, WhoRan, foremost, is_strained
from aios_gui.history.who_ran.units import unit_of
from aios_gui.text.plain import plain

log = logging.getLogger(__name__)


class WhoRanKeeper:
    """``take`` is called with each table, on the thread that took it, and hands samples to ``keep``. Nothing raises.

    ``keep_lines`` is whether whole command lines of other programs are kept, without what looks like a secret.
    """

    def __init__(
        self,
        keep: Callable[[WhoRan], object],
        keep_lines: Callable[[], bool] = lambda: False,
        arguments: ArgumentsOf | None = None,
        unit: Callable[[int], str] = unit_of,
        now_ns: Callable[[], int] = time.monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._keep, self._keep_lines = keep, keep_lines
        self._arguments, self._unit = arguments or choose_arguments(), unit
        self._now_ns, self._wall_ns = now_ns, wall_ns
        self._pace = Pace()
        self._is_pressing = False
        self._counters: Counters | None = None

    def take(self, tables: Tables, stalled: bool) -> None:
        """Look at the latest of the tables; it was taken because of a stall where ``stalled``."""
        try:
            self._take(tables, stalled)
        except Exception:
            log.exception("who ran could not be kept")

    def _take(self, tables: Tables, stalled: bool) -> None:
        table, before, counters = tables.ledger.table, self._counters, tables.counters
        self._counters = counters
        if table is None or before is None or counters is None or not table.complete:
            return  # it takes two tables to know what was done
        seconds = (counters.at_ns - before.at_ns) / 1e9
        self._is_pressing |= stalled or is_strained(rates(grown(before, counters), seconds))
        since_ns = table.at_ns - EVERY_NS if self._pace.latest_ns is None else self._pace.latest_ns
        if not self._pace.is_due(table.at_ns, self._is_pressing):
            return
        span = tables.ledger.span(since_ns, table.at_ns)
        programs = foremost(table, span, tables.ledger.holding)
        at_ns = self._wall_ns() - (self._now_ns() - table.at_ns)
        lines = self._keep_lines()
        self._keep(WhoRan(at_ns, span.seconds, tuple(self._told(each, lines) for each in programs)))
        self._is_pressing = False

    def _told(self, ran: Ran, with_line: bool) -> Ran:
        """With its unit, and made harmless."""
        return replace(
            ran,
            name=plain(ran.name, NAME_CHARACTERS) or "?",
            parent=plain(ran.parent, NAME_CHARACTERS),
            unit=plain(self._unit(ran.pid), NAME_CHARACTERS),
            command_line=self._line(ran.pid) if with_line else "",
        )

    def _line(self, pid: int) -> str:
        from aios_gui.alerts.model.command_lines import without_secrets  # only where a setting says so

        try:
            return plain(without_secrets(self._arguments(pid)), COMMAND_CHARACTERS)
        except Refused:
            return ""
