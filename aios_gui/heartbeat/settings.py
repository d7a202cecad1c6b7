"""The settings of the heartbeat, and what they mean for the engine."""

from __future__ import annotations

from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.stall import WatchMode
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.settings.model import Section, Setting, Settings
from aios_gui.text.catalogue import N_

BEAT = Section(
    "beat",
    N_("Heartbeat"),
    (
        Setting(
            "beat.interval_s",
            1.0,
            0.02,
            3600.0,
            unit="s",
            title=N_("Interval"),
            help=N_("The time from one beat to the next."),
            search=N_("frequency rate period every second"),
        ),
        Setting(
            "beat.rehearsal",
            str(RehearsalMode.AUTO),
            choices={
                RehearsalMode.AUTO: N_("Where the interval allows it"),
                RehearsalMode.ON: N_("Before every beat"),
                RehearsalMode.OFF: N_("Never"),
            },
            title=N_("Rehearsal"),
            help=N_("Run the beat once, unrecorded, just before it is due, so that it finds warm caches."),
            search=N_("cache warm practice"),
        ),
        Setting(
            "beat.watch",
            str(WatchMode.AUTO),
            choices={
                WatchMode.AUTO: N_("50 ms, on battery 100 ms"),
                WatchMode.FINE: N_("50 ms"),
                WatchMode.COARSE: N_("100 ms"),
                WatchMode.OFF: N_("Never"),
            },
            title=N_("Watch between beats"),
            help=N_("How often to look for stalls between two beats, so that short ones are seen."),
            search=N_("hiccup stutter freeze battery"),
        ),
        Setting(
            "beat.warm_up",
            True,
            title=N_("Warm up automatically"),
            help=N_("Warm up at the start, after the machine has slept, and after a pause."),
            search=N_("cold sleep wake"),
        ),
    ),
)


def interval_ns_of(settings: Settings) -> int:
    """The interval as set, ns."""
    interval_s: float = settings["beat.interval_s"]
    return round(interval_s * 1e9)


def engine_options(settings: Settings, thresholds: Thresholds) -> EngineOptions:
    """All that the engine is told at its start; ``thresholds`` are what it compares with."""
    return EngineOptions(
        interval_ns_of(settings),
        thresholds,
        RehearsalMode(settings["beat.rehearsal"]),
        settings["beat.warm_up"],
        WatchMode(settings["beat.watch"]),
    )
