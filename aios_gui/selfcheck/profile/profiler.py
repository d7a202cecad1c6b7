"""The whole profile: the runs of every group, how far it is, and everything closed again however it ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.sampling import Choice
from aios_gui.instance.options import thresholds_of
from aios_gui.selfcheck.profile.beat_runs import BeatRuns
from aios_gui.selfcheck.profile.folder import passing_folder
from aios_gui.selfcheck.profile.model import Group, Profile, ProfileProgress
from aios_gui.selfcheck.profile.recorder_runs import RecorderRuns
from aios_gui.selfcheck.profile.slow_path_runs import SlowPathRuns
from aios_gui.selfcheck.profile.tally import Tally
from aios_gui.settings.model import Settings

EXPECTED_NS = {Group.BEAT: 2_600_000, Group.RECORDER: 200_000, Group.SLOW_PATH: 70_000}
"""About what a run of each takes."""
TELL_NS = 100_000_000

Tell = Callable[[ProfileProgress], object]


class Runs(Protocol):
    """What is run over and over for one group of stages."""

    group: Group
    tally: Tally

    def prepare(self) -> None: ...

    def run(self) -> None: ...

    def close(self) -> None: ...


def run_profile(
    settings: Settings, data: Path, runs: int, tell: Tell, clock: Clock, choose: Callable[[], Choice]
) -> Profile:
    """Measure on this thread, ``runs`` times each; ``data`` is the folder beside whose record it may write one.

    ProfileFailed where the machine gives no figures or nothing can be written, OSError where there is no place for
    that. Automatic garbage collection is off meanwhile, as it is while this program beats. Whatever ends it, also
    KeyboardInterrupt, is let through after everything was closed and removed.
    """
    with ExitStack() as ends:
        folder = ends.enter_context(passing_folder(data))
        beats = BeatRuns(clock, choose, thresholds_of(settings))
        groups: tuple[Runs, ...] = (
            beats,
            RecorderRuns(clock, choose, settings, folder),
            SlowPathRuns(clock, choose),
        )
        for group in groups:
            ends.callback(group.close)
            group.prepare()
        garbage = GarbagePolicy()
        ends.callback(garbage.release)
        garbage.settle()
        progress = _Progress(runs, tell, clock)
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


class _Progress:
    """Tells how far it is, ten times a second at most; what is left is reckoned from what was measured so far."""

    def __init__(self, runs: int, tell: Tell, clock: Clock) -> None:
        self._tell = tell
        self._now_ns = clock.now_ns
        self._began_ns = self._now_ns()
        self._tell_at_ns = self._began_ns
        self._done_ns = 0
        self._total_ns = runs * sum(EXPECTED_NS.values())

    def look(self, group: Group) -> None:
        """Tell where it is time to; ``group`` is run next."""
        now_ns = self._now_ns()
        if now_ns < self._tell_at_ns:
            return
        self._tell_at_ns = now_ns + TELL_NS
        left_ns = self._total_ns - self._done_ns
        if self._done_ns:
            left_ns = round(left_ns / self._done_ns * (now_ns - self._began_ns))
        self._tell(ProfileProgress(self._done_ns / self._total_ns, left_ns / 1e9, group))

    def advance(self, group: Group) -> None:
        """A run of ``group`` is done."""
        self._done_ns += EXPECTED_NS[group]

    def end(self, group: Group) -> None:
        """Tell that it is done."""
        self._tell(ProfileProgress(1.0, 0.0, group))
