"""Other processes' priority and cores: read and set, thread by thread where the system has them so."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import psutil

_NICEST = 20
"""RLIMIT_NICE of n lets a process have priorities down to 20 − n."""


@dataclass(frozen=True, slots=True)
class TargetProcess:
    """A process; ``started`` tells it apart from a later one with its number (seconds, within two)."""

    pid: int
    name: str
    started: float
    parent: int = 0


class Steering(Protocol):
    """The system's ports; psutil.Error and OSError come through."""

    def all(self) -> Iterable[TargetProcess]:
        """Every process whose name and start can be read."""
        ...

    def find(self, pid: int) -> TargetProcess | None:
        """One process; None where it has ended."""
        ...

    def threads(self, pid: int) -> list[int]:
        """What has a priority and cores of its own: the threads on Linux, the process elsewhere."""
        ...

    def priority(self, thread: int) -> int: ...

    def set_priority(self, thread: int, value: int) -> None: ...

    def lowered(self, value: int) -> int:
        """The priority below ``value`` to be given; ``value`` itself where it is low already."""
        ...

    def can_restore(self, value: int) -> bool:
        """Whether this user may give a process back the priority ``value``."""
        ...

    def cores(self, thread: int) -> list[int] | None:
        """The cores that it may run on; None where this system does not tell."""
        ...

    def set_cores(self, thread: int, cores: list[int]) -> None: ...


class ProcessSteering:
    """By psutil, and on Linux by the system's own calls, since priority and cores belong to a thread there."""

    def all(self) -> Iterable[TargetProcess]:
        for process in psutil.process_iter():
            target = self._target(process)
            if target is not None:
                yield target

    def find(self, pid: int) -> TargetProcess | None:
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
        if sys.platform != "linux":
            return [pid]
        return [thread.id for thread in psutil.Process(pid).threads()]

    def priority(self, thread: int) -> int:
        if sys.platform == "linux":
            return os.getpriority(os.PRIO_PROCESS, thread)
        return int(psutil.Process(thread).nice())

    def set_priority(self, thread: int, value: int) -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, thread, value)
        else:
            psutil.Process(thread).nice(value)

    def lowered(self, value: int) -> int:
        if sys.platform == "win32":
            low = (psutil.BELOW_NORMAL_PRIORITY_CLASS, psutil.IDLE_PRIORITY_CLASS)
            return value if value in low else int(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return max(value, 10)

    def can_restore(self, value: int) -> bool:
        if sys.platform == "win32" or os.geteuid() == 0:
            return True
        if sys.platform != "linux":
            return False
        import resource

        allowed, _hard = resource.getrlimit(resource.RLIMIT_NICE)
        return allowed == resource.RLIM_INFINITY or _NICEST - allowed <= value

    def cores(self, thread: int) -> list[int] | None:
        if sys.platform == "linux":
            return sorted(os.sched_getaffinity(thread))
        process: Any = psutil.Process(thread)
        return list(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else None

    def set_cores(self, thread: int, cores: list[int]) -> None:
        if sys.platform == "linux":
            os.sched_setaffinity(thread, cores)
        else:
            process: Any = psutil.Process(thread)
            process.cpu_affinity(cores)
