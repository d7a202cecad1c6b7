"""The process table by psutil, on every system."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil

from aios_gui.alerts.diagnosis.processes import Refused
from aios_gui.alerts.model.processes import ProcessRow, ProcessTable

_NOT_HERE = (AttributeError, NotImplementedError)


def read_or_refuse(read: Callable[[], Any]) -> Any:
    """What ``read`` gives; Refused, in a word, for whatever psutil raises. None for what this system does not have."""
    try:
        return read()
    except _NOT_HERE:
        return None
    except psutil.ZombieProcess:
        raise Refused("zombie") from None
    except psutil.NoSuchProcess:
        raise Refused("gone") from None
    except psutil.AccessDenied:
        raise Refused("denied") from None
    except (psutil.Error, OSError, RuntimeError, ValueError, LookupError, TypeError):
        raise Refused("error") from None


class PsutilProcesses:
    """Reads every process in turn; one that refuses a figure is there without it."""

    def __init__(self, source: Any = psutil, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._source = source
        self._now_ns = now_ns

    def table(self, deadline_ns: int) -> ProcessTable:
        """All processes now; not complete where the deadline (monotonic) passed.

        Whatever psutil raises for the list of processes comes through.
        """
        at_ns = self._now_ns()
        rows: dict[int, ProcessRow] = {}
        unread, complete = 0, True
        for pid in self._source.pids():
            if self._now_ns() > deadline_ns:
                complete = False
                break
            if pid == 0:  # what Windows and macOS count idle time under
                continue
            try:
                rows[pid] = self._row(pid)
            except Refused as refused:
                unread += str(refused) != "gone"
        return ProcessTable(at_ns, rows, unread, complete, time.time())

    def _row(self, pid: int) -> ProcessRow:
        process = read_or_refuse(lambda: self._source.Process(pid))
        found: dict[str, Any] = {}
        unread: list[str] = []
        reads = {
            "name": lambda: str(process.name()),
            "started": lambda: float(process.create_time()),
            "parent": process.ppid,
            "cpu": process.cpu_times,
            "memory": lambda: int(process.memory_info().rss),
            "io": lambda: _io_bytes(process.io_counters()),
        }
        with process.oneshot():
            for what, read in reads.items():
                try:
                    found[what] = read_or_refuse(read)
                except Refused as refused:
                    if str(refused) == "gone":
                        raise
                    unread.append(f"{what}:{refused}")
        if found.get("name") is None:
            raise Refused("error")
        cpu = found.get("cpu")
        return ProcessRow(
            pid,
            found.get("started") or 0.0,
            found["name"],
            found.get("parent") or 0,
            None if cpu is None else float(cpu.user + cpu.system),
            None if cpu is None else _ended_children_s(cpu),
            found.get("memory"),
            found.get("io"),
            tuple(unread),
        )


def _ended_children_s(cpu: Any) -> float:
    return float(getattr(cpu, "children_user", 0.0) + getattr(cpu, "children_system", 0.0))


def _io_bytes(counters: Any) -> int | None:
    if counters is None:
        return None
    return int(counters.read_bytes + counters.write_bytes)


def arguments_of(pid: int, source: Any = psutil) -> tuple[str, ...]:
    """The command line of a process, empty for one that has none; Refused, in a word, where it is not told."""
    process = read_or_refuse(lambda: source.Process(pid))
    return tuple(read_or_refuse(process.cmdline) or ())
