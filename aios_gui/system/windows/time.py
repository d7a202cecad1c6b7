"""Windows' own clocks and waits: a high-resolution timer to sleep on, and the time spent asleep."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any

_CREATE_WAITABLE_TIMER_HIGH_RESOLUTION = 0x2
_TIMER_ALL_ACCESS = 0x1F0003
_WAIT_OBJECT_0 = 0
_INFINITE = 0xFFFFFFFF
_PROCESS_POWER_THROTTLING = 4
_EXECUTION_SPEED = 0x1
_IGNORE_TIMER_RESOLUTION = 0x4


def _library(name: str) -> Any:
    """A Windows library whose calls let go of the interpreter."""
    return ctypes.WinDLL(name, use_last_error=True)  # type: ignore[attr-defined,unused-ignore]


def _suspended_reader() -> Callable[[], int]:
    """Interrupt time minus its unbiased form, which stops in sleep (Microsoft, QueryUnbiasedInterruptTime)."""
    try:
        biased = ctypes.PyDLL("kernelbase").QueryInterruptTime
        unbiased = ctypes.PyDLL("kernel32").QueryUnbiasedInterruptTime
    except (OSError, AttributeError):
        return lambda: 0
    with_sleep, without_sleep = ctypes.c_ulonglong(), ctypes.c_ulonglong()

    def read() -> int:
        biased(ctypes.byref(with_sleep))
        unbiased(ctypes.byref(without_sleep))
        return (with_sleep.value - without_sleep.value) * 100

    return read


if sys.platform == "win32":
    suspended_ns = _suspended_reader()
else:

    def suspended_ns() -> int:
        """Only Windows counts it this way."""
        return 0


def _opt_out(control_mask: int) -> bool:
    class State(ctypes.Structure):
        _fields_ = [
            ("Version", ctypes.c_ulong),
            ("ControlMask", ctypes.c_ulong),
            ("StateMask", ctypes.c_ulong),
        ]

    kernel32 = _library("kernel32")
    kernel32.GetCurrentProcess.restype = ctypes.c_void_p
    kernel32.SetProcessInformation.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong]
    state = State(1, control_mask, 0)
    return bool(
        kernel32.SetProcessInformation(
            kernel32.GetCurrentProcess(), _PROCESS_POWER_THROTTLING, ctypes.byref(state), ctypes.sizeof(state)
        )
    )


def keep_full_speed(opt_out: Callable[[int], bool] = _opt_out) -> bool:
    """Opt out of power throttling, which slows a minimized program and coarsens its timers; True if accepted.

    Windows 10 does not know the part about timers, and refuses it together with the other.
    """
    return opt_out(_EXECUTION_SPEED | _IGNORE_TIMER_RESOLUTION) or opt_out(_EXECUTION_SPEED)


class WindowsClock:
    """Sleeps on a high-resolution waitable timer and an event, both of which end the wait."""

    monotonic_counts_sleep = True

    def __init__(self) -> None:
        self.now_ns: Callable[[], int] = time.perf_counter_ns
        self.wall_ns: Callable[[], int] = time.time_ns
        self.suspended_ns: Callable[[], int] = suspended_ns
        self.nap: Callable[[float], None] = time.sleep
        self._kernel32 = kernel32 = _library("kernel32")
        for maker in (kernel32.CreateWaitableTimerExW, kernel32.CreateEventW):
            maker.restype = ctypes.c_void_p
        timer = kernel32.CreateWaitableTimerExW(
            None, None, _CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, _TIMER_ALL_ACCESS
        ) or kernel32.CreateWaitableTimerExW(None, None, 0, _TIMER_ALL_ACCESS)
        event = kernel32.CreateEventW(None, False, False, None)
        if not timer or not event:
            raise OSError("Windows gave no timer to sleep on")
        self._handles = (ctypes.c_void_p * 2)(event, timer)
        self._event, self._timer = ctypes.c_void_p(event), ctypes.c_void_p(timer)

    def sleep_until(self, deadline_ns: int) -> bool:
        """Sleep to ``deadline_ns``; True when ``wake`` ended it early."""
        while (left_ns := deadline_ns - self.now_ns()) > 0:
            relative = ctypes.c_longlong(-max(1, left_ns // 100))
            self._kernel32.SetWaitableTimer(self._timer, ctypes.byref(relative), 0, None, None, False)
            reason = self._kernel32.WaitForMultipleObjects(2, self._handles, False, _INFINITE)
            if reason == _WAIT_OBJECT_0:
                return True
        return False

    def wake(self) -> None:
        """End the present sleep, or the next one."""
        self._kernel32.SetEvent(self._event)
