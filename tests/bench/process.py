"""A measured child process and what it costs, seen from outside."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.bench.environment import ROOT

_END_TIMEOUT_S = 15.0
_ANSWER_TIMEOUT_S = 60.0
_LAST_WORDS = 600
_COUNTED = 8
"""Fields of the CPU times that do not count twice; guest time, which follows, is within user time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU time since the process began (ns) and memory now (bytes), at a moment of the monotonic clock (ns)."""

    at_ns: int
    cpu_ns: int
    rss_bytes: int
    uss_bytes: int

    def cpu_percent_since(self, before: Cost) -> float:
        """Percent of one core between two readings."""
        return (self.cpu_ns - before.cpu_ns) / (self.at_ns - before.at_ns) * 100


class Child:
    """A process that is ended, by its own id, when the measurement is over.

    One that ``talks`` answers each line on its standard input with a line on its standard output.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], talks: bool = False) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process lives
        self.started_wall_ns = time.time_ns()
        pipe = subprocess.PIPE if talks else None
        self._process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env=dict(environ),
            stdin=pipe,
            stdout=pipe or self._said,
            stderr=self._said,
            encoding="utf-8" if talks else None,
        )
        self._command = " ".join(command)
        self._seen = psutil.Process(self._process.pid)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def check_running(self) -> None:
        """RuntimeError, with its last words, where it has ended by itself."""
        status = self._process.poll()
        if status is not None:
            raise RuntimeError(f"{self._command} ended by itself with {status}: {self._last_words()}")

    def _last_words(self) -> str:
        self._said.seek(0)
        return self._said.read()[-_LAST_WORDS:].decode(errors="replace").strip()

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """The answer of one that talks; RuntimeError where it has ended, or does not answer and so is ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        too_long = threading.Timer(_ANSWER_TIMEOUT_S, self._process.kill)
        too_long.start()
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            too_long.cancel()
        if not line:
            self._process.wait(_END_TIMEOUT_S)
            self.check_running()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def cost(self) -> Cost:
        """What it has cost so far; RuntimeError where it has ended."""
        self.check_running()
        memory = self._seen.memory_full_info()
        return Cost(time.perf_counter_ns(), self._cpu_ns(), memory.rss, memory.uss)

    def _cpu_ns(self) -> int:
        """CPU time of all its threads. The kernel's own count is in ns where psutil's is in hundredths of a second."""
        if sys.platform == "linux":
            counters = [
                path.read_text().split()[0] for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat")
            ]
            if counters and any(counter != "0" for counter in counters):
                return sum(map(int, counters))
        times = self._seen.cpu_times()
        return int((times.user + times.system) * 1e9)

    def sharers(self, library: str) -> int:
        """How many other processes have ``library`` loaded, and so share its memory with this one; 0 if unknown."""
        found = 0
        for maps in Path("/proc").glob("[0-9]*/maps"):
            try:
                found += maps.parent.name != str(self.pid) and library in maps.read_text()
            except OSError:  # it has ended, or is another user's
                continue
        return found

    def end(self) -> None:
        """Ask it to end and wait; RuntimeError where it had ended before, does not listen, or ends with an error."""
        try:
            self.check_running()
            self._process.send_signal(signal.SIGTERM)
            status = self._process.wait(_END_TIMEOUT_S)
            if status != 0:
                raise RuntimeError(f"{self._command} ended with {status}: {self._last_words()}")
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{self._command} did not end when asked to") from None
        finally:
            self.abandon()

    def abandon(self) -> None:
        """See to it that it is gone; again is harmless."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._said.close()


class Busy:
    """How busy all cores of the machine are from now on: what else runs disturbs what is measured."""

    def __init__(self) -> None:
        self._before = psutil.cpu_times()

    def percent(self) -> float:
        """Percent of all cores since the start."""
        after = psutil.cpu_times()
        idle = _idle_s(after) - _idle_s(self._before)
        total = sum(after[:_COUNTED]) - sum(self._before[:_COUNTED])
        return (1 - idle / total) * 100 if total > 0 else 0.0


def _idle_s(times: Any) -> float:
    return float(times.idle) + float(getattr(times, "iowait", 0.0))
