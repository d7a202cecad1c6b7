"""What the settings mean for the engine."""

from __future__ import annotations

from aios_gui.core.engine_options import EngineOptions
from aios_gui.core.rehearsal import RehearsalMode
from aios_gui.core.settings import Settings
from aios_gui.core.thresholds import Thresholds


def thresholds_of(settings: Settings) -> Thresholds:
    """The thresholds as set."""
    return Thresholds(
        settings["thresholds.cpu_percent"],
        settings["thresholds.memory_percent"],
        round(settings["thresholds.hiccup_ms"] * 1e6),
    )


def interval_ns_of(settings: Settings) -> int:
    """The interval as set, ns."""
    interval_s: float = settings["beat.interval_s"]
    return round(interval_s * 1e9)


def engine_options(settings: Settings) -> EngineOptions:
    """All that the engine is told at its start."""
    return EngineOptions(
        interval_ns_of(settings),
        thresholds_of(settings),
        RehearsalMode(settings["beat.rehearsal"]),
        settings["beat.warm_up"],
    )
