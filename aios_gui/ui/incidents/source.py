"""Where the incidents of the panel come from: the record, and what has just happened on top of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from aios_gui.alerts.model.action import ActionState
from aios_gui.alerts.model.incident import Incident, IncidentBrief, IncidentMark
from aios_gui.heartbeat.model.items import Event
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.ui.plots.history_loader import Failed, HistoryLoader, IncidentsLoaded, is_stale

MOST = 2_000
"""At most this many are read; a longer list is for the command line."""
_NS = 1_000_000_000
_RECENT_NS = 600 * _NS
_NOW_AND_THEN_NS = 10 * _NS
_OFTEN_NS = _NS
_STIRRED_NS = 4 * _NS
"""How long after something happened the record is looked at often: it is written within a second."""
_FINDING_NS = 60 * _NS
_ACTION_NS = 600 * _NS
_MARK_NS = 4 * _NS
_UNDER_WAY = (ActionState.WAITING, ActionState.RUNNING)


class IncidentSource(QObject):
    """``changed`` comes where the incidents are others than before, ``failed`` with a reason in words.

    ``incidents`` are the newest first. Nothing here runs by itself: the panel calls ``look`` now and then.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        loader: HistoryLoader,
        now_ns: Callable[[], int] = time.time_ns,
        parent: QObject | None = None,
        patience_ns: int = _NOW_AND_THEN_NS,
    ) -> None:
        """``patience_ns``: how often the latest are read again while nothing happens."""
        super().__init__(parent)
        self._loader = loader
        self._patience_ns = patience_ns
        self._now_ns = now_ns
        self._known: dict[int, Incident] = {}
        self._briefs: tuple[IncidentBrief, ...] = ()
        self._last_hiccup: Event | None = None
        self._marks: dict[int, tuple[IncidentMark, int]] = {}
        self._watched = True
        self._ticket = -1
        self._stirred_ns = 0
        self._read_ns = 0
        self._has_failed = False
        self.span_s: int | None = 0
        """How far back they go, s; None for all."""
        self.incidents: tuple[Incident, ...] = ()
        self.complete = True
        """Whether the record has no more of the span than are here."""
        self.reading = False
        """Whether the span asked for has not come yet."""
        loader.done.connect(self._answered)

    def load(self, span_s: int | None) -> None:
        """Read the last ``span_s`` seconds, or all, from the record."""
        now_ns = self._now_ns()
        self.span_s = span_s
        start_ns = 0 if span_s is None else max(0, now_ns - span_s * _NS)
        self.reading = True
        self._ticket = self._loader.incidents(start_ns, now_ns + _NS, MOST)

    def look(self, snapshot: Snapshot) -> None:
        """Take in what the picture says, and read the latest again where something has happened."""
        now_ns = self._now_ns()
        watched = snapshot.state is not EngineState.STOPPED
        if watched != self._watched:
            self._watched = watched
            self._compose()
        if snapshot.open_incidents != self._briefs or snapshot.last_hiccup != self._last_hiccup:
            for brief in self._briefs:
                # Over, and perhaps not read yet: it does not vanish meanwhile.
                self._known.setdefault(brief.id, brief.laid_over(None))
            self._briefs, self._last_hiccup = snapshot.open_incidents, snapshot.last_hiccup
            self._stirred_ns = now_ns
            self._compose()
        busy = 0 <= now_ns - self._stirred_ns < _STIRRED_NS or any(
            self._is_unsettled(each) for each in self._latest()
        )
        if is_stale(self._read_ns, _OFTEN_NS if busy else self._patience_ns, now_ns):
            self._read_ns = now_ns
            if self._has_failed:
                self.load(self.span_s)
            else:
                self._loader.incidents(now_ns - _RECENT_NS, now_ns + _NS, MOST)

    def mark(self, mark: IncidentMark) -> None:
        """Show at once what a person did to an incident; the record has it a moment later."""
        before = self._marks.get(mark.id, (IncidentMark(mark.id), 0))[0]
        merged = IncidentMark(
            mark.id,
            before.acknowledged_ns if mark.acknowledged_ns is None else mark.acknowledged_ns,
            before.note if mark.note is None else mark.note,
        )
        self._marks[mark.id] = (merged, self._now_ns())
        self.stir()

    def take_back(self) -> None:
        """The marks were refused: show what the record has."""
        if self._marks:
            self._marks.clear()
            self.stir()

    def stir(self) -> None:
        """Something was asked for: look at the record often for a while."""
        self._stirred_ns = self._now_ns()
        self._compose()

    # Within

    def _latest(self) -> tuple[Incident, ...]:
        return self.incidents[:50]

    def _is_unsettled(self, incident: Incident) -> bool:
        """Whether more is to be expected of it soon: a finding, or the end of an action."""
        now_ns = self._now_ns()
        if incident.finding is None and 0 <= now_ns - incident.started_ns < _FINDING_NS + _RECENT_NS:
            # From when it fired, which may be minutes after it began.
            return incident.cleared_ns is None or now_ns - incident.cleared_ns < _FINDING_NS
        return any(
            each.state in _UNDER_WAY and 0 <= now_ns - each.at_ns < _ACTION_NS for each in incident.actions
        )

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Failed) and answer.doing == "incidents":
            self.reading, self._has_failed = False, True
            self.failed.emit(answer.reason)
        elif isinstance(answer, IncidentsLoaded) and answer.ticket == self._ticket:
            self.reading = self._has_failed = False
            self.complete = answer.complete
            self._known = {each.id: each for each in answer.incidents}
            self._drop_old_marks(answer.incidents)
            self._compose(tell=True)
        elif isinstance(answer, IncidentsLoaded) and answer.ticket > self._ticket:
            self._known |= {each.id: each for each in answer.incidents}
            self._drop_old_marks(answer.incidents)
            self._compose()

    def _drop_old_marks(self, read: tuple[Incident, ...]) -> None:
        """What the record says counts, except against marks set shortly before it was read."""
        now_ns = self._now_ns()
        for incident in read:
            mark = self._marks.get(incident.id)
            if mark is not None and not 0 <= now_ns - mark[1] < _MARK_NS:
                del self._marks[incident.id]

    def _compose(self, tell: bool = False) -> None:
        """Put picture, record and marks together."""
        found = dict(self._known)
        for brief in self._briefs:
            found[brief.id] = brief.laid_over(found.get(brief.id))
        for number, (mark, _at_ns) in self._marks.items():
            if number in found:
                found[number] = _with_mark(found[number], mark)
        if not self._watched:
            found = {number: replace(each, watched=False) for number, each in found.items()}
        newest_first = sorted(found.values(), key=lambda each: (each.started_ns, each.id), reverse=True)
        if len(newest_first) > MOST:
            # A window that stays open for months would hold all that comes.
            self.complete = False
            del newest_first[MOST:]
            self._known = {each.id: self._known[each.id] for each in newest_first if each.id in self._known}
        incidents = tuple(newest_first)
        if incidents != self.incidents or tell:
            self.incidents = incidents
            self.changed.emit()


def _with_mark(incident: Incident, mark: IncidentMark) -> Incident:
    if mark.acknowledged_ns is not None and bool(mark.acknowledged_ns) != bool(incident.acknowledged_ns):
        incident = replace(incident, acknowledged_ns=mark.acknowledged_ns or None)
    return incident if mark.note is None else replace(incident, note=mark.note)
