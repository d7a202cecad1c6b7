"""Profiles the recorder: its rounds, each a beat and a second of its time, on a record that is thrown away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aios_gui.alerts.settings import thresholds_of
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Wakeup
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.heartbeat.model.states import Mode
from aios_gui.heartbeat.path import BeatPath
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.sampling.context import ContextSampler
from aios_gui.heartbeat.settings import engine_options
from aios_gui.heartbeat.warmup.steps import StepFailed
from aios_gui.instance.record_schema import RECORD_SCHEMA
from aios_gui.instance.recorder import Recorder
from aios_gui.record.resilient_store import ResilientStore, SessionFacts, machine_facts
from aios_gui.record.settings import limits_of
from aios_gui.selfcheck.profile import model as at
from aios_gui.selfcheck.profile.model import Group, Moments, ProfileFailed, StageTally
from aios_gui.selfcheck.profile.runs import NowNs
from aios_gui.settings.model import Settings

ROUND_NS = 1_000_000_000


class SteppedClock:
    """A clock that is set on by a round each time, so that what is due once a minute comes in every sixtieth."""

    def __init__(self, clock: Clock) -> None:
        self.monotonic_counts_sleep = clock.monotonic_counts_sleep
        self.suspended_ns = clock.suspended_ns
        self.wake = clock.wake
        self.nap = clock.nap
        self._clock = clock
        self._ahead_ns = 0

    def step(self) -> None:
        """Set it on by a round."""
        self._ahead_ns += ROUND_NS

    def now_ns(self) -> int:
        """As of the clock, and all rounds so far."""
        return self._clock.now_ns() + self._ahead_ns

    def wall_ns(self) -> int:
        """As of the clock, and all rounds so far."""
        return self._clock.wall_ns() + self._ahead_ns

    def sleep_until(self, deadline_ns: int) -> bool:
        """As of the clock."""
        return self._clock.sleep_until(deadline_ns - self._ahead_ns)


class RecorderRuns:
    """A run is one round of a recorder whose thread is not started; its engine does not beat, a path does for it."""

    group = Group.RECORDER

    def __init__(self, clock: Clock, choose: Callable[[], Choice], settings: Settings, folder: Path) -> None:
        self._moments: Moments = {}
        self._now_ns = clock.now_ns
        self._clock = stepped = SteppedClock(clock)
        self.tally = StageTally(self.group)
        self._engine = HeartbeatEngine(stepped, engine_options(settings, thresholds_of(settings)), choose)
        self._path = BeatPath(stepped, self._engine.output, choose)
        session = SessionFacts(stepped.wall_ns(), str(Mode.WINDOW), machine_facts())
        limits = limits_of(settings)
        self._store = TimedStore(folder / "heartbeat.sqlite3", session, limits, self._moments, clock.now_ns)
        context = TimedContext(self._moments, clock.now_ns)
        self._recorder = Recorder(self._engine, self._store, stepped, Mode.WINDOW, context=context)
        self._made = 0

    def prepare(self) -> None:
        """Open the record; ProfileFailed where it cannot be."""
        try:
            self._recorder.open_record()
        except StepFailed as error:
            raise ProfileFailed(str(error)) from error
        self._recorder.prepare_context()

    def run(self) -> None:
        """One beat, one round; ProfileFailed where it could not be written."""
        moments = self._moments
        self._clock.step()
        now_ns = self._clock.now_ns()
        self._path.beat(Wakeup(now_ns, now_ns, now_ns), self._made, None, self._engine.options.thresholds)
        self._made += 1
        moments.clear()
        moments[at.ROUND_BEGAN] = self._now_ns()
        self._recorder.tick()
        moments[at.ROUND_ENDED] = self._now_ns()
        if not self._store.health.recording:
            raise ProfileFailed(self._store.health.error)
        self.tally.take(moments)

    def close(self) -> None:
        """Close the record."""
        self._path.close()
        self._store.close(self._clock.now_ns(), self._clock.wall_ns())


class TimedContext(ContextSampler):
    """The context sampler of the recorder, timed; what the recorder did before it in this round was draining."""

    def __init__(self, moments: Moments, now_ns: NowNs) -> None:
        super().__init__()
        self._moments = moments
        self._watch_ns = now_ns

    def take(self, wall_ns: int, starting: bool = False) -> ContextSample:
        """As of the context sampler."""
        moments = self._moments
        moments[at.DRAINED] = moments[at.CONTEXT_BEGAN] = self._watch_ns()
        sample = super().take(wall_ns, starting)
        moments[at.CONTEXT_ENDED] = self._watch_ns()
        return sample


class TimedStore(ResilientStore):
    """The recorder's hand on the store, timed."""

    def __init__(
        self, path: Path, session: SessionFacts, limits: tuple[int, int], moments: Moments, now_ns: NowNs
    ) -> None:
        super().__init__(path, RECORD_SCHEMA, session, *limits)
        self._moments = moments
        self._watch_ns = now_ns

    def keep(self, *arguments: Any, **named: Any) -> None:
        """As of the store."""
        moments = self._moments
        moments[at.KEEP_BEGAN] = began_ns = self._watch_ns()
        # In most rounds there is no context sample between draining and writing.
        moments.setdefault(at.DRAINED, began_ns)
        super().keep(*arguments, **named)
        moments[at.KEEP_ENDED] = self._watch_ns()
