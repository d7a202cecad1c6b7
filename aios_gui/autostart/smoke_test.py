"""Test start of what is registered: as the system would, in a home of its own, until it beats; then it is ended.

``AIOS_TRIAL`` tells the program that it is tried: it takes the folder named there for its home, whatever `--home` says,
so that the instance that runs is not touched; it waits neither `--after` nor `--spread`; and it ends with this process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model import AutostartError, SmokeTestOutcome, SmokeTestResult
from aios_gui.system.passing_folder import passing_folder
from aios_gui.system.paths import HOME_VARIABLE, TRIAL_VARIABLE, Paths, find_paths
from aios_gui.text.catalogue import N_

LIMIT_S = 30.0
_LOOK_S = 0.02
_QUIT_S, _TERMINATE_S, _KILL_S = 10.0, 3.0, 5.0
_HURRIED_S = 1.5
"""Patience of a user who cancelled: for each of the first two."""
_SAID_BYTES = 2000
_OF_A_SERVICE_MANAGER = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


@dataclass(frozen=True, slots=True)
class TriedBeat:
    """The latest beat of a tried instance: when it was (wall), and what the program shows."""

    at_ns: int
    shown: str


@dataclass(frozen=True, slots=True)
class TriedInstance:
    """Who beats in the home of a test start."""

    pid: int
    headless: bool


class InstanceProbe(Protocol):
    """Asks the instance of a home; given by what composes a test start, since it knows how instances are asked."""

    def is_running(self, paths: Paths) -> bool:
        """Whether one runs, though it may not answer yet."""
        ...

    def instance(self, paths: Paths) -> TriedInstance | None:
        """Who it is; None as long as that is not known."""
        ...

    def beat(self, paths: Paths) -> TriedBeat | None:
        """Its latest beat; None before the first, or without an answer."""
        ...

    def quit(self, paths: Paths) -> bool:
        """Ask it to end; whether it will."""
        ...


class SmokeTest:
    """One test start of a mechanism. ``run`` blocks for little more than ``limit_s`` and leaves no process behind."""

    def __init__(
        self,
        mechanism: Mechanism,
        probe: InstanceProbe,
        environ: Mapping[str, str] = os.environ,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._mechanism = mechanism
        self._probe = probe
        self._environ = environ
        self._limit_s = limit_s

    def run(self, cancelled: threading.Event | None = None) -> SmokeTestResult:
        """Try it; ``cancelled`` may be set by another thread."""
        with passing_folder("aios-trial") as folder:
            return self._in_folder(folder, cancelled or threading.Event())

    def _in_folder(self, folder: Path, cancelled: threading.Event) -> SmokeTestResult:
        environ = {key: value for key, value in self._environ.items() if key not in _OF_A_SERVICE_MANAGER}
        environ |= {TRIAL_VARIABLE: str(folder), HOME_VARIABLE: str(folder)}
        paths = find_paths(environ)
        began_ns = time.time_ns()
        try:
            process = launch(self._mechanism.registered(), environ)
        except AutostartError as error:
            return SmokeTestResult(SmokeTestOutcome.NOT_STARTED, message=error)
        errors = _Errors(process)
        try:
            result = self._watch(process, paths, began_ns, cancelled)
        finally:
            self._end(process, paths, hurried=cancelled.is_set())
            errors.close()
        return (
            replace(result, message=errors.text) if result.outcome is not SmokeTestOutcome.BEATS else result
        )

    def _watch(
        self, process: subprocess.Popen[bytes], paths: Paths, began_ns: int, cancelled: threading.Event
    ) -> SmokeTestResult:
        """Until it beats and shows what it has to show, or it is clear that it will not."""
        deadline_s = time.monotonic() + self._limit_s
        result = SmokeTestResult(SmokeTestOutcome.SILENT)
        while time.monotonic() < deadline_s:
            beat = self._probe.beat(paths)
            if beat is not None:
                first_ns = result.first_beat_ns
                if first_ns is None:
                    first_ns = max(0, beat.at_ns - began_ns)
                instance = self._probe.instance(paths)
                headless = instance is not None and instance.headless
                result = SmokeTestResult(SmokeTestOutcome.BEATS, first_ns, headless, beat.shown)
                if result.headless or result.shown:
                    break
            # A launcher may end as soon as the program runs.
            elif process.poll() is not None and not self._probe.is_running(paths):
                return SmokeTestResult(SmokeTestOutcome.ENDED, status=process.returncode)
            if cancelled.wait(_LOOK_S):
                return replace(result, outcome=SmokeTestOutcome.CANCELLED)
        return result

    def _end(self, process: subprocess.Popen[bytes], paths: Paths, hurried: bool) -> None:
        """End the program and what it started: as a user would, then as the system would, then at once."""
        instance = self._probe.instance(paths)
        quit_s, terminate_s = (_HURRIED_S, _HURRIED_S) if hurried else (_QUIT_S, _TERMINATE_S)
        if process.poll() is None and self._probe.quit(paths):
            _wait(process, quit_s)
        for number, patience_s in ((signal.SIGTERM, terminate_s), (None, _KILL_S)):
            if process.poll() is None:
                _send(process, number)
                _wait(process, patience_s)
        if instance is not None and instance.pid != process.pid and self._probe.is_running(paths):
            # Started by a launcher that ended before it.
            with contextlib.suppress(OSError):
                os.kill(instance.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        if process.stdin is not None:
            process.stdin.close()


def launch(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start ``command`` the way the system would: in the user's home, in a session of its own; AutostartError.

    Its errors are in ``stderr``. Its standard input is a pipe, so that the program can see to it that it ends with
    this process.
    """
    if not command:
        raise AutostartError(N_("no command is registered"))
    try:
        return subprocess.Popen(
            list(command),
            cwd=Path.home(),
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
    except (OSError, ValueError) as error:  # a zero byte in an argument is a ValueError
        raise AutostartError(f"{command[0]}: {getattr(error, 'strerror', None) or error}") from error


def _send(process: subprocess.Popen[bytes], number: signal.Signals | None) -> None:
    """To the process and whatever it started, where the system knows them as a group; None is the end at once."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, number or signal.SIGKILL)
        elif number is None:
            process.kill()
        else:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], patience_s: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience_s)


class _Errors:
    """The last of what a process says on its error output, read so that it never waits for a reader."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._stream = process.stderr
        self._parts: deque[bytes] = deque(maxlen=_SAID_BYTES)
        self._thread = threading.Thread(target=self._read, name="trial-errors", daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        """What it said last."""
        return b"".join(self._parts)[-_SAID_BYTES:].decode(errors="replace").strip()

    def close(self) -> None:
        """After the process has ended."""
        self._thread.join(_KILL_S)
        if self._stream is not None and not self._thread.is_alive():
            self._stream.close()

    def _read(self) -> None:
        if self._stream is None:
            return
        for line in self._stream:
            self._parts.append(line[-_SAID_BYTES:])
