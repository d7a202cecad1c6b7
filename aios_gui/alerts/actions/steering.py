"""Other processes' priority and cores, thread by thread where the system has them so; and holding own children."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aios_gui.system.late_module import LateModule
from aios_gui.system.own_program import running_children

if TYPE_CHECKING:
    import psutil
else:
    psutil = LateModule("psutil")

_NICEST = 20
"""RLIMIT_NICE of n lets a process have priorities down to 20 − n."""


@dataclass(frozen=True, slots=True)
class TargetProcess:
    """A process; ``started`` tells it apart from a later one with its number (seconds, within two)."""

    pid: int
    name: str
    started: float
    parent: int = 0


class ProcessSteering:
    """By psutil, and on Linux by the system's own calls, since priority and cores belong to a thread there.

    psutil.Error and OSError come through, but for a process that is only looked for.
    """

    def all(self) -> Iterable[TargetProcess]:
        """Every process whose name and start can be read."""
        for process in psutil.process_iter():
            target = self._target(process)
            if target is not None:
                yield target

    def find(self, pid: int) -> TargetProcess | None:
        """One process; None where it has ended."""
        try:
            return self._target(psutil.Process(pid))
        except psutil.Error:
            return None

    def _target(self, process: psutil.Process) -> TargetProcess | None:
        try:
            return TargetProcess(process.pid, process.name(), process.create_time(), process.ppid())
        except (psutil.Error, OSError):
            return None

    def threads(self, pid: int) -> list[int]:
        """What has a priority and cores of its own: the threads on Linux, the process elsewhere."""
        if sys.platform != "linux":
            return [pid]
        return [thread.id for thread in psutil.Process(pid).threads()]

    def priority(self, thread: int) -> int:
        """As the system has it; more is lower on Linux and macOS."""
        if sys.platform == "linux":
            return os.getpriority(os.PRIO_PROCESS, thread)
        return int(psutil.Process(thread).nice())

    def set_priority(self, thread: int, value: int) -> None:
        """Give it that priority."""
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, thread, value)
        else:
            psutil.Process(thread).nice(value)

    def lowered(self, value: int) -> int:
        """The priority below ``value`` to be given; ``value`` itself where it is low already."""
        if sys.platform == "win32":
            low = (psutil.BELOW_NORMAL_PRIORITY_CLASS, psutil.IDLE_PRIORITY_CLASS)
            return value if value in low else int(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return max(value, 10)

    def can_restore(self, value: int) -> bool:
        """Whether this user may give a process back the priority ``value``."""
        if sys.platform == "win32" or os.geteuid() == 0:
            return True
        if sys.platform != "linux":
            return False
        import resource

        allowed, _hard = resource.getrlimit(resource.RLIMIT_NICE)
        return allowed == resource.RLIM_INFINITY or _NICEST - allowed <= value

    def cores(self, thread: int) -> list[int] | None:
        """The cores that it may run on; None where this system does not tell."""
        if sys.platform == "linux":
            return sorted(os.sched_getaffinity(thread))
        process: Any = psutil.Process(thread)
        return list(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else None

    def set_cores(self, thread: int, cores: list[int]) -> None:
        """Let it run on these cores alone."""
        if sys.platform == "linux":
            os.sched_setaffinity(thread, cores)
        else:
            process: Any = psutil.Process(thread)
            process.cpu_affinity(cores)


class OwnChildren:
    """The heavy work of this program, in processes that it started, as exports: holds it and lets it go on.

    ``jobs`` are the numbers of those processes: a command of the user's or a notifier is a child, too, and no job.
    """

    def __init__(self, own_pid: int | None = None, jobs: AbstractSet[int] = running_children) -> None:
        self._own_pid = own_pid or os.getpid()
        self._jobs = jobs

    def pause(self) -> list[int]:
        """Hold all that run; their numbers."""
        held: list[int] = []
        for child in self._children():
            with suppress(psutil.Error, OSError):
                if child.status() in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE):
                    continue
                child.suspend()
                held.append(child.pid)
        return held

    def resume(self, pids: list[int]) -> None:
        """Let those go on that are still children of this program."""
        for child in self._children():
            if child.pid in pids:
                with suppress(psutil.Error, OSError):
                    child.resume()

    def _children(self) -> list[psutil.Process]:
        try:
            # Of a number that another process has by now, only that of a child counts.
            jobs = [each for each in psutil.Process(self._own_pid).children() if each.pid in self._jobs]
        except (psutil.Error, OSError):
            return []
        found = list(jobs)
        for job in jobs:
            with suppress(psutil.Error, OSError):
                found += job.children(recursive=True)
        return found
