"""The sampler that works on every system: psutil."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from aios_gui.heartbeat.model.cpu import CpuCounters

_IDLE = ("idle", "iowait")
_COUNTED_ELSEWHERE = ("guest", "guest_nice", "interrupt", "dpc")
"""Guest time is within user time (Linux); interrupt and DPC time within system time (Windows)."""


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    try:
        yield
    except (psutil.Error, LookupError, TypeError, AttributeError) as error:
        # The latter are what psutil stumbles over where /proc is not as it expects.
        raise OSError(f"psutil: {type(error).__name__}: {error}") from error


class PsutilSampler:
    """Machine-wide counters by psutil, times in µs; whatever psutil raises is an OSError here."""

    name = "psutil"

    def read_cpu(self) -> CpuCounters:
        """CPU times of all cores."""
        with _one_kind_of_error():
            times = psutil.cpu_times()._asdict().items()
        microseconds = {name: round(value * 1e6) for name, value in times}
        idle = tuple(value for name, value in microseconds.items() if name in _IDLE)
        busy = tuple(
            value
            for name, value in microseconds.items()
            if name not in _IDLE and name not in _COUNTED_ELSEWHERE
        )
        return CpuCounters(busy, idle)

    def read_memory(self) -> tuple[int, int]:
        """Total and available bytes."""
        with _one_kind_of_error():
            memory = psutil.virtual_memory()
        return memory.total, memory.available

    def close(self) -> None:
        """Nothing is held open."""
