"""The process table out of /proc: what psutil reads too, at a tenth of the cost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from aios_gui.alerts.diagnosis.processes import Refused
from aios_gui.alerts.model.processes import ProcessRow, ProcessTable

_STAT_BYTES, _IO_BYTES, _COMMAND_BYTES = 1024, 512, 4096
_LONGEST_NAME = 15
_KERNEL = 2
"""The parent of all kernel threads."""
_POLICY, _REAL_TIME = 15, (b"1", b"2")
"""Where in the rest of the line the policy stands, and those before all others: SCHED_FIFO, SCHED_RR."""
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)
"""What the start of a process is counted by."""


class ProcProcesses:
    """Reads ``/proc/PID/stat`` of every process, fields as in proc(5).

    ``/proc/PID/io`` is read where that is allowed and the process did anything since the table before: what reads or
    writes has used the CPU, waited for a page or for a child.
    """

    def __init__(self, folder: Path | str = "/proc", now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._folder = str(folder)
        self._now_ns = now_ns
        self._ticks = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
        self._page_bytes = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
        self._before: dict[int, ProcessRow] = {}

    def table(self, deadline_ns: int) -> ProcessTable:
        """All processes now; not complete where the deadline (monotonic) passed.

        OSError where the folder cannot be listed.
        """
        at_ns = self._now_ns()
        clock_s = time.clock_gettime(_CLOCK) if _CLOCK is not None else 0.0
        rows: dict[int, ProcessRow] = {}
        unread, complete = 0, True
        before, row_of = self._before, self._row
        # Children before parents, for the most part: what one that ends meanwhile did is rather told twice than never.
        for entry in reversed(os.listdir(self._folder)):  # noqa: PTH208 - names are all that is needed
            if not entry.isdigit():
                continue
            if self._now_ns() > deadline_ns:
                complete = False
                break
            pid = int(entry)
            try:
                rows[pid] = row_of(pid, before.get(pid))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended
            except (OSError, ValueError, IndexError, ArithmeticError):
                unread += 1
        self._before = rows
        return ProcessTable(at_ns, rows, unread, complete, clock_s)

    def refreshed(self, table: ProcessTable, pids: AbstractSet[int]) -> ProcessTable:
        """The same table now: read are ``pids``, what is new and who started what has ended; the rest stands as it was.

        OSError where the folder cannot be listed.
        """
        at_ns = self._now_ns()
        clock_s = time.clock_gettime(_CLOCK) if _CLOCK is not None else 0.0
        known = table.rows
        there = {int(entry) for entry in os.listdir(self._folder) if entry.isdigit()}  # noqa: PTH208 - as above
        parents = {row.parent for pid, row in known.items() if pid not in there}
        rows = {pid: row for pid, row in known.items() if pid in there}
        wanted = (there - known.keys()) | ((parents | pids) & there)
        stale = {pid: table.stale.get(pid, table.at_ns) for pid in rows if pid not in wanted}
        for pid in wanted:
            try:
                rows[pid] = self._row(pid, known.get(pid))
            except (OSError, ValueError, IndexError, ArithmeticError):
                rows.pop(pid, None)
        self._before = rows
        return ProcessTable(at_ns, rows, table.unread, table.complete, clock_s, stale)

    def _row(self, pid: int, before: ProcessRow | None) -> ProcessRow:
        stat = _read(f"{self._folder}/{pid}/stat", _STAT_BYTES)
        # The name stands in brackets and may hold brackets and spaces itself.
        opens, closes = stat.index(b"("), stat.rindex(b")")
        fields = stat[closes + 2 :].split(None, 23)
        started = int(fields[19]) / self._ticks
        parent = int(fields[1])
        cpu_s = (int(fields[11]) + int(fields[12])) / self._ticks
        ended_children_s = (int(fields[13]) + int(fields[14])) / self._ticks
        memory_bytes = int(fields[21]) * self._page_bytes
        faults = int(fields[9]) + int(fields[10])
        name = stat[opens + 1 : closes].decode(errors="replace")
        if before is not None and (before.started != started or not before.name.startswith(name)):
            before = None
        if before is not None and (
            before.cpu_s == cpu_s
            and before.ended_children_s == ended_children_s
            and before.hard_faults == faults
            and before.parent == parent
        ):
            if before.memory_bytes == memory_bytes:
                return before
            return replace(before, memory_bytes=memory_bytes)
        if parent == _KERNEL:
            name = name.partition("/")[0]
        elif before is not None:
            name = before.name
        elif len(name) >= _LONGEST_NAME:
            name = self._whole_name(pid, name)
        io_bytes: int | None = None
        unread: tuple[str, ...] = ()
        if parent == _KERNEL:
            pass
        elif before is not None and before.unread:
            unread = before.unread
        else:
            io_bytes, unread = self._io(pid)
        return ProcessRow(
            pid,
            started,
            name,
            parent,
            cpu_s,
            ended_children_s,
            memory_bytes,
            io_bytes,
            unread,
            faults,
            _is_real_time(fields[23:]),
        )

    def _io(self, pid: int) -> tuple[int | None, tuple[str, ...]]:
        try:
            lines = _read(f"{self._folder}/{pid}/io", _IO_BYTES).splitlines()
        except PermissionError:
            return None, ("io:denied",)
        except OSError:
            return None, ("io:error",)
        counters = dict(line.split(b": ") for line in lines if b": " in line)
        return int(counters.get(b"read_bytes", 0)) + int(counters.get(b"write_bytes", 0)), ()

    def _whole_name(self, pid: int, name: str) -> str:
        """The kernel cuts names at 15 characters; the command line may have the rest."""
        try:
            command = _read(f"{self._folder}/{pid}/cmdline", _COMMAND_BYTES)
        except OSError:
            return name
        base = command.partition(b"\0")[0].rpartition(b"/")[2].decode(errors="replace")
        # A program may have written all its arguments into the first: what follows a space is none of its name.
        rest = base.removeprefix(name).split(" ", 1)[0]
        return name + rest if base.startswith(name) else name


def arguments_of(pid: int, folder: str = "/proc") -> tuple[str, ...]:
    """The command line of a process, empty for one that has none; Refused, in a word, where it is not told."""
    try:
        text = _read(f"{folder}/{pid}/cmdline", _COMMAND_BYTES)
    except (FileNotFoundError, ProcessLookupError):
        raise Refused("gone") from None
    except PermissionError:
        raise Refused("denied") from None
    except OSError:
        raise Refused("error") from None
    # A program may have written all of it into its first argument, with blanks between.
    parts = text.removesuffix(b"\0").split(b"\0") if b"\0" in text else text.split(b" ")
    return tuple(each.decode(errors="replace") for each in parts) if text else ()


def _read(path: str, size: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def _is_real_time(rest: list[bytes]) -> bool:
    fields = rest[0].split() if rest else []
    return len(fields) > _POLICY and fields[_POLICY] in _REAL_TIME
