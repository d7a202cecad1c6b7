"""The recorder thread: drains the engine, keeps the record and the running figures, publishes the snapshot."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aios_gui.alerts.model.health import FiringCount
from aios_gui.alerts.model.incident import AlertStatus
from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.alerts.watch.rule_watch import AlertItem, RuleWatch
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.gap import Gap, GapKind
from aios_gui.heartbeat.model.items import Event, LiveItem, hiccup_event, recorded
from aios_gui.heartbeat.model.rehearsal import RehearsalStatus
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.model.warmup import StepBoard, StepState
from aios_gui.heartbeat.model.warmup_stats import WarmupStatus
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.heartbeat.warmup.steps import RECORDER_STEPS, StepFailed, perform
from aios_gui.heartbeat.watchdog import Watchdog
from aios_gui.instance.model.session_stats import SessionStats
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import Load, Regulator, eased_span_ns
from aios_gui.instance.recent import RecentItems
from aios_gui.record.model.measurement import Measurement
from aios_gui.record.resilient_store import ResilientStore

if TYPE_CHECKING:
    from aios_gui.record.relocation.job import RecordMove

log = logging.getLogger(__name__)

TICK_NS = 1_000_000_000
FAST_TICK_NS = 500_000_000
AFTER_BEAT_NS = 3_000_000
CONTEXT_NS = {Mode.WINDOW: 5_000_000_000, Mode.SERVICE: 30_000_000_000}
_WAITING_MEASUREMENTS = 64
START_NS = 2_000_000_000
"""What the program costs in its first seconds is no measure of what it costs."""


class Recorder:
    """Owns the store and everything that is derived from the beats. ``recent`` is the feed it publishes to.

    ``idle`` is called once a tick, after all else, with the engine's next alarm (monotonic ns).
    """

    def __init__(
        self,
        engine: HeartbeatEngine,
        keeper: ResilientStore,
        clock: Clock,
        mode: Mode,
        idle: Callable[[int], object] | None = None,
        context: ContextSampler | None = None,
        watch: RuleWatch | None = None,
    ) -> None:
        self.recent = RecentItems()
        self.last_beat: Beat | None = None
        self.on_first_beat: Callable[[Beat], object] | None = None
        """Called once, on the recorder's thread, in the round after the first beat."""
        self._engine = engine
        self._keeper = keeper
        self._clock = clock
        self._mode = mode
        self._idle = idle
        self._started_ns = clock.wall_ns()
        self._figures = SessionStats(self._started_ns)
        self._figures_lock = threading.Lock()
        """Held while the figures change, and while a picture is made of them, on whatever thread."""
        self._firings = FiringCount(self._started_ns)
        self._past_is_known = False
        self.regulator = Regulator()
        """Says when samples of the context come more rarely; its limits may be exchanged from any thread."""
        self._watchdog = Watchdog(engine)
        self._rules = watch or RuleWatch(context_ns=CONTEXT_NS[mode])
        self._context = context or ContextSampler(folder=lambda: keeper.folder)
        self._context_at_ns = 0
        self._contexts = 0
        self._next_seq = 0
        self._measurements: deque[Measurement] = deque(maxlen=_WAITING_MEASUREMENTS)
        self._steps = StepBoard(step.name for step in RECORDER_STEPS)
        self._wanted = threading.Event()
        self._stopping = False
        self._move: RecordMove | None = None
        self._round_due_ns = 0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        # Who asks before the first tick is told at least who beats and how.
        self._publish((), self._rules.picture)

    def start(self) -> None:
        """Begin to record on a thread of its own."""
        self._engine.on_change = self._wanted.set
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Drain what the engine left, commit, close the store and end the thread.

        RuntimeError where that takes longer than ``timeout_s``.
        """
        self._stopping = True
        if self._move is not None:
            self._move.cancel()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                raise RuntimeError("the recorder did not end in time")

    def tell(self, event: Event) -> None:
        """Record an event from another thread."""
        self._engine.output.append(event)

    def keep(self, measurement: Measurement) -> None:
        """Put a measurement into the record, from another thread, with the next round."""
        self._measurements.append(measurement)

    def wake(self) -> None:
        """Make a round as soon as may be; from any thread."""
        self._wanted.set()

    def move(self, move: RecordMove) -> None:
        """Move the record with the next round, from another thread; ``move.picture`` tells how it stands."""
        self._move = move
        self._wanted.set()

    def _run(self) -> None:
        self.warm_up()
        while not self._stopping:
            self._guarded_tick()
            if self._move is not None:
                self._move.run(self._keeper, self._between_steps)
                self._move = None
                continue
            self._wanted.wait(self._pause_ns() / 1e9)
            self._wanted.clear()
        self._guarded_tick()
        self._keeper.close(self._clock.now_ns(), self._clock.wall_ns())

    def _between_steps(self) -> None:
        """A round while the record is being moved, where one is due."""
        now_ns = self._clock.now_ns()
        if now_ns >= self._round_due_ns or self._wanted.is_set():
            self._wanted.clear()
            self._guarded_tick()
            self._round_due_ns = now_ns + self._pause_ns()

    def _pause_ns(self) -> int:
        """Tick right after a beat: far from the next one, shown at once, and while the caches are still warm."""
        if self._engine.options.interval_ns <= FAST_TICK_NS:
            return FAST_TICK_NS
        until_ns = self._engine.next_alarm_ns + AFTER_BEAT_NS - self._clock.now_ns()
        return until_ns if 0 < until_ns < TICK_NS else TICK_NS

    # The steps of the warm-up that are done on this thread

    def warm_up(self) -> None:
        """Do the steps of the warm-up that fall to the recorder; they go on beside those of the beat."""
        for step in RECORDER_STEPS:
            perform(step, self, self._steps, self._clock.now_ns)

    def open_record(self) -> int:
        """Open the record; StepFailed where it cannot be opened for now."""
        self._keeper.keep((), self._clock.now_ns(), self._clock.wall_ns())
        if not self._keeper.health.recording:
            raise StepFailed(self._keeper.health.error)
        return 0

    def prepare_context(self) -> int:
        """Open what tells the own cost."""
        self._context.open()
        return 0

    def _reopen_record(self) -> None:
        """A record that could not be opened at the start, and now is."""
        if self._steps.of("record").state is StepState.FAILED and self._keeper.health.recording:
            perform(RECORDER_STEPS[0], self, self._steps, self._clock.now_ns)

    # The rounds

    def _guarded_tick(self) -> None:
        try:
            self.tick()
        except Exception:
            log.exception("the recorder met an error that it did not expect; it goes on")

    def tick(self) -> None:
        """One round: drain, derive, write, publish."""
        now_ns, wall_ns = self._clock.now_ns(), self._clock.wall_ns()
        items = self._drain()
        stuck = self._watchdog.look(now_ns, wall_ns)
        if stuck is not None:
            log.error("the beat is stuck: %s", stuck.facts["stack"])
            items.append(stuck)
        self._take_context(items, now_ns, wall_ns)
        alerts = self._watch_rules(items, wall_ns)
        measurements = [self._measurements.popleft() for _ in range(len(self._measurements))]
        self._keeper.keep((*items, *measurements, *alerts), now_ns, wall_ns, self.recent.kept)
        self._reopen_record()
        self._learn_past()
        news = self._keeper.news()
        hiccup_ns = self._engine.options.thresholds.hiccup_ns
        with self._figures_lock:
            for item in (*items, *news):
                self._figures.add(item, hiccup_ns)
            self._figures.hour.add_firings(self._firings.take(alerts))
        picture = self._rules.picture
        self._regulate(now_ns, picture)
        self._publish((*items, *news), picture)
        if self.on_first_beat is not None and self.last_beat is not None:
            self.on_first_beat(self.last_beat)
            self.on_first_beat = None
        if self._idle is not None:
            self._idle(self._engine.next_alarm_ns)

    def _drain(self) -> list[LiveItem]:
        output = self._engine.output
        hiccup_ns = self._engine.options.thresholds.hiccup_ns
        items: list[LiveItem] = []
        while output:
            item = output.popleft()
            if not isinstance(item, Beat):
                items.append(item)
                continue
            if item.seq > self._next_seq:
                since_ns = self.last_beat.wall_ns if self.last_beat is not None else self._started_ns
                items.append(Gap(GapKind.NOT_RECORDED, since_ns, item.wall_ns, item.seq - self._next_seq))
            self.last_beat = item
            self._next_seq = item.seq + 1
            items.append(recorded(item, self._keeper.session))
            if item.is_hiccup(hiccup_ns):
                items.append(hiccup_event(item))
        return items

    def _watch_rules(self, items: list[LiveItem], wall_ns: int) -> list[AlertItem]:
        """What the rules make of the items; whatever goes wrong with them, the beats are recorded."""
        try:
            alerts = self._rules.round(items, wall_ns, self._engine.options.interval_ns, self._keeper.alerts)
            items += self._rules.take_events()
        except Exception:
            log.exception("the rules met an error that nobody expected; the beats go on being recorded")
            return []
        return alerts

    def _learn_past(self) -> None:
        """Go on with the hour that an earlier run recorded, once the record is open."""
        if not self._past_is_known and self._keeper.alerts is not None:
            self._past_is_known = True
            hiccup_ns = self._engine.options.thresholds.hiccup_ns
            past = self._keeper.past_hour(hiccup_ns)
            with self._figures_lock:
                self._figures.hour.restore(past)

    def _regulate(self, now_ns: int, alerts: AlertStatus) -> None:
        """Take samples of the context more rarely while that is called for."""
        beat, context = self._figures.beat, self._figures.context
        fires = any(
            each.measure == Measure.CPU and each.level is Level.CRITICAL for each in alerts.open_incidents
        )
        own = context.own_cpu_percent if context is not None else None
        load = Load(own, beat.cpu_percent if beat is not None else None, fires)
        pressure = self.regulator.take(load, now_ns)
        self._rules.context_ns = eased_span_ns(CONTEXT_NS[self._mode], pressure)

    def _take_context(self, items: list[LiveItem], now_ns: int, wall_ns: int) -> None:
        if now_ns < self._context_at_ns:
            return
        self._contexts += 1
        items.append(self._context.take(wall_ns, starting=self._contexts <= 2))
        self._context_at_ns = now_ns + (START_NS if self._contexts <= 2 else self._rules.context_ns)

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
        self.recent.publish(items, lambda: self._picture(alerts))

    def _picture(self, alerts: AlertStatus) -> Snapshot:
        """How it stands, told on any thread; ``alerts`` are what the rules told on this one."""
        with self._figures_lock:
            return self._drawn(alerts)

    def _drawn(self, alerts: AlertStatus) -> Snapshot:
        engine, figures = self._engine, self._figures
        return Snapshot(
            state=engine.state,
            mode=self._mode,
            pid=os.getpid(),
            session=self._keeper.session,
            interval_ns=engine.options.interval_ns,
            sampler=engine.sampler_name,
            beat=figures.beat,
            strip=figures.strip,
            made=engine.made,
            due=engine.due,
            missed=engine.missed,
            duration=figures.duration.summary(),
            lateness=figures.lateness.summary(),
            context=figures.context,
            last_hiccup=figures.last_hiccup or self._keeper.last_hiccup,
            hiccups=figures.hiccups,
            calm_since_ns=figures.calm_since_ns,
            rehearsal=RehearsalStatus(
                engine.options.rehearsal,
                engine.margin_ns,
                engine.rehearsed,
                figures.warmth.unrehearsed,
            ),
            warm_up=self._warmth(),
            thresholds=engine.options.thresholds,
            store=self._keeper.health,
            notices=figures.notices,
            open_incidents=alerts.open_incidents,
            worst=alerts.worst,
            mutes=alerts.mutes,
            auto_fixed=alerts.auto_fixed,
            hour=figures.hour.total(),
            pressure=self.regulator.pressure,
            own_cpu_percent=figures.own_cpu_percent,
        )
