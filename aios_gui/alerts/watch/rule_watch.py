"""Watches what happens by the rules, on the recorder's thread, and keeps the incidents."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from aios_gui.alerts.diagnosis.port import Answer, Diagnosis, HiccupQuestion, NoDiagnosis, Question
from aios_gui.alerts.kept import KeptAlerts
from aios_gui.alerts.model.action import ActionState, Why
from aios_gui.alerts.model.alarm import BREAK_NS, Alarm, Firing, Phase, Turn, is_quiet
from aios_gui.alerts.model.incident import (
    MOST_UNSEEN,
    AlertStatus,
    AllSeen,
    Finding,
    HiccupFinding,
    Incident,
    IncidentBrief,
    IncidentMark,
    Mute,
    Silence,
    TopProcess,
    Undo,
    Unseen,
)
from aios_gui.alerts.model.rules import CUSTOM, DEFAULT_RULES, Comparison, Level, Measure, Rule, worst
from aios_gui.alerts.watch.custom import EVERY_NS, CustomMeasures
from aios_gui.alerts.watch.readings import OF_STALLED_TIME, Readings, known_figures
from aios_gui.heartbeat.model.items import (
    ContextSample,
    Event,
    EventKind,
    LiveItem,
    RecordedBeat,
    hiccup_length_ns,
)
from aios_gui.heartbeat.model.stalled import StalledRound
from aios_gui.heartbeat.model.thresholds import MEMORY

log = logging.getLogger(__name__)
BEFORE_NS = 60_000_000_000
"""A question takes in this much of what was before."""
PEAK_EVERY_NS = 10_000_000_000
"""A new peak, and how long it has lasted, is written at most this often."""
AGAIN_NS = 10_000_000_000
"""What fires again and again is looked into again at most this often."""
FINDING_GRACE_NS = 5_000_000_000
"""An incident that a process may excuse is silent until that process is known, but for no longer than this."""
FIXED_FOR_NS = 300_000_000_000

OF_STALLS = frozenset((Measure.LATENESS, Measure.MISSED))
"""Of these each hiccup is looked into by itself."""

_ALL_CALM = AlertStatus()
_OF_CPU = frozenset((Measure.CPU, Measure.CPU_STALLED))
_OF_MEMORY = frozenset((Measure.MEMORY, Measure.SWAP, Measure.MEMORY_STALLED))

AlertItem = Incident | IncidentMark | Mute | AllSeen | HiccupFinding
"""What the watch gives to be recorded."""


@dataclass(slots=True)
class _Watched:
    """A rule with its alarm and its incident in course, or its last one."""

    rule: Rule
    alarm: Alarm
    incident: Incident | None = None
    written: Incident | None = None
    written_ns: int = 0
    asked_ns: int = 0


_Fired = tuple[_Watched, bool, Event | None]
"""A rule that fired, whether that is the same incident once more, and the last stall up to then."""


class _Group:
    """The rules on one measure; a reading that is far from all their limits costs one comparison."""

    __slots__ = ("_highest", "_lowest", "_members", "_restless")

    def __init__(self, members: list[_Watched]) -> None:
        self._members = members
        above = [each.rule.limit for each in members if each.rule.comparison is Comparison.ABOVE]
        below = [each.rule.limit for each in members if each.rule.comparison is Comparison.BELOW]
        self._lowest = min(above, default=float("inf"))
        self._highest = max(below, default=float("-inf"))
        self._restless = True

    def stir(self) -> None:
        """Look at every rule with the next reading: an alarm was exchanged."""
        self._restless = True

    def is_far(self, value: float) -> bool:
        """Whether the latest reading was far from all limits, and this one is."""
        return not self._restless and self._highest < value < self._lowest

    def take(self, value: float, at_ns: int, worth_ns: int) -> list[tuple[_Watched, Turn]]:
        """What a reading brings about."""
        if self.is_far(value):
            return []
        turns = []
        restless = False
        for watched in self._members:
            turn = watched.alarm.take(value, at_ns, worth_ns)
            if turn is not None:
                turns.append((watched, turn))
            restless |= watched.alarm.phase is not Phase.CALM
        self._restless = restless
        return turns


_DONE = (ActionState.DONE, ActionState.PASSED_ON)
"""What was done stays done, also where it is refused when the incident alerts again."""


class RuleWatch:
    """Every rule with its alarm. ``round`` is called by one thread; what other threads want waits for the next one.

    ``context_ns`` is how long a context sample stands for, and may be changed between rounds; ``minute_of`` gives the
    minute of the day of a wall time.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...] = DEFAULT_RULES,
        diagnosis: Diagnosis | None = None,
        context_ns: int = 30_000_000_000,
        custom: CustomMeasures | None = None,
        minute_of: Callable[[int], int] | None = None,
    ) -> None:
        self.diagnosis: Diagnosis = diagnosis or NoDiagnosis()
        self.context_ns = context_ns
        self._custom = custom or CustomMeasures()
        self._minute_of = minute_of or local_minute
        self._readings = Readings()
        self._watched: dict[str, _Watched] = {}
        self._with_incident: list[_Watched] = []
        """Those that have fired, or have an incident of an earlier run."""
        self._groups: dict[str, _Group] = {}
        self._of_stalls: list[_Watched] = []
        self._wanted_rules = rules
        self._rules: tuple[Rule, ...] = ()
        self._mutes: dict[str, int] = {}
        self._requests: deque[IncidentMark | Mute | AllSeen | Undo | Incident] = deque()
        self._acted: set[tuple[int, str]] = set()
        """Incident and action of what this run has done. Of all else that was done the record alone tells."""
        self._resumed = False
        self._highest = 0
        self._beat: RecordedBeat | None = None
        self._sample: ContextSample | None = None
        self._hiccup: Event | None = None
        self._stalled: StalledRound | None = None
        self._is_stalled = False
        self._last_wall_ns = 0
        self._events: list[Event] = []
        self._unseen: dict[int, Unseen] = {}
        self._top: TopProcess | None = None
        self._over: tuple[Incident | None, IncidentBrief | None] = (None, None)

    def take_stalled(self, stalled: StalledRound, goes_on: bool = False) -> None:
        """How long the machine waited of late, for the next round, and whether it may still; by that thread."""
        self._stalled, self._is_stalled = stalled, goes_on

    # From any thread

    def change_rules(self, rules: tuple[Rule, ...]) -> None:
        """Watch by these from the next round on."""
        self._wanted_rules = rules

    def request(self, item: IncidentMark | Mute | AllSeen | Undo | Incident) -> None:
        """Note with the next round what a person said, or have undone what was done for an incident.

        An incident is a made-up one, which gets its number then.
        """
        self._requests.append(item)

    def is_calm_at(self, beat: RecordedBeat) -> bool:
        """Whether nothing changes by this beat and no one has to be looked for, so that it may be taken in later.

        By that thread.
        """
        if self._wanted_rules is not self._rules or self._requests or self.diagnosis.is_due(beat.cpu_percent):
            return False
        if any(each.alarm.is_on or each.incident is not each.written for each in self._with_incident):
            return False
        # Of durations it is their mean or percentiles that count, which one far from the limits does not bring near.
        return all(self._groups[measure].is_far(value) for measure, value in self._readings.bounds_of(beat))

    def take_events(self) -> list[Event]:
        """Events for the user since last asked; by the thread of the rounds."""
        events, self._events = self._events, []
        return events

    # The picture

    @property
    def open_incidents(self) -> tuple[IncidentBrief, ...]:
        """Incidents in course, the worst first, the silent ones last."""
        found = [IncidentBrief.of(each) for each in self._open()]
        return tuple(
            sorted(found, key=lambda each: (bool(each.silence), each.level is Level.WARNING, each.started_ns))
        )

    @property
    def worst(self) -> Level | None:
        """The worst level of those that are not silent."""
        return worst(each.level for each in self._open() if not each.silence)

    @property
    def mutes(self) -> tuple[Mute, ...]:
        """Rules that are muted now."""
        return tuple(Mute(rule, until_ns) for rule, until_ns in sorted(self._mutes.items()))

    @property
    def fixed(self) -> int:
        """How many actions ended incidents that are over, within the last five minutes."""
        now_ns = self._last_wall_ns
        over = [each.incident for each in self._with_incident if each.incident is not None]
        return sum(
            each.fixed
            for each in over
            # Not what ended by a clock that was ahead.
            if each.cleared_ns is not None and 0 <= now_ns - each.cleared_ns < FIXED_FOR_NS
        )

    @property
    def picture(self) -> AlertStatus:
        """All of that; by the thread of the rounds."""
        if not (self._with_incident or self._mutes or self._unseen or self._top):
            return _ALL_CALM
        unseen = tuple(self._unseen[number] for number in sorted(self._unseen))
        return AlertStatus(
            self.open_incidents, self.worst, self.mutes, self.fixed, self._last_over(), unseen, self._top
        )

    def _last_over(self) -> IncidentBrief | None:
        found = [
            each.incident
            for each in self._with_incident
            if each.incident is not None
            and each.incident.cleared_ns is not None
            and not each.incident.silence
            and each.incident.measure not in OF_STALLS
        ]
        last = max(found, key=lambda each: each.last_over_ns or each.cleared_ns or 0, default=None)
        if last is not self._over[0]:
            self._over = last, IncidentBrief.of(last) if last is not None else None
        return self._over[1]

    def unwritten(self) -> list[Incident]:
        """The incidents in course as they stand, where the record has less of them; by the thread of the rounds."""
        found = [each for each in self._watched.values() if each.incident is not each.written]
        for each in found:
            each.written = each.incident
        return [each.incident for each in found if each.incident is not None]

    def _open(self) -> list[Incident]:
        found = [each.incident for each in self._with_incident]
        return [each for each in found if each is not None and each.cleared_ns is None]

    # The round

    def round(
        self, items: Iterable[LiveItem], wall_ns: int, interval_ns: int, kept: KeptAlerts | None
    ) -> list[AlertItem]:
        """Take in what happened, in order; what is to be recorded. ``kept`` goes on from an earlier run, once known."""
        self._last_wall_ns = wall_ns
        written: list[AlertItem] = []
        if self._wanted_rules is not self._rules:
            self._adopt(self._wanted_rules, wall_ns, written)
        if kept is not None and not self._resumed:
            self._resumed = True
            self._resume(kept, wall_ns, written)
        fired = self._take(items, interval_ns, wall_ns)
        self._take_requests(written)
        for answer in self.diagnosis.answers():
            if isinstance(answer, HiccupFinding):
                written.append(answer)
                self._take_hiccup_finding(answer)
            else:
                self._take_answer(answer)
        self._tend(wall_ns, written)
        for item in written:
            if not isinstance(item, Incident):
                continue
            if item.is_unseen:
                self._unseen[item.id] = Unseen(item.id, item.level)
            else:
                self._unseen.pop(item.id, None)
            if item.cleared_ns is not None:
                self._conclude(item, wall_ns)
                self.diagnosis.take_back(self._undoable(item))
        if len(self._unseen) > MOST_UNSEEN:
            self._unseen = {number: self._unseen[number] for number in sorted(self._unseen)[-MOST_UNSEEN:]}
        for watched, again, hiccup in fired:
            self._ask(watched, wall_ns, again, hiccup)
        self.diagnosis.tick(self._beat.cpu_percent if self._beat is not None else None, self._is_stalled)
        self._top = self._find_top()
        self._stalled = None
        return written

    def _find_top(self) -> TopProcess | None:
        """Who uses most, where the latest beat or an open incident is over a limit on CPU or memory."""
        measures = {
            each.incident.measure for each in self._with_incident if each.alarm.is_on and each.incident
        }
        breached = self._beat.breached if self._beat is not None else ()
        if breached == (MEMORY,) or (not breached and measures & _OF_MEMORY):
            return self.diagnosis.top(of_memory=True) or self._top
        if breached or measures & _OF_CPU:
            # Of a moment ago, until there is a newer table.
            return self.diagnosis.top(of_memory=False) or self._top
        return None

    def _take(self, items: Iterable[LiveItem], interval_ns: int, wall_ns: int) -> list[_Fired]:
        """Feed the alarms; the rules that fired, and of each whether its incident goes on."""
        fired: list[_Fired] = []
        groups = self._groups
        for item in items:
            if isinstance(item, RecordedBeat):
                self._beat = item
                worth_ns = interval_ns * (1 + item.missed)
                for measure, value in self._readings.of_beat(item):
                    for watched, turn in groups[measure].take(value, item.wall_ns, worth_ns):
                        self._turned(watched, turn, fired)
            elif isinstance(item, ContextSample):
                self._sample = item
                for measure, value in self._readings.of_context(item):
                    for watched, turn in groups[measure].take(value, item.wall_ns, self.context_ns):
                        self._turned(watched, turn, fired)
            elif isinstance(item, Event) and item.kind is EventKind.RESOURCE_STALL:
                self.diagnosis.look_into(HiccupQuestion(item, _stalled_of(item)))
            elif isinstance(item, Event) and item.kind is EventKind.HICCUP:
                self._take_hiccup(item, fired)
        self._read_stalled(fired)
        self._take_custom(wall_ns, fired)
        return fired

    def _take_hiccup(self, event: Event, fired: list[_Fired]) -> None:
        self._hiccup = event
        self.diagnosis.look_into(HiccupQuestion(event, self._stalled.stalled_ns if self._stalled else {}))
        length_ns = hiccup_length_ns(event)
        for watched in self._of_stalls:
            turn = watched.alarm.take_stall(length_ns / 1e6, event.wall_ns - length_ns, event.wall_ns)
            if turn is not None:
                self._turned(watched, turn, fired)

    def _read_stalled(self, fired: list[_Fired]) -> None:
        if self._stalled is None:
            return
        stalled = self._stalled
        for measure, name in OF_STALLED_TIME.items():
            if measure in self._groups and name in stalled.stalled_ns:
                group, length_ns = self._groups[measure], stalled.end_ns - stalled.start_ns
                for watched, turn in group.take(stalled.percent(name), stalled.end_ns, length_ns):
                    self._turned(watched, turn, fired)

    def _take_custom(self, wall_ns: int, fired: list[_Fired]) -> None:
        for name, value in self._custom.take().items():
            for watched, turn in self._groups[CUSTOM + name].take(value, wall_ns, EVERY_NS):
                self._turned(watched, turn, fired)
        for off in self._custom.switched_off():
            facts: dict[str, int | float | str] = {
                "measure": off.name,
                "reason": off.reason,
                "error": off.error,
            }
            self._events.append(Event(EventKind.MEASURE_OFF, wall_ns, None, facts))

    def _turned(self, watched: _Watched, turn: Turn, fired: list[_Fired]) -> None:
        rule, firing = watched.rule, watched.alarm.firing
        assert firing is not None
        if turn is Turn.FIRED or watched.incident is None:
            number = self._next_number(firing.started_ns)
            watched.incident = Incident(
                number, rule.name, rule.measure, rule.level, firing.started_ns, firing.peak, rule.limit
            )
            watched.written = None
            self._look_for_incidents()
            fired.append((watched, False, self._hiccup))
        elif turn is Turn.FIRED_AGAIN and (
            watched.rule.measure not in OF_STALLS or watched.rule.is_of_stalls
        ):
            fired.append((watched, True, self._hiccup))
        watched.incident = _following(watched.incident, watched.alarm)

    def _next_number(self, started_ns: int) -> int:
        self._highest = max(self._highest + 1, started_ns // 1_000_000_000)
        return self._highest

    def _ask(self, watched: _Watched, wall_ns: int, again: bool, hiccup: Event | None) -> None:
        assert watched.incident is not None
        often = 0 <= wall_ns - watched.asked_ns < AGAIN_NS
        if again and often and not watched.rule.is_of_stalls:
            return
        watched.asked_ns = wall_ns
        if not watched.rule.is_of_stalls:
            hiccup = self._hiccup  # which comes after the beat that it made late
        self.diagnosis.ask(self._question(watched, watched.incident, wall_ns, again, hiccup))

    def _conclude(self, incident: Incident, wall_ns: int) -> None:
        """Have an incident that is over looked into once more."""
        watched = self._watched.get(incident.rule)
        if watched is not None and watched.incident is incident and incident.measure not in OF_STALLS:
            self.diagnosis.conclude(self._question(watched, incident, wall_ns))

    def _question(
        self,
        watched: _Watched,
        incident: Incident,
        wall_ns: int,
        again: bool = False,
        hiccup: Event | None = None,
    ) -> Question:
        known = known_figures(self._beat, self._sample)
        start_ns = min(incident.started_ns, wall_ns) - BEFORE_NS
        if incident.measure not in OF_STALLS or hiccup is None or not start_ns <= hiccup.wall_ns <= wall_ns:
            hiccup = None
        stalled = self._stalled.stalled_ns if hiccup is not None and self._stalled is not None else {}
        return Question(incident, watched.rule, start_ns, wall_ns, known, hiccup, again, stalled)

    def _take_requests(self, written: list[AlertItem]) -> None:
        while self._requests:
            item = self._requests.popleft()
            if isinstance(item, Undo):
                self._have_undone(item)
                continue
            if isinstance(item, Incident):
                written.append(replace(item, id=self._next_number(item.started_ns)))
                continue
            written.append(item)
            if isinstance(item, AllSeen):
                self._note_seen()
                continue
            if isinstance(item, Mute):
                self._mutes.pop(item.rule, None)
                if item.until_ns:
                    self._mutes[item.rule] = item.until_ns
                continue
            for watched in self._watched.values():
                incident = watched.incident
                if incident is None or incident.id != item.id:
                    continue
                if item.acknowledged_ns is not None:
                    self._unseen.pop(item.id, None)
                    incident = replace(incident, acknowledged_ns=item.acknowledged_ns or None)
                if item.note is not None:
                    incident = replace(incident, note=item.note)
                watched.incident = incident

    def _note_seen(self) -> None:
        self._unseen.clear()
        for watched in self._watched.values():
            incident = watched.incident
            if incident is not None and incident.seen_count < incident.count:
                watched.incident = replace(incident, seen_count=incident.count)

    def _have_undone(self, undo: Undo) -> None:
        for watched in self._watched.values():
            incident = watched.incident
            if incident is None or incident.id != undo.id:
                continue
            undoable = self._undoable(incident)
            self.diagnosis.take_back(undoable, undo.action)
            refused = [each for each in incident.actions if each not in undoable.actions]
            for each in refused:
                if each.action == undo.action:
                    said = replace(
                        each, state=ActionState.FAILED, detail=Why.NO_RULE, at_ns=self._last_wall_ns
                    )
                    self._take_answer(Answer(incident.id, None, (said,)))

    def _undoable(self, incident: Incident) -> Incident:
        """``incident`` without what only the record says was done, where no rule of today may do it."""
        rule = next((each for each in self._rules if each.enabled and each.name == incident.rule), None)
        may = rule.actions if rule is not None else ()
        kept = tuple(
            each
            for each in incident.actions
            if not each.undo or each.action in may or (incident.id, each.action) in self._acted
        )
        if len(kept) < len(incident.actions):
            log.warning("incident %d: what no rule of today may do is not undone", incident.id)
        return incident if len(kept) == len(incident.actions) else replace(incident, actions=kept)

    def _take_answer(self, answer: Answer) -> None:
        for each in answer.actions:
            if each.state is ActionState.UNDONE:
                self._acted.discard((answer.incident, each.action))
            elif each.state is ActionState.DONE and each.undo:
                self._acted.add((answer.incident, each.action))
        for watched in self._watched.values():
            incident = watched.incident
            if incident is not None and incident.id == answer.incident:
                results = {each.action: each for each in incident.actions}
                for each in answer.actions:
                    known = results.get(each.action)
                    if known is None or each.state is not ActionState.REFUSED or known.state not in _DONE:
                        results[each.action] = each
                watched.incident = replace(
                    incident, finding=answer.finding or incident.finding, actions=tuple(results.values())
                )
                return
        log.info("an answer came for incident %d, which another one has followed", answer.incident)

    def _take_hiccup_finding(self, answer: HiccupFinding) -> None:
        """The incident of a hiccup has the finding of its longest one; what no beat felt makes none."""
        if answer.seq is None:
            return
        length_ns = _length_ns(answer.finding)
        for watched in self._watched.values():
            incident = watched.incident
            if incident is None or watched.rule.measure not in OF_STALLS:
                continue
            ended_ns = incident.cleared_ns or answer.wall_ns
            if not incident.started_ns <= answer.wall_ns <= ended_ns:
                continue
            if incident.finding is None or length_ns > _length_ns(incident.finding):
                watched.incident = replace(incident, finding=answer.finding)

    def _tend(self, wall_ns: int, written: list[AlertItem]) -> None:
        """Bring every incident up to its alarm, and hand over those that changed."""
        for rule, until_ns in tuple(self._mutes.items()):
            if until_ns <= wall_ns:
                del self._mutes[rule]
                written.append(Mute(rule, 0))
        for watched in self._with_incident:
            incident, before = watched.incident, watched.written
            waits = before is not None and before.silence is Silence.ALLOWED and before.finding is None
            if incident is None or (incident is before and not watched.alarm.is_on and not waits):
                continue
            if incident.cleared_ns is None:
                incident = _following(incident, watched.alarm)
            # A stall is over when it is known, and so may be what fired since the last round.
            has_fired = before is None or before.count != incident.count
            if incident.cleared_ns is None or has_fired or waits:
                incident = _with_silence(incident, self._silence(watched.rule, incident, wall_ns))
            watched.incident = incident
            self._hand_over(watched, incident, wall_ns, written)

    def _hand_over(
        self, watched: _Watched, incident: Incident, wall_ns: int, written: list[AlertItem]
    ) -> None:
        before = watched.written
        if incident == before:
            return
        only_grown = before is not None and _grown(before, incident) == before
        if only_grown and 0 <= wall_ns - watched.written_ns < PEAK_EVERY_NS:
            return
        watched.written, watched.written_ns = incident, wall_ns
        written.append(incident)

    def _silence(self, rule: Rule, incident: Incident, wall_ns: int) -> Silence:
        if rule.allow:
            finding = incident.finding
            if finding is None:
                since_ns = wall_ns - (incident.cleared_ns or incident.started_ns)
                if 0 <= since_ns < FINDING_GRACE_NS + round(rule.for_s * 1e9):
                    return Silence.ALLOWED
            elif finding.culprits and is_allowed(finding.culprits[0].name, rule.allow):
                return Silence.ALLOWED
        if rule.name in self._mutes:
            return Silence.MUTED
        if rule.quiet_from and is_quiet(rule, self._minute_of(wall_ns)):
            return Silence.QUIET_HOURS
        return Silence.NONE

    # Rules and what goes on from before

    def _adopt(self, rules: tuple[Rule, ...], wall_ns: int, written: list[AlertItem]) -> None:
        """Watch by other rules; an incident goes on where its rule still watches the same measure the same way."""
        former, self._watched = self._watched, {}
        for rule in rules:
            if not rule.enabled:
                continue
            before = former.get(rule.name)
            if before is not None and (before.rule.measure, before.rule.comparison) == (
                rule.measure,
                rule.comparison,
            ):
                del former[rule.name]
                if before.rule != rule:
                    before.rule, before.alarm = rule, before.alarm.by(rule)
                self._watched[rule.name] = before
            else:
                self._watched[rule.name] = _Watched(rule, Alarm(rule))
        gone = [each.incident for each in former.values() if each.incident is not None]
        written += [_closed(each, wall_ns) for each in gone if each.cleared_ns is None]
        self._rules = rules
        by_measure: dict[str, list[_Watched]] = {}
        self._of_stalls = [each for each in self._watched.values() if each.rule.is_of_stalls]
        for watched in self._watched.values():
            if not watched.rule.is_of_stalls:
                by_measure.setdefault(watched.rule.measure, []).append(watched)
        self._look_for_incidents()
        self._groups = {measure: _Group(members) for measure, members in by_measure.items()}
        self._readings.want(by_measure.keys())
        self._custom.want(name.removeprefix(CUSTOM) for name in by_measure if name.startswith(CUSTOM))

    def _resume(self, kept: KeptAlerts, wall_ns: int, written: list[AlertItem]) -> None:
        """Go on with the incidents of an earlier run; those whose rule is gone are over."""
        self._highest = max(self._highest, kept.highest)
        self._unseen |= {each.id: each for each in kept.unseen}
        for mute in kept.mutes:
            self._mutes.setdefault(mute.rule, mute.until_ns)
        last = {incident.rule: incident for incident in kept.incidents}
        for incident in kept.incidents:
            watched = self._watched.get(incident.rule)
            goes_on = (
                watched is not None
                and watched.incident is None
                and watched.rule.measure == incident.measure
                and last[incident.rule] is incident
            )
            if watched is not None and goes_on:
                self._go_on(watched, incident, written, wall_ns)
            elif incident.cleared_ns is None:
                written.append(_closed(incident, wall_ns))
        self._look_for_incidents()
        for group in self._groups.values():
            group.stir()

    def _look_for_incidents(self) -> None:
        self._with_incident = [each for each in self._watched.values() if each.incident is not None]

    def _go_on(self, watched: _Watched, incident: Incident, written: list[AlertItem], wall_ns: int) -> None:
        last_ns, longest_ns = incident.last_over_ns, max(BREAK_NS, round(watched.rule.cooldown_s * 1e9))
        if incident.cleared_ns is None and last_ns and wall_ns - last_ns > longest_ns:
            # Not watched for longer than what would be another incident: that one is over.
            incident = _closed(incident, last_ns)
            written.append(incident)
        firing = Firing(incident.started_ns, incident.peak, incident.count, incident.cleared_ns)
        watched.alarm = Alarm(watched.rule, firing, incident.lasted_ns)
        watched.alarm.last_over_ns = incident.last_over_ns or 0
        open_still = incident.cleared_ns is None
        watched.incident = watched.written = _following(incident, watched.alarm) if open_still else incident
        if watched.incident is not incident:
            written.append(watched.incident)


def _following(incident: Incident, alarm: Alarm) -> Incident:
    """``incident`` as its alarm has it."""
    firing = alarm.firing
    assert firing is not None
    followed = replace(
        incident,
        peak=firing.peak,
        count=firing.count,
        cleared_ns=firing.cleared_ns,
        over_ns=alarm.over_ns,
        last_over_ns=alarm.last_over_ns or incident.last_over_ns,
        settling=alarm.is_settling,
    )
    return incident if followed == incident else followed


def _grown(before: Incident, incident: Incident) -> Incident:
    """``incident`` with what grows all the time as it was before."""
    return replace(incident, peak=before.peak, over_ns=before.over_ns, last_over_ns=before.last_over_ns)


def _stalled_of(event: Event) -> dict[str, int]:
    stalled_ns = event.facts.get("stalled_ns", 0)
    return {str(event.facts.get("resource")): int(stalled_ns if isinstance(stalled_ns, int | float) else 0)}


def _length_ns(finding: Finding) -> float:
    length_ns = finding.facts.get("lateness_ns", 0)
    return length_ns if isinstance(length_ns, int | float) else 0


def _with_silence(incident: Incident, silence: Silence) -> Incident:
    return incident if incident.silence is silence else replace(incident, silence=silence)


def _closed(incident: Incident, wall_ns: int) -> Incident:
    return replace(incident, cleared_ns=max(incident.started_ns, wall_ns), settling=False)


def is_allowed(process: str, allow: Iterable[str]) -> bool:
    """Whether a process is named, by its whole name whatever its case, with or without ``.exe``."""
    name = process.casefold().removesuffix(".exe")
    return any(each.casefold().removesuffix(".exe") == name for each in allow)


def local_minute(wall_ns: int) -> int:
    """The minute of the local day, 0 to 1439."""
    at = time.localtime(max(0, wall_ns) // 1_000_000_000)
    return at.tm_hour * 60 + at.tm_min
