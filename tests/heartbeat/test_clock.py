"""The real clock: it sleeps as long as asked, is woken from another thread, and loses no waking."""

import signal
import sys
import threading
import time
from types import FrameType

import pytest

from aios_gui.heartbeat.clock import SystemClock, system_clock

MS = 1_000_000


def test_it_never_wakes_before_the_deadline() -> None:
    clock = system_clock()
    for span in (0, 1_000, 50_000, 3 * MS):
        deadline = clock.now_ns() + span
        assert not clock.sleep_until(deadline)
        assert clock.now_ns() >= deadline


def test_it_is_woken_from_another_thread() -> None:
    clock = system_clock()
    woken: list[bool] = []
    sleeper = threading.Thread(target=lambda: woken.append(clock.sleep_until(clock.now_ns() + 60_000 * MS)))
    sleeper.start()
    clock.wake()
    sleeper.join(10)
    assert woken == [True]


def test_a_waking_before_the_sleep_ends_it_at_once_and_counts_once() -> None:
    clock = SystemClock()
    for _ in range(3):
        clock.wake()
    assert clock.sleep_until(clock.now_ns() + 60_000 * MS)
    assert not clock.sleep_until(clock.now_ns() + MS)


def test_a_deadline_that_has_passed_keeps_the_waking_for_the_next_sleep() -> None:
    clock = SystemClock()
    clock.wake()
    assert not clock.sleep_until(clock.now_ns() - 1)
    assert clock.sleep_until(clock.now_ns() + 60_000 * MS)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="Windows sends no signals to threads")
def test_a_signal_that_another_thread_got_is_obeyed_within_a_long_sleep() -> None:
    clock, sleeper = SystemClock(), threading.main_thread().ident
    assert sleeper is not None

    def wake(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=clock.wake).start()

    def signal_oneself() -> None:
        while sys._current_frames()[sleeper].f_code is not SystemClock.sleep_until.__code__:
            time.sleep(0.001)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, wake)
    other = threading.Thread(target=signal_oneself)
    try:
        other.start()
        assert clock.sleep_until(clock.now_ns() + 15_000 * MS)
    finally:
        other.join()
        signal.signal(signal.SIGUSR1, before)


def test_a_nap_that_is_refused_is_slept_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_span_s: float) -> None:
        raise OSError(22, "Invalid argument")

    clock = SystemClock()
    monkeypatch.setattr(time, "sleep", refuse)
    clock.wake()
    before_ns = clock.now_ns()
    clock.nap(0.002)
    assert clock.now_ns() - before_ns >= 2_000_000, "and nothing that wakes it ends it early"


def test_it_tells_the_time() -> None:
    clock = system_clock()
    assert abs(clock.wall_ns() - time.time_ns()) < 5_000 * MS
    assert clock.suspended_ns() > -MS, "the two clocks it compares are read one after the other"
    first = clock.suspended_ns()
    assert clock.suspended_ns() - first < 250 * MS, "awake meanwhile"
