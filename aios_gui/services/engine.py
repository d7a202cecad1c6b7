"""The heartbeat engine: warms up, then beats on an absolute grid on whichever thread runs it."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aios_gui.core.beat import LatenessSplit, Wakeup
from aios_gui.core.clock import Clock
from aios_gui.core.gap import ClockReading, Gap, GapKind, clock_jump, gap_between
from aios_gui.core.lateness import SPLIT_FROM_NS, split_lateness
from aios_gui.core.record import Event, EventKind
from aios_gui.core.rehearsal import (
    COARSE_TIMER_MAXIMUM_MARGIN_NS,
    MAXIMUM_MARGIN_NS,
    MarginLearner,
    RehearsalMode,
)
from aios_gui.core.schedule import Grid, check_period_ns
from aios_gui.core.states import EngineState
from aios_gui.core.thresholds import Thresholds
from aios_gui.core.warmup import Stability, WarmupReport
from aios_gui.services.beat_path import BeatPath, Output
from aios_gui.services.evidence import COLLECTOR, WakeProbe
from aios_gui.services.garbage import GarbagePolicy
from aios_gui.services.sampling import Choice, choose_sampler

OUTPUT_LIMIT = 8192
CULPRIT_FROM_NS = 5_000_000
EVIDENCE_NS = 1_000_000_000
"""Only what happened this shortly before an alarm is evidence on a late wake-up."""
READING_NS = 10_000_000
"""Clocks read further apart than this, as around a stall, are read again."""
LATE_REHEARSAL_NS = 10_000_000
"""Woken past due by less than this, as beside a window that paints without pause, a beat is still rehearsed: it costs
a tenth of a millisecond and makes the beat the same as all others. After a stall the beat comes at once."""
AUTO_REHEARSAL_SHARE = 0.02
"""In automatic mode a beat is rehearsed while its margin is at most this share of the interval."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the engine beats: interval, thresholds, rehearsal."""

    interval_ns: int = 1_000_000_000
    thresholds: Thresholds = field(default_factory=Thresholds)
    rehearsal: RehearsalMode = RehearsalMode.AUTO


