"""The real clock: the one module that reads time and sleeps for the beat."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from aios_gui.heartbeat.model.clock import Clock

_LONGEST_SLEEP_NS = 1_000_000_000
"""Python tells of a signal only once this thread wakes where it came just before the sleep, or to another thread."""
_PR_SET_TIMERSLACK = 29


def _no_sleep_counted() -> int:
    return 0


def _suspended_reader() -> Callable[[], int]:
    """A function that tells the time spent asleep since boot, ns; 0 where the system does not count it."""
    if sys.platform == "linux":
        read, boot, monotonic = time.clock_gettime_ns, time.CLOCK_BOOTTIME, time.CLOCK_MONOTONIC
        return lambda: read(boot) - read(monotonic)
    if sys.platform == "darwin":
        read, awake = time.clock_gettime_ns, time.CLOCK_UPTIME_RAW
        continuous = getattr(time, "CLOCK_MONOTONIC_RAW", time.CLOCK_MONOTONIC)
        return lambda: read(continuous) - read(awake)
    if sys.platform == "win32":
        from aios_gui.system.windows.time import suspended_ns

        return suspended_ns
    return _no_sleep_counted


class SystemClock:
    """Sleeps on a lock that is released to wake it: µs resolution, woken at once, signals still handled."""

    monotonic_counts_sleep = sys.platform == "win32"

    def __init__(self) -> None:
        self.now_ns: Callable[[], int] = time.perf_counter_ns
        self.wall_ns: Callable[[], int] = time.time_ns
        self.suspended_ns: Callable[[], int] = _suspended_reader()
        self._signal = threading.Lock()
        self._signal.acquire()
        self._never = threading.Lock()
        self._never.acquire()

    def sleep_until(self, deadline_ns: int) -> bool:
        """Sleep to ``deadline_ns``; True when ``wake`` ended it early.

        Long sleeps are cut: what is to be done on a signal would wait for their end, and a lock's wait may not count
        time that the machine was asleep.
        """
        while (left_ns := deadline_ns - self.now_ns()) > 0:
            if self._signal.acquire(timeout=min(left_ns, _LONGEST_SLEEP_NS) / 1e9):
                return True
        return False

    def nap(self, span_s: float) -> None:
        """Sleep for a span that nothing ends early; costs less than ``sleep_until``."""
        try:
            time.sleep(span_s)
        except OSError:
            # Refused, as libfaketime does it where it leaves the monotonic clock alone; a wait on a lock is not.
            self._never.acquire(timeout=span_s)

    def wake(self) -> None:
        """End the sleep in course, or the next one."""
        try:
            self._signal.release()
        except RuntimeError:
            return  # a wake-up is waiting already: one is enough


def ask_for_exact_timers() -> None:
    """Have the calling thread woken when it asked to be, where the system else adds 50 µs to save power.

    Linux gives an ordinary thread a timer slack of 50 µs (prctl(2), PR_SET_TIMERSLACK). One that refuses is as before.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.PyDLL(None).prctl(_PR_SET_TIMERSLACK, ctypes.c_ulong(1), 0, 0, 0)


def system_clock() -> Clock:
    """The clock for this system."""
    if sys.platform == "win32":
        from aios_gui.system.windows.time import WindowsClock

        return WindowsClock()
    return SystemClock()
