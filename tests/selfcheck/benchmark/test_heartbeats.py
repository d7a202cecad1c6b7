"""Each former heartbeat does what it did, and its duration is that alone."""

import pytest

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.model.beat import Outcome
from aios_gui.selfcheck.benchmark import heartbeats
from aios_gui.selfcheck.benchmark.components import Components
from aios_gui.selfcheck.benchmark.heartbeats import (
    CACHED_NS,
    MinimalHeartbeat,
    OptimizedHeartbeat,
    OriginalHeartbeat,
)
from tests.fakes import MS, FakeClock, S
from tests.selfcheck.benchmark.fakes import fake_gauge

FORMER = [OriginalHeartbeat, OptimizedHeartbeat, MinimalHeartbeat]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Components]:
    """Every set of components that is built."""
    found: list[Components] = []

    class Counted(Components):
        def __init__(self) -> None:
            super().__init__()
            found.append(self)

    monkeypatch.setattr(heartbeats, "Components", Counted)
    return found


def test_original_builds_anew_blocks_and_waits_each_time(built: list[Components]) -> None:
    clock, asked = FakeClock(), []
    original = OriginalHeartbeat(clock, fake_gauge(clock, asked=asked))
    original.prepare()
    for _ in range(2):
        assert 1500 * MS <= original.beat() < 1502 * MS
    original.end()
    assert asked == [None, 1, 1]
    assert len(built) == 2
    assert original.outcome is Outcome.OK


def test_optimized_keeps_its_components_for_five_minutes(built: list[Components]) -> None:
    clock, asked = FakeClock(), []
    optimized = OptimizedHeartbeat(clock, fake_gauge(clock, asked=asked))
    optimized.prepare()
    for _ in range(3):
        assert optimized.beat() < MS
    assert (len(built), set(asked)) == (1, {None})
    clock.time_ns += CACHED_NS
    optimized.beat()
    assert len(built) == 2
    # Three beats, and the resources with every third.
    assert [event.kind for event in built[0].bus.recent] == ["heartbeat"] * 2 + ["resources"] * 2 + [
        "heartbeat"
    ]
    optimized.end()


def test_minimal_returns_at_once_while_all_is_fine(built: list[Components]) -> None:
    clock = FakeClock()
    minimal = MinimalHeartbeat(clock, fake_gauge(clock, 80, 85))
    minimal.prepare()
    minimal.beat()
    assert (minimal.outcome, list(built[0].bus.recent)) == (Outcome.OK, [])
    minimal.end()


@pytest.mark.parametrize(("cpu", "memory", "alerts"), [(81, 10, 1), (10, 86, 1), (99, 99, 2)])
def test_minimal_goes_the_full_way_when_something_is_not(
    cpu: float, memory: float, alerts: int, built: list[Components]
) -> None:
    clock = FakeClock()
    minimal = MinimalHeartbeat(clock, fake_gauge(clock, cpu, memory))
    minimal.prepare()
    minimal.beat()
    assert minimal.outcome is Outcome.ALERT
    assert len(built[0].notifications.alerts) == built[0].scheduler.jobs.qsize() == alerts
    minimal.end()


def test_a_score_that_is_too_low_is_told() -> None:
    assert heartbeats._outcome(10, 10, 0.49) is Outcome.DEGRADED
    assert heartbeats._outcome(10, 10, 0.5) is Outcome.OK
    assert heartbeats._outcome(90, 10, 0.1) is Outcome.ALERT


@pytest.mark.parametrize("kind", FORMER)
def test_resting_is_no_part_of_the_duration(kind: type[OriginalHeartbeat]) -> None:
    clock = FakeClock()
    heartbeat = kind(clock, fake_gauge(clock))
    heartbeat.prepare()
    began_ns = clock.time_ns
    assert heartbeat.beat_after(10 * S) < 2 * S
    assert clock.time_ns - began_ns > 10 * S
    heartbeat.end()
    heartbeat.end()


@pytest.mark.parametrize("kind", FORMER)
def test_the_real_machine_is_measured(kind: type[OriginalHeartbeat]) -> None:
    heartbeat = kind(system_clock())
    heartbeat.prepare()
    assert heartbeat.beat() > 0
    assert heartbeat.outcome in (Outcome.OK, Outcome.ALERT)
    heartbeat.end()
