"""One beat without a resident instance: warmed first, then made for good."""

from __future__ import annotations

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Beat
from aios_gui.instance.options import engine_options
from aios_gui.settings.model import Settings


def beat_once(settings: Settings) -> Beat:
    """Warm up on this thread and make one beat on it.

    A warm-up is too short to measure CPU over it, so the beat has no CPU figure rather than a wrong one.
    """
    engine = HeartbeatEngine(system_clock(), engine_options(settings))
    engine.begin()
    try:
        return engine.step()
    finally:
        engine.end()
