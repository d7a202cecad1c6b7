"""A thread that does not begin holds up no one."""

import threading

import pytest

from aios_gui.system import threads
from aios_gui.system.threads import Thread, begin


class Stillborn(Thread):
    """As one that has no memory to begin with: the system starts it, and it ends before Python knows of it."""

    def _bootstrap(self) -> None:
        raise SystemExit


def test_a_thread_that_does_not_begin_is_told_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_LOOK_S", 0.01)
    thread = Stillborn(target=lambda: None)
    assert not begin(thread)
    assert not thread.is_alive()
    assert thread not in threading.enumerate()


def test_a_thread_that_begins_does_its_work() -> None:
    done = threading.Event()
    thread = Thread(target=done.set)
    assert begin(thread)
    thread.join()
    assert done.is_set()
