"""The sampler that works on every system: psutil."""

from __future__ import annotations

import psutil

from aios_gui.core.cpu import CpuCounters
from aios_gui.core.sampling import Reading

_IDLE = ("idle", "iowait")
_COUNTED_ELSEWHERE = ("guest", "guest_nice", "interrupt", "dpc")
"""Guest time is within user time (Linux); interrupt and DPC time within system time (Windows)."""


class PsutilSampler:
    """Machine-wide counters by psutil, times in µs; whatever psutil raises is an OSError here."""

    name = "psutil"

    def read(self) -> Reading:
        """One reading of CPU times and memory."""
        try:
            times = psutil.cpu_times()
            memory = psutil.virtual_memory()
        except (psutil.Error, LookupError, TypeError, AttributeError) as error:
            # The latter are what psutil stumbles over where /proc is not as it expects.
            raise OSError(f"psutil: {type(error).__name__}: {error}") from error
        microseconds = {name: round(value * 1e6) for name, value in times._asdict().items()}
        idle = tuple(value for name, value in microseconds.items() if name in _IDLE)
        busy = tuple(
            value
            for name, value in microseconds.items()
            if name not in _IDLE and name not in _COUNTED_ELSEWHERE
        )
        return Reading(CpuCounters(busy, idle), memory.total, memory.available)

    def close(self) -> None:
        """Nothing is held open."""
