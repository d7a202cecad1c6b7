"""Calls what may hang, and waits no longer than is allowed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from aios_gui.system.threads import Thread, begin

T = TypeVar("T")


class NoAnswer(Exception):
    """What was called has not come back in time, or one before it has not."""


class CallWithTimeout:
    """Makes calls one at a time, each on a thread of its own that is left to itself where it hangs.

    While such a thread is still there, every further call is refused at once, so that they never pile up.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._left: threading.Thread | None = None

    def call(self, work: Callable[[], T], limit_s: float) -> T:
        """What ``work`` gives, or whatever it raises; NoAnswer where that takes over ``limit_s``.

        RuntimeError where it raises what is no Exception, as SystemExit: that is not to end the caller.
        """
        if self._left is not None and self._left.is_alive():
            raise NoAnswer("what was asked before has still not answered")
        attempt = _Attempt(work)
        thread = Thread(target=attempt.run, name=self._name, daemon=True)
        if not begin(thread):
            raise NoAnswer("there is no thread to ask on")
        if not attempt.over.wait(limit_s):
            self._left = thread
            raise NoAnswer(f"no answer within {limit_s:g} s")
        thread.join()
        return attempt.result()


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
