"""Beats as they are made in use, after a short sleep and a rehearsal; plain and instrumented ones in turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from aios_gui.heartbeat.model.beat import Wakeup
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.rehearsal import MarginLearner
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.model.warmup import Stability
from aios_gui.heartbeat.path import BeatPath, Output
from aios_gui.heartbeat.sampling import Choice
from aios_gui.selfcheck.profile import moments as at
from aios_gui.selfcheck.profile.instruments import TimedOutput, TimedThresholds, timed_choice
from aios_gui.selfcheck.profile.model import Cost, Group
from aios_gui.selfcheck.profile.moments import Moments
from aios_gui.selfcheck.profile.tally import ProfileFailed, Tally

REST_NS = 1_000_000
KEPT_BEATS = 64


class Made(NamedTuple):
    """When a beat's alarm was, when it woke, and when the path was called and returned; its own duration. All ns."""

    alarm_ns: int
    woke_ns: int
    called_ns: int
    returned_ns: int
    duration_ns: int

    @property
    def total_ns(self) -> int:
        """What the whole path took."""
        return self.returned_ns - self.called_ns


class RehearsedBeats:
    """Makes beats on the path that is used in production; what it is handed decides whether they are timed."""

    def __init__(
        self, clock: Clock, choose: Callable[[], Choice], thresholds: Thresholds, output: deque[Output]
    ) -> None:
        self._clock = clock
        self._now_ns = clock.now_ns
        self._thresholds = thresholds
        self._path = BeatPath(clock, output, choose)
        self._margin = MarginLearner()
        self._made = 0

    @property
    def sampler_name(self) -> str:
        """Where the figures come from."""
        return self._path.sampler_name

    def warm_up(self) -> None:
        """Run the path until its timing is stable; ProfileFailed where it gives no figures."""
        stability = Stability()
        while not stability.done:
            beat = self._path.warm(self._thresholds)
            if beat.sample.error:
                raise ProfileFailed(beat.sample.error)
            stability.add(beat.duration_ns)

    def make(self) -> Made:
        """Sleep a little, rehearse, make one beat; ProfileFailed where it gives no figures."""
        now_ns, path, thresholds = self._now_ns, self._path, self._thresholds
        alarm_ns = now_ns() + REST_NS
        self._clock.sleep_until(alarm_ns)
        woke_ns = now_ns()
        wakeup = Wakeup(alarm_ns + self._margin.margin_ns, alarm_ns, woke_ns)
        rehearsed = path.rehearse(wakeup, thresholds)
        called_ns = now_ns()
        beat = path.beat(wakeup, self._made, rehearsed.unrehearsed_ns, thresholds)
        returned_ns = now_ns()
        if beat.sample.error:
            raise ProfileFailed(beat.sample.error)
        self._made += 1
        self._margin.learn(wakeup.lateness_ns, rehearsed.took_ns)
        return Made(alarm_ns, woke_ns, called_ns, returned_ns, beat.duration_ns)

    def close(self) -> None:
        """Let go of the sampler."""
        self._path.close()


class BeatRuns:
    """A run is one plain beat and one instrumented, which go first by turns."""

    group = Group.BEAT

    def __init__(self, clock: Clock, choose: Callable[[], Choice], thresholds: Thresholds) -> None:
        self._moments: Moments = {}
        moments, now_ns = self._moments, clock.now_ns
        self.tally = Tally(self.group)
        self._plain = RehearsedBeats(clock, choose, thresholds, deque(maxlen=KEPT_BEATS))
        self._instrumented = RehearsedBeats(
            clock,
            lambda: timed_choice(choose, moments, now_ns),
            TimedThresholds(thresholds, moments, now_ns),
            TimedOutput(KEPT_BEATS, moments, now_ns),
        )
        self._plain_ns: list[int] = []
        self._instrumented_ns: list[int] = []
        self._unattributed_ns: list[int] = []
        self._durations_ns: list[int] = []

    def prepare(self) -> None:
        """Warm up both."""
        self._plain.warm_up()
        self._instrumented.warm_up()

    def run(self) -> None:
        """Make one of each."""
        order = (self._make_plain, self._make_instrumented)
        for make in order if len(self._plain_ns) % 2 else reversed(order):
            make()

    def close(self) -> None:
        """Let go of what is open."""
        self._plain.close()
        self._instrumented.close()

    @property
    def sampler_name(self) -> str:
        """Where the figures come from."""
        return self._plain.sampler_name

    @property
    def plain(self) -> Cost:
        """The whole path as it runs in use."""
        return Cost.of(self._plain_ns)

    @property
    def instrumented(self) -> Cost:
        """The whole path while its stages are timed."""
        return Cost.of(self._instrumented_ns)

    @property
    def unattributed(self) -> Cost:
        """What of the instrumented path no stage explains."""
        return Cost.of(self._unattributed_ns)

    @property
    def duration(self) -> Cost:
        """What plain beats tell of themselves."""
        return Cost.of(self._durations_ns)

    def _make_plain(self) -> None:
        made = self._plain.make()
        self._plain_ns.append(made.total_ns)
        self._durations_ns.append(made.duration_ns)

    def _make_instrumented(self) -> None:
        # The last run of the path in there is the beat that counts: its moments stand over those of the rehearsal.
        made = self._instrumented.make()
        self._moments[at.ALARM], self._moments[at.WOKE] = made.alarm_ns, made.woke_ns
        explained_ns = self.tally.take(self._moments)
        self._instrumented_ns.append(made.total_ns)
        self._unattributed_ns.append(made.total_ns - explained_ns)
