"""What an engine is told: how often to beat, what to compare with, whether to rehearse and to warm up."""

from __future__ import annotations

from dataclasses import dataclass, field

from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.stall import WatchMode
from aios_gui.heartbeat.model.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How to beat. With ``warm_up`` it warms up by itself: at the start, after a sleep of the machine and a pause.

    ``watch`` says how often it wakes between two beats to see whether it woke in time.
    """

    interval_ns: int = 1_000_000_000
    thresholds: Thresholds = field(default_factory=Thresholds)
    rehearsal: RehearsalMode = RehearsalMode.AUTO
    warm_up: bool = True
    watch: WatchMode = WatchMode.AUTO
