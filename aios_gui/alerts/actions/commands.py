"""Commands that were started and have not ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress


class RunningCommands:
    """Remembers what runs, so that a command does not outlive the program or its time. Safe from any thread."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def start(self, arguments: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start a command in a group of its own, without input; OSError where it cannot be, or all is over."""
        with self._lock:
            if self._stopped:
                raise OSError("the program is ending")
            process = subprocess.Popen(
                arguments,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._running.add(process)
        return process

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """Forget one, which has ended."""
        with self._lock:
            self._running.discard(process)

    def stop(self) -> None:
        """End what runs, and let nothing start any more."""
        with self._lock:
            self._stopped = True
            running, self._running = self._running, set()
        for process in running:
            end_group(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a command with all that it has started, at once."""
    if process.poll() is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            _end_tree(process.pid)
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _end_tree(pid: int) -> None:
    """Windows knows no groups of processes, but which one started which."""
    import psutil

    with suppress(psutil.Error):
        parent = psutil.Process(pid)
        for each in [*parent.children(recursive=True), parent]:
            with suppress(psutil.Error):
                each.kill()
