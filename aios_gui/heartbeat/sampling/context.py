"""The context sample: disk, network, swap and this program's own cost, taken apart from the beats."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aios_gui.heartbeat.model.items import ContextSample
from aios_gui.system.machine import machine

log = logging.getLogger(__name__)

_NO_DISKS = ("loop", "ram", "zram")
"""Names of block devices begin so that are files or memory: what they wait for shows at the disk beneath, if any."""


class ContextSampler:
    """Takes a context sample; whatever the system refuses is None in it, the rest is there.

    Rates are over the time since the sample before. A counter that went back (a card or disk removed, a wrap)
    gives None once, never a negative rate. Free space is of the disk of ``folder``, and ``stalled`` is a
    ``StalledTime``'s. Use it on one thread.
    """

    def __init__(
        self,
        source: Any = None,
        now_ns: Callable[[], int] = time.perf_counter_ns,
        folder: Callable[[], Path] = Path,
        stalled: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._folder = folder
        self._stalled = stalled
        self._source = source or machine()
        self._now_ns = now_ns
        self._process: Any = None
        self._before: dict[str, tuple[int, float]] = {}
        self._refused: set[str] = set()

    def open(self) -> None:
        """Open what tells this program's cost; whatever the system raises comes through."""
        self._process = self._source.Process()

    def take(self, wall_ns: int, starting: bool = False) -> ContextSample:
        """One sample, stamped ``wall_ns``. While the program is ``starting``, its CPU is only a baseline."""
        if self._process is None:
            self._process = self._try("process", self._source.Process)
        disk = self._try("disk", lambda: self._source.disk_io_counters())
        network = self._try("network", lambda: self._source.net_io_counters())
        cpu_s = self._try("own CPU", lambda: sum(self._process.cpu_times()[:2]))
        own_cpu_percent = self._rate("own_cpu", cpu_s, 100)
        stalled = {
            name: share
            if share is None
            else min(100.0, share)  # read a moment later than the time of the span
            for name, ns in self._stalled().items()
            for share in (self._rate(f"stalled {name}", ns, 1e-7),)
        }
        return ContextSample(
            wall_ns,
            own_cpu_percent=None if starting else own_cpu_percent,
            own_memory_bytes=self._try("own memory", lambda: self._process.memory_info().rss),
            own_threads=self._try("own threads", lambda: self._process.num_threads()),
            memory_total_bytes=self._try("memory", lambda: self._source.virtual_memory().total),
            swap_percent=self._try("swap", lambda: float(self._source.swap_memory().percent)),
            disk_read_bytes_per_s=self._rate("disk_read", getattr(disk, "read_bytes", None)),
            disk_written_bytes_per_s=self._rate("disk_written", getattr(disk, "write_bytes", None)),
            network_received_bytes_per_s=self._rate("received", getattr(network, "bytes_recv", None)),
            network_sent_bytes_per_s=self._rate("sent", getattr(network, "bytes_sent", None)),
            disk_free_percent=self._try("disk space", self._free_percent),
            disk_busy_percent=self._try("disk time", self._busy_percent),
            cpu_stalled_percent=stalled.get("cpu"),
            io_stalled_percent=stalled.get("io"),
            memory_stalled_percent=stalled.get("memory"),
        )

    def on_battery(self) -> bool:
        """Whether the machine runs on its battery; False where it has none, or does not tell."""
        battery = self._try("power", lambda: self._source.sensors_battery())
        return battery is not None and battery.power_plugged is False

    def _busy_percent(self) -> float | None:
        """Of the busiest disk: the share of the time since the sample before in which it had something to do."""
        # A counter that went back is seen here: psutil's own care for that knows one kind of question only.
        disks = self._source.disk_io_counters(perdisk=True, nowrap=False) or {}
        shares = [
            self._rate(f"busy {name}", _busy_ms(counters), 0.1)
            for name, counters in disks.items()
            if not name.startswith(_NO_DISKS)
        ]
        known = [each for each in shares if each is not None]
        # Where reading and writing are timed apart, doing both at once counts twice.
        return min(100.0, max(known)) if known else None

    def _free_percent(self) -> float:
        # Of what this user can fill: some systems keep a part for their own.
        return 100.0 - float(self._source.disk_usage(str(self._folder())).percent)

    def _try(self, name: str, read: Callable[[], Any]) -> Any:
        """What ``read`` gives, or None; why it was refused is logged once."""
        try:
            return read()
        except Exception as error:  # noqa: BLE001 - psutil has errors of its own; whatever it is, it is logged
            if name not in self._refused:
                self._refused.add(name)
                log.warning("the system does not tell %s: %s", name, error)
            return None

    def _rate(self, name: str, value: float | None, scale: float = 1.0) -> float | None:
        """Growth of a counter a second since it was last seen, times ``scale``."""
        now_ns = self._now_ns()
        before = self._before.pop(name, None)
        if value is None:
            return None
        self._before[name] = (now_ns, value)
        if before is None or value < before[1] or now_ns <= before[0]:
            return None
        return (value - before[1]) * scale / ((now_ns - before[0]) / 1e9)


def _busy_ms(counters: Any) -> float | None:
    """How long a disk has been at work; where the system does not count that, how long reading and writing took."""
    busy_ms = getattr(counters, "busy_time", None)
    if busy_ms is not None:
        return float(busy_ms)
    read_ms, write_ms = getattr(counters, "read_time", None), getattr(counters, "write_time", None)
    return None if read_ms is None or write_ms is None else float(read_ms + write_ms)
