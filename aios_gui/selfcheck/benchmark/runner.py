"""Runs a plan: beats of every heartbeat in turn, how far it is, and everything closed again however it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.selfcheck.benchmark.heartbeats import MeasuredHeartbeat
from aios_gui.selfcheck.benchmark.model import Heartbeat, Mode, Progress, Timing
from aios_gui.selfcheck.benchmark.plan import REST_NS, Plan, Step


def run_plan(
    plan: Plan, heartbeats: Sequence[MeasuredHeartbeat], tell: Callable[[Progress], object]
) -> tuple[Timing, ...]:
    """Measure on this thread, telling before each step; a heartbeat that is not given is left out.

    Automatic garbage collection is off meanwhile, for all of them alike, as it is while this program beats.
    Whatever ends it, also KeyboardInterrupt, is let through after all heartbeats have ended.
    """
    by_name = {heartbeat.name: heartbeat for heartbeat in heartbeats}
    steps = [step for step in plan.steps() if step.name in by_name]
    durations: dict[tuple[Heartbeat, Mode], list[int]] = {}
    with ExitStack() as ends:
        for heartbeat in heartbeats:
            ends.callback(heartbeat.end)
            heartbeat.prepare()
        garbage = GarbagePolicy()
        ends.callback(garbage.release)
        garbage.settle()
        left_ns = total_ns = sum(step.expected_ns for step in steps)
        for step in steps:
            tell(Progress(1 - left_ns / total_ns, left_ns / 1e9, step.name))
            durations.setdefault((step.name, step.mode), []).extend(_measure(step, by_name[step.name]))
            left_ns -= step.expected_ns
        tell(Progress(1.0, 0.0, steps[-1].name))
    return tuple(
        Timing.of(name, mode, durations[name, mode])
        for mode in Mode
        for name in Heartbeat
        if (name, mode) in durations
    )


def _measure(step: Step, heartbeat: MeasuredHeartbeat) -> list[int]:
    for _ in range(step.settling_beats):
        heartbeat.beat()
    if step.mode is Mode.BACK_TO_BACK:
        return [heartbeat.beat() for _ in range(step.beats)]
    return [heartbeat.beat_after(REST_NS) for _ in range(step.beats)]
