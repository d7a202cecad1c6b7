"""The recorder thread: drains the engine, keeps the record and the running figures, publishes the snapshot."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aios_gui.alerts.kept import KeptAlerts, firings, kept_alerts
from aios_gui.alerts.model.health import FiringCount
from aios_gui.alerts.model.incident import AlertStatus
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.watch.rule_watch import AlertItem, RuleWatch
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import (
    Event,
    EventKind,
    LiveItem,
    RecordedBeat,
    hiccup_event,
    recorded,
)
from aios_gui.heartbeat.model.rehearsal import RehearsalStatus
from aios_gui.heartbeat.model.stall import Stall, WatchStatus
from aios_gui.heartbeat.model.stalled import StalledRound, StallSpotter
from aios_gui.heartbeat.model.states import EngineState, Mode
from aios_gui.heartbeat.model.warmup import StepBoard, StepState
from aios_gui.heartbeat.model.warmup_stats import WarmupStatus
from aios_gui.heartbeat.path import Output
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.heartbeat.sampling.stalled_time import StalledTime
from aios_gui.heartbeat.warmup.steps import RECORDER_STEPS, StepFailed, perform
from aios_gui.heartbeat.watchdog import Watchdog
from aios_gui.instance.feed import RecentItems
from aios_gui.instance.model.session_stats import SessionStats
from aios_gui.instance.model.snapshot import BrokenPart, Snapshot
from aios_gui.instance.model.throttle import Load, Throttle, throttled_span_ns
from aios_gui.record.relocation.model import MoveProblem
from aios_gui.record.resilient_store import ResilientStore
from aios_gui.system.supervised_thread import SupervisedThread, Supervisor
from aios_gui.system.threads import WakeUp

if TYPE_CHECKING:
    from aios_gui.record.relocation.job import RecordMove

log = logging.getLogger(__name__)

TICK_NS = 1_000_000_000
FAST_TICK_NS = 500_000_000
STALLED_EVERY_NS = 900_000_000
FULL_NS = 4_900_000_000
"""How long calm rounds may follow each other."""
AFTER_BEAT_NS = 8_000_000
LATE_BEAT_NS = 25_000_000
"""A round that comes before its beat waits at most this long for it; else the beat would be kept a second later."""
CONTEXT_NS = {Mode.WINDOW: 5_000_000_000, Mode.SERVICE: 30_000_000_000}
MOST_WAITING = 64
_MOST_REASONS = 16
"""So many different ones, for which beats could not read the CPU and memory figures, are logged, once each."""
QUIET_NS = 20_000_000
START_NS = 2_000_000_000
"""What the program costs in its first seconds is no measure of what it costs."""
SILENT_NS = 3 * TICK_NS + 2_000_000_000
"""Without a round that kept what there was for longer than this, nothing is being recorded."""
OVERDUE_NS = 2_000_000_000
"""The latest beat is overdue when it is older than three intervals and this."""
SETTLED_NS = 10_000_000_000
"""What the CPU does for this long after the start is the start of this program."""
UNDO_NS = 5_000_000_000
PART = "recorder"
STOP_S = 7.0
_TRIES = 3


@dataclass(slots=True)
class _Round:
    """One round: its moment, monotonic and wall, and what happened since the one before."""

    now_ns: int
    wall_ns: int
    items: list[LiveItem] = field(default_factory=list)
    alerts: list[AlertItem] = field(default_factory=list)
    is_calm: bool = False
    """A beat was made, by which nothing changes: it is kept at once, and the rest is done a few seconds later."""


@dataclass(slots=True)
class _Totals:
    """The kernel's account of stalled time at a moment, monotonic and wall."""

    at_ns: int = 0
    wall_ns: int = 0
    totals: dict[str, int] = field(default_factory=dict)


_IN_CALM = frozenset(("keep", "figures", "publish"))
"""The steps of a calm round, after those that find it to be one."""


