"""Which open incidents to notify of now: several at once in one message, and no rule over and over."""

from __future__ import annotations

from collections.abc import Iterable

from aios_gui.alerts.model.incident import IncidentBrief
from aios_gui.alerts.model.rules import Level

GROUP_NS = 3_000_000_000
"""A message waits this long for others to join it."""
PER_RULE_NS = 60_000_000_000
"""Of one rule there is at most one message in this time."""


class Announcer:
    """Fed with what is open and not silent, every second or two. What is over before its message gets none.

    Times are of the monotonic clock, ns.
    """

    def __init__(self) -> None:
        self._notified: set[int] = set()
        self._rule_notified_ns: dict[str, int] = {}
        self._waiting_since_ns: int | None = None

    def look(self, incidents: Iterable[IncidentBrief], now_ns: int) -> tuple[IncidentBrief, ...]:
        """What one message is to tell of now, the worst first; mostly nothing."""
        due = [each for each in self._not_notified(incidents) if self._is_due(each, now_ns)]
        if not due:
            self._waiting_since_ns = None
            return ()
        if self._waiting_since_ns is None:
            self._waiting_since_ns = now_ns
        if now_ns - self._waiting_since_ns < GROUP_NS:
            return ()
        self._note(due, now_ns)
        return tuple(sorted(due, key=lambda each: (each.level is not Level.CRITICAL, each.started_ns)))

    def pass_over(self, incidents: Iterable[IncidentBrief], now_ns: int) -> None:
        """These need no message: the user is looking, or wants none."""
        self._note(self._not_notified(incidents), now_ns)

    def _not_notified(self, incidents: Iterable[IncidentBrief]) -> list[IncidentBrief]:
        """Those that no message has told of; what is over is forgotten."""
        known = tuple(incidents)
        self._notified &= {each.id for each in known}
        return [each for each in known if each.id not in self._notified]

    def _is_due(self, incident: IncidentBrief, now_ns: int) -> bool:
        notified_ns = self._rule_notified_ns.get(incident.rule)
        return notified_ns is None or now_ns - notified_ns >= PER_RULE_NS

    def _note(self, incidents: list[IncidentBrief], now_ns: int) -> None:
        self._waiting_since_ns = None
        for each in incidents:
            self._notified.add(each.id)
            self._rule_notified_ns[each.rule] = now_ns
