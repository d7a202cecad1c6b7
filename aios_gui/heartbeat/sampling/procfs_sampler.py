"""The fast sampler of Linux: two reads of /proc by held descriptors, parsed as psutil does."""

from __future__ import annotations

from aios_gui.heartbeat.model.cpu import CpuCounters
from aios_gui.heartbeat.sampling.held_file import HeldFile

# /proc/stat: "cpu  user nice system idle iowait irq softirq steal guest guest_nice", see proc(5). Guest time is
# within user time already. Kernels before 2.6.11 have fewer fields: psutil serves there.
_CPU_LINE_BYTES = 512
_MEMORY_BYTES = 512


class ProcfsSampler:
    """Reads /proc/stat and /proc/meminfo; OSError or ValueError where either is not as documented."""

    name = "procfs"

    def __init__(self, folder: str = "/proc") -> None:
        self._stat = HeldFile(f"{folder}/stat", _CPU_LINE_BYTES)
        try:
            self._meminfo = HeldFile(f"{folder}/meminfo", _MEMORY_BYTES)
        except OSError:
            self._stat.close()
            raise

    def read_cpu(self) -> CpuCounters:
        """CPU counters in clock ticks."""
        return parse_cpu(self._stat.read())

    def read_memory(self) -> tuple[int, int]:
        """Total and available bytes."""
        return parse_memory(self._meminfo.read())

    def close(self) -> None:
        """Close both files."""
        self._stat.close()
        self._meminfo.close()


def parse_cpu(text: bytes) -> CpuCounters:
    """Counters of all cores from the first line of /proc/stat, in clock ticks; ValueError if it is another."""
    line, end, _ = text.partition(b"\n")
    fields = line.split()
    # Without the line's end its last figure may be cut short.
    if not end or len(fields) < 9 or fields[0] != b"cpu":
        raise ValueError("/proc/stat does not begin with the counters of all cores")
    user, nice, system, idle, iowait, irq, softirq, steal = map(int, fields[1:9])
    return CpuCounters((user, nice, system, irq, softirq, steal), (idle, iowait))


def parse_memory(text: bytes) -> tuple[int, int]:
    """Total and available bytes from /proc/meminfo; ValueError where one is missing (kernels before 3.14)."""
    total = text.find(b"MemTotal:")
    available = text.find(b"MemAvailable:")
    if total < 0 or available < 0:
        raise ValueError("/proc/meminfo lacks MemTotal or MemAvailable")
    total_bytes = int(text[total + 9 : text.index(b"kB", total)]) * 1024
    available_bytes = int(text[available + 13 : text.index(b"kB", available)]) * 1024
    # A container's view may give more available than there is, and a kernel none: psutil then reckons by itself.
    if not 0 < available_bytes <= total_bytes:
        raise ValueError("/proc/meminfo gives impossible figures")
    return total_bytes, available_bytes
