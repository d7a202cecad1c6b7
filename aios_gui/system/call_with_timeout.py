"""Calls what may hang, and waits no longer than is allowed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from aios_gui.system.bounded_queue import BoundedQueueThread

T = TypeVar("T")


class NoAnswer(Exception):
    """What was called has not come back in time, or one before it has not."""


class CallWithTimeout:
    """Makes calls one at a time on a thread of its own, which is left to itself where one hangs.

    While it hangs, every further call is refused at once, so that such threads never pile up. After a call the thread
    is kept for ``kept_s``.
    """

    def __init__(self, name: str, kept_s: float = 0.0) -> None:
        self._hung: _Attempt[Any] | None = None
        self._queue: BoundedQueueThread[_Attempt[Any]] = BoundedQueueThread(name, _run, 1, kept_s=kept_s)

    def call(self, work: Callable[[], T], limit_s: float) -> T:
        """What ``work`` gives, or whatever it raises; NoAnswer where that takes over ``limit_s``.

        RuntimeError where it raises what is no Exception, as SystemExit: that is not to end the caller.
        """
        if self._hung is not None and not self._hung.over.is_set():
            raise NoAnswer("what was asked before has still not answered")
        attempt = _Attempt(work)
        if not self._queue.put(attempt):
            raise NoAnswer("there is no thread to ask on")
        if not attempt.over.wait(limit_s):
            self._hung = attempt
            raise NoAnswer(f"no answer within {limit_s:g} s")
        return attempt.result()

    def stop(self, timeout_s: float) -> None:
        """Make no more calls, and wait ``timeout_s`` at most for the present one; again is harmless."""
        self._queue.stop(timeout_s)


def _run(attempts: list[_Attempt[Any]]) -> None:
    for each in attempts:
        each.run()


class _Attempt(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self.over = threading.Event()
        self._work = work
        self._found: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again where it was called
            self._error = error
        finally:
            self.over.set()

    def result(self) -> T:
        if isinstance(self._error, Exception):
            raise self._error
        if self._error is not None:
            raise RuntimeError(f"it raised {self._error!r}") from self._error
        return self._found[0]
