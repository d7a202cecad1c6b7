"""The one frozen picture of the running heartbeat that windows, scripts and other processes read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aios_gui.core.percentiles import Percentiles
from aios_gui.core.record import ContextSample, Event, RecordedBeat
from aios_gui.core.rehearsal import RehearsalMode
from aios_gui.core.states import EngineState, Mode
from aios_gui.core.thresholds import Thresholds
from aios_gui.core.warmup import WarmupReport

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
    """The rehearsal as it is now: mode, learnt margin, and whether the last beat had one."""

    mode: RehearsalMode = RehearsalMode.AUTO
    margin_ns: int = 0
    rehearsed: bool = False


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
    warmup: WarmupReport | None = None
    thresholds: Thresholds = Thresholds()
    store: StoreHealth = StoreHealth()
    notices: tuple[Event, ...] = field(default=())
    """Events that the user is to be told of, newest last: a store set aside, a stuck beat."""

    @property
    def availability(self) -> float:
        """Beats made over beats due, 0 to 1; 1 before the first was due."""
        return self.made / self.due if self.due else 1.0


def cell_of(beat: RecordedBeat, hiccup_ns: int) -> Cell:
    """How a beat looks in the strip: critical for a hiccup or a failed sample, warning for a breach."""
    if beat.failed or beat.lateness_ns >= hiccup_ns:
        return Cell.CRITICAL
    return Cell.WARNING if beat.breached or beat.missed else Cell.FINE
