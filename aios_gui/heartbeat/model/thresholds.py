"""The thresholds that a beat compares its sample with."""

from __future__ import annotations

from dataclasses import dataclass

from aios_gui.heartbeat.model.beat import Sample

CPU = "cpu"
MEMORY = "memory"
_NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """CPU and memory in percent of the machine; ``hiccup_ns`` is the lateness that counts as a stall."""

    cpu_percent: float = 80.0
    memory_percent: float = 85.0
    hiccup_ns: int = 50_000_000

    def breached_by(self, sample: Sample) -> tuple[str, ...]:
        """Names of the thresholds that the sample is over; empty on the fast path."""
        cpu, memory = sample.cpu_percent, sample.memory_percent
        if (cpu is None or cpu <= self.cpu_percent) and (memory is None or memory <= self.memory_percent):
            return _NOTHING
        names = []
        if cpu is not None and cpu > self.cpu_percent:
            names.append(CPU)
        if memory is not None and memory > self.memory_percent:
            names.append(MEMORY)
        return tuple(names)
