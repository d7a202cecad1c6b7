"""The heavy work of this program: processes that it has started itself, as exports and benchmarks."""

from __future__ import annotations

import os
from contextlib import suppress

import psutil


class OwnChildren:
    """Holds the child processes of this program, and lets them go on."""

    def __init__(self, own_pid: int | None = None) -> None:
        self._own_pid = own_pid or os.getpid()

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
            return psutil.Process(self._own_pid).children(recursive=True)
        except (psutil.Error, OSError):
            return []
