"""The clock port: all that the heartbeat asks of time, so that tests can script it."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Reads time and sleeps. One thread sleeps on a clock; any thread may wake it."""

    monotonic_counts_sleep: bool
    """Whether ``now_ns`` goes on while the machine is suspended."""

    def now_ns(self) -> int:
        """Monotonic time, ns; never steps."""
        ...

    def wall_ns(self) -> int:
        """Time since the Unix epoch, ns; may step either way."""
        ...

    def suspended_ns(self) -> int:
        """Time that the machine has spent asleep since it booted, ns."""
        ...

    def sleep_until(self, deadline_ns: int) -> bool:
        """Sleep to ``deadline_ns`` of the monotonic clock; True when ``wake`` ended it early."""
        ...

    def nap(self, span_s: float) -> None:
        """Sleep for a span that nothing ends early; costs less than ``sleep_until``."""
        ...

    def wake(self) -> None:
        """End the sleep in course, or the next one."""
        ...
