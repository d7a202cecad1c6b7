"""What the settings mean for the engine."""

from __future__ import annotations

from aios_gui.alerts.model import rules
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.thresholds import Thresholds
from aios_gui.instance.model.throttle import ThrottleLimits
from aios_gui.settings.model import Settings


def thresholds_of(settings: Settings) -> Thresholds:
    """What the beat compares with, compiled from the rules as set."""
    return rules.thresholds_of(settings.rules)


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


def throttle_limits(settings: Settings) -> ThrottleLimits:
    """From where on to throttle, as set."""
    return ThrottleLimits(
        settings["regulation.enabled"],
        settings["regulation.own_cpu_percent"],
        settings["regulation.machine_cpu_percent"],
        settings["regulation.after_s"],
    )
