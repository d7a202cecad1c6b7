"""A stuck beat is told once with where it stands; a beat that merely waits is not."""

import threading
import time
from collections.abc import Iterator

import pytest

from aios_gui.heartbeat.clock import system_clock
from aios_gui.heartbeat.engine import HeartbeatEngine
from aios_gui.heartbeat.model.items import EventKind
from aios_gui.heartbeat.model.options import EngineOptions
from aios_gui.heartbeat.model.states import EngineState
from aios_gui.heartbeat.sampling import Choice
from aios_gui.heartbeat.watchdog import STUCK_AFTER_NS, Watchdog
from tests.fakes import FakeSampler, Rig, S, wait_for_the_machine


@pytest.fixture
def hung() -> Iterator[tuple[HeartbeatEngine, FakeSampler, threading.Thread]]:
    sampler = FakeSampler()
    engine = HeartbeatEngine(system_clock(), EngineOptions(20_000_000), lambda: Choice(sampler))
    thread = threading.Thread(target=engine.run, name="engine")
    yield engine, sampler, thread
    if sampler.hanging is not None:
        sampler.hanging.set()
    engine.stop()
    thread.join(10)


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize("while_warming", [False, True])
def test_a_hanging_sampler_is_told_once_with_its_function(
    hung: tuple[HeartbeatEngine, FakeSampler, threading.Thread], while_warming: bool
) -> None:
    engine, sampler, thread = hung
    release = threading.Event()
    if while_warming:
        sampler.hanging = release
    thread.start()
    if not while_warming:
        wait_until(lambda: engine.made > 2)
        sampler.hanging = release
    reads = sampler.reads
    wait_until(lambda: engine.in_beat_since_ns and (sampler.reads > reads or while_warming))
    wait_until(lambda: engine.in_beat_since_ns and wait_for_the_machine.__name__ in Watchdog(engine)._stack())
    watchdog = Watchdog(engine)
    later = engine.clock.now_ns() + STUCK_AFTER_NS
    assert watchdog.look(later, 5) is None, "the first look only suspects"
    event = watchdog.look(later + S, 6)
    assert event is not None
    assert (event.kind, event.wall_ns, event.seq) == (EventKind.STUCK, 6, engine.made)
    assert "wait_for_the_machine" in str(event.facts["stack"])
    assert int(event.facts["stuck_ns"]) >= STUCK_AFTER_NS
    assert watchdog.look(later + 2 * S, 7) is None, "told once"
    made = engine.made
    sampler.hanging = None
    release.set()
    wait_until(lambda: engine.made > made + 1)
    assert engine.state is EngineState.RUNNING, "the beat goes on"


def test_an_overdue_alarm_is_a_stuck_beat_and_an_upcoming_one_is_not() -> None:
    engine = Rig().engine
    watchdog = Watchdog(engine)
    engine.state = EngineState.RUNNING
    engine.next_alarm_ns = 100 * S
    for now in (50, 99, 100, 102):
        assert watchdog.look(now * S, 0) is None
    assert watchdog.look(104 * S, 0) is None
    event = watchdog.look(105 * S, 0)
    assert event is not None
    assert "ended" in str(event.facts["stack"])


def test_a_freeze_of_the_whole_program_is_not_a_stuck_beat() -> None:
    engine = Rig().engine
    watchdog = Watchdog(engine)
    engine.state = EngineState.RUNNING
    engine.next_alarm_ns = 100 * S
    assert watchdog.look(500 * S, 0) is None, "the first look after it"
    engine.made, engine.next_alarm_ns = 1, 501 * S
    assert watchdog.look(501 * S, 0) is None


@pytest.mark.parametrize("state", [EngineState.PAUSED, EngineState.STOPPED, EngineState.STARTING])
def test_only_a_running_engine_can_be_stuck(state: EngineState) -> None:
    engine = Rig().engine
    watchdog = Watchdog(engine)
    engine.state = state
    engine.next_alarm_ns = 1
    assert [watchdog.look(now * S, 0) for now in (50, 60, 70)] == [None] * 3


def test_stuck_again_is_told_again() -> None:
    engine = Rig().engine
    watchdog = Watchdog(engine)
    engine.state = EngineState.RUNNING
    told = 0
    for beat in range(3):
        engine.made, engine.in_beat_since_ns = beat, (100 + 50 * beat) * S
        told += sum(watchdog.look((110 + 50 * beat + n) * S, 0) is not None for n in range(5))
    assert told == 3
