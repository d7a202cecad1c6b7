"""The sampler port of the beat, and the meter that turns its readings into a sample."""

from __future__ import annotations

from typing import Protocol

from aios_gui.heartbeat.model.beat import Sample
from aios_gui.heartbeat.model.cpu import CpuCounters, cpu_percent, memory_percent


class Sampler(Protocol):
    """Reads the machine's counters. Must not block, and should not let go of the interpreter.

    What it reads with raises OSError, ValueError or RuntimeError where the system gives nothing.
    """

    name: str
    """The source that is shown beside the figures, as ``procfs``."""

    def read_cpu(self) -> CpuCounters:
        """CPU counters of the whole machine."""
        ...

    def read_memory(self) -> tuple[int, int]:
        """Memory of the machine in bytes: total, available."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class Meter:
    """Turns readings into samples. A rehearsal computes the same and moves no baseline."""

    __slots__ = ("_before", "_sampler")

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler
        self._before: CpuCounters | None = None

    def take(self, keep: bool) -> Sample:
        """One sample; with ``keep`` its CPU counters become the baseline of the next.

        A reading that fails gives a sample without figures that carries why. The first has no CPU figure.
        """
        try:
            sampler = self._sampler
            cpu = sampler.read_cpu()
            total_bytes, available_bytes = sampler.read_memory()
            before = self._before
            percent = cpu_percent(before, cpu) if before is not None else None
            sample = Sample(percent, memory_percent(total_bytes, available_bytes))
        except (OSError, ValueError, RuntimeError) as error:
            return Sample(None, None, f"{type(error).__name__}: {error}")
        if keep:
            self._before = cpu
        return sample

    @property
    def has_baseline(self) -> bool:
        """Whether the next sample can tell CPU."""
        return self._before is not None

    def forget(self) -> None:
        """Drop the baseline, as after a sleep of the machine: the next sample has no CPU figure."""
        self._before = None
