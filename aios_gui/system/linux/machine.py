"""The counters of the machine and of this process out of /proc and /sys, under the names that psutil has for them."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

_SECTOR_BYTES = 512
"""Of /proc/diskstats, whatever the disk (kernel documentation, iostats)."""


class Disk(NamedTuple):
    """What was read and written, and how long it was at work, ms."""

    read_bytes: int
    write_bytes: int
    busy_time: int = 0


class Network(NamedTuple):
    """What was received and sent."""

    bytes_recv: int
    bytes_sent: int


class CpuTimes(NamedTuple):
    """Seconds since the start of the machine, of all cores together."""

    user: float
    nice: float
    system: float
    idle: float
    iowait: float
    irq: float
    softirq: float
    steal: float


class CpuStats(NamedTuple):
    """Counts since the start of the machine."""

    ctx_switches: int


class Memory(NamedTuple):
    """Of this process, or of the machine."""

    rss: int = 0
    total: int = 0


class Swap(NamedTuple):
    """How full it is."""

    percent: float


class DiskUsage(NamedTuple):
    """How full the disk of a folder is, for this user."""

    percent: float


class Battery(NamedTuple):
    """Whether the machine runs on it."""

    power_plugged: bool


class ThisProcess:
    """The process that asks."""

    def __init__(self, folder: str = "/proc") -> None:
        self._folder = folder

    def cpu_times(self) -> tuple[float, float]:
        """CPU time of all its threads; the second figure of psutil's two is in the first."""
        return time.process_time(), 0.0

    def memory_info(self) -> Memory:
        """What it holds in memory."""
        return Memory(rss=int(_read(f"{self._folder}/self/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE"))

    def num_threads(self) -> int:
        """How many threads it has."""
        return len(os.listdir(f"{self._folder}/self/task"))  # noqa: PTH208 - only counted


class LinuxMachine:
    """What this program wants of psutil, which takes 1.5 MB and 15 ms to load.

    OSError, ValueError or LookupError where a file is missing or is not as documented.
    """

    def __init__(self, folder: str = "/proc", devices: str = "/sys") -> None:
        self._folder, self._devices = folder, devices
        self._ticks = os.sysconf("SC_CLK_TCK")
        self._is_whole_disk: dict[bytes, bool] = {}

    def Process(self) -> ThisProcess:  # noqa: N802
        """This process."""
        return ThisProcess(self._folder)

    def cpu_times(self) -> CpuTimes:
        """What the cores did."""
        fields = _read(f"{self._folder}/stat").split(b"\n", 1)[0].split()
        return CpuTimes(*(int(field) / self._ticks for field in fields[1:9]))

    def cpu_stats(self) -> CpuStats:
        """How often a core went from one thread to another."""
        return CpuStats(int(_read(f"{self._folder}/stat").split(b"\nctxt ", 1)[1].split(None, 1)[0]))

    def virtual_memory(self) -> Memory:
        """How much memory there is."""
        return Memory(total=self._memory(b"MemTotal:") * 1024)

    def swap_memory(self) -> Swap:
        """How full the swap is; 0 where there is none."""
        total, free = self._memory(b"SwapTotal:"), self._memory(b"SwapFree:")
        return Swap(round((total - free) / total * 100, 1) if total else 0.0)

    def disk_io_counters(self, perdisk: bool = False, nowrap: bool = False) -> Disk | dict[str, Disk] | None:
        """Of each disk and partition, or of all disks together; None where there is none. Counters may go back."""
        del nowrap
        found: dict[str, Disk] = {}
        read = written = 0
        for line in _read(f"{self._folder}/diskstats").splitlines():
            fields = line.split()
            if perdisk or self._is_disk(fields[2]):
                name, of_disk = fields[2].decode(), (int(fields[5]), int(fields[9]))
                found[name] = Disk(of_disk[0] * _SECTOR_BYTES, of_disk[1] * _SECTOR_BYTES, int(fields[12]))
                read, written = read + found[name].read_bytes, written + found[name].write_bytes
        if perdisk:
            return found
        return Disk(read, written) if found else None

    def net_io_counters(self) -> Network | None:
        """Of all cards together; None where there is none."""
        received = sent = 0
        lines = _read(f"{self._folder}/net/dev").splitlines()[2:]
        for line in lines:
            fields = line.rpartition(b":")[2].split()
            received, sent = received + int(fields[0]), sent + int(fields[8])
        return Network(received, sent) if lines else None

    def disk_usage(self, folder: str) -> DiskUsage:
        """How full the disk is, of what this user can fill: some systems keep a part for their own."""
        status = os.statvfs(folder)
        used = status.f_blocks - status.f_bfree
        mine = used + status.f_bavail
        return DiskUsage(round(used / mine * 100, 1) if mine else 0.0)

    def sensors_battery(self) -> Battery | None:
        """Whether the machine runs on its battery; None where it has none."""
        folder = f"{self._devices}/class/power_supply"
        try:
            supplies = sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is needed
        except FileNotFoundError:
            return None
        batteries = [name for name in supplies if name.startswith("BAT") or "battery" in name.lower()]
        if not batteries:
            return None
        if adapters := [name for name in supplies if name.startswith(("AC", "ADP"))]:
            return Battery(any(_read(f"{folder}/{name}/online").strip() == b"1" for name in adapters))
        return Battery(_read(f"{folder}/{batteries[0]}/status").strip().lower() != b"discharging")

    def _memory(self, name: bytes) -> int:
        return int(_read(f"{self._folder}/meminfo").split(name, 1)[1].split(None, 1)[0])

    def _is_disk(self, name: bytes) -> bool:
        """Whether it is no part of another one."""
        if name not in self._is_whole_disk:
            path = f"{self._devices}/block/{name.decode().replace('/', '!')}"
            self._is_whole_disk[name] = os.access(path, os.F_OK)
        return self._is_whole_disk[name]


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        text = os.read(descriptor, 65_536)
        while more := os.read(descriptor, 65_536):
            text += more
        return text
    finally:
        os.close(descriptor)
