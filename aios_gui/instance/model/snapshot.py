"""The one frozen picture of the running heartbeat that windows, scripts and other processes read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aios_gui.alerts.model.health import Health, health_over
from aios_gui.alerts.model.incident import IncidentBrief, Mute
from aios_gui.alerts.model.rules import Level
from aios_gui.alerts.model.score import Score, score_of
from aios_gui.heartbeat.model.items import ContextSample, Event, RecordedBeat
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.model.warmup import StepReport, Warmth, WarmupReport
from aios_gui.heartbeat.model.warmup_stats import Effect, FirstBeats
from aios_gui.instance.model.throttle import Pressure
from aios_gui.record.model.hour import Hour

STRIP_CELLS = 60


class Cell(StrEnum):
    """How one beat, or a span without, looks in the strip."""

    FINE = "fine"
    WARNING = "warning"
    CRITICAL = "critical"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """Whether beats are being written, how many were lost to a full or broken disk, and why."""

    recording: bool = True
    unrecorded_beats: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The rehearsal as it is now: mode, learnt margin, and whether the last beat had one.

    ``unrehearsed`` is what the last 600 rehearsed beats would have cost without: the first run of each rehearsal, ns.
    """

    mode: RehearsalMode = RehearsalMode.AUTO
    margin_ns: int = 0
    rehearsed: bool = False
    unrehearsed: Percentiles = Percentiles()


@dataclass(frozen=True, slots=True)
class WarmthPicture:
    """How warm the path of the beat is, every step of the last warm-up, its evidence, and what it did to the beats."""

    warmth: Warmth = Warmth.COLD
    cold_beats_left: int = 0
    steps: tuple[StepReport, ...] = ()
    report: WarmupReport | None = None
    first: FirstBeats = FirstBeats()
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class AlertPicture:
    """What the rules say: incidents in course, the worst level of them, rules that are muted, actions that helped."""

    open_incidents: tuple[IncidentBrief, ...] = ()
    worst: Level | None = None
    mutes: tuple[Mute, ...] = ()
    auto_fixed: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the status bar says, at one moment. Percentiles in ns over the last 3,600 beats."""

    state: EngineState = EngineState.STARTING
    mode: Mode = Mode.WINDOW
    pid: int = 0
    session: int = 0
    interval_ns: int = 1_000_000_000
    sampler: str = ""
    beat: RecordedBeat | None = None
    strip: tuple[Cell, ...] = ()
    made: int = 0
    due: int = 0
    missed: int = 0
    duration: Percentiles = Percentiles()
    lateness: Percentiles = Percentiles()
    context: ContextSample | None = None
    last_hiccup: Event | None = None
    hiccups: int = 0
    calm_since_ns: int = 0
    rehearsal: Rehearsal = Rehearsal()
    warm_up: WarmthPicture = WarmthPicture()
    thresholds: Thresholds = Thresholds()
    store: StoreHealth = StoreHealth()
    notices: tuple[Event, ...] = field(default=())
    """Events that the user is to be told of, newest last: a store set aside, a stuck beat."""
    open_incidents: tuple[IncidentBrief, ...] = ()
    """Those that alert somebody first, of these the worst first."""
    worst: Level | None = None
    """The worst level of an open incident that alerts somebody."""
    mutes: tuple[Mute, ...] = ()
    auto_fixed: int = 0
    """How many actions ended incidents within the last five minutes."""
    hour: Hour = Hour()
    """The sums over the last hour of beats."""
    pressure: Pressure = Pressure.NONE
    """Why the recorder goes easy, where it does."""
    own_cpu_percent: float | None = None
    """This program's CPU, of one core, over its last context samples."""

    @property
    def score(self) -> Score | None:
        """How well the last hour went; None while there are too few beats to tell."""
        return score_of(self.hour)

    @property
    def health(self) -> Health | None:
        """Healthy, warning or degraded, with the reasons; None while there are too few beats to tell."""
        return health_over(self.hour, self.duration)

    @property
    def foremost(self) -> IncidentBrief | None:
        """The open incident to speak of: one that nobody has acknowledged, and of these the worst; None for none."""
        alerting = [each for each in self.open_incidents if not each.silence]
        return min(alerting, key=lambda each: each.acknowledged, default=None)

    @property
    def rehearsal_share(self) -> float:
        """The share of one core, 0 to 1, that waking early and rehearsing takes: from the wake-up until due."""
        early_ns = self.rehearsal.margin_ns - self.lateness.p50
        return max(0, early_ns) / self.interval_ns if self.rehearsal.rehearsed else 0.0

    @property
    def alerting(self) -> tuple[str, ...]:
        """Names of the rules that fire and are to alert somebody, the worst first."""
        return tuple(each.rule for each in self.open_incidents if not each.silence)

    @property
    def availability(self) -> float:
        """Beats made over beats due, 0 to 1; 1 before the first was due."""
        return self.made / self.due if self.due else 1.0


def cell_of(beat: RecordedBeat, hiccup_ns: int) -> Cell:
    """How a beat looks in the strip: critical for a hiccup or a failed sample, warning for a breach."""
    if beat.failed or beat.lateness_ns >= hiccup_ns:
        return Cell.CRITICAL
    return Cell.WARNING if beat.breached or beat.missed else Cell.FINE