def _with_time(start: Callable[[int], object]) -> Callable[[_Round], object]:
    return lambda current: start(current.now_ns)


class Recorder:
    """Owns the store and everything that is derived from the beats. ``recent`` is the feed it publishes to.

    ``idle`` is called once a tick, after all else, with the engine's next alarm (monotonic ns). ``keep_place`` is
    called before anything is written: it sees to it that the record is still this instance's. ``beside`` are
    steps by name that start what is not the recorder's own work: they are called in every round with the time
    (monotonic ns). What fails in a round is
    reported to ``supervisor`` under the name of the step; the steps after it are done all the same.
    """

    def __init__(
        self,
        engine: HeartbeatEngine,
        store: ResilientStore,
        clock: Clock,
        mode: Mode,
        idle: Callable[[int], object] | None = None,
        context: ContextSampler | None = None,
        watch: RuleWatch | None = None,
        supervisor: Supervisor | None = None,
        keep_place: Callable[[], object] | None = None,
        stalled: StalledTime | None = None,
        beside: Sequence[tuple[str, Callable[[int], object]]] = (),
    ) -> None:
        self.recent = RecentItems(amend=self._amended)
        self.last_beat: Beat | None = None
        self.on_first_beat: Callable[[Beat], object] | None = None
        """Called once, on the recorder's thread, in the round after the first beat."""
        self._engine = engine
        self._store = store
        self._clock = clock
        self._mode = mode
        self._idle = idle
        self._place = keep_place
        self._started_ns = clock.wall_ns()
        self._figures = SessionStats(self._started_ns)
        self._figures_lock = threading.Lock()
        """Held while the figures change, and while a snapshot is made of them, on any thread."""
        self._firings = FiringCount(self._started_ns)
        self._past_is_known = False
        self._earlier: KeptAlerts | None = None
        """What the record knows of incidents and mutes of earlier runs, once it was opened."""
        store.on_first_opening = self._read_earlier
        self.throttle = Throttle()
        """Says when samples of the context come more rarely; its limits may be exchanged from any thread."""
        self._watchdog = Watchdog(engine)
        self._rules = watch or RuleWatch(context_ns=CONTEXT_NS[mode])
        self._stalled, self._spotter = stalled or StalledTime(), StallSpotter()
        self._stalled_since = self._stalled_before = _Totals()
        """The kernel's account where the round of stalled time in course began, and as it was read last."""
        self._context = context or ContextSampler(folder=lambda: store.folder, stalled=self._stalled.read)
        self._context_at_ns = 0
        self._contexts = 0
        self._next_seq = 0
        self._reasons: set[str] = set()
        self._waiting: deque[object] = deque()
        self._steps = StepBoard(step.name for step in RECORDER_STEPS)
        self._wanted = WakeUp()
        self._stopping = False
        self._moves: deque[RecordMove] = deque()
        self._half_move: RecordMove | None = None
        """The last one that was run; it may have to be undone yet."""
        self._undo_at_ns = 0
        self._round_due_ns = 0
        self._taken: deque[Output] = deque()
        """Out of the engine, and not handed to the store yet."""
        self._tries = 0
        self._full_at_ns = 0
        """When the next round has to do all of its steps, however calm it is."""
        self._unjudged: list[LiveItem] = []
        """Beats of calm rounds, which the rules have not taken in yet."""
        self._underived: deque[LiveItem] = deque()
        self._unpublished: list[LiveItem] = []
        self._round_steps: tuple[tuple[str, Callable[[_Round], object]], ...] = (
            ("drain", self._drain),
            ("context", self._take_context),
            ("stalled", self._look_for_stalls),
            ("watchdog", self._look_for_stuck),
            ("rules", self._watch_rules),
            ("submitted", self._take_submitted),
            ("place", self._keep_place),
            ("undo_move", self._undo_move),
            ("keep", self._keep),
            ("reopen", self._reopen_record),
            ("past", self._learn_past),
            ("figures", self._derive),
            ("throttle", self._regulate),
            ("publish", self._publish_round),
            ("first_beat", self._report_first_beat),
            *((name, _with_time(start)) for name, start in beside),
            ("idle", self._be_idle),
            ("seal", self._seal),
        )
        self._running = False
        """From the start until the record was closed properly."""
        self._kept_ns, self._kept_wall_ns = clock.now_ns(), self._started_ns
        """When a round last kept what there was."""
        self._supervisor = supervisor or Supervisor()
        self._thread = SupervisedThread(self._supervisor, PART, self._record)
        self._alerts = self._rules.picture
        self._began_ns, self._paused_since_ns = clock.now_ns(), 0
        # Who asks before the first tick is told at least who beats and how.
        self._publish((), self._alerts)

    def start(self) -> None:
        """Begin to record on a thread of its own."""
        self._engine.on_change = self._wanted.wake
        self._kept_ns, self._kept_wall_ns = self._clock.now_ns(), self._clock.wall_ns()
        self._running = True
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """Drain what the engine left, commit, close the store and end the thread; again is harmless.

        False where that was not done within ``timeout_s``, as on a disk that hangs. The thread is left to itself then.
        """
        self._stopping = True
        for move in tuple(self._moves):
            move.cancel()
        self._wanted.wake()
        self._thread.finish(timeout_s)
        if self._running:
            log.critical("the record was not closed within %g s", timeout_s)
        return not self._running

    def record_event(self, event: Event) -> None:
        """Record an event from another thread."""
        self._engine.output.append(event)

    def keep(self, item: object, most: int = MOST_WAITING) -> bool:
        """Put something into the record, from another thread, with the next round; False while ``most`` wait."""
        if len(self._waiting) >= most:
            return False
        self._waiting.append(item)
        return True

    def wake(self) -> None:
        """Make a round soon; from any thread."""
        self._wanted.wake()

    def move(self, move: RecordMove) -> None:
        """Move the record with the next round, from another thread; ``move.status`` tells how it stands."""
        self._moves.append(move)
        self._wanted.wake()

    @property
    def is_silent(self) -> bool:
        """Whether nothing was kept for too long: the thread is dead, or something holds it up."""
        return self._running and self._clock.now_ns() - self._kept_ns > SILENT_NS

    @property
    def age_ns(self) -> int:
        """How long ago the latest beat was made, or since when one could have been made."""
        # After a pause or another interval, the latest beat says nothing of how late the next one is.
        finished_ns = self.last_beat.finished_ns if self.last_beat is not None else 0
        return self._clock.now_ns() - max(finished_ns, self._engine.grid_since_ns)

    @property
    def is_overdue(self) -> bool:
        """Whether the next beat should have been recorded by now."""
        return self.age_ns > 3 * self._engine.options.interval_ns + OVERDUE_NS

    def _record(self) -> None:
        """What the thread does."""
        if any(self._steps.of(step.name).state is StepState.WAITING for step in RECORDER_STEPS):
            self.warm_up()
        while not self._stopping:
            self.tick()
            if self._moves:
                self._move_record(self._moves[0])
                continue
            if self._wanted.sleep(self._pause_ns() / 1e9):
                self._full_at_ns = 0
            elif self._is_beat_late():
                self._wanted.sleep(LATE_BEAT_NS / 1e9)
        self.tick()
        while self._moves:
            self._moves.popleft().call_off()
        self._stalled.close()
        self._store.close(self._clock.now_ns(), self._clock.wall_ns())
        self._running = False

    def _move_record(self, move: RecordMove) -> None:
        try:
            if self._half_move is None or self._half_move.undo():
                self._half_move = move
                move.run(self._store, self._between_steps)
            else:
                move.refuse(MoveProblem.NOT_SWITCHED)
        finally:
            # Only the one that was run: another may have been asked for since.
            self._moves.popleft()

    def _undo_move(self, current: _Round) -> None:
        """Try again what could not be undone of a move, as on a disk that could only be read."""
        move = self._half_move
        if (
            move is not None
            and move.is_half_undone
            and (self._stopping or current.now_ns >= self._undo_at_ns)
        ):
            self._undo_at_ns = current.now_ns + UNDO_NS
            move.undo()

    def _between_steps(self) -> None:
        """A round while the record is being moved, where one is due."""
        now_ns = self._clock.now_ns()
        if self._wanted.sleep(0) or now_ns >= self._round_due_ns:
            self._full_at_ns = 0
            self.tick()
            self._round_due_ns = now_ns + self._pause_ns()

    def _pause_ns(self) -> int:
        """Tick right after a beat: far from the next one, shown at once, and while the caches are still warm."""
        if self._engine.options.interval_ns <= FAST_TICK_NS:
            return FAST_TICK_NS
        engine = self._engine
        until_ns = engine.next_alarm_ns + engine.margin_ns + AFTER_BEAT_NS - self._clock.now_ns()
        return until_ns if 0 < until_ns < TICK_NS else TICK_NS

    def _is_beat_late(self) -> bool:
        """Whether the beat of this round is still to come, as where the machine wakes it late."""
        late_ns = self._clock.now_ns() - self._engine.next_alarm_ns
        return (
            not self._engine.output
            and 0 < late_ns < LATE_BEAT_NS
            and self._engine.state is EngineState.RUNNING
        )

    # The steps of the warm-up that are done on this thread

    def warm_up(self) -> None:
        """Do the steps of the warm-up that fall to the recorder; they go on beside those of the beat."""
        for step in RECORDER_STEPS:
            perform(step, self, self._steps, self._clock.now_ns)

    def open_record(self) -> int:
        """Open the record; StepFailed where it cannot be opened for now."""
        self._store.keep(self._clock.now_ns(), self._clock.wall_ns())
        if not self._store.health.recording:
            raise StepFailed(self._store.health.error)
        return 0

    def prepare_context(self) -> int:
        """Open what tells the own cost."""
        self._context.open()
        return 0

    def _reopen_record(self, _round: _Round) -> None:
        """A record that could not be opened at the start, and now is."""
        if self._steps.of("record").state is StepState.FAILED and self._store.health.recording:
            perform(RECORDER_STEPS[0], self, self._steps, self._clock.now_ns)

    # The rounds

    def tick(self) -> None:
        """One round: drain, derive, write, publish. An error in one step keeps none of the others from being done.

        What was drained is handed to the store before anything else is done with it, so that no error can lose it.
        """
        current = _Round(self._clock.now_ns(), self._clock.wall_ns())
        supervisor = self._supervisor
        well = [PART]
        for name, step in self._round_steps:
            if current.is_calm and name not in _IN_CALM:
                continue
            try:
                step(current)
                well.append(name)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is logged by the report
                supervisor.report(name, error)
        if supervisor.is_failing:
            for name in well:
                supervisor.well(name)

    def _take_in(self, current: _Round, *items: LiveItem) -> None:
        self._store.take(items)
        current.items.extend(items)

    def _drain(self, current: _Round) -> None:
        output = self._engine.output
        while output:
            self._taken.append(output.popleft())
        while self._taken:
            self._tries += 1
            if self._tries <= _TRIES:
                self._take_output(current, self._taken[0])
            else:
                log.error("%r cannot be recorded and is left out", self._taken[0])
            self._taken.popleft()
            self._tries = 0

    def _take_output(self, current: _Round, item: Output) -> None:
        if not isinstance(item, Beat):
            self._take_in(current, hiccup_event(item) if isinstance(item, Stall) else item)
            return
        items: list[LiveItem] = []
        if item.seq > self._next_seq:
            since_ns = self.last_beat.wall_ns if self.last_beat is not None else self._started_ns
            items.append(Gap(GapKind.NOT_RECORDED, since_ns, item.wall_ns, item.seq - self._next_seq))
        items.append(recorded(item, self._store.session))
        self._take_in(current, *items)
        self.last_beat = item
        self._next_seq = item.seq + 1
        reason = item.sample.error
        if reason and reason not in self._reasons and len(self._reasons) < _MOST_REASONS:
            self._reasons.add(reason)
            log.error("a beat could not read the CPU and memory figures: %s", reason)

    def _look_for_stuck(self, current: _Round) -> None:
        stuck = self._watchdog.look(current.now_ns, current.wall_ns)
        if stuck is not None:
            self._take_in(current, stuck)
            log.error("the beat is stuck: %s", stuck.facts["stack"])

    def _take_context(self, current: _Round) -> None:
        if current.now_ns < self._context_at_ns:
            return
        self._contexts += 1
        starting = self._contexts <= 2
        self._context_at_ns = current.now_ns + (START_NS if starting else self._rules.context_ns)
        self._take_in(current, self._context.take(current.wall_ns, starting=starting))
        self._engine.on_battery = self._context.on_battery()

    def _look_for_stalls(self, current: _Round) -> None:
        """What the kernel tells of stalled time since the last time, about a second ago or right after a hiccup.

        Seconds in which there was next to none are taken in together, as long as nothing else is to be done.
        """
        felt = [each for each in current.items if isinstance(each, Event) and each.kind is EventKind.HICCUP]
        before = self._stalled_before
        if current.now_ns - before.at_ns < STALLED_EVERY_NS and not felt:
            return
        now = self._stalled_before = _Totals(current.now_ns, current.wall_ns, self._stalled.read())
        current.is_calm = (
            not felt and self._spotter.is_little(before.totals, now.totals) and self._is_calm(current)
        )
        if current.is_calm:
            return
        since, self._stalled_since = self._stalled_since, now
        if since.at_ns < before.at_ns:
            self._take_stalled(current, since, before, ())
        self._take_stalled(current, before, now, felt)

    def _take_stalled(self, current: _Round, before: _Totals, now: _Totals, felt: Sequence[Event]) -> None:
        if not before.totals:
            return
        grown = {name: max(0, total - before.totals.get(name, total)) for name, total in now.totals.items()}
        stalled = StalledRound(now.wall_ns - (now.at_ns - before.at_ns), now.wall_ns, grown)
        if stalls := self._spotter.take(stalled, felt):
            self._take_in(current, *stalls)
        self._rules.take_stalled(stalled, self._spotter.is_stalled)

    def _is_calm(self, current: _Round) -> bool:
        """Whether all there is to a round is a beat that changes nothing; never where a window may look at it."""
        if self._mode is not Mode.SERVICE or len(current.items) != 1 or self._stopping or self._waiting:
            return False
        (beat,) = current.items
        if not isinstance(beat, RecordedBeat) or beat.breached or beat.failed or beat.missed:
            return False
        store = self._store
        is_calm = (
            current.now_ns < self._full_at_ns
            and self.on_first_beat is None
            and store.is_ours
            and store.health.recording
            and self._rules.is_calm_at(beat)
        )
        if not is_calm:
            self._full_at_ns = current.now_ns + FULL_NS
        return is_calm

    def _watch_rules(self, current: _Round) -> None:
        """What the rules make of the items."""
        interval_ns = self._engine.options.interval_ns
        items, self._unjudged = [*self._unjudged, *current.items], []
        current.alerts += self._rules.round(items, current.wall_ns, interval_ns, self._earlier)
        if self._stopping:
            current.alerts += self._rules.unwritten()
        if current.alerts:
            self._store.take(current.alerts)
        if events := self._rules.take_events():
            self._take_in(current, *events)
        self._alerts = self._rules.picture

    def _take_submitted(self, _round: _Round) -> None:
        while self._waiting:
            self._store.take((self._waiting[0],))
            self._waiting.popleft()

    def _keep_place(self, _round: _Round) -> None:
        if self._place is not None:
            self._place()

    def _keep(self, current: _Round) -> None:
        self._store.keep(current.now_ns, current.wall_ns, self.recent.kept, tends=not current.is_calm)
        self._kept_ns, self._kept_wall_ns = current.now_ns, current.wall_ns
        current.items.extend(self._store.news())

    def _read_earlier(self, connection: sqlite3.Connection) -> None:
        self._earlier = kept_alerts(connection)

    def _learn_past(self, _round: _Round) -> None:
        """Go on with the hour that an earlier run recorded, once the record is open."""
        if not self._past_is_known and self._earlier is not None:
            self._past_is_known = True
            hiccup_ns = self._engine.options.thresholds.hiccup_ns
            past = self._store.past_hour(hiccup_ns, firings)
            with self._figures_lock:
                self._figures.hour.restore(past)

    def _derive(self, current: _Round) -> None:
        self._unpublished += current.items
        self._underived.extend(current.items)
        if current.is_calm:  # worked out when it is asked for, or with those that follow
            self._unjudged += current.items
            return
        if self._engine.state is not EngineState.PAUSED:
            self._paused_since_ns = 0
        elif not self._paused_since_ns:
            self._paused_since_ns = current.wall_ns
        with self._figures_lock:
            self._figures.is_own_load = self._is_own_load(current.now_ns)
            self._figures.hour.add_firings(self._firings.take(current.alerts))
            self._derive_waiting()
            # After the items, which move it where the clock was set.
            if any(not each.settling and not each.silence for each in self._alerts.open_incidents):
                self._figures.calm_since_ns = current.wall_ns

    def _derive_waiting(self) -> None:
        """Take in what waits, with the lock on the figures."""
        hiccup_ns = self._engine.options.thresholds.hiccup_ns
        while self._underived:
            self._figures.add(self._underived.popleft(), hiccup_ns)

    def _is_own_load(self, now_ns: int) -> bool:
        """Whether the CPU would not be over its threshold without this program, or it is the start of it that is."""
        top, beat = self._alerts.top, self.last_beat
        if top is None:
            return now_ns - self._began_ns < SETTLED_NS
        if not top.is_own or top.machine_percent is None or beat is None or beat.sample.cpu_percent is None:
            return False
        without = beat.sample.cpu_percent - top.machine_percent
        return without <= self._engine.options.thresholds.cpu_percent

    def _regulate(self, current: _Round) -> None:
        """Take samples of the context more rarely while that is called for."""
        beat, context = self._figures.beat, self._figures.context
        fires = any(
            each.measure == Measure.CPU and each.level is Level.CRITICAL
            for each in self._alerts.open_incidents
        )
        own = context.own_cpu_percent if context is not None else None
        load = Load(own, beat.cpu_percent if beat is not None else None, fires)
        throttle_reason = self.throttle.take(load, current.now_ns)
        self._rules.context_ns = throttled_span_ns(CONTEXT_NS[self._mode], throttle_reason)

    def _publish_round(self, _round: _Round) -> None:
        self._publish(self._unpublished, self._alerts)
        self._unpublished = []

    def _report_first_beat(self, _round: _Round) -> None:
        if self.on_first_beat is not None and self.last_beat is not None:
            tell, self.on_first_beat = self.on_first_beat, None
            tell(self.last_beat)

    def _be_idle(self, _round: _Round) -> None:
        if self._idle is not None:
            self._idle(self._engine.next_alarm_ns)

    def _seal(self, current: _Round) -> None:
        self._store.seal(current.now_ns, current.wall_ns, self.recent.kept, self._is_quiet)

    def _is_quiet(self) -> bool:
        """Whether the next beat is far enough for a step of work that can wait."""
        engine = self._engine
        until_ns = engine.next_alarm_ns - self._clock.now_ns()
        return engine.state is EngineState.PAUSED or until_ns > min(QUIET_NS, engine.options.interval_ns // 2)

    # What is published

    def _warmth(self) -> WarmupStatus:
        engine, warmth = self._engine, self._figures.warmth
        return WarmupStatus(
            engine.warmth,
            engine.cold_beats_left,
            (*self._steps.reports, *engine.warmer.steps.reports),
            engine.warmup,
            warmth.first,
            warmth.effect,
        )

    def _publish(self, items: Sequence[LiveItem], alerts: AlertStatus) -> None:
        self.recent.publish(items, lambda: self._snapshot(alerts))

    def _snapshot(self, alerts: AlertStatus) -> Snapshot:
        """How it stands, told on any thread; ``alerts`` are what the rules told on this one."""
        with self._figures_lock:
            self._supervisor.guard("figures", self._derive_waiting)
            return self._drawn(alerts)

    def _amended(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with what this thread cannot say: that it makes no rounds, what is broken. On any thread."""
        if self._engine.state is EngineState.RUNNING and self.is_overdue:
            snapshot = replace(snapshot, no_beat_since_ns=self._clock.wall_ns() - self.age_ns)
        broken = self._supervisor.broken
        silent = self.is_silent
        if not broken and not silent:
            return snapshot
        store = snapshot.store
        if silent:
            store = replace(store, recording=False, silent_since_ns=self._kept_wall_ns)
        parts = tuple(BrokenPart(each.part, each.error) for each in broken)
        engine = self._engine
        return replace(
            snapshot,
            store=store,
            broken_parts=parts,
            state=engine.state,
            made=engine.made,
            due=engine.due,
            missed=engine.missed,
        )

    def _drawn(self, alerts: AlertStatus) -> Snapshot:
        engine, figures = self._engine, self._figures
        return Snapshot(
            state=engine.state,
            mode=self._mode,
            pid=os.getpid(),
            session=self._store.session,
            interval_ns=engine.options.interval_ns,
            sampler=engine.sampler_name,
            beat=figures.beat,
            strip=figures.strip,
            strip_moments=figures.strip_moments,
            # The engine counts a beat a moment after it has handed it over.
            made=max(engine.made, self._next_seq),
            due=max(engine.due, self._next_seq + engine.missed),
            missed=engine.missed,
            duration=figures.duration.summary(),
            lateness=figures.lateness.summary(),
            context=figures.context,
            last_hiccup=figures.last_hiccup or self._store.last_hiccup,
            hiccups=figures.hiccups,
            calm_since_ns=figures.calm_since_ns,
            paused_since_ns=self._paused_since_ns,
            own_load=figures.is_own_load,
            top_process=alerts.top.name if alerts.top is not None else "",
            top_process_percent=alerts.top.cpu_percent if alerts.top is not None else None,
            rehearsal=RehearsalStatus(
                engine.options.rehearsal,
                engine.margin_ns,
                engine.rehearsed,
                figures.warmth.unrehearsed,
            ),
            watch=WatchStatus(
                engine.options.watch.slice_ns(engine.on_battery),
                engine.watch_cpu_ns / engine.watched_ns if engine.watched_ns else 0.0,
            ),
            tables_share=self._rules.diagnosis.cost_share,
            warm_up=self._warmth(),
            thresholds=engine.options.thresholds,
            store=self._store.health,
            growth=self._store.growth,
            notices=figures.notices,
            open_incidents=alerts.open_incidents,
            last_incident=alerts.last_incident,
            unseen=alerts.unseen,
            worst=alerts.worst,
            mutes=alerts.mutes,
            auto_fixed=alerts.auto_fixed,
            hour=figures.hour.total(),
            throttle_reason=self.throttle.reason,
            own_cpu_percent=figures.own_cpu_percent,
        )