class HeartbeatEngine:
    """Beats until stopped. ``run`` blocks its thread; every other method may be called from any thread.

    Beats, gaps and events are appended to ``output``, a bounded deque that the recorder drains. The loop logs
    nothing, signals nobody and does no input or output beyond the sample itself.
    """

    def __init__(
        self,
        clock: Clock,
        options: EngineOptions | None = None,
        choose: Callable[[], Choice] = choose_sampler,
        garbage: GarbagePolicy | None = None,
    ) -> None:
        self.clock = clock
        self.options = options or EngineOptions()
        self.garbage = garbage
        self.output: deque[Output] = deque(maxlen=OUTPUT_LIMIT)
        self.state = EngineState.STARTING
        self.warmup: WarmupReport | None = None
        self.thread_ident = 0
        self.made = 0
        self.missed = 0
        self.in_beat_since_ns = 0
        """When the beat in course began, 0 between beats: the watchdog looks at it."""
        self.next_alarm_ns = 0
        self.rehearsed = False
        self._commands: deque[Callable[[], None]] = deque()
        self._stopping = False
        self._path = BeatPath(clock, self.output, choose)
        self._margin = MarginLearner(
            COARSE_TIMER_MAXIMUM_MARGIN_NS if sys.platform == "win32" else MAXIMUM_MARGIN_NS
        )
        self._now_ns = clock.now_ns

    # What others ask of it

    @property
    def sampler_name(self) -> str:
        """Where the figures come from; "" before the start."""
        return self._path.sampler_name

    @property
    def due(self) -> int:
        """Grid points that have passed: beats made and beats missed."""
        return self.made + self.missed

    @property
    def margin_ns(self) -> int:
        """How long before it is due a beat is woken; 0 while beats are not rehearsed."""
        return self._margin.margin_ns if self._rehearsing() else 0

    def stop(self) -> None:
        """End ``run`` soon; a beat in course is finished first."""
        self._stopping = True
        self.clock.wake()

    def pause(self) -> None:
        """Stop beating until ``resume``."""
        self._command(self._do_pause)

    def resume(self) -> None:
        """Beat again, at once."""
        self._command(self._do_resume)

    def set_interval_ns(self, interval_ns: int) -> None:
        """Beat at another interval; ValueError outside 20 ms … 1 h."""
        check_period_ns(interval_ns)
        self._command(lambda: self._do_set_interval(interval_ns))

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """Compare with other thresholds from the next beat on."""
        self._command(lambda: self._set_options(thresholds=thresholds))

    def set_rehearsal(self, mode: RehearsalMode) -> None:
        """Rehearse always, never, or while it fits the interval."""
        self._command(lambda: self._set_options(rehearsal=mode))

    def run(self) -> None:
        """Warm up and beat until ``stop``; the calling thread becomes the beat's."""
        self.thread_ident = threading.get_ident()
        self._path.open()
        self._probe = WakeProbe()
        try:
            self._warm_up()
            self._loop()
        finally:
            self.in_beat_since_ns = 0
            if self.state is EngineState.PAUSED:
                self._emit_paused_gap()
            self.state = EngineState.STOPPED
            self._probe.close()
            self._path.close()

    def run_once(self) -> None:
        """Warm up and make one beat on the calling thread."""
        self._path.open()
        self._probe = WakeProbe()
        try:
            self._warm_up()
            self._grid = Grid(self._now_ns() + self._margin.margin_ns, self.options.interval_ns)
            self._probe.mark()
            alarm_ns = self._grid.due_ns - self.margin_ns
            self.clock.sleep_until(alarm_ns)
            self._beat(alarm_ns, self._now_ns())
        finally:
            self._probe.close()
            self._path.close()

    # The loop

    def _warm_up(self) -> None:
        """Run the real path until its timing is stable, apart from the record; then settle the collector.

        A warm-up is too short to measure CPU over it, so the first beat has no CPU figure rather than a wrong one.
        """
        self.state = EngineState.WARMING
        began_ns = self._now_ns()
        stability = Stability()
        while not (stability.done or self._stopping):
            self.in_beat_since_ns = self._now_ns()
            stability.add(self._path.warm(self.options.thresholds))
        self.in_beat_since_ns = 0
        self._path.forget()
        if self._stopping:
            return
        self.warmup = stability.report(self._now_ns() - began_ns)
        if self.garbage is not None:
            self.garbage.settle()

    def _loop(self) -> None:
        self._grid = Grid(self._now_ns() + self._margin.margin_ns, self.options.interval_ns)
        self.state = EngineState.RUNNING
        self._last_reading = self._read_clocks()
        self._obey()
        while not self._stopping:
            alarm_ns = self._grid.due_ns - self.margin_ns
            self.next_alarm_ns = alarm_ns
            woken = self._sleep_until(alarm_ns)
            woke_ns = self._now_ns()
            if woken:
                self._obey()
            elif not self._slept_through(alarm_ns):
                self._beat(alarm_ns, woke_ns)

    def _sleep_until(self, alarm_ns: int) -> bool:
        """Sleep with the evidence marked shortly before; True when woken by a command.

        CPU that was used long before the alarm says nothing on a late wake-up, so of a long interval only the last
        second counts. An alarm that has passed already leaves the mark where it is: the beat before took so long,
        and what held it up also made this one late.
        """
        early_ns = alarm_ns - EVIDENCE_NS
        if self._now_ns() < early_ns and self.clock.sleep_until(early_ns):
            return True
        if self._now_ns() < alarm_ns:
            self._probe.mark_threads()
            self._probe.mark()
        return self.clock.sleep_until(alarm_ns)

    def _beat(self, alarm_ns: int, woke_ns: int) -> None:
        """Rehearse if there is time, wait for the grid point, make the beat that counts."""
        self.in_beat_since_ns = woke_ns
        due_ns, lateness_ns = self._grid.due_ns, woke_ns - alarm_ns
        split = self._split(lateness_ns, alarm_ns, woke_ns) if lateness_ns >= SPLIT_FROM_NS else None
        wakeup = Wakeup(due_ns, alarm_ns, woke_ns, self._grid.missed_at(woke_ns), split)
        thresholds = self.options.thresholds
        rehearsed = alarm_ns < due_ns and self._now_ns() < due_ns + LATE_REHEARSAL_NS
        rehearsal_ns = self._path.rehearse(wakeup, thresholds) if rehearsed else None
        self._path.beat(wakeup, self.made, rehearsed, thresholds)
        self.in_beat_since_ns = 0
        # Learnt also while the margin is too long to rehearse: else it would never be seen to shrink again.
        self._margin.learn(lateness_ns, rehearsal_ns)
        self.made += 1
        self.missed += wakeup.missed
        self.rehearsed = rehearsed
        self._grid.advance(wakeup.missed)

    def _split(self, lateness_ns: int, alarm_ns: int, woke_ns: int) -> LatenessSplit:
        culprit = ""
        if lateness_ns >= CULPRIT_FROM_NS:
            collecting = (
                self.garbage is not None and self.garbage.overlap_ns(alarm_ns, woke_ns) * 2 > lateness_ns
            )
            culprit = COLLECTOR if collecting else self._probe.culprit()
        return split_lateness(lateness_ns, self._probe.growth(), culprit)

    def _slept_through(self, alarm_ns: int) -> bool:
        """Whether the machine was asleep meanwhile: then a gap is kept and the grid begins anew."""
        reading = self._read_clocks()
        gap = gap_between(self._last_reading, reading, self.clock.monotonic_counts_sleep)
        self._last_reading = reading
        if gap is None:
            return False
        self.output.append(gap)
        if gap.kind is not GapKind.SUSPENDED:
            return False
        self._path.forget()
        self._grid.restart(reading.now_ns)
        return True

    def _read_clocks(self) -> ClockReading:
        """All clocks as of one moment: a stall between two of them would look like sleep or a set clock."""
        clock = self.clock
        while True:
            reading = ClockReading(clock.now_ns(), clock.wall_ns(), clock.suspended_ns())
            if clock.now_ns() - reading.now_ns < READING_NS:
                return reading

    def _rehearsing(self) -> bool:
        mode = self.options.rehearsal
        if mode is RehearsalMode.AUTO:
            return self._margin.margin_ns <= self.options.interval_ns * AUTO_REHEARSAL_SHARE
        return mode is RehearsalMode.ON

    # Commands, obeyed on the beat's own thread

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self.clock.wake()

    def _obey(self) -> None:
        while self._commands:
            self._commands.popleft()()
        while self.state is EngineState.PAUSED and not self._stopping:
            self.clock.sleep_until(self._now_ns() + 3_600_000_000_000)
            while self._commands:
                self._commands.popleft()()

    def _do_pause(self) -> None:
        if self.state is EngineState.RUNNING:
            self._last_reading = self._read_clocks()
            self.state = EngineState.PAUSED

    def _do_resume(self) -> None:
        if self.state is not EngineState.PAUSED:
            return
        self._emit_paused_gap()
        self._path.forget()
        self._grid = Grid(self._now_ns() + self._margin.margin_ns, self.options.interval_ns)
        self.state = EngineState.RUNNING

    def _emit_paused_gap(self) -> None:
        """The pause by its true length, and apart from it whatever the wall clock did meanwhile."""
        before, after = self._last_reading, self._read_clocks()
        self._last_reading = after
        length_ns = after.now_ns - before.now_ns
        if not self.clock.monotonic_counts_sleep:
            length_ns += after.suspended_ns - before.suspended_ns
        jump = clock_jump(before.wall_ns + length_ns, after.wall_ns)
        end_ns = after.wall_ns if jump is None else jump.start_ns
        self.output.append(Gap(GapKind.PAUSED, before.wall_ns, end_ns))
        if jump is not None:
            self.output.append(jump)

    def _do_set_interval(self, interval_ns: int) -> None:
        before_ns = self.options.interval_ns
        if interval_ns == before_ns:
            return
        self._set_options(interval_ns=interval_ns)
        self._grid.change_period(interval_ns, self._now_ns())
        facts: dict[str, int | float | str] = {"before_ns": before_ns, "interval_ns": interval_ns}
        self.output.append(Event(EventKind.INTERVAL_CHANGED, self.clock.wall_ns(), self.made, facts))

    def _set_options(
        self,
        interval_ns: int | None = None,
        thresholds: Thresholds | None = None,
        rehearsal: RehearsalMode | None = None,
    ) -> None:
        now = self.options
        self.options = EngineOptions(
            interval_ns or now.interval_ns, thresholds or now.thresholds, rehearsal or now.rehearsal
        )
