"""How much CPU a thread has used, as Windows counts it."""

from __future__ import annotations

import ctypes
from typing import Any

_QUERY_LIMITED_INFORMATION = 0x0800
_UNIT_NS = 100


def _kernel32() -> Any:
    """Calls that keep the interpreter, so that a thread that lives when asked for lives until the answer."""
    kernel32 = ctypes.PyDLL("kernel32")
    kernel32.OpenThread.restype = ctypes.c_void_p
    kernel32.OpenThread.argtypes = [ctypes.c_ulong, ctypes.c_int, ctypes.c_ulong]
    kernel32.GetThreadTimes.argtypes = [ctypes.c_void_p] + [ctypes.c_void_p] * 4
    kernel32.CloseHandle.argtypes = [ctypes.c_void_p]
    return kernel32


def thread_cpu_ns(identity: int) -> int:
    """CPU time of the thread ``threading.get_ident()``, ns, in steps of 16 ms; 0 where Windows does not tell."""
    kernel32 = _kernel32()
    handle = kernel32.OpenThread(_QUERY_LIMITED_INFORMATION, False, identity)
    if not handle:
        return 0
    times = [ctypes.c_ulonglong() for _each in range(4)]  # made, ended, in the kernel, of its own
    try:
        if not kernel32.GetThreadTimes(handle, *map(ctypes.byref, times)):
            return 0
    finally:
        kernel32.CloseHandle(handle)
    return (times[2].value + times[3].value) * _UNIT_NS
