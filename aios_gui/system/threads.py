"""Threads whose start cannot hang."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

log = logging.getLogger(__name__)
_LOOK_S, _LOOKS = 0.25, 8
"""Several short waits: a program that was stopped meanwhile does not take that for a thread that does not begin."""


class _Begun(threading.Event):
    """What the starter waits on until the thread runs."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is not None:
            return super().wait(timeout)
        if any(super(_Begun, self).wait(_LOOK_S) for _look in range(_LOOKS)):
            return True
        raise RuntimeError("a new thread did not begin")


class WakeUp:
    """A sleep of one thread that any other can end. It is a lock: an Event takes four times as long to wait on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def wake(self) -> None:
        """End the present sleep, or the next one."""
        with suppress(RuntimeError):  # a wake-up is waiting already: one is enough
            self._lock.release()

    def sleep(self, seconds: float) -> bool:
        """Sleep; returns whether that was ended early. With 0 seconds, only whether a wake-up was waiting."""
        return self._lock.acquire(timeout=seconds)


class Thread(threading.Thread):
    """A thread whose ``start`` raises RuntimeError where it does not begin within two seconds.

    Python's own ``start`` waits forever for a thread that gets no memory to begin with. One that was given up does
    nothing if it begins after all.
    """

    _started: threading.Event

    def start(self) -> None:
        """Begin; RuntimeError or MemoryError where the system does not give what that takes."""
        self._started = _Begun()
        try:
            super().start()
        except RuntimeError:
            self._target = None
            getattr(threading, "_limbo", {}).pop(self, None)
            raise


def begin(thread: threading.Thread) -> bool:
    """Start a thread that the others can do without; False, with a line in the log, where it does not begin."""
    try:
        thread.start()
    except (RuntimeError, MemoryError) as error:
        log.warning("the thread %s could not be started: %s", thread.name, error)
        return False
    return True
