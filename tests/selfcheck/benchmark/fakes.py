"""Heartbeats that take as long as told, and a result to show."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from aios_gui.selfcheck.benchmark.heartbeats import Gauge
from aios_gui.selfcheck.benchmark.model import (
    BenchmarkResult,
    Beside,
    Heartbeat,
    Machine,
    Pacing,
    RehearsalCount,
    Timing,
)
from tests.fakes import WALL, FakeClock, S

COSTS_NS = {
    Heartbeat.ORIGINAL: 1_500_000_000,
    Heartbeat.OPTIMIZED: 300_000,
    Heartbeat.MINIMAL: 200_000,
    Heartbeat.WARMED: 20_000,
}


class FakeHeartbeat:
    """Beats on a fake clock and remembers what was asked of it."""

    def __init__(
        self, name: Heartbeat, clock: FakeClock, at_each: Callable[[], object] = lambda: None
    ) -> None:
        self.name = name
        self.asked: list[str] = []
        self.rests_ns: list[int] = []
        self._clock = clock
        self._at_each = at_each

    def prepare(self) -> None:
        self.asked.append("prepare")

    def beat(self) -> int:
        self.asked.append("beat")
        self._at_each()
        self._clock.time_ns += COSTS_NS[self.name]
        return COSTS_NS[self.name]

    def beat_after(self, rest_ns: int) -> int:
        self.rests_ns.append(rest_ns)
        self._clock.time_ns += rest_ns
        return self.beat()

    def end(self) -> None:
        self.asked.append("end")


def fake_gauge(
    clock: FakeClock,
    cpu_percent: float = 10.0,
    memory_percent: float = 40.0,
    asked: list[float | None] | None = None,
) -> Gauge:
    """A machine of this load, measured in no time but for the time that a caller wants to be measured over."""

    def read_cpu(interval_s: float | None) -> float:
        if asked is not None:
            asked.append(interval_s)
        clock.time_ns += round((interval_s or 0) * S)
        return cpu_percent

    return Gauge(read_cpu, lambda: SimpleNamespace(percent=memory_percent))


def some_result(
    *, quick: bool = False, beside: Beside | None = None, processor: str = "a processor"
) -> BenchmarkResult:
    """A whole result."""
    timings = tuple(
        Timing.of(name, mode, [COSTS_NS[name], COSTS_NS[name] + 1_000, COSTS_NS[name] + 2_000])
        for mode in Pacing
        for name in Heartbeat
    )
    machine = Machine("Linux 6.1", processor, 2, "3.11.9", "1.0", 12.5)
    return BenchmarkResult(
        WALL, WALL + 120 * S, quick, timings, machine, RehearsalCount(30, 29, 510_000), beside
    )
