"""Calls that may hang: none is waited for long, and hung threads never pile up."""

import threading

import pytest

from aios_gui.system.call_with_timeout import CallWithTimeout, NoAnswer
from tests.alerts.diagnosis.fakes import PATIENCE_S


def test_what_comes_back_comes_back() -> None:
    assert CallWithTimeout("test").call(lambda: 7, PATIENCE_S) == 7


def test_what_is_raised_is_raised() -> None:
    with pytest.raises(KeyError):
        CallWithTimeout("test").call(lambda: dict[str, int]()["x"], PATIENCE_S)


def test_what_hangs_is_left_to_itself_and_refused_until_it_is_over() -> None:
    calls, released = CallWithTimeout("test"), threading.Event()
    threads = threading.active_count()
    with pytest.raises(NoAnswer):
        calls.call(lambda: released.wait(30), 0.01)
    for _ in range(5):
        with pytest.raises(NoAnswer):
            calls.call(lambda: 7, PATIENCE_S)
    assert threading.active_count() == threads + 1
    released.set()
    hung = calls._hung
    assert hung is not None
    assert hung.over.wait(PATIENCE_S)
    assert calls.call(lambda: 7, PATIENCE_S) == 7


def test_a_thread_that_is_kept_makes_the_next_call_and_goes_when_it_is_stopped() -> None:
    calls = CallWithTimeout("test", kept_s=60.0)
    first, second = (calls.call(threading.current_thread, PATIENCE_S) for _call in range(2))
    assert first is second
    calls.stop(PATIENCE_S)
    assert not first.is_alive()
    with pytest.raises(NoAnswer):
        calls.call(lambda: 7, PATIENCE_S)


def test_what_would_end_the_thread_is_told_as_an_error() -> None:
    def leave() -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit"):
        CallWithTimeout("test").call(leave, PATIENCE_S)
