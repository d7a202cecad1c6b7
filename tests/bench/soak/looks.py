"""One look at a process in use: what is seen from outside, what it says itself, what it recorded since the last."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import psutil

from aios_gui.heartbeat.model.beat import Cause
from aios_gui.instance.channel import ChannelError
from aios_gui.instance.client import ChannelClient
from aios_gui.instance.commands import GetSnapshot
from aios_gui.record.model.timerange import END_OF_TIME_NS
from aios_gui.record.store.errors import StoreError
from aios_gui.record.store.reader import RecordReader
from aios_gui.system.paths import Paths


class Watched:
    """A process under observation, by its number and its home."""

    def __init__(self, pid: int, paths: Paths) -> None:
        self._seen = psutil.Process(pid)
        self._paths = paths
        self._client = ChannelClient(paths, timeout_s=10.0)
        self._wakeups: dict[int, int] = {}
        self._resting: dict[int, int] = {}
        self._at_s = self._rested_s = 0.0
        self._next_ns = time.time_ns()
        self._next_seq = 0

    def rest(self, at_s: float) -> None:
        """From now until the next look nothing is asked of it."""
        self._resting, self._rested_s = self._wakeups_by_thread(), at_s

    def look(self, at_s: float) -> dict[str, Any]:
        """All that can be seen from outside, by name; bytes, counts, and a rate a second for the wake-ups."""
        memory = self._seen.memory_full_info()
        return {
            "rss": memory.rss,
            "uss": memory.uss,
            "anonymous": self._anonymous(),
            "cpu_s": sum(self._seen.cpu_times()[:2]),
            "descriptors": open_handles(self._seen),
            "threads": self._seen.num_threads(),
            **self._wakeup_rates(at_s),
            "record_bytes": sum(file.stat().st_size for file in self._files()),
            "log_bytes": sum(file.stat().st_size for file in self._paths.logs.glob("*") if file.is_file()),
            **self._counts(),
            **self._beats(),
        }

    def _files(self) -> list[Path]:
        store = self._paths.store
        return [file for file in store.parent.glob(store.name + "*") if file.is_file()]

    def _anonymous(self) -> int | None:
        """What of the memory is its own and no file's; None where the system does not tell."""
        if sys.platform != "linux":
            return None
        lines = Path(f"/proc/{self._seen.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))

    def _wakeup_rates(self, at_s: float) -> dict[str, float | None]:
        """How often its threads gave the processor back, since the last look and since its rest began, if it rests."""
        before, self._wakeups = self._wakeups, self._wakeups_by_thread()
        resting, self._resting = self._resting, {}
        since_s, self._at_s = self._at_s, at_s
        return {
            "wakeups_per_s": _rate(before, self._wakeups, at_s - since_s),
            "wakeups_at_rest_per_s": _rate(resting, self._wakeups, at_s - self._rested_s),
        }

    def _wakeups_by_thread(self) -> dict[int, int]:
        """How often each thread has given the processor back so far; nothing where the system does not tell."""
        found: dict[int, int] = {}
        for status in Path(f"/proc/{self._seen.pid}/task").glob("*/status"):
            try:
                line = next(each for each in status.read_text().splitlines() if each.startswith("voluntary"))
            except OSError:  # the thread has just ended
                continue
            found[int(status.parent.name)] = int(line.split()[1])
        return found

    def _counts(self) -> dict[str, Any]:
        """What the program itself says of its beats."""
        try:
            snapshot = self._client.execute(GetSnapshot()).snapshot
        except ChannelError as error:
            return {"trouble": f"{type(error).__name__}: {error}"}
        return {
            "made": snapshot.made,
            "due": snapshot.due,
            "missed": snapshot.missed,
            "hiccups": snapshot.hiccups,
            "broken_parts": len(snapshot.broken_parts),
        }

    def _beats(self) -> dict[str, Any]:
        """Duration, lateness (ns) and beats missed of what was recorded since the last look.

        ``lost`` are numbers that are missing, ``stolen`` beats missed because the host gave this machine no processor.
        """
        try:
            with RecordReader(self._paths.store) as reader:
                found = list(reader.beats(self._next_ns, END_OF_TIME_NS))
        except StoreError as error:
            return {"beats": [], "lost": 0, "stolen": 0, "trouble": f"{type(error).__name__}: {error}"}
        new = [beat for beat in found if beat.seq >= self._next_seq]
        lost = 0
        for beat in new:
            lost += beat.seq - self._next_seq
            self._next_seq = beat.seq + 1
            self._next_ns = beat.wall_ns
        return {
            "beats": [[beat.duration_ns, beat.lateness_ns, beat.missed] for beat in new],
            "lost": lost,
            "stolen": sum(beat.missed for beat in new if beat.cause is Cause.STOLEN),
        }


def _rate(before: dict[int, int], now: dict[int, int], span_s: float) -> float | None:
    count = sum(number - before.get(thread, 0) for thread, number in now.items())
    return count / span_s if before and span_s > 0 else None


def open_handles(process: psutil.Process) -> int:
    """Descriptors, or the handles that Windows has in their place."""
    if sys.platform == "win32":
        return process.num_handles()
    return process.num_fds()
