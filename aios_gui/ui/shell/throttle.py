"""How often the window refreshes: as wanted, or less while the machine is busy or this program costs too much."""

from __future__ import annotations

import time
from collections.abc import Callable

from aios_gui.alerts.model.rules import Level, Measure
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.instance.model.throttle import Load, Throttle, ThrottleReason, throttled_hz
from aios_gui.instance.settings import throttle_limits
from aios_gui.settings.model import Settings


class WindowThrottle:
    """Looks every few seconds. The cost is that of this process, also where another one beats."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        cpu_ns: Callable[[], int] = time.process_time_ns,
        now_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self._settings = settings
        self._cpu_ns, self._now_ns = cpu_ns, now_ns
        self._before: tuple[int, int] | None = None
        self._throttle = Throttle(throttle_limits(settings()))

    @property
    def reason(self) -> ThrottleReason:
        """Why to refresh more slowly, if at all."""
        return self._throttle.reason

    @property
    def refresh_hz(self) -> float:
        """How often to refresh now."""
        return throttled_hz(float(self._settings()["window.refresh_hz"]), self.reason)

    def look(self, snapshot: Snapshot) -> bool:
        """Take in how it is; whether to refresh at another rate from now on, or to say another reason for it."""
        before = self.reason
        self._throttle.limits = throttle_limits(self._settings())
        now_ns = self._now_ns()
        self._throttle.take(self._load(snapshot, now_ns), now_ns)
        return self.reason is not before

    def _load(self, snapshot: Snapshot, now_ns: int) -> Load:
        cpu_ns, before = self._cpu_ns(), self._before
        self._before = (now_ns, cpu_ns)
        own = None
        if before is not None and now_ns > before[0]:
            own = (cpu_ns - before[1]) * 100 / (now_ns - before[0])
        fires = any(
            each.measure == Measure.CPU and each.level is Level.CRITICAL for each in snapshot.open_incidents
        )
        return Load(own, snapshot.beat.cpu_percent if snapshot.beat is not None else None, fires)
