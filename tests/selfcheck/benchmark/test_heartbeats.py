"""The four heartbeats: what each does, what the former ones are built of, and our own."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.beat import Outcome
from aios_gui.selfcheck.benchmark import heartbeats
from aios_gui.selfcheck.benchmark.heartbeats import (
    ALERTS,
    CACHED_NS,
    CPU_SPIKE,
    HEARTBEAT,
    MEMORY_HIGH,
    SNAPSHOT,
    Components,
    EventBus,
    Happening,
    MinimalHeartbeat,
    OptimizedHeartbeat,
    OriginalHeartbeat,
    WarmedHeartbeat,
    score_of,
)
from tests.fakes import MS, FakeClock, Rig, S
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
    clock = FakeClock()
    asked: list[float | None] = []
    original = OriginalHeartbeat(clock, fake_gauge(clock, asked=asked))
    original.prepare()
    for _ in range(2):
        assert 1500 * MS <= original.beat() < 1502 * MS
    original.end()
    assert asked == [None, 1, 1]
    assert len(built) == 2
    assert original.outcome is Outcome.OK


def test_optimized_keeps_its_components_for_five_minutes(built: list[Components]) -> None:
    clock = FakeClock()
    asked: list[float | None] = []
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


happenings = st.builds(
    Happening,
    st.sampled_from([HEARTBEAT, SNAPSHOT, CPU_SPIKE, MEMORY_HIGH]),
    st.floats(0, 10_000),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("events", "score"),
    [
        ([], 1.0),
        ([Happening(HEARTBEAT, 50)], 1.0),
        ([Happening(HEARTBEAT, 550)], 0.9),
        ([Happening(HEARTBEAT, 1000), Happening(HEARTBEAT, 1000)], 0.8),
        ([Happening(HEARTBEAT, 9999)], 0.8),
        ([Happening(HEARTBEAT, 10), Happening(HEARTBEAT, 10, success=False)], 0.8),
        # One alert in twenty halves stability and the margin.
        ([Happening(HEARTBEAT, 10)] * 19 + [Happening(CPU_SPIKE, 90)], 0.8),
        ([Happening(HEARTBEAT, 10)] * 9 + [Happening(MEMORY_HIGH, 90)], 0.7),
    ],
)
def test_the_score_is_as_it_was_defined(events: list[Happening], score: float) -> None:
    assert score_of(events) == pytest.approx(score)


@given(st.lists(happenings, max_size=120))
def test_the_score_is_a_share(events: list[Happening]) -> None:
    assert 0 <= score_of(events) <= 1


def test_an_alert_is_noted_and_its_playbook_waits_by_priority() -> None:
    components = Components()
    components.bus.emit([Happening(MEMORY_HIGH, 90), Happening(SNAPSHOT, 1), Happening(CPU_SPIKE, 95)])
    assert [alert.kind for alert in components.notifications.alerts] == [MEMORY_HIGH, CPU_SPIKE]
    assert components.scheduler.jobs.get_nowait()[1] == "find the busiest process"
    assert components.scheduler.jobs.get_nowait()[1] == "find the largest process"
    assert components.score.score() < 1
    components.close()


def test_alerts_without_end_fill_no_memory() -> None:
    components = Components()
    for kind in sorted(ALERTS):
        components.bus.emit([Happening(kind, 99)] * 500)
    assert components.scheduler.jobs.qsize() == 100
    assert (len(components.bus.recent), len(components.notifications.alerts)) == (100, 50)
    components.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file has a name until it is closed")
def test_the_file_of_the_bus_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bus = EventBus()
    bus.emit([Happening(HEARTBEAT, 1.5)])
    assert list(tmp_path.iterdir()) == []
    bus.close()


def test_a_beat_at_cadence_is_rehearsed_and_costs_its_own_duration_alone() -> None:
    rig = Rig()
    warmed = WarmedHeartbeat(rig.engine)
    warmed.prepare()
    began_ns = rig.clock.time_ns
    durations = [warmed.beat_after(S) for _ in range(3)]
    assert rig.clock.time_ns - began_ns >= 3 * S
    assert all(20_000 <= duration < 200_000 for duration in durations)
    assert (warmed.rehearsed.beats, warmed.rehearsed.rehearsed) == (3, 3)
    assert warmed.rehearsed.margin_ns > 0
    warmed.end()
    warmed.end()
    assert rig.sampler.closed


def test_the_path_alone_is_no_beat() -> None:
    rig = Rig()
    warmed = WarmedHeartbeat(rig.engine)
    warmed.prepare()
    assert warmed.beat() > 0
    assert (warmed.rehearsed.beats, rig.engine.made) == (0, 0)
    warmed.end()


def test_a_beat_without_figures_is_no_measurement() -> None:
    rig = Rig()
    warmed = WarmedHeartbeat(rig.engine)
    warmed.prepare()
    rig.sampler.failing = OSError("gone")
    with pytest.raises(OSError, match="gone"):
        warmed.beat_after(S)
    warmed.end()


def test_ended_before_it_began_is_harmless() -> None:
    WarmedHeartbeat(Rig().engine).end()


def test_the_real_engine_beats() -> None:
    warmed = WarmedHeartbeat(HeartbeatEngine(system_clock()))
    warmed.prepare()
    assert warmed.beat() > 0
    assert warmed.beat_after(0) > 0
    warmed.end()
