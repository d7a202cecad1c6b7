"""How it is now: the one model that header, tray, notifications and commands are worded from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from aios_gui.alerts.model.health import HealthState
from aios_gui.alerts.model.incident import IncidentBrief
from aios_gui.alerts.model.rules import Level
from aios_gui.heartbeat.model.items import Event
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.thresholds import CPU
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import ThrottleReason

RECENT_NS = 10_000_000_000
"""For this long after a hiccup, it is what there is to say."""
LATE_NS = 2_000_000_000
"""A beat that is late by an interval and this is waited for."""


class Condition(StrEnum):
    """How it is, each before those below it; the words are read by scripts."""

    LOST = "lost"
    """The program that records cannot be reached."""
    PAUSED = "paused"
    STOPPED = "stopped"
    STARTING = "starting"
    WARMING = "warming"
    NOT_RECORDING = "not_recording"
    WAITING = "waiting"
    """For the first beat, or for the next one after the machine slept or its clock was set."""
    NO_BEAT = "no_beat"
    UNREADABLE = "unreadable"
    """CPU and memory cannot be read."""
    ALARM = "alarm"
    """A rule fires."""
    STRAINED = "strained"
    """The latest beat found CPU or memory over a limit."""
    HICCUP = "hiccup"
    """The machine hung just now."""
    SETTLING = "settling"
    """A rule still fires, but its measure is back within the limit."""
    DEGRADED = "degraded"
    """The last hour was bad."""
    CALM = "calm"


_OF_STATE = {
    EngineState.LOST: Condition.LOST,
    EngineState.PAUSED: Condition.PAUSED,
    EngineState.STOPPED: Condition.STOPPED,
    EngineState.STARTING: Condition.STARTING,
    EngineState.WARMING: Condition.WARMING,
}
_SEVERITIES = {
    Condition.LOST: Severity.CRITICAL,
    Condition.NOT_RECORDING: Severity.CRITICAL,
    Condition.NO_BEAT: Severity.CRITICAL,
    Condition.UNREADABLE: Severity.CRITICAL,
    Condition.ALARM: Severity.CRITICAL,
    Condition.STRAINED: Severity.WARNING,
    Condition.HICCUP: Severity.WARNING,
    Condition.SETTLING: Severity.WARNING,
    Condition.DEGRADED: Severity.WARNING,
    Condition.CALM: Severity.OK,
}


_STALE = frozenset(
    (Condition.LOST, Condition.PAUSED, Condition.STOPPED, Condition.WAITING, Condition.NO_BEAT)
)


@dataclass(frozen=True, slots=True)
class Now:
    """The condition, how bad that is, and the facts of it. Times by the wall clock, ns.

    ``since_ns`` is when it began, 0 where that is not known; ``incident`` the one to speak of; ``culprit`` who does it,
    or did, with its CPU of one core. ``last`` is what happened to the machine last, where that is something else: a
    hiccup or an incident that is over. ``throttled`` is what the program does for its own sake; ``own_load``: it is
    itself what keeps the CPU busy.
    """

    condition: Condition
    severity: Severity
    since_ns: int = 0
    incident: IncidentBrief | None = None
    culprit: str = ""
    culprit_percent: float | None = None
    last: Event | IncidentBrief | None = None
    unseen: int = 0
    unseen_is_critical: bool = False
    throttled: ThrottleReason = ThrottleReason.NONE
    own_load: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether the latest beat says nothing of the machine as it is now."""
        return self.condition in _STALE


