"""The one frozen picture of the running heartbeat that windows, scripts and other processes read."""

from __future__ import annotations

from dataclasses import dataclass, field

from aios_gui.alerts.model.health import Health, health_over
from aios_gui.alerts.model.incident import IncidentBrief, Mute, Unseen
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.model.score import Score, score_of
from aios_gui.heartbeat.model.items import ContextSample, Event, RecordedBeat
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalStatus, slept_before_rehearsal_ns
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.stall import WatchStatus
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.model.warmup_stats import WarmupStatus
from aios_gui.instance.model.throttle import ThrottleReason
from aios_gui.record.model.health import StoreHealth
from aios_gui.record.model.hour import Hour
from aios_gui.record.model.retention import Growth

STRIP_CELLS = 60


@dataclass(frozen=True, slots=True)
class BrokenPart:
    """A part of the program that failed again and again, and what escaped from it last."""

    part: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the status bar says, at one moment. Percentiles in ns: last 3,600 beats, last hour at most."""

    state: EngineState = EngineState.STARTING
    mode: Mode = Mode.WINDOW
    pid: int = 0
    session: int = 0
    interval_ns: int = 1_000_000_000
    sampler: str = ""
    beat: RecordedBeat | None = None
    strip: tuple[Severity, ...] = ()
    strip_moments: tuple[tuple[int, int], ...] = ()
    """Of each cell of the strip its moment (wall, ns), and what the beat took or how long there was none (ns)."""
    made: int = 0
    due: int = 0
    missed: int = 0
    duration: Percentiles = Percentiles()
    lateness: Percentiles = Percentiles()
    context: ContextSample | None = None
    last_hiccup: Event | None = None
    hiccups: int = 0
    calm_since_ns: int = 0
    paused_since_ns: int = 0
    stopped_since_ns: int = 0
    """Since when nothing runs (wall), as told by who asks in vain; 0 otherwise."""
    no_beat_since_ns: int = 0
    """Since when no beat was made though one is overdue (wall); 0 where they are made."""
    own_load: bool = False
    """This program itself, or its start, is what put the CPU over its threshold."""
    top_process: str = ""
    """Who uses most of what is over its limit, "" while nothing is; with its CPU of one core."""
    top_process_percent: float | None = None
    rehearsal: RehearsalStatus = RehearsalStatus()
    watch: WatchStatus = WatchStatus()
    tables_share: float = 0.0
    """The share of one core, 0 to 1, that the process tables take."""
    warm_up: WarmupStatus = WarmupStatus()
    thresholds: Thresholds = Thresholds()
    store: StoreHealth = StoreHealth()
    growth: Growth = Growth()
    """Of the record."""
    notices: tuple[Event, ...] = field(default=())
    """Events that the user is to be told of, newest last: a store set aside, a stuck beat."""
    open_incidents: tuple[IncidentBrief, ...] = ()
    """Those that alert first, of these the worst first."""
    last_incident: IncidentBrief | None = None
    """The last one that is over and alerted, other than of hiccups."""
    unseen: tuple[Unseen, ...] = ()
    """Incidents that no one has looked at yet, over or not."""
    worst: Level | None = None
    """The worst level of an open incident that alerts."""
    mutes: tuple[Mute, ...] = ()
    auto_fixed: int = 0
    """How many actions ended incidents within the last five minutes."""
    hour: Hour = Hour()
    """The sums over the last hour of beats."""
    throttle_reason: ThrottleReason = ThrottleReason.NONE
    """Why the recorder throttles itself, where it does."""
    own_cpu_percent: float | None = None
    """This program's CPU, of one core, over its last context samples."""
    broken_parts: tuple[BrokenPart, ...] = ()

    @property
    def score(self) -> Score | None:
        """How well the last hour went; None while there are too few beats to tell."""
        return score_of(self.hour)

    @property
    def health(self) -> Health | None:
        """Healthy, warning or degraded, with the reasons; None while there are too few beats to tell."""
        return health_over(self.hour, self.duration)

    @property
    def rehearsal_share(self) -> float:
        """The share of one core, 0 to 1, that waking early and rehearsing takes: from the wake-up until due."""
        early_ns = max(0, self.rehearsal.margin_ns - self.lateness.p50)
        awake_ns = early_ns - slept_before_rehearsal_ns(early_ns)
        return awake_ns / self.interval_ns if self.rehearsal.rehearsed else 0.0

    @property
    def alerting(self) -> tuple[str, ...]:
        """Names of the rules that fire and alert, the worst first."""
        return tuple(each.rule for each in self.open_incidents if not each.silence)

    @property
    def availability(self) -> float | None:
        """Beats made over beats due, 0 to 1; None before the first was due."""
        return self.made / self.due if self.due else None


def cell_of(beat: RecordedBeat, hiccup_ns: int) -> Severity:
    """How a beat looks in the strip: critical for a hiccup or a failed sample, warning for a breach."""
    if beat.failed or beat.lateness_ns >= hiccup_ns:
        return Severity.CRITICAL
    return Severity.WARNING if beat.breached or beat.missed else Severity.OK
