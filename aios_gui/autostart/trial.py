"""Tries what is registered: starts it as the system would, in a home of its own, until it beats, and ends it again.

``AIOS_TRIAL`` tells the program that it is tried: it takes the folder named there for its home, whatever `--home` says,
so that the instance that runs is not touched; it waits neither `--after` nor `--spread`; and it ends with this process.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import Mechanism
from aios_gui.autostart.model.autostart import AutostartError
from aios_gui.autostart.model.setup import SetupStep, TrialOutcome, TrialResult
from aios_gui.heartbeat.model.states import Mode
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetLatest, LatestAnswer, Quit
from aios_gui.instance.lock import is_locked, read_instance
from aios_gui.instance.start_options import TRIAL_VARIABLE
from aios_gui.system.paths import HOME_VARIABLE, Paths, find_paths

LIMIT_S = 30.0
_LOOK_S = 0.02
_QUIT_S, _TERMINATE_S, _KILL_S = 10.0, 3.0, 5.0
_HURRIED_S = 1.5
"""Patience of whoever cancelled: for each of the first two."""
_SAID_BYTES = 2000
_OF_A_SERVICE_MANAGER = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


Done = Callable[[SetupStep], object]


def nobody(_step: SetupStep) -> None:
    """Nobody wants to know how far a trial is."""


class Trial:
    """One test start of a mechanism. ``run`` blocks for little more than ``limit_s`` and leaves no process behind."""

    def __init__(
        self, mechanism: Mechanism, environ: Mapping[str, str] = os.environ, limit_s: float = LIMIT_S
    ) -> None:
        self._mechanism = mechanism
        self._environ = environ
        self._limit_s = limit_s

    def run(self, cancelled: threading.Event | None = None, done: Done = nobody) -> TrialResult:
        """Try it; ``cancelled`` may be set by another thread. ``done`` is told of each step when it is done."""
        folder = Path(tempfile.mkdtemp(prefix="aios-trial-"))
        try:
            return self._in_folder(folder, cancelled or threading.Event(), done)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _in_folder(self, folder: Path, cancelled: threading.Event, done: Done) -> TrialResult:
        environ = {key: value for key, value in self._environ.items() if key not in _OF_A_SERVICE_MANAGER}
        environ |= {TRIAL_VARIABLE: str(folder), HOME_VARIABLE: str(folder)}
        paths = find_paths(environ)
        began_ns = time.time_ns()
        try:
            process = self._mechanism.launch(environ)
        except AutostartError as error:
            return TrialResult(TrialOutcome.NOT_STARTED, said=str(error))
        done(SetupStep.START)
        errors = _Errors(process)
        try:
            result = self._watch(process, paths, began_ns, cancelled, done)
        finally:
            end(process, paths, hurried=cancelled.is_set())
            errors.close()
        done(SetupStep.END)
        return replace(result, said=errors.text) if result.outcome is not TrialOutcome.BEATS else result

    def _watch(
        self,
        process: subprocess.Popen[bytes],
        paths: Paths,
        began_ns: int,
        cancelled: threading.Event,
        done: Done,
    ) -> TrialResult:
        """Until it beats and shows what it has to show, or it is clear that it will not."""
        deadline_s = time.monotonic() + self._limit_s
        result = TrialResult(TrialOutcome.SILENT)
        while time.monotonic() < deadline_s:
            latest = _latest(paths)
            if latest is not None and latest.beat:
                if result.first_beat_ns is None:
                    done(SetupStep.FIRST_BEAT)
                result = _beating(latest, result, paths, began_ns)
                if result.headless or result.shown:
                    done(SetupStep.APPEAR)
                    break
            # A launcher may end as soon as the program runs.
            elif process.poll() is not None and not is_locked(paths):
                return TrialResult(TrialOutcome.ENDED, status=process.returncode)
            if cancelled.wait(_LOOK_S):
                return replace(result, outcome=TrialOutcome.CANCELLED)
        return result


def _latest(paths: Paths) -> LatestAnswer | None:
    try:
        return ChannelClient(paths).execute(GetLatest())
    except ChannelError:
        return None


def _beating(latest: LatestAnswer, before: TrialResult, paths: Paths, began_ns: int) -> TrialResult:
    first_ns = before.first_beat_ns
    if first_ns is None and latest.beat is not None:
        at_ns = round(datetime.fromisoformat(latest.beat["at"]).timestamp() * 1e6) * 1000
        first_ns = max(0, at_ns - began_ns)
    info = read_instance(paths)
    headless = info is not None and info.mode is Mode.SERVICE
    return TrialResult(TrialOutcome.BEATS, first_ns, headless, latest.shown)


def end(process: subprocess.Popen[bytes], paths: Paths, hurried: bool = False) -> None:
    """End the tried program and whatever it started: as a user would, then as the system would, then at once."""
    info = read_instance(paths)
    quit_s, terminate_s = (_HURRIED_S, _HURRIED_S) if hurried else (_QUIT_S, _TERMINATE_S)
    if process.poll() is None:
        with contextlib.suppress(ChannelError):
            if ChannelClient(paths).execute(Quit()).done:
                _wait(process, quit_s)
    for number, patience_s in ((signal.SIGTERM, terminate_s), (None, _KILL_S)):
        if process.poll() is None:
            _send(process, number)
            _wait(process, patience_s)
    if info is not None and info.pid != process.pid and is_locked(paths):
        # Started by a launcher that ended before it.
        with contextlib.suppress(OSError):
            os.kill(info.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    if process.stdin is not None:
        process.stdin.close()


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