def now_of(snapshot: Snapshot, now_ns: int, throttled: ThrottleReason = ThrottleReason.NONE) -> Now:
    """How it is at ``now_ns`` of the wall clock by the latest snapshot."""
    condition = condition_of(snapshot, now_ns)
    incident = foremost(snapshot.open_incidents) if condition in _OF_INCIDENT else None
    severity = _SEVERITIES.get(condition, Severity.INACTIVE)
    is_mild = condition is Condition.ALARM and incident is not None and incident.level is Level.WARNING
    if is_mild or (severity is Severity.OK and snapshot.broken_parts):
        severity = Severity.WARNING
    culprit, percent = _culprit(snapshot, condition, incident)
    return Now(
        condition,
        severity,
        _since_ns(snapshot, condition, incident),
        incident,
        culprit,
        percent,
        _last(snapshot, condition),
        len(snapshot.unseen),
        any(each.level is Level.CRITICAL for each in snapshot.unseen),
        throttled,
        condition is not Condition.ALARM
        and snapshot.own_load
        and bool(
            snapshot.top_process
        )  # before it has looked for who it is, as at the start, there is nothing to say
        and snapshot.beat is not None
        and CPU in snapshot.beat.breached,
    )


_OF_INCIDENT = (Condition.ALARM, Condition.SETTLING)


def condition_of(snapshot: Snapshot, now_ns: int) -> Condition:
    """The condition alone."""
    beat = snapshot.beat
    if snapshot.state in _OF_STATE:
        return _OF_STATE[snapshot.state]
    if not snapshot.store.recording:
        return Condition.NOT_RECORDING
    if snapshot.no_beat_since_ns:
        return Condition.NO_BEAT
    if beat is None or now_ns - beat.wall_ns > 2 * snapshot.interval_ns + LATE_NS:
        return Condition.WAITING
    if beat.failed:
        return Condition.UNREADABLE
    incident = foremost(snapshot.open_incidents)
    if incident is not None and not incident.settling:
        return Condition.ALARM
    if beat.breached and not (snapshot.own_load and beat.breached == (CPU,)):
        return Condition.STRAINED
    hiccup = snapshot.last_hiccup
    if hiccup is not None and 0 <= now_ns - hiccup.wall_ns < RECENT_NS:
        return Condition.HICCUP
    if incident is not None:
        return Condition.SETTLING
    score, health = snapshot.score, snapshot.health
    if (score is not None and score.is_degraded) or (
        health is not None and health.state is HealthState.DEGRADED
    ):
        return Condition.DEGRADED
    return Condition.CALM


def foremost(incidents: tuple[IncidentBrief, ...]) -> IncidentBrief | None:
    """The open incident to speak of: one that is still over its limit, then one not acknowledged, then the worst."""
    alerting = [each for each in incidents if not each.silence]
    return min(alerting, key=lambda each: (each.settling, each.acknowledged), default=None)


def _since_ns(snapshot: Snapshot, condition: Condition, incident: IncidentBrief | None) -> int:
    if incident is not None:
        return incident.started_ns
    if condition is Condition.NOT_RECORDING:
        return snapshot.store.silent_since_ns or snapshot.store.failing_since_ns
    if condition is Condition.NO_BEAT:
        return snapshot.no_beat_since_ns
    if condition is Condition.PAUSED:
        return snapshot.paused_since_ns
    if condition is Condition.STOPPED:
        return snapshot.stopped_since_ns
    return snapshot.calm_since_ns if condition is Condition.CALM else 0


def _culprit(
    snapshot: Snapshot, condition: Condition, incident: IncidentBrief | None
) -> tuple[str, float | None]:
    if incident is not None and (incident.culprit or incident.of_many):
        return incident.culprit, incident.culprit_percent
    if condition in (Condition.ALARM, Condition.STRAINED):
        return snapshot.top_process, snapshot.top_process_percent
    return "", None


def _last(snapshot: Snapshot, condition: Condition) -> Event | IncidentBrief | None:
    hiccup, over = snapshot.last_hiccup, snapshot.last_incident
    if condition is Condition.HICCUP:
        return None  # it is what the headline says
    if over is None:
        return hiccup
    if any(each.id == over.id for each in snapshot.unseen):
        return over  # no hiccup takes its place before a person has seen it
    is_later = hiccup is not None and hiccup.wall_ns >= (over.last_over_ns or over.started_ns)
    return hiccup if is_later else over
