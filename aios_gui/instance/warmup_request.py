"""Warms up once, on request: the instance that runs, or else an engine of this process."""

from __future__ import annotations

import time
from collections.abc import Callable

from aios_gui.alerts.settings import thresholds_of
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.garbage import GarbagePolicy
from aios_gui.heartbeat.model.clock import Clock
from aios_gui.heartbeat.model.items import Event, EventKind
from aios_gui.heartbeat.model.percentiles import SlidingPercentiles
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.settings import engine_options
from aios_gui.heartbeat.warmup.outcome import WarmupOutcome, first_runs
from aios_gui.instance.channel import ChannelError, NoResident
from aios_gui.instance.client import ChannelClient, Client
from aios_gui.instance.commands import GetSnapshot, WarmUp
from aios_gui.instance.lock import is_locked
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.settings.model import Settings
from aios_gui.system.paths import Paths

STEADY_BEATS = 20
REST_NS = 100_000_000
PATIENCE_S = 10.0
_LOOK_S = 0.02


def warm_resident(paths: Paths) -> WarmupOutcome | None:
    """Have the instance that runs warm up, paused or not, and wait for it, 10 s at most; None where none runs.

    ChannelError where it cannot be reached, does not get it done in time, or is of another version.
    """
    client = ChannelClient(paths)
    try:
        before = client.execute(GetSnapshot()).snapshot
        client.execute(WarmUp())
    except NoResident:
        if is_locked(paths):
            raise ChannelError(
                "the running instance cannot be reached: it does not say where it listens"
            ) from None
        return None
    snapshot = _wait_for_report(client, before)
    return WarmupOutcome(
        snapshot.warm_up.warmth,
        snapshot.warm_up.steps,
        snapshot.warm_up.report,
        snapshot.duration,
        None,
        _first_in_record(paths, snapshot),
        snapshot.pid,
        snapshot.mode,
    )


def warm_here(
    settings: Settings, on_step: Callable[[StepReport], object], clock: Clock, choose: Callable[[], Choice]
) -> WarmupOutcome:
    """Warm up an engine on this thread and make 20 beats on it, 100 ms apart; ``on_step`` gets every step.

    Without figures from the machine no beats are made.
    """
    garbage = GarbagePolicy()
    engine = HeartbeatEngine(clock, engine_options(settings, thresholds_of(settings)), choose, garbage)
    engine.warmer.steps.on_post = on_step
    steady, rehearsed = SlidingPercentiles(STEADY_BEATS), 0
    try:
        engine.begin()
        first = _first_of(engine)
        if engine.warmer.steps.of("baseline").state is StepState.DONE:
            for _ in range(STEADY_BEATS):
                beat = engine.step(REST_NS)
                steady.add(beat.duration_ns)
                rehearsed += beat.rehearsed
        return WarmupOutcome(
            engine.warmth, engine.warmer.steps.reports, engine.warmup, steady.summary(), rehearsed, first
        )
    finally:
        engine.end()
        garbage.release()


def _first_of(engine: HeartbeatEngine) -> tuple[int, ...]:
    for item in engine.output:
        if isinstance(item, Event) and item.kind is EventKind.WARMED_UP:
            return first_runs(item)
    return ()


def _wait_for_report(client: Client, before: Snapshot) -> Snapshot:
    """The first snapshot with the evidence of a warm-up that was not there before."""
    known = before.warm_up.report
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        snapshot = client.execute(GetSnapshot()).snapshot
        report = snapshot.warm_up.report
        is_new = report is not None and (known is None or report.wall_ns != known.wall_ns)
        if is_new and snapshot.warm_up.warmth is not Warmth.WARMING:
            return snapshot
        time.sleep(_LOOK_S)
    raise ChannelError("the running instance did not warm up in time")


def _first_in_record(paths: Paths, snapshot: Snapshot) -> tuple[int, ...]:
    """The first runs, as they were recorded; none where the record cannot be read."""
    report = snapshot.warm_up.report
    assert report is not None
    try:
        with RecordReader(paths.store) as reader:
            events = reader.events(report.wall_ns - 1000, report.wall_ns + 1000, EventKind.WARMED_UP)
    except StoreError:
        return ()
    return first_runs(events[-1]) if events else ()
