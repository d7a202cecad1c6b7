"""Evidence on whose fault a late wake-up was: stolen time, run-queue wait, own CPU, who held the interpreter."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from types import FrameType

from aios_gui.heartbeat.model.lateness import WakeEvidence
from aios_gui.heartbeat.sampling.held_file import HeldFile

COLLECTOR = "garbage collection"


def _run_queue_file(thread: int) -> HeldFile | None:
    """A thread's scheduler statistics; None where the kernel keeps none."""
    if sys.platform != "linux":
        return None
    try:
        held = HeldFile(f"/proc/self/task/{thread}/schedstat", 96)
    except OSError:
        return None
    try:
        held.read().split()[1]
    except (OSError, IndexError):
        held.close()
        return None
    return held


_TICK_NS = 10_000_000
"""Of the counters of /proc/stat, in USER_HZ, which is 100 on every machine that Linux runs on today (time(7))."""
_STAT_BYTES = 16_384


def _stat_file() -> HeldFile | None:
    """The counters of the cores; None where there is no time that a host can take."""
    if sys.platform != "linux":
        return None
    try:
        return HeldFile("/proc/stat", _STAT_BYTES)
    except OSError:
        return None


def stolen_by_core(text: bytes) -> list[int]:
    """The stolen time of each core, in ticks, from the text of /proc/stat: the eighth figure of a line ``cpuN``."""
    lines = (line.split(None, 9) for line in text.split(b"\n")[1:] if line.startswith(b"cpu"))
    return [int(fields[8]) for fields in lines if len(fields) > 8]


def _thread_cpu_ns(identity: int) -> int:
    """CPU time of a live thread of this process, ns; 0 where the system does not tell."""
    if sys.platform == "win32":
        from aios_gui.system.windows.threads import thread_cpu_ns

        return thread_cpu_ns(identity)
    if not hasattr(time, "pthread_getcpuclockid"):
        return 0
    try:
        return time.clock_gettime_ns(time.pthread_getcpuclockid(identity))
    except OSError:
        return 0


def _waited_ns(held: HeldFile | None, otherwise_ns: int) -> int:
    """How long a thread has stood runnable without a core, by its statistics; ``otherwise_ns`` where there are none."""
    try:
        return int(held.read().split()[1]) if held is not None else otherwise_ns
    except (OSError, ValueError, IndexError):
        return otherwise_ns


def _others_cpu_ns() -> int:
    """CPU time of this process without the calling thread, ns: a thread cannot hold up itself."""
    return time.process_time_ns() - time.thread_time_ns()


def frames_by_thread() -> dict[int, FrameType]:
    """Where each other thread stands, by its identity.

    Where the caller stands is left out: kept in a variable of the caller, it would be a cycle that holds what each
    function on the way has at hand, until a collection.

    Python makes the list under a lock of its own, and up to 3.11 a collection that begins meanwhile and frees a
    thread's local data waits for that lock for ever (CPython issue 106883): so none may begin.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        frames = sys._current_frames()
        del frames[threading.get_ident()]
        return frames
    finally:
        if collecting:
            gc.enable()


def _function_of(frame: FrameType) -> str:
    code = frame.f_code
    module = frame.f_globals.get("__name__", "?")
    return f"{module}.{code.co_qualname} line {frame.f_lineno}"


class WakeProbe:
    """Reads the evidence on the beat's own thread. Make and use it on that thread alone.

    The second number of schedstat is the time this thread stood runnable without a core, ns (kernel
    documentation, sched-stats). It grows while the thread waits, so its growth across a wake-up is the wait.
    """

    def __init__(self) -> None:
        own = threading.get_native_id()
        self._held = _run_queue_file(own)
        # A window's thread that holds the interpreter and waits for a core itself holds it all the longer.
        self._window = _run_queue_file(os.getpid()) if os.getpid() != own else None
        self._window_wait_ns = 0
        self.has_window = self._window is not None
        """Whether another thread is the process's first one, as that of a window is."""
        self._stat = _stat_file()
        self._stolen: list[int] = []
        self._run_queue_ns = 0
        self._own_cpu_ns = 0
        self._threads_cpu_ns: dict[int, int] = {}

    def mark(self) -> None:
        """Remember where the counters stand, right before the thread goes to sleep."""
        self._stolen = self._stolen_ticks()
        self.mark_cpu()

    def mark_cpu(self) -> None:
        """The same without what costs most to read."""
        self._own_cpu_ns = _others_cpu_ns()
        self._window_wait_ns = _waited_ns(self._window, self._window_wait_ns)
        self._run_queue_ns = _waited_ns(self._held, self._run_queue_ns)

    def growth(self) -> WakeEvidence:
        """What grew since the mark."""
        run_queue_ns = _waited_ns(self._held, self._run_queue_ns) - self._run_queue_ns
        own_cpu_ns = _others_cpu_ns() - self._own_cpu_ns
        return WakeEvidence(
            run_queue_ns if self._held is not None else None,
            # A thread that was to run and had no core yet: together, the time in which it was at work on something.
            own_cpu_ns + _waited_ns(self._window, self._window_wait_ns) - self._window_wait_ns,
            self._stolen_ns(),
        )

    def _stolen_ticks(self) -> list[int]:
        try:
            return stolen_by_core(self._stat.read()) if self._stat is not None else []
        except (OSError, ValueError):
            return []

    def _stolen_ns(self) -> int | None:
        """Of the core that lost most: which one the thread was to run on is not known."""
        now, before = self._stolen_ticks(), self._stolen
        if not now or len(now) != len(before):
            return None
        return max(0, *(after - earlier for after, earlier in zip(now, before, strict=True))) * _TICK_NS

    def mark_threads(self) -> None:
        """Remember every thread's CPU time, so that a later growth tells which one was busy."""
        self._threads_cpu_ns = {identity: _thread_cpu_ns(identity) for identity in frames_by_thread()}

    def culprit(self) -> str:
        """The function in which the thread stands that used the most CPU since the threads were marked.

        While this thread holds the interpreter, every thread in ``frames_by_thread`` is alive, so that its
        clock may be asked for. "" where no thread used any.
        """
        busiest, most_ns = None, 0
        for identity, frame in frames_by_thread().items():
            used_ns = _thread_cpu_ns(identity) - self._threads_cpu_ns.get(identity, 0)
            if used_ns > most_ns:
                busiest, most_ns = frame, used_ns
        return _function_of(busiest) if busiest is not None else ""

    def close(self) -> None:
        """Let go of the held file."""
        for held in (self._held, self._window, self._stat):
            if held is not None:
                held.close()
