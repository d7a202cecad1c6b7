"""One beat without a resident instance: warmed first, then made for good."""

from __future__ import annotations

from aios_gui.core.beat import Beat
from aios_gui.core.settings import Settings
from aios_gui.services.clock import system_clock
from aios_gui.services.engine import HeartbeatEngine
from aios_gui.services.options import engine_options


def beat_once(settings: Settings) -> Beat:
    """Warm up on this thread and make one beat on it.

    CPU is measured over the warm-up, which lasts a few milliseconds; where no tick of the system's counters falls
    into it, the figure is 0.
    """
    engine = HeartbeatEngine(system_clock(), engine_options(settings))
    engine.run_once()
    beat = engine.output.popleft()
    while not isinstance(beat, Beat):
        beat = engine.output.popleft()
    return beat
