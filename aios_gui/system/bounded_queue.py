"""A bounded queue with a thread that is there only while something waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from aios_gui.system.supervised_thread import Supervisor
from aios_gui.system.threads import Thread, begin

T = TypeVar("T")


class BoundedQueueThread(Generic[T]):
    """Hands what was put in to ``work``, all that waits at a time, in order, on one thread of its own.

    Where more than ``capacity`` wait, the oldest are given up. ``put`` never waits for the work. What escapes from
    ``work`` is reported to ``supervisor`` under ``name``, and the next are handed to it all the same.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[list[T]], None],
        capacity: int,
        supervisor: Supervisor | None = None,
    ) -> None:
        self._supervisor = supervisor or Supervisor()
        self._name = name
        self._work = work
        self._waiting: deque[T] = deque(maxlen=capacity)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is being done."""
        with self._lock:
            return self._thread is None

    def put(self, item: T) -> None:
        """Let it be done; nothing once it was stopped. Where there is no thread for it, it waits until the next put."""
        with self._lock:
            if self._stopped:
                return
            self._waiting.append(item)
            if self._thread is None:
                thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread = thread if begin(thread) else None

    def stop(self, timeout_s: float) -> None:
        """Forget what waits, and give what is being done so much time to end; again is harmless."""
        with self._lock:
            self._waiting.clear()
        self.finish(timeout_s)

    def finish(self, timeout_s: float) -> None:
        """Take nothing more, and give all that waits so much time to be done; again is harmless."""
        with self._lock:
            self._stopped = True
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                batch = list(self._waiting)
                self._waiting.clear()
            self._supervisor.guard(self._name, self._work, batch)
