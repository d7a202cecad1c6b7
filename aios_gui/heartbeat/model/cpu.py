"""CPU and memory percentages from counters, by the arithmetic of psutil so that both tell the same figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CpuCounters:
    """CPU time of all cores since boot in any unit: time in each mode that is busy, and in each that is idle.

    Guest time is not to be listed: the kernel already counts it within user time.
    """

    busy: tuple[int, ...]
    idle: tuple[int, ...]


def cpu_percent(before: CpuCounters, after: CpuCounters) -> float:
    """Share of the time between two readings in which the cores were busy, 0 to 100, one decimal.

    A counter that went back (a reset, a core taken offline) counts as unmoved, so no figure is ever negative.
    0.0 where nothing moved.
    """
    busy = 0
    for old, new in zip(before.busy, after.busy, strict=True):
        if new > old:
            busy += new - old
    total = busy
    for old, new in zip(before.idle, after.idle, strict=True):
        if new > old:
            total += new - old
    return round(busy / total * 100, 1) if total else 0.0


def memory_percent(total_bytes: int, available_bytes: int) -> float:
    """Share of memory that is not available to a new program, 0 to 100, one decimal."""
    if total_bytes <= 0:
        return 0.0
    return round((total_bytes - available_bytes) / total_bytes * 100, 1)
