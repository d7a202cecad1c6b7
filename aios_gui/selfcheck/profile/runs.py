"""The runs of a profile: the parts of a beat do their work and note when, over and over; then all is closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Protocol

from aios_gui.heartbeat.evidence import WakeProbe
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.beat import Sample, Wakeup
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.cpu import CpuCounters
from aios_gui.heartbeat.model.lateness import split_lateness
from aios_gui.heartbeat.model.rehearsal import MarginLearner
from aios_gui.heartbeat.model.sampling import Sampler
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.heartbeat.model.warmup import Stability
from aios_gui.heartbeat.path import BeatPath, Output
from aios_gui.heartbeat.sampling import Choice
from aios_gui.selfcheck.profile import model as at
from aios_gui.selfcheck.profile.model import Cost, Group, Moments, Profile, ProfileFailed, StageTally
from aios_gui.system.passing_folder import passing_folder
from aios_gui.system.progress import Progress

NowNs = Callable[[], int]
REST_NS = 1_000_000
KEPT_BEATS = 64
ALWAYS_BREACHED = Thresholds(cpu_percent=-1.0, memory_percent=-1.0)
LATENESS_NS = 50_000_000
EXPECTED_NS = {Group.BEAT: 2_600_000, Group.RECORDER: 200_000, Group.SLOW_PATH: 70_000}
"""About what a run of each takes."""
PROGRESS_EVERY_NS = 100_000_000

OnProgress = Callable[[Progress], object]


class Runs(Protocol):
    """What is run over and over for one group of stages."""

    group: Group
    tally: StageTally

    def prepare(self) -> None: ...

    def run(self) -> None: ...

    def close(self) -> None: ...


class TimedSampler:
    """A sampler whose two readings are timed."""

    def __init__(self, sampler: Sampler, moments: Moments, now_ns: NowNs) -> None:
        self.name = sampler.name
        self.close = sampler.close
        self._read_cpu = sampler.read_cpu
        self._read_memory = sampler.read_memory
        self._moments = moments
        self._now_ns = now_ns

    def read_cpu(self) -> CpuCounters:
        """As of the sampler."""
        began_ns = self._now_ns()
        counters = self._read_cpu()
        ended_ns = self._now_ns()
        self._moments[at.CPU_BEGAN] = began_ns
        self._moments[at.CPU_ENDED] = ended_ns
        return counters

    def read_memory(self) -> tuple[int, int]:
        """As of the sampler."""
        moments = self._moments
        moments[at.MEMORY_BEGAN] = self._now_ns()
        sizes = self._read_memory()
        moments[at.MEMORY_ENDED] = self._now_ns()
        return sizes


def timed_choice(choose: Callable[[], Choice], moments: Moments, now_ns: NowNs) -> Choice:
    """What ``choose`` chooses, timed."""
    choice = choose()
    return Choice(TimedSampler(choice.sampler, moments, now_ns), choice.passed_over)


class TimedThresholds(Thresholds):
    """The same thresholds as ``limits``, whose comparison is timed."""

    __slots__ = ("_moments", "_now_ns")
    _moments: Moments
    _now_ns: NowNs

    def __init__(self, limits: Thresholds, moments: Moments, now_ns: NowNs) -> None:
        super().__init__(limits.cpu_percent, limits.memory_percent, limits.hiccup_ns)
        # Thresholds are frozen.
        object.__setattr__(self, "_moments", moments)
        object.__setattr__(self, "_now_ns", now_ns)

    def breached_by(self, sample: Sample) -> tuple[str, ...]:
        """As of the thresholds."""
        began_ns = self._now_ns()
        breached = Thresholds.breached_by(self, sample)
        ended_ns = self._now_ns()
        self._moments[at.COMPARE_BEGAN] = began_ns
        self._moments[at.COMPARE_ENDED] = ended_ns
        return breached


class TimedOutput(deque[Output]):
    """Where beats go, whose taking is timed."""

    def __init__(self, limit: int, moments: Moments, now_ns: NowNs) -> None:
        super().__init__(maxlen=limit)
        self._take = super().append
        self._moments = moments
        self._now_ns = now_ns

    def append(self, item: Output) -> None:
        """As of a deque."""
        began_ns = self._now_ns()
        self._take(item)
        ended_ns = self._now_ns()
        self._moments[at.APPEND_BEGAN] = began_ns
        self._moments[at.APPEND_ENDED] = ended_ns


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
        self.tally = StageTally(self.group)
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
        """The durations that plain beats have measured of themselves."""
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


class SlowPathRuns:
    """A run is one beat over its thresholds and one search for the cause of a late wake-up."""

    group = Group.SLOW_PATH

    def __init__(self, clock: Clock, choose: Callable[[], Choice]) -> None:
        self._moments: Moments = {}
        self._now_ns = clock.now_ns
        self.tally = StageTally(self.group)
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


def run_profile(
    runs: int,
    on_progress: OnProgress,
    clock: Clock,
    choose: Callable[[], Choice],
    thresholds: Thresholds,
    data: Path,
    recorder_runs: Callable[[Path], Runs],
) -> Profile:
    """Measure on this thread, ``runs`` times each.

    ``recorder_runs`` makes the runs of a recorder that writes into the folder it is given, which lies in ``data``.

    ProfileFailed where the machine gives no figures or nothing can be written, OSError where there is no place for
    that. Automatic garbage collection is off during the runs, as it is while this program beats. Whatever ends it, also
    KeyboardInterrupt, is let through after everything was closed and removed.
    """
    with ExitStack() as ends:
        folder = ends.enter_context(passing_folder("aios-heartbeat-profile", data))
        beats = BeatRuns(clock, choose, thresholds)
        groups: tuple[Runs, ...] = (
            beats,
            recorder_runs(folder),
            SlowPathRuns(clock, choose),
        )
        for group in groups:
            ends.callback(group.close)
            group.prepare()
        garbage = GarbagePolicy()
        ends.callback(garbage.release)
        garbage.settle()
        progress = _ProgressReports(runs, on_progress, clock)
        for group in groups:
            for _ in range(runs):
                progress.look(group.group)
                group.run()
                progress.advance(group.group)
        progress.end(groups[-1].group)
        stages = tuple(cost for group in groups for cost in group.tally.costs)
        return Profile(
            runs,
            beats.sampler_name,
            stages,
            beats.plain,
            beats.instrumented,
            beats.unattributed,
            beats.duration,
        )


class _ProgressReports:
    """Reports how far it is, ten times a second at most; what is left is estimated from what was measured so far."""

    def __init__(self, runs: int, on_progress: OnProgress, clock: Clock) -> None:
        self._on_progress = on_progress
        self._now_ns = clock.now_ns
        self._began_ns = self._now_ns()
        self._report_at_ns = self._began_ns
        self._done_ns = 0
        self._total_ns = runs * sum(EXPECTED_NS.values())

    def look(self, group: Group) -> None:
        """Report if it is time to; ``group`` is run next."""
        now_ns = self._now_ns()
        if now_ns < self._report_at_ns:
            return
        self._report_at_ns = now_ns + PROGRESS_EVERY_NS
        left_ns = self._total_ns - self._done_ns
        if self._done_ns:
            left_ns = round(left_ns / self._done_ns * (now_ns - self._began_ns))
        self._on_progress(Progress(self._done_ns / self._total_ns, left_ns / 1e9, group))

    def advance(self, group: Group) -> None:
        """A run of ``group`` is done."""
        self._done_ns += EXPECTED_NS[group]

    def end(self, group: Group) -> None:
        """Report that it is done."""
        self._on_progress(Progress(1.0, 0.0, group))
