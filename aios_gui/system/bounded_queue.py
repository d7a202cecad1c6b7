"""A bounded queue with a thread that is there only while something waits, or soon may."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from aios_gui.system.supervised_thread import Supervisor
from aios_gui.system.threads import Thread, WakeUp, begin

T = TypeVar("T")


class BoundedQueueThread(Generic[T]):
    """Hands what was put in to ``work``, all that waits at a time, in order, on one thread of its own.

    Where more than ``capacity`` wait, the oldest are given up. ``put`` never waits for the work. What escapes from
    ``work`` is reported to ``supervisor`` under ``name``, and the next are handed to it all the same. The thread is
    kept for ``kept_s`` after the last: to wake it takes a fraction of what it takes to start one.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[list[T]], None],
        capacity: int,
        supervisor: Supervisor | None = None,
        kept_s: float = 0.0,
    ) -> None:
        self._supervisor = supervisor or Supervisor()
        self._name = name
        self._work = work
        self._waiting: deque[T] = deque(maxlen=capacity)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._kept_s, self._wanted, self._rests = kept_s, WakeUp(), False
        self._stopped = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is being done."""
        with self._lock:
            return self._thread is None or (self._rests and not self._waiting)

    def put(self, item: T) -> bool:
        """Let it be done, unless this was stopped; returns whether there is a thread for it.

        Where there is none, it waits until the next put.
        """
        with self._lock:
            if self._stopped:
                return False
            self._waiting.append(item)
            if self._thread is None:
                thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread = thread if begin(thread) else None
            elif self._rests:
                self._wanted.wake()
            return self._thread is not None

    def stop(self, timeout_s: float) -> None:
        """Forget what waits, and wait ``timeout_s`` at most for what is being done; again is harmless."""
        with self._lock:
            self._waiting.clear()
        self.finish(timeout_s)

    def finish(self, timeout_s: float) -> None:
        """Take nothing more, and wait ``timeout_s`` at most until all is done; again is harmless."""
        with self._lock:
            self._stopped = True
            thread = self._thread
            self._wanted.wake()
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        has_rested = False
        while True:
            with self._lock:
                batch = list(self._waiting)
                self._waiting.clear()
                self._rests = not batch and not has_rested and not self._stopped and self._kept_s > 0
                if not batch and not self._rests:
                    self._thread = None
                    return
            if batch:
                has_rested = False
                self._supervisor.guard(self._name, self._work, batch)
            else:
                has_rested = not self._wanted.sleep(self._kept_s)
