"""Worker threads that never end in silence: what escapes is logged and reported, and the work is begun again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from aios_gui.system.threads import Thread

log = logging.getLogger(__name__)
BROKEN_AFTER = 5
"""A part that failed so often, never well for long in between, is declared broken. It is still tried."""
STEADY_S = 30.0
"""A part that worked for this long after a failure is well again."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 60.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A part of the program that failed: what escaped last, how often, and whether it is declared broken."""

    part: str
    error: str
    times: int

    @property
    def is_broken(self) -> bool:
        """Whether it failed too often."""
        return self.times >= BROKEN_AFTER

    @property
    def pause_s(self) -> float:
        """How long to wait before it is tried again; grows with every failure."""
        return float(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(self.times - 1, 16)))


class Supervisor:
    """Knows which parts of the program fail. Every method may be called from any thread, and none raises.

    ``on_failure`` is called on the thread of the part with its first failure, and when it is declared broken.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self.on_failure: Callable[[Failure], object] = lambda _failure: None
        self._now_s = now_s
        self._failing: dict[str, tuple[Failure, float]] = {}
        self._lock = threading.Lock()

    @property
    def is_failing(self) -> bool:
        """Whether a part failed of late."""
        return bool(self._failing)

    @property
    def broken(self) -> tuple[Failure, ...]:
        """The parts that are declared broken now."""
        if not self._failing:
            return ()
        return tuple(failure for failure, _at_s in tuple(self._failing.values()) if failure.is_broken)

    def report(self, part: str, error: BaseException) -> Failure:
        """Note that ``error`` escaped from a part; call it where the error was caught."""
        with self._lock:
            before = self._failing.get(part)
            now_s = self._now_s()
            times = (
                before[0].times + 1 if before is not None and now_s - before[1] < _memory_s(before[0]) else 1
            )
            failure = Failure(part, f"{type(error).__name__}: {error}"[:200], times)
            self._failing[part] = failure, now_s
        if times & (times - 1) == 0:  # 1, 2, 4, 8 …: a part that fails every second does not fill the log
            log.error("the part %s failed (%d in a row)", part, times, exc_info=error)
        if times in (1, BROKEN_AFTER):
            try:
                self.on_failure(failure)
            except Exception:
                log.exception("the failure of the part %s could not be reported", part)
        return failure

    def well(self, part: str) -> None:
        """Note that a part works; after a failure it must do so for a while. Costs nothing where none fails."""
        if self._failing:
            with self._lock:
                found = self._failing.get(part)
                if found is not None and self._now_s() - found[1] >= STEADY_S:
                    del self._failing[part]

    def guard(self, part: str, work: Callable[..., object], *arguments: object) -> bool:
        """Call ``work``; an error or SystemExit that escapes is reported. True where none did."""
        try:
            work(*arguments)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is logged by the report
            self.report(part, error)
            return False
        self.well(part)
        return True


class SupervisedThread:
    """Runs ``work`` on a daemon thread until it returns. Whatever escapes is reported, and it is run again.

    It is run again on the same thread, after a pause that grows. ``work`` returns when it is told to end; after
    ``finish`` it is tried once more at most.
    """

    def __init__(self, supervisor: Supervisor, part: str, work: Callable[[], object]) -> None:
        self._supervisor = supervisor
        self._part = part
        self._work = work
        self._finishing = threading.Event()
        self._thread = Thread(target=self._run, name=part, daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin; RuntimeError where the system gives no thread."""
        self._thread.start()

    def finish(self, timeout_s: float) -> bool:
        """Give the work this long to return, which was told to end. False where it goes on; again is harmless."""
        self._finishing.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        last = False
        while not last:
            last = self._finishing.is_set()
            try:
                self._work()
            except BaseException as error:  # noqa: BLE001 - also SystemExit of foreign code; the report logs it
                failure = self._supervisor.report(self._part, error)
            else:
                return
            self._finishing.wait(failure.pause_s)


def _memory_s(failure: Failure) -> float:
    """A failure after this long without one is the first again."""
    return STEADY_S + failure.pause_s
