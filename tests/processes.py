"""Runs the real heartbeat in a process of its own and waits on what it does."""

from __future__ import annotations

import atexit
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aios_gui import cli
from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "aios_gui")
PATIENCE_S = 300.0
"""What hangs ends, and what is slow does not: a start takes seconds of a core, of which others may have nearly all."""
LONGEST_COMMAND_S = 600.0
NO_DESKTOP = {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
"""What fires in a test must not be shown on the desktop of the person who runs it."""

_GUARD = """
import os, signal, sys
alive = set()
for line in sys.stdin:
    (alive.add if line[0] == "+" else alive.discard)(int(line[1:]))
for pid in alive:
    try:
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except OSError:
        pass
"""


class Guard:
    """A process that kills what tests have started once they are gone, as when they were killed themselves."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-c", _GUARD],
            stdin=subprocess.PIPE,
            encoding="ascii",
            start_new_session=True,
        )
        atexit.register(self._process.communicate)

    @contextmanager
    def over(self, pid: int) -> Iterator[None]:
        """While entered, that process is killed where this one ends."""
        self._tell(f"+{pid}")
        try:
            yield
        finally:
            self._tell(f"-{pid}")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with self._writing:
            print(line, file=self._process.stdin, flush=True)


guard = cache(Guard)
"""The one of this process."""


def wait_until(
    condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S, pause_s: float = 0.02
) -> None:
    """Wait on a condition, which is asked again after a pause; AssertionError that says what never came."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(pause_s)


def stay(span_s: float) -> None:
    """Let time pass where it is time itself that is tested: elsewhere wait for what is to come."""
    time.sleep(span_s)


def run_command(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with these changes to the environment."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_COMMAND_S,
        check=False,
    )


def answered(*arguments: str) -> subprocess.CompletedProcess[str]:
    """As ``run_command``, in this process, which takes a hundredth of the time."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _each in range(2)]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        status = cli.main(arguments)
    out, err = (stream.buffer.getvalue().decode() for stream in streams)
    return subprocess.CompletedProcess([*COMMAND, *arguments], status, out, err)


def run_here(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process, which takes a hundredth of the time: status, stdout, stderr."""
    status = cli.main(arguments)
    out, error = capsys.readouterr()
    return status, out, error


def incidents_here(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The incidents as the command gives them, asked in this process, which is quick enough to wait on them."""
    listed: list[dict[str, Any]] = json.loads(run_here(capsys, "incidents", "--json")[1] or "[]")
    return listed


@contextmanager
def child(*command: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """A process with these changes to the environment; it is killed at the latest when the block ends."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with guard().over(process.pid), process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def command_in_progress(*arguments: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A command and the first line that it prints; it is killed at the latest when the block ends."""
    with child(*COMMAND, *arguments, **environ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline()


def beats_of(paths: Paths, since_ns: int = 0) -> list[RecordedBeat]:
    """All beats on record from a moment on; none where there is no record yet."""
    with RecordReader(paths.store) as reader, suppress(StoreError):
        return list(reader.beats(since_ns, 2**62))
    return []


class Service:
    """A running `service`."""

    def __init__(self, process: subprocess.Popen[str], paths: Paths) -> None:
        self.process = process
        self.paths = paths

    def wait_for_beats(self, count: int) -> None:
        """Wait until at least ``count`` beats are on record."""
        wait_until(lambda: len(beats_of(self.paths)) >= count, f"{count} beats on record", pause_s=0.05)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self.process.kill()

    def ask_to_end(self) -> None:
        """Have it end in order, by the signal for that or, on Windows, which has none, by the command."""
        if sys.platform == "win32":
            subprocess.run([*COMMAND, "quit"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        else:
            self.send(signal.SIGTERM)

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: status, stdout, stderr."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@contextmanager
def service(paths: Paths, *arguments: str) -> Iterator[Service]:
    """Run `service` with these arguments; it is killed at the latest when the block ends."""
    with child(*COMMAND, "service", *arguments, **NO_DESKTOP) as process:
        yield Service(process, paths)
