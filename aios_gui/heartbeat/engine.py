"""The heartbeat engine: warms up, then beats on an absolute grid on whichever thread runs it."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from time import thread_time_ns
from typing import Any

from aios_gui.heartbeat.clock import ask_for_exact_timers
from aios_gui.heartbeat.clock_watch import ClockWatch
from aios_gui.heartbeat.evidence import COLLECTOR, WakeProbe
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.beat import Beat, LatenessSplit, Wakeup
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.gap import GapKind
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.lateness import SPLIT_FROM_NS, split_lateness
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.rehearsal import (
    MarginLearner,
    RehearsalMode,
    margin_limit_ns,
    slept_before_rehearsal_ns,
)
from aios_gui.heartbeat.model.schedule import Grid, check_period_ns
from aios_gui.heartbeat.model.stall import SeenBy, Stall, WatchMode
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.model.warmup import Warmth, WarmupReason, WarmupReport
from aios_gui.heartbeat.path import BeatPath, Output
from aios_gui.heartbeat.sampling import Choice, choose_sampler
from aios_gui.heartbeat.warmup.runner import Warmer

OUTPUT_LIMIT = 8192
CULPRIT_FROM_NS = 5_000_000
FRESH_NS = 250_000_000
"""Beside a window the watch looks so often where CPU time stands: what was used before a short stall tells nothing."""
EVIDENCE_NS = 1_000_000_000
"""Only what happened this shortly before an alarm is evidence on a late wake-up."""
LATE_REHEARSAL_NS = 10_000_000
"""Woken past due by less than this, as beside a window that paints without pause, a beat is still rehearsed: it costs
a tenth of a millisecond and makes the beat the same as all others. After a stall the beat comes at once."""
AUTO_REHEARSAL_SHARE = 0.02
"""In automatic mode a beat is rehearsed while its margin is at most this share of the interval."""
COLD_BEATS = 60
COLD_NS = 600_000_000_000
"""Cooled down, it stays so for as many beats, or for ten minutes and a beat, and then warms up by itself: no user is
left with a cold heartbeat."""
ROOM_NS = 50_000_000
"""A warm-up takes a few milliseconds; closer to a beat than this, it waits until after that beat."""
GUARD_NS = 2_000_000
"""A warm-up ends this long before the next alarm, stable or not."""
BASELINE_NS = 100_000_000
"""CPU over less time than this is no figure: the clocks that count it tick too slowly."""


class HeartbeatEngine:
    """Beats until stopped. ``run`` blocks its thread; every other method may be called from any thread.

    Beats, gaps and events are appended to ``output``, a bounded deque that the recorder drains. The loop logs
    nothing, emits no signal and does no input or output beyond the sample itself.
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
        self.on_change: Callable[[], None] | None = None
        """Called on the beat's thread, never close to a beat, after something that was asked for is done."""
        self.state = EngineState.STARTING
        self.thread_ident = 0
        self.made = 0
        self.missed = 0
        self.in_beat_since_ns = 0
        """When the beat in course began, 0 between beats: the watchdog looks at it."""
        self.next_alarm_ns = 0
        self.grid_since_ns = 0
        """When it began to beat as it does now, after its start, a pause, a sleep or another interval; 0 before."""
        self.on_battery = False
        """Whether the machine should be woken less often; set by who knows."""
        self.watched_ns = self.watch_cpu_ns = 0
        """How long it has watched between beats, and the CPU time that this took."""
        self.rehearsed = False
        self.cold_beats_left = 0
        """Cooled down, how many beats it stays so; else 0."""
        self._cold_until_ns = 0
        self._warm_up_wanted = False
        self._commands: deque[Callable[[], None]] = deque()
        self._stopping = False
        self._path = BeatPath(clock, self.output, choose)
        self._margin = MarginLearner(margin_limit_ns(sys.platform))
        self._stalled_until_ns = 0
        self._idle_since_ns = 0
        """When the last beat ended, until it sleeps; 0 where anything else was done since."""
        self._stall: Stall | None = None
        """Seen by the watch, and told with the beat that it delays."""
        self._now_ns = clock.now_ns
        self._clocks = ClockWatch(clock)
        self.warmer = Warmer(clock, self._path, self._run_path, lambda: self._stopping, garbage)

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

    @property
    def warmup(self) -> WarmupReport | None:
        """The last warm-up."""
        return self.warmer.report

    @property
    def warmth(self) -> Warmth:
        """How ready the path of the beat is."""
        if self.state is EngineState.WARMING:
            return Warmth.WARMING
        return Warmth.COLD if self.cold_beats_left or self._path.is_cold else Warmth.WARM

    def stop(self) -> None:
        """End ``run`` soon; a beat in course is finished first."""
        self._stopping = True
        self._command(_nothing)

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
        self._command(lambda: self._do_set_rehearsal(mode))

    def set_warm_up(self, automatic: bool) -> None:
        """Warm up by itself after a sleep of the machine and after a pause, or not."""
        self._command(lambda: self._set_options(warm_up=automatic))

    def set_watch(self, mode: WatchMode) -> None:
        """Look so often between two beats whether it wakes in time."""
        self._command(lambda: self._set_options(watch=mode))

    def warm_up(self) -> None:
        """Warm up between two beats."""
        self._command(self._do_warm_up)

    def cool_down(self) -> None:
        """Drop every cache and baseline: the next beat is cold, and some more go without rehearsal."""
        self._command(self._do_cool_down)

    def run(self) -> None:
        """Warm up and beat until ``stop``; the calling thread becomes the beat's."""
        self.thread_ident = threading.get_ident()
        ask_for_exact_timers()
        self._probe = WakeProbe()
        try:
            if self.options.warm_up:
                self._warm_up(WarmupReason.START)
            self._loop()
        finally:
            self.in_beat_since_ns = 0
            self._let_go_of_stall()
            if self.state is EngineState.PAUSED:
                self.output.extend(self._clocks.paused())
            elif self.state is EngineState.RUNNING:
                self.output.extend(self._clocks.gaps())
            self.state = EngineState.STOPPED
            self.end()

    # Beat by beat on the calling thread, for a caller that does not ``run`` it

    def begin(self) -> None:
        """Warm up; then beats may be made by ``step``, until ``end``."""
        self._probe = WakeProbe()
        self._warm_up(WarmupReason.START)
        self._grid = Grid(self._now_ns(), self.options.interval_ns)

    def step(self, rest_ns: int = 0) -> Beat:
        """Make one beat as the loop makes it, due ``rest_ns`` from now or as soon as it can be rehearsed."""
        due_ns = self._now_ns() + max(rest_ns, self._margin.margin_ns)
        self._grid.due_ns = due_ns
        alarm_ns = due_ns - self.margin_ns
        return self._beat(alarm_ns, self._sleep_until(alarm_ns))

    def end(self) -> None:
        """Let go of what is held open."""
        self._probe.close()
        self._path.close()

    def run_path(self) -> int:
        """Run the path of the beat once, at once and apart from the record; returns its duration, ns."""
        return self._run_path().duration_ns

    # The loop

    def _run_path(self) -> Beat:
        self.in_beat_since_ns = self._now_ns()
        beat = self._path.warm(self.options.thresholds)
        self.in_beat_since_ns = 0
        return beat

    def _warm_up(self, reason: WarmupReason, due_ns: int | None = None) -> None:
        """Warm up apart from the record, in good time before the beat at ``due_ns``; None: it will wait.

        A baseline that is taken on the way serves the next beat only if CPU can be measured until then.
        """
        before, self.state = self.state, EngineState.WARMING
        had_baseline = self._path.has_baseline
        self.cold_beats_left = 0
        until_ns = None if due_ns is None else due_ns - self._margin.margin_ns - GUARD_NS
        report = self.warmer.warm_up(reason, until_ns)
        if not had_baseline and (due_ns is None or due_ns - self._now_ns() < BASELINE_NS):
            self._path.forget()
        self.state = before
        if report is not None:
            self.output.append(self.warmer.event(self.made))

    def _loop(self) -> None:
        self._grid = Grid(self._now_ns() + self._margin.margin_ns, self.options.interval_ns)
        self.grid_since_ns = self._now_ns()
        self.state = EngineState.RUNNING
        self._clocks.look()
        self._obey()
        while not self._stopping:
            due_ns = self._grid.due_ns
            alarm_ns = due_ns - self.margin_ns
            self.next_alarm_ns = alarm_ns
            woke_ns = self._sleep_until(alarm_ns, self.options.watch.slice_ns(self.on_battery))
            if woke_ns < alarm_ns or self._grid.due_ns != due_ns:
                self._obey()
                continue
            # A beat that is due comes before what is asked for, so that what was missed is not lost with a pause.
            if not self._slept_through():
                beat = self._beat(alarm_ns, woke_ns)
                self._idle_since_ns = beat.started_ns + beat.duration_ns
                if self._warm_up_wanted or self.cold_beats_left:
                    self._tend_warmth()
                    self._idle_since_ns = 0
            # A beat that takes longer than the interval leaves no sleep to wake from.
            if self._commands:
                self._obey()
                self._idle_since_ns = 0

    def _sleep_until(self, alarm_ns: int, slice_ns: int = 0) -> int:
        """Sleep with the evidence marked shortly before; returns when it woke: before the alarm where a command came.

        CPU that was used long before the alarm says nothing on a late wake-up, so of a long interval only the last
        second counts. An alarm that has passed already leaves the mark where it is: the beat before took that long,
        and what held it up also made this one late.
        """
        idle_since_ns, self._idle_since_ns = self._idle_since_ns, 0
        if slice_ns:
            since_ns, cpu_ns = self._now_ns(), thread_time_ns()
            ended_early = self._watch_until(alarm_ns, slice_ns, idle_since_ns)
            self.watch_cpu_ns += thread_time_ns() - cpu_ns
            now_ns = self._now_ns()
            self.watched_ns += now_ns - since_ns
            # Less than a slice is left, which no command has to end early: a nap is back sooner than a wait on a lock.
            if now_ns < alarm_ns and not ended_early:
                self.clock.nap((alarm_ns - now_ns) / 1e9)
            return self._now_ns()
        early_ns = alarm_ns - EVIDENCE_NS
        if self._now_ns() < early_ns and self.clock.sleep_until(early_ns):
            return self._now_ns()
        if self._now_ns() < alarm_ns:
            self._mark()
        self.clock.sleep_until(alarm_ns)
        return self._now_ns()

    def _mark(self) -> None:
        """Begin to gather evidence."""
        self._probe.mark_threads()
        self._probe.mark()

    def _watch_until(self, alarm_ns: int, slice_ns: int, idle_since_ns: int) -> bool:
        """Sleep in slices until less than one is left, and look after each whether it ended in time.

        Where it is known since when there was nothing to do, it looks whether it came that far in time, too.

        True where there is something to obey, or the grid has begun again. The loop runs twenty times a second: it
        only compares, and allocates nothing that it keeps.
        """
        now_ns, nap, commands = self._now_ns, self.clock.nap, self._commands
        slice_s, limit_ns = slice_ns / 1e9, self.options.thresholds.hiccup_ns
        woke_ns = now_ns()
        if idle_since_ns and woke_ns - idle_since_ns >= limit_ns:
            if self._slept_through():
                return True
            self._take_stall(idle_since_ns, woke_ns, alarm_ns)
        if woke_ns < alarm_ns:
            self._mark()
        fresh_ns = FRESH_NS if self._probe.has_window else EVIDENCE_NS
        stale_ns, threads_ns = woke_ns + fresh_ns, woke_ns + EVIDENCE_NS
        while (due_ns := woke_ns + slice_ns) < alarm_ns:
            nap(slice_s)
            woke_ns = now_ns()
            if woke_ns - due_ns >= limit_ns:
                if self._slept_through():
                    return True
                self._take_stall(due_ns, woke_ns, alarm_ns)
                stale_ns = threads_ns = 0
            if commands and woke_ns < alarm_ns:
                return True
            if stale_ns < woke_ns < alarm_ns:
                if threads_ns <= woke_ns:
                    self._mark()
                    threads_ns = woke_ns + EVIDENCE_NS
                else:
                    self._probe.mark_cpu()
                stale_ns = woke_ns + fresh_ns
        return False

    def _take_stall(self, due_ns: int, woke_ns: int, alarm_ns: int) -> None:
        """Tell of a stall between two beats, at once or, where it goes on past the alarm, with the beat it delays."""
        length_ns = woke_ns - due_ns
        split = self._split(length_ns, due_ns, woke_ns)
        wall_ns = self.clock.wall_ns() - (self._now_ns() - woke_ns)
        stall = Stall(wall_ns, length_ns, SeenBy.WATCH, self.made, 0, split)
        if woke_ns < alarm_ns:
            self.output.append(stall)
        else:
            self._stall = stall

    def _let_go_of_stall(self) -> None:
        """Tell of a stall whose beat will not come."""
        if self._stall is not None:
            self.output.append(self._stall)
            self._stall = None

    def _tell_stall(self, beat: Beat, after_ns: int) -> None:
        """Tell of the stall that delayed ``beat``, if one did; ``after_ns``: how late it started once it was awake."""
        wakeup, wall_ns, limit_ns = beat.wakeup, beat.wall_ns, self.options.thresholds.hiccup_ns
        stall, self._stall = self._stall, None
        woke_wall_ns = wall_ns - (beat.started_ns - wakeup.woke_ns)
        # An alarm that passed while the beat before was held up is late by the same stall.
        late_ns = wakeup.woke_ns - max(wakeup.alarm_ns, self._stalled_until_ns)
        if stall is None and late_ns >= limit_ns:
            stall = Stall(woke_wall_ns, late_ns, SeenBy.BEAT, beat.seq, 0, wakeup.split)
        if stall is None and after_ns >= limit_ns:
            split = self._split(after_ns, beat.started_ns - after_ns, beat.started_ns)
            stall = Stall(wall_ns, after_ns, SeenBy.BEAT, beat.seq, 0, split)
        if stall is not None:
            # It may have come back before the beat began: that is the same stall.
            ended_ns = wall_ns if after_ns >= limit_ns else max(stall.wall_ns, woke_wall_ns)
            length_ns = stall.length_ns + ended_ns - stall.wall_ns
            self._stalled_until_ns = beat.started_ns if after_ns >= limit_ns else wakeup.woke_ns
            self.output.append(replace(stall, wall_ns=ended_ns, length_ns=length_ns, missed=wakeup.missed))

    def _beat(self, alarm_ns: int, woke_ns: int) -> Beat:
        """Rehearse if there is time, wait for the grid point, make the beat that counts."""
        self.in_beat_since_ns = woke_ns
        due_ns, lateness_ns = self._grid.due_ns, woke_ns - alarm_ns
        split = self._split(lateness_ns, alarm_ns, woke_ns) if lateness_ns >= SPLIT_FROM_NS else None
        wakeup = Wakeup(due_ns, alarm_ns, woke_ns, self._grid.missed_at(woke_ns), split)
        thresholds = self.options.thresholds
        rehearsal_ns = unrehearsed_ns = None
        if alarm_ns < due_ns and self._now_ns() < due_ns + LATE_REHEARSAL_NS:
            asleep_ns = slept_before_rehearsal_ns(due_ns - woke_ns)
            if asleep_ns:
                self.clock.nap(asleep_ns / 1e9)
            rehearsal_ns, unrehearsed_ns = self._path.rehearse(wakeup, thresholds)
        self._clocks.beat = beat = self._path.beat(wakeup, self.made, unrehearsed_ns, thresholds)
        self.in_beat_since_ns = 0
        if self._stall is not None or beat.started_ns - alarm_ns >= thresholds.hiccup_ns:
            self._tell_stall(beat, beat.started_ns - max(due_ns, woke_ns + (rehearsal_ns or 0)))
        # Learnt also while the margin is too long to rehearse: else it would never be seen to shrink again.
        self._margin.learn(lateness_ns, rehearsal_ns)
        self.made += 1
        self.missed += wakeup.missed
        self.rehearsed = rehearsal_ns is not None
        self._grid.advance(wakeup.missed)
        return beat

    def _tend_warmth(self) -> None:
        """Right after a beat: warm up where that waited for it, or where it has been cold for long enough."""
        if self.cold_beats_left:
            self.cold_beats_left = 0 if self._now_ns() >= self._cold_until_ns else self.cold_beats_left - 1
        if self._warm_up_wanted or not self.cold_beats_left:
            reason = WarmupReason.ASKED if self._warm_up_wanted else WarmupReason.COOLED_DOWN
            self._warm_up_wanted = False
            self._warm_up(reason, self._grid.due_ns)
            self._tell_change()

    def _split(self, lateness_ns: int, alarm_ns: int, woke_ns: int) -> LatenessSplit:
        culprit = ""
        if lateness_ns >= CULPRIT_FROM_NS:
            collecting = (
                self.garbage is not None and self.garbage.overlap_ns(alarm_ns, woke_ns) * 2 > lateness_ns
            )
            culprit = COLLECTOR if collecting else self._probe.culprit()
        return split_lateness(lateness_ns, self._probe.growth(), culprit)

    def _slept_through(self) -> bool:
        """Whether the machine was asleep meanwhile: then a gap is kept and the grid begins again."""
        gaps = self._clocks.gaps()
        if not gaps:
            return False
        self.output.extend(gaps)
        if gaps[0].kind is not GapKind.SUSPENDED:
            return False
        self._path.forget()
        self._grid.restart(self._clocks.looked_ns)
        self.grid_since_ns = self._clocks.looked_ns
        self._warm_up_by_itself(WarmupReason.SLEEP, self._grid.due_ns)
        return True

    def _warm_up_by_itself(self, reason: WarmupReason, due_ns: int | None = None) -> None:
        """Unless the user does not want it, or wants it cold."""
        if self.options.warm_up and not self.cold_beats_left:
            self._warm_up(reason, due_ns)

    def _rehearsing(self) -> bool:
        if self.cold_beats_left or self._path.is_cold:
            return False  # a rehearsal would take the cold run upon itself
        mode = self.options.rehearsal
        if mode is RehearsalMode.AUTO:
            return self._margin.margin_ns <= self.options.interval_ns * AUTO_REHEARSAL_SHARE
        return mode is RehearsalMode.ON

    # Commands, obeyed on the beat's own thread

    def _command(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self.clock.wake()

    def _obey(self) -> None:
        self._do_commands()
        while self.state is EngineState.PAUSED and not self._stopping:
            self.clock.sleep_until(self._now_ns() + 3_600_000_000_000)
            self._do_commands()

    def _do_commands(self) -> None:
        obeyed = False
        while self._commands:
            self._commands.popleft()()
            obeyed = True
        if obeyed:
            self._tell_change()

    def _tell_change(self) -> None:
        if self.on_change is not None and not self._is_close():
            self.on_change()

    def _is_close(self) -> bool:
        """Whether the next beat is too near for anything but itself."""
        return self.state is EngineState.RUNNING and self._grid.due_ns - self._now_ns() < ROOM_NS

    def _do_pause(self) -> None:
        if self.state is EngineState.RUNNING:
            self._let_go_of_stall()
            self.output.extend(self._clocks.gaps())  # asked for as the machine wakes, the sleep is not lost
            self.state = EngineState.PAUSED

    def _do_resume(self) -> None:
        if self.state is not EngineState.PAUSED:
            return
        self.output.extend(self._clocks.paused())
        self._path.forget()
        self._warm_up_by_itself(WarmupReason.PAUSE)
        self._grid = Grid(self._now_ns() + self._margin.margin_ns, self.options.interval_ns)
        self.grid_since_ns = self._now_ns()
        self.state = EngineState.RUNNING

    def _do_set_interval(self, interval_ns: int) -> None:
        before_ns = self.options.interval_ns
        if interval_ns == before_ns:
            return
        self._set_options(interval_ns=interval_ns)
        self._grid.change_period(interval_ns, self._now_ns())
        self.grid_since_ns = self._now_ns()
        self._tell(EventKind.INTERVAL_CHANGED, {"before_ns": before_ns, "interval_ns": interval_ns})

    def _do_set_rehearsal(self, mode: RehearsalMode) -> None:
        if mode is not self.options.rehearsal:
            self._set_options(rehearsal=mode)
            self._tell(EventKind.REHEARSAL_CHANGED, {"mode": str(mode)})

    def _do_warm_up(self) -> None:
        if self.state is not EngineState.RUNNING:
            self._warm_up(WarmupReason.ASKED)
        elif self._is_close():
            self._warm_up_wanted = True
        else:
            self._warm_up(WarmupReason.ASKED, self._grid.due_ns)

    def _do_cool_down(self) -> None:
        self._path.cool()
        self._margin = MarginLearner(margin_limit_ns(sys.platform))
        self._warm_up_wanted = False
        self.cold_beats_left = COLD_BEATS
        self._cold_until_ns = self._now_ns() + COLD_NS
        self._tell(EventKind.COOLED_DOWN, {"beats": COLD_BEATS})

    def _tell(self, kind: EventKind, facts: dict[str, int | float | str]) -> None:
        """Let the record know what was asked for, as of the beat that comes next."""
        self.output.append(Event(kind, self.clock.wall_ns(), self.made, facts))

    def _set_options(self, **changed: Any) -> None:
        self.options = replace(self.options, **changed)


def _nothing() -> None:
    """A command that only ends a sleep."""
