"""Commands of the user that run beside the heartbeat, and end in time with all that they have started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import IO

from aios_gui.alerts.model.processes import family
from aios_gui.system.threads import Thread

_READ_BYTES, _KEPT_BYTES = 4096, 4096
_END_S = 1.0
"""A command that was ended is waited for this long."""


class RunningCommands:
    """Runs commands, and remembers them, so that none outlives the program or its time. Safe from any thread."""

    def __init__(self) -> None:
        self._running: set[_Command] = set()
        self._lock = threading.Lock()
        self._stopped = False

    @property
    def count(self) -> int:
        """How many run."""
        return len(self._running)

    def run(self, arguments: list[str], environ: dict[str, str], limit_s: float) -> tuple[int | None, bytes]:
        """Run a command, without input; its status and the first kilobytes of its output.

        The status is None where it had to be ended after ``limit_s``. What it left in the background may write on
        until then. OSError or ValueError where it cannot be started, or nothing may start any more.
        """
        with self._lock:
            if self._stopped:
                raise OSError("the program is ending")
            command = _Command(arguments, environ)
            self._running.add(command)
        try:
            return command.wait(limit_s)
        finally:
            with self._lock:
                self._running.discard(command)

    def stop(self) -> None:
        """End what runs, and let nothing start any more."""
        with self._lock:
            self._stopped = True
            running, self._running = self._running, set()
        for command in running:
            command.end()


class _Command:
    """A command in a group of its own."""

    def __init__(self, arguments: list[str], environ: dict[str, str]) -> None:
        self._started_s = time.time()
        self._process = subprocess.Popen(
            arguments,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._output = b""
        # On a thread of its own, since a process that has left the group can hold the pipe for ever.
        self._reader = Thread(
            target=self._read, args=(self._process.stdout,), name="command-output", daemon=True
        )
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        """Keep the first kilobytes; the rest is read and dropped, so that the command never has to wait."""
        with stream:
            while piece := stream.read(_READ_BYTES):
                self._output += piece[: _KEPT_BYTES - len(self._output)]

    def wait(self, limit_s: float) -> tuple[int | None, bytes]:
        """As ``RunningCommands.run``."""
        deadline_s = time.monotonic() + limit_s
        self._reader.join(limit_s)
        in_time = False
        with suppress(subprocess.TimeoutExpired):
            # Not asked before: until then its number cannot be given to another process.
            if not self._reader.is_alive():
                self._process.wait(max(0.0, deadline_s - time.monotonic()))
                in_time = True
        if not in_time:
            self.end()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_S)
            self._reader.join(_END_S)
        status = self._process.returncode
        return (None if not in_time and status in (None, *_ENDED) else status), self._output

    def end(self) -> None:
        """End it with all that it has started, at once, also where it has ended itself and that has not."""
        if self._process.returncode is not None:
            return
        with suppress(OSError):
            if sys.platform == "win32":
                _end_tree(self._process.pid, self._started_s)
            else:
                os.killpg(self._process.pid, signal.SIGKILL)


_ENDED = (15,) if sys.platform == "win32" else (-signal.SIGKILL,)
"""The status of a command that was ended from here."""


def _end_tree(pid: int, started_s: float) -> None:
    """Windows knows no groups of processes, but which one started which, also where that one has ended."""
    import psutil

    # A parent's number may have belonged to another process before.
    rows = [
        each
        for each in psutil.process_iter(["ppid", "create_time"])
        if (each.info["create_time"] or 0.0) >= started_s - 1.0
    ]
    group = family({each.pid: each.info["ppid"] for each in rows}, pid)
    for each in rows:
        if each.pid in group:
            with suppress(psutil.Error):
                each.kill()
