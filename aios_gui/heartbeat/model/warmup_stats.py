"""What warming up, cooling down and rehearsing did to the beats, measured on the beats themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aios_gui.heartbeat.model.items import Event, EventKind, RecordedBeat
from aios_gui.heartbeat.model.percentiles import Percentiles, SlidingPercentiles
from aios_gui.heartbeat.model.warmup import StepReport, Warmth, WarmupReport

FIRST_BEATS = 60
UNREHEARSED_BEATS, UNREHEARSED_NS = 600, 3_600_000_000_000
"""The most that rehearsals are told of: this number, and an hour."""
STEERING = (EventKind.WARMED_UP, EventKind.COOLED_DOWN, EventKind.REHEARSAL_CHANGED)
"""Events after which the next beat is looked at."""


@dataclass(frozen=True, slots=True)
class WarmupEffect:
    """What was done, when (wall, ns), and what the beat after it took (ns, None until it was made).

    ``word`` is the reason of a warm-up or the mode of rehearsals; ``usual_ns`` the P50 of beats before, 0 if unknown.
    """

    kind: EventKind
    wall_ns: int
    seq: int
    word: str = ""
    usual_ns: int = 0
    next_beat_ns: int | None = None


@dataclass(frozen=True, slots=True)
class FirstBeats:
    """Durations (ns) of the first beats, 60 at most, after the last warm-up and after the last cooling down.

    ``unrehearsed`` has, for each of ``warm``, what the first run of its rehearsal took; 0 where it had none.
    """

    warm: tuple[int, ...] = ()
    unrehearsed: tuple[int, ...] = ()
    cold: tuple[int, ...] = ()


class WarmupStats:
    """Takes in beats and events in the order they happened."""

    def __init__(self) -> None:
        self.effect: WarmupEffect | None = None
        self.first = FirstBeats()
        self._unrehearsed = SlidingPercentiles(UNREHEARSED_BEATS, UNREHEARSED_NS)
        self._warm: list[tuple[int, int]] = []
        self._cold: list[int] = []
        self._is_cold = False

    @property
    def unrehearsed(self) -> Percentiles:
        """What the last 600 rehearsed beats of an hour would have taken without: the first runs of their rehearsals."""
        return self._unrehearsed.summary()

    def add_beat(self, beat: RecordedBeat) -> None:
        """Take in a beat."""
        if beat.unrehearsed_ns is not None:
            self._unrehearsed.add(beat.unrehearsed_ns, beat.wall_ns)
        effect = self.effect
        if effect is not None and effect.next_beat_ns is None and beat.seq >= effect.seq:
            self.effect = replace(effect, next_beat_ns=beat.duration_ns)
        if self._is_cold and len(self._cold) < FIRST_BEATS:
            self._cold.append(beat.duration_ns)
            self.first = replace(self.first, cold=tuple(self._cold))
        elif not self._is_cold and len(self._warm) < FIRST_BEATS:
            self._warm.append((beat.duration_ns, beat.unrehearsed_ns or 0))
            warm, unrehearsed = zip(*self._warm, strict=True)
            self.first = replace(self.first, warm=warm, unrehearsed=unrehearsed)

    def add_event(self, event: Event, usual_ns: int) -> None:
        """Take in an event of ``STEERING``; ``usual_ns`` is the P50 of the beats so far, 0 where there are none."""
        word = str(event.facts.get("reason") or event.facts.get("mode") or "")
        self.effect = WarmupEffect(event.kind, event.wall_ns, event.seq or 0, word, usual_ns)
        if event.kind is EventKind.COOLED_DOWN:
            self._is_cold = True
            self._cold = []
        elif event.kind is EventKind.WARMED_UP:
            self._is_cold = False
            self._warm = []


@dataclass(frozen=True, slots=True)
class WarmupStatus:
    """How warm the path of the beat is, every step of the last warm-up, its evidence, and what it did to the beats."""

    warmth: Warmth = Warmth.COLD
    cold_beats_left: int = 0
    steps: tuple[StepReport, ...] = ()
    report: WarmupReport | None = None
    first: FirstBeats = FirstBeats()
    effect: WarmupEffect | None = None
