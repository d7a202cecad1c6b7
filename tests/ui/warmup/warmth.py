"""Pictures of a warm heartbeat for tests of the Warm-up panel."""

from __future__ import annotations

from dataclasses import replace

from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.percentiles import Percentiles
from aios_gui.heartbeat.model.rehearsal import RehearsalMode, RehearsalStatus
from aios_gui.heartbeat.model.warmup import StepReport, StepState, Warmth, WarmupReason, WarmupReport
from aios_gui.heartbeat.model.warmup_stats import FIRST_BEATS, FirstBeats, WarmupEffect, WarmupStatus
from aios_gui.instance.model.snapshot import Snapshot
from tests.ui.fakes import a_snapshot
from tests.ui.machine import noise

S = 1_000_000_000
NOW_NS = 1_741_785_300 * S


def the_steps() -> tuple[StepReport, ...]:
    done = StepState.DONE
    return (
        StepReport("record", done, 3_100_000),
        StepReport("context", done, 98_000),
        StepReport("sampler", done, 900_000),
        StepReport("baseline", done, 100_000, beats=1),
        StepReport("beats", done, 2_100_000, beats=64),
        StepReport("collector", done, 200_000),
    )


def a_report(wall_ns: int) -> WarmupReport:
    return WarmupReport(
        64, 940_000, 24_000, 23_000, False, 6_200_000, WarmupReason.START, wall_ns - 3_600 * S
    )


def first_beats(count: int = FIRST_BEATS) -> FirstBeats:
    """This many warm beats, with what each would have cost, and as many after a cooling down."""
    warm = tuple(round(22_000 + 4_000 * noise(n)) for n in range(count))
    without = tuple(round(98_000 + 20_000 * noise(n * 3)) for n in range(count))
    cold = (812_000, *(round(100_000 + 60_000 * noise(n * 7)) for n in range(count - 1)))
    return FirstBeats(warm, without, cold)


def a_status(wall_ns: int) -> WarmupStatus:
    effect = WarmupEffect(EventKind.WARMED_UP, wall_ns - 60 * S, 7, "asked", 23_000, 24_000)
    return WarmupStatus(Warmth.WARM, 0, the_steps(), a_report(wall_ns), first_beats(), effect)


def a_warm_snapshot(now_ns: int) -> Snapshot:
    """A heartbeat that is warm and rehearsed."""
    rehearsal = RehearsalStatus(
        RehearsalMode.AUTO, 310_000, True, Percentiles(600, 106_000, 130_000, 180_000, 900_000)
    )
    return replace(a_snapshot(now_ns), rehearsal=rehearsal, warm_up=a_status(now_ns))
