"""The running figures of a session: counts, percentiles, the strip of the last beats, the last hiccup."""

from __future__ import annotations

from collections import deque

from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import ContextSample, Event, EventKind, LiveItem, RecordedBeat
from aios_gui.heartbeat.model.percentiles import SlidingPercentiles
from aios_gui.heartbeat.model.severity import Severity
from aios_gui.heartbeat.model.thresholds import CPU
from aios_gui.heartbeat.model.warmup_stats import STEERING, WarmupStats
from aios_gui.instance.model.snapshot import STRIP_CELLS, cell_of
from aios_gui.record.model.hour import SlidingHour

LASTING_NS = 1_900_000_000
"""CPU or memory over a threshold for less than this, as by a single beat, is no end of the calm."""
PERCENTILE_BEATS, PERCENTILE_NS = 3_600, 3_600_000_000_000
"""The most that percentiles are of: this number of beats, and an hour."""
NOTICES_KEPT = 8
OWN_CPU_SAMPLES, FEWEST_SAMPLES = 12, 3
"""This program's CPU is told over this many context samples: one alone may be the minute of its tidying up."""
TOLD = {
    EventKind.STUCK,
    EventKind.STORE_SET_ASIDE,
    EventKind.STORE_CARRIED_OVER,
    EventKind.HOUR_DAMAGED,
    EventKind.STORE_UNAVAILABLE,
    EventKind.STORE_RECOVERED,
    EventKind.SAMPLER_FALLBACK,
    EventKind.SETTINGS_SET_ASIDE,
    EventKind.MEASURE_OFF,
    EventKind.PART_FAILED,
}
"""Events that the user is told of; a hiccup shows in the strip and the plots."""


class SessionStats:
    """Takes in what happens, in order; every figure is cheap to read."""

    def __init__(self, calm_since_ns: int) -> None:
        self.duration = SlidingPercentiles(PERCENTILE_BEATS, PERCENTILE_NS)
        self.lateness = SlidingPercentiles(PERCENTILE_BEATS, PERCENTILE_NS)
        self.beat: RecordedBeat | None = None
        self.context: ContextSample | None = None
        self.last_hiccup: Event | None = None
        self.hiccups = 0
        self.warmth = WarmupStats()
        self.hour = SlidingHour()
        self._own_cpu: deque[float] = deque(maxlen=OWN_CPU_SAMPLES)
        self.calm_since_ns = calm_since_ns
        self.is_own_load = False
        """Whether a CPU over its threshold is this program's doing."""
        self._strained_since_ns: int | None = None
        self._strip: deque[tuple[Severity, tuple[int, int]]] = deque(maxlen=STRIP_CELLS)
        self._notices: deque[Event] = deque(maxlen=NOTICES_KEPT)

    def add(self, item: LiveItem, hiccup_ns: int) -> None:
        """Take in one item; ``hiccup_ns`` is the threshold in force."""
        if isinstance(item, RecordedBeat):
            self._add_beat(item, hiccup_ns)
        elif isinstance(item, ContextSample):
            self.context = item
            if item.own_cpu_percent is not None:
                self._own_cpu.append(item.own_cpu_percent)
        elif isinstance(item, Gap):
            if item.kind is GapKind.CLOCK_JUMP:
                self.calm_since_ns += item.end_ns - item.start_ns
                self._strained_since_ns = None
            else:
                self._strip.append((Severity.INACTIVE, (item.start_ns, item.end_ns - item.start_ns)))
                self.calm_since_ns = max(self.calm_since_ns, item.end_ns)
        else:
            self._add_event(item)

    def _add_beat(self, beat: RecordedBeat, hiccup_ns: int) -> None:
        self.beat = beat
        self.duration.add(beat.duration_ns, beat.wall_ns)
        self.lateness.add(beat.lateness_ns, beat.wall_ns)
        self.warmth.add_beat(beat)
        self.hour.add_beat(beat, hiccup_ns)
        cell = cell_of(beat, hiccup_ns)
        self._strip.append((cell, (beat.wall_ns, beat.duration_ns)))
        if not beat.breached or (self.is_own_load and beat.breached == (CPU,)):
            self._strained_since_ns = None
        elif self._strained_since_ns is None:
            self._strained_since_ns = beat.wall_ns
        lasts = self._strained_since_ns is not None and beat.wall_ns - self._strained_since_ns >= LASTING_NS
        if cell is Severity.CRITICAL or beat.missed or lasts:
            self.calm_since_ns = beat.wall_ns

    def _add_event(self, event: Event) -> None:
        if event.kind is EventKind.HICCUP:
            self._add_hiccup(event)
        elif event.kind in STEERING:
            self.warmth.add_event(event, self.duration.at(50))
        elif event.kind in TOLD:
            self._notices.append(event)

    def _add_hiccup(self, event: Event) -> None:
        self.last_hiccup = event
        self.hiccups += 1
        self.calm_since_ns = max(self.calm_since_ns, event.wall_ns)
        if self._strip and (self.beat is None or event.seq != self.beat.seq):
            # Between two beats: none of them tells of it.
            self._strip[-1] = (Severity.CRITICAL, self._strip[-1][1])

    @property
    def own_cpu_percent(self) -> float | None:
        """This program's CPU, of one core, over its last context samples; None while there are too few."""
        return sum(self._own_cpu) / len(self._own_cpu) if len(self._own_cpu) >= FEWEST_SAMPLES else None

    @property
    def strip(self) -> tuple[Severity, ...]:
        """The last 60 beats and gaps, oldest first."""
        return tuple(cell for cell, _moment in self._strip)

    @property
    def strip_moments(self) -> tuple[tuple[int, int], ...]:
        """Of each of these when it was (wall), and how long the beat took or the gap was; ns."""
        return tuple(moment for _cell, moment in self._strip)

    @property
    def notices(self) -> tuple[Event, ...]:
        """What the user is to be told of, oldest first."""
        return tuple(self._notices)
