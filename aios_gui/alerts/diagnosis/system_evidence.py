"""What the whole machine tells: pressure, context switches, stolen time, page faults; each where the system has it."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aios_gui.system.machine import machine

log = logging.getLogger(__name__)
Facts = dict[str, int | float | str]
RESOURCES = ("cpu", "io", "memory")
_VMSTAT = {
    "pgmajfault": "major_faults",
    "pswpin": "swapped_in",
    "pswpout": "swapped_out",
    "oom_kill": "oom_kills",
}


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters of the machine at one moment (``at_ns`` monotonic), and what needs no second look."""

    at_ns: int
    growing: dict[str, float] = field(default_factory=dict)
    standing: Facts = field(default_factory=dict)


class SystemEvidence:
    """Reads counters; what the system does not tell is left out. Nothing here raises."""

    def __init__(
        self,
        folder: Path | None = None,
        source: Any = None,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._folder = folder or (Path("/proc") if sys.platform == "linux" else None)
        self._source = source or machine()
        self._now_ns = now_ns

    def counters(self, thorough: bool = True) -> Counters:
        """How the counters stand; where it is to be ``thorough``, with those that take longest to read."""
        growing: dict[str, float] = {}
        standing: Facts = {}
        reads = (self._cpu, self._switches, self._pressure, self._vmstat, self._disk_queue)
        for read in reads if thorough else reads[:-2]:
            try:
                read(growing, standing)
            except Exception as error:  # noqa: BLE001 - psutil has errors of its own; the rest stands
                log.debug("evidence that is left out: %s", error)
        return Counters(self._now_ns(), growing, standing)

    def _cpu(self, growing: dict[str, float], _standing: Facts) -> None:
        times = self._source.cpu_times()
        idle = float(times.idle) + float(getattr(times, "iowait", 0.0))
        # Guest time, which follows the eighth, is within user time.
        growing["busy_s"] = sum(times[:8]) - idle
        growing["total_s"] = sum(times[:8])
        if hasattr(times, "steal"):
            growing["steal_s"] = float(times.steal)
        if hasattr(times, "iowait"):
            growing["iowait_s"] = float(times.iowait)
        # As Linux calls them, and as Windows does.
        if hasattr(times, "irq"):
            growing["interrupts_s"] = float(times.irq) + float(times.softirq)
        elif hasattr(times, "interrupt"):
            growing["interrupts_s"] = float(times.interrupt) + float(times.dpc)

    def _disk_queue(self, growing: dict[str, float], _standing: Facts) -> None:
        """For how long requests have waited for all disks, each counted by itself; slow to ask for on Windows."""
        if sys.platform == "win32" or self._folder is None:
            disk = self._source.disk_io_counters()
            growing["disk_waited_s"] = (float(disk.read_time) + float(disk.write_time)) / 1e3

    def _switches(self, growing: dict[str, float], _standing: Facts) -> None:
        growing["switches"] = float(self._source.cpu_stats().ctx_switches)

    def _pressure(self, growing: dict[str, float], standing: Facts) -> None:
        if self._folder is None:
            return
        for resource in RESOURCES:
            try:
                line = (self._folder / "pressure" / resource).read_text("ascii").splitlines()[0]
            except (OSError, IndexError):
                continue
            fields = dict(part.split("=") for part in line.split()[1:])
            growing[f"{resource}_stalled_us"] = float(fields["total"])
            standing[f"{resource}_pressure_10s_percent"] = float(fields["avg10"])

    def _vmstat(self, growing: dict[str, float], _standing: Facts) -> None:
        if self._folder is None:
            return
        for line in (self._folder / "vmstat").read_text("ascii").splitlines():
            name, _, value = line.partition(" ")
            if name in _VMSTAT:
                growing[_VMSTAT[name]] = float(value)


def grown(before: Counters, after: Counters) -> dict[str, float]:
    """By how much the counters grew between two looks; one that went back, or was not there, is left out."""
    return {
        name: value - before.growing[name]
        for name, value in after.growing.items()
        if value >= before.growing.get(name, float("inf"))
    }


def rates(growth: Mapping[str, float], seconds: float) -> Facts:
    """Rates and shares out of what grew within that number of seconds, as ``busy_percent`` of all cores."""
    found: Facts = {}
    if seconds <= 0:
        return found
    total_s = growth.get("total_s", 0.0)
    if total_s > 0:
        for name in ("busy", "steal", "iowait", "interrupts"):
            if f"{name}_s" in growth:
                found[f"{name}_percent"] = round(min(100.0, growth[f"{name}_s"] / total_s * 100), 1)
    for resource in RESOURCES:
        if f"{resource}_stalled_us" in growth:
            share = growth[f"{resource}_stalled_us"] / 1e6 / seconds * 100
            found[f"{resource}_pressure_percent"] = round(min(100.0, share), 1)
    if "disk_waited_s" in growth:
        found["disk_queue"] = round(growth["disk_waited_s"] / seconds, 1)
    for name in ("switches", "major_faults", "swapped_in", "swapped_out"):
        if name in growth:
            found[f"{name}_per_s"] = round(growth[name] / seconds)
    if growth.get("oom_kills"):
        found["oom_kills"] = int(growth["oom_kills"])
    return found
