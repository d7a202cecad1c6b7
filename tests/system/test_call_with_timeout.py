"""Calls that may hang: nobody waits for long, and hung threads never pile up."""

import threading

import pytest

from aios_gui.system.call_with_timeout import Limited, NoAnswer
from tests.alerts.diagnosis.fakes import PATIENCE_S


def test_what_comes_back_comes_back() -> None:
    assert Limited("test").call(lambda: 7, PATIENCE_S) == 7


def test_what_is_raised_is_raised() -> None:
    with pytest.raises(KeyError):
        Limited("test").call(lambda: dict[str, int]()["x"], PATIENCE_S)


def test_what_hangs_is_left_to_itself_and_refused_until_it_is_over() -> None:
    limited, released = Limited("test"), threading.Event()
    threads = threading.active_count()
    with pytest.raises(NoAnswer):
        limited.call(lambda: released.wait(30), 0.01)
    for _ in range(5):
        with pytest.raises(NoAnswer):
            limited.call(lambda: 7, PATIENCE_S)
    assert threading.active_count() == threads + 1
    released.set()
    hung = limited._left
    assert hung is not None
    hung.join(PATIENCE_S)
    assert limited.call(lambda: 7, PATIENCE_S) == 7


def test_what_would_end_the_thread_is_told_as_an_error() -> None:
    def leave() -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError, match="SystemExit"):
        Limited("test").call(leave, PATIENCE_S)
