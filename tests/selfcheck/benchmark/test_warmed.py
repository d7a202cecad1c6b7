"""The warmed heartbeat is the engine itself."""

import pytest

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.selfcheck.benchmark.warmed import WarmedHeartbeat
from tests.fakes import Rig, S


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
