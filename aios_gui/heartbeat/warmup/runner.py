"""Warms the path of the beat: runs the steps in order, on the beat's thread, and keeps the evidence."""

from __future__ import annotations

from collections.abc import Callable

from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.warmup import Stability, StepBoard, WarmupReason, WarmupReport
from aios_gui.heartbeat.path import BeatPath
from aios_gui.heartbeat.warmup.steps import BEAT_STEPS, StepFailed, perform


class Warmer:
    """Use it on the beat's thread. ``report`` and ``steps`` may be read from any.

    ``run_path`` runs the path once, apart from the record.
    """

    def __init__(
        self,
        clock: Clock,
        path: BeatPath,
        run_path: Callable[[], Beat],
        is_stopping: Callable[[], bool],
        garbage: GarbagePolicy | None,
    ) -> None:
        self.steps = StepBoard(step.name for step in BEAT_STEPS)
        self.report: WarmupReport | None = None
        self._clock = clock
        self._now_ns = clock.now_ns
        self._path = path
        self._run_path = run_path
        self._is_stopping = is_stopping
        self._garbage = garbage
        self._stability = Stability()
        self._until_ns: int | None = None

    def warm_up(self, reason: WarmupReason, until_ns: int | None) -> WarmupReport | None:
        """Do every step that ``reason`` calls for; the beats end before ``until_ns``, stable or not.

        None where the engine was stopped meanwhile.
        """
        began_ns = self._now_ns()
        was_cold = self._path.is_cold
        self._stability, self._until_ns = Stability(), until_ns
        for step in BEAT_STEPS:
            if self._is_stopping():
                return None
            if reason is WarmupReason.START or not step.at_start_only:
                perform(step, self, self.steps, self._now_ns)
        if self._is_stopping():
            return None
        opening_ns = self.steps.of("sampler").took_ns if was_cold else 0
        took_ns = self._now_ns() - began_ns
        self.report = self._stability.report(took_ns, reason, self._clock.wall_ns(), opening_ns)
        return self.report

    def event(self, seq: int) -> Event:
        """The last warm-up as the record keeps it, with every run; ``seq`` is the beat that comes next."""
        report = self.report
        assert report is not None
        facts: dict[str, int | float | str] = {
            "reason": str(report.reason),
            "beats": report.beats,
            "cold_ns": report.cold_ns,
            "before_ns": report.before_ns,
            "after_ns": report.after_ns,
            "capped": int(report.capped),
            "took_ns": report.took_ns,
            "durations_ns": " ".join(map(str, self._stability.durations_ns)),
        }
        return Event(EventKind.WARMED_UP, report.wall_ns, seq, facts)

    # The steps

    def open_sampler(self) -> int:
        """Open what is read from."""
        self._path.open()
        return 0

    def run_cold(self) -> int:
        """The first run, which takes the CPU baseline where there is none."""
        beat = self._run_path()
        self._stability.add(beat.duration_ns)
        if beat.sample.error:
            raise StepFailed(beat.sample.error)
        return 1

    def run_until_stable(self) -> int:
        """Run the real path until its timing is stable, or the cap is reached, or it is time to beat."""
        stability = self._stability
        before = len(stability.durations_ns)
        while not (stability.done or self._is_over()):
            stability.add(self._run_path().duration_ns)
        return len(stability.durations_ns) - before

    def _is_over(self) -> bool:
        return self._is_stopping() or (self._until_ns is not None and self._now_ns() >= self._until_ns)

    def settle_collector(self) -> int:
        """Keep later collections of garbage away from the beats."""
        if self._garbage is not None:
            self._garbage.settle()
        return 0
