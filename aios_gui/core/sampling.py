"""The sampler port of the beat, and the meter that turns its readings into a sample."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from aios_gui.core.beat import Sample
from aios_gui.core.cpu import CpuCounters, cpu_percent, memory_percent


class Reading(NamedTuple):
    """Raw counters of one moment. A named tuple, since it is built twice in every beat."""

    cpu: CpuCounters
    memory_total_bytes: int
    memory_available_bytes: int


class Sampler(Protocol):
    """Reads the machine's counters. Must not block, and should not let go of the interpreter."""

    name: str
    """The source that is shown beside the figures, as ``procfs``."""

    def read(self) -> Reading:
        """Read the counters; OSError, ValueError or RuntimeError where the system gives none."""
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
            cpu, total_bytes, available_bytes = self._sampler.read()
            before = self._before
            percent = cpu_percent(before, cpu) if before is not None else None
            sample = Sample(percent, memory_percent(total_bytes, available_bytes))
        except (OSError, ValueError, RuntimeError) as error:
            return Sample(None, None, f"{type(error).__name__}: {error}")
        if keep:
            self._before = cpu
        return sample

    def forget(self) -> None:
        """Drop the baseline, as after a sleep of the machine: the next sample has no CPU figure."""
        self._before = None
