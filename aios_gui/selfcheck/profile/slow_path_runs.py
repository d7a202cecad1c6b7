"""What a beat does beside the fast path: compare where thresholds are breached, and tell why it woke late."""

from __future__ import annotations

from collections.abc import Callable

from aios_gui.heartbeat.evidence import WakeProbe
from aios_gui.heartbeat.model.beat import Wakeup
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.lateness import split_lateness
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.path import BeatPath
from aios_gui.heartbeat.sampling import Choice
from aios_gui.selfcheck.profile import moments as at
from aios_gui.selfcheck.profile.instruments import TimedOutput, TimedThresholds
from aios_gui.selfcheck.profile.model import Group
from aios_gui.selfcheck.profile.moments import Moments
from aios_gui.selfcheck.profile.tally import ProfileFailed, Tally

ALWAYS_BREACHED = Thresholds(cpu_percent=-1.0, memory_percent=-1.0)
LATENESS_NS = 50_000_000


class SlowPathRuns:
    """A run is one beat over its thresholds and one search for the cause of a late wake-up."""

    group = Group.SLOW_PATH

    def __init__(self, clock: Clock, choose: Callable[[], Choice]) -> None:
        self._moments: Moments = {}
        self._now_ns = clock.now_ns
        self.tally = Tally(self.group)
        self._path = BeatPath(clock, TimedOutput(1, self._moments, clock.now_ns), choose)
        self._thresholds = TimedThresholds(ALWAYS_BREACHED, self._moments, clock.now_ns)
        self._probe: WakeProbe | None = None

    def prepare(self) -> None:
        """Open what evidence is read from, on the thread that it is about."""
        self._probe = WakeProbe()

    def run(self) -> None:
        """Both once; ProfileFailed where the beat gives no figures."""
        self._breach()
        self._search()
        self.tally.take(self._moments)

    def close(self) -> None:
        """Let go of what is open."""
        self._path.close()
        if self._probe is not None:
            self._probe.close()

    def _breach(self) -> None:
        now_ns = self._now_ns()
        wakeup = Wakeup(now_ns, now_ns, now_ns)
        rehearsed = self._path.rehearse(wakeup, self._thresholds)
        beat = self._path.beat(wakeup, 0, rehearsed.unrehearsed_ns, self._thresholds)
        if beat.sample.error:
            raise ProfileFailed(beat.sample.error)

    def _search(self) -> None:
        moments, now_ns, probe = self._moments, self._now_ns, self._probe
        assert probe is not None
        moments[at.MARK_BEGAN] = now_ns()
        probe.mark_threads()
        probe.mark()
        moments[at.MARK_ENDED] = now_ns()
        evidence = probe.growth()
        moments[at.GROWTH_ENDED] = now_ns()
        culprit = probe.culprit()
        moments[at.CULPRIT_ENDED] = now_ns()
        split_lateness(LATENESS_NS, evidence, culprit)
        moments[at.SPLIT_ENDED] = now_ns()
