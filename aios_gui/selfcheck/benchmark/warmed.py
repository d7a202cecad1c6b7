"""This program's own heartbeat as the benchmark measures it: the real engine, a beat at a time."""

from __future__ import annotations

from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.selfcheck.benchmark.model import Heartbeat, Rehearsed


class WarmedHeartbeat:
    """Drives an engine that nothing else runs; at cadence each beat is rehearsed as in use."""

    name = Heartbeat.WARMED

    def __init__(self, engine: HeartbeatEngine) -> None:
        self._engine = engine
        self._open = False
        self._beats = 0
        self._rehearsed = 0

    def prepare(self) -> None:
        """Warm up on the calling thread."""
        self._open = True
        self._engine.begin()

    def beat(self) -> int:
        """The path of the beat, run at once; ns."""
        return self._engine.run_path()

    def beat_after(self, rest_ns: int) -> int:
        """A beat of the engine; returns its duration, ns. OSError where the system gave no figures."""
        beat = self._engine.step(rest_ns)
        if beat.sample.error:
            raise OSError(beat.sample.error)
        self._beats += 1
        self._rehearsed += beat.rehearsed
        return beat.duration_ns

    def end(self) -> None:
        """Close what the engine holds."""
        if self._open:
            self._open = False
            self._engine.end()

    @property
    def rehearsed(self) -> Rehearsed:
        """How many beats at cadence had a rehearsal, and the margin as learnt."""
        return Rehearsed(self._beats, self._rehearsed, self._engine.margin_ns)
