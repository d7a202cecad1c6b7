"""The fast sampler of Windows: two calls of kernel32 that keep the interpreter."""

from __future__ import annotations

import ctypes

from aios_gui.heartbeat.model.cpu import CpuCounters


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = [
        ("length", ctypes.c_uint32),
        ("load_percent", ctypes.c_uint32),
        ("total_bytes", ctypes.c_uint64),
        ("available_bytes", ctypes.c_uint64),
        ("page_total_bytes", ctypes.c_uint64),
        ("page_available_bytes", ctypes.c_uint64),
        ("virtual_total_bytes", ctypes.c_uint64),
        ("virtual_available_bytes", ctypes.c_uint64),
        ("extended_available_bytes", ctypes.c_uint64),
    ]


class WindowsSampler:
    """GetSystemTimes and GlobalMemoryStatusEx; OSError where kernel32 is not there or refuses."""

    name = "kernel32"

    def __init__(self) -> None:
        kernel32 = ctypes.PyDLL("kernel32")
        self._system_times = kernel32.GetSystemTimes
        self._memory_status = kernel32.GlobalMemoryStatusEx
        self._idle, self._kernel, self._user = ctypes.c_uint64(), ctypes.c_uint64(), ctypes.c_uint64()
        self._times = tuple(ctypes.byref(part) for part in (self._idle, self._kernel, self._user))
        self._memory = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        self._memory_argument = ctypes.byref(self._memory)

    def read_cpu(self) -> CpuCounters:
        """CPU times in units of 100 ns. Kernel time includes idle time there."""
        if not self._system_times(*self._times):
            raise OSError("Windows gave no system times")
        idle = self._idle.value
        return CpuCounters((self._kernel.value - idle, self._user.value), (idle,))

    def read_memory(self) -> tuple[int, int]:
        """Total and available bytes."""
        if not self._memory_status(self._memory_argument):
            raise OSError("Windows gave no memory status")
        return self._memory.total_bytes, self._memory.available_bytes

    def close(self) -> None:
        """Nothing is held open."""
