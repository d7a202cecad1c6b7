"""The process table out of /proc: what psutil reads too, at a tenth of the cost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
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


@dataclass(slots=True)
class _Seen:
    """A process as it was read last: both texts, and what they come to."""

    stat: bytes
    io: bytes
    row: ProcessRow


class ProcProcesses:
    """Reads ``/proc/PID/stat`` and, where that is allowed, ``/proc/PID/io`` of every process, fields as in proc(5).

    The second one always, too: what waits for a disk may use less CPU than the hundredths of a second that it is told
    in. Most texts are those of the last time, and are not taken apart again.
    """

    def __init__(self, folder: Path | str = "/proc", now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._folder = str(folder)
        self._now_ns = now_ns
        self._ticks = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
        self._page_bytes = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
        self._seen: dict[int, _Seen] = {}

    def table(self, deadline_ns: int) -> ProcessTable:
        """All processes now; not complete where the deadline (monotonic) passed.

        OSError where the folder cannot be listed.
        """
        at_ns = self._now_ns()
        clock_s = time.clock_gettime(_CLOCK) if _CLOCK is not None else 0.0
        seen: dict[int, _Seen] = {}
        unread, complete = 0, True
        read = self._read
        # Children before parents, for the most part: what one that ends meanwhile did is rather told twice than never.
        for entry in reversed(self._names()):
            if not entry.isdigit():
                continue
            if self._now_ns() > deadline_ns:
                complete = False
                break
            try:
                seen[int(entry)] = read(int(entry))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended
            except (OSError, ValueError, IndexError, ArithmeticError):
                unread += 1
        self._seen = seen
        return ProcessTable(at_ns, {pid: each.row for pid, each in seen.items()}, unread, complete, clock_s)

    def refreshed(self, table: ProcessTable, pids: AbstractSet[int]) -> ProcessTable:
        """The same table now: read are ``pids``, what is new and who started what has ended; the rest stands as it was.

        OSError where the folder cannot be listed.
        """
        at_ns = self._now_ns()
        clock_s = time.clock_gettime(_CLOCK) if _CLOCK is not None else 0.0
        known = table.rows
        there = {int(entry) for entry in self._names() if entry.isdigit()}
        parents = {row.parent for pid, row in known.items() if pid not in there}
        rows = {pid: row for pid, row in known.items() if pid in there}
        wanted = (there - known.keys()) | ((parents | pids) & there)
        stale = {pid: table.stale.get(pid, table.at_ns) for pid in rows if pid not in wanted}
        for pid in wanted:
            try:
                self._seen[pid] = seen = self._read(pid)
                rows[pid] = seen.row
            except (OSError, ValueError, IndexError, ArithmeticError):
                rows.pop(pid, None)
        return ProcessTable(at_ns, rows, table.unread, table.complete, clock_s, stale)

    def _names(self) -> list[str]:
        return os.listdir(self._folder)  # noqa: PTH208 - names are all that is needed

    def _text(self, pid: int, file: str, size: int) -> bytes:
        return _text(f"{self._folder}/{pid}/{file}", size)

    def _read(self, pid: int) -> _Seen:
        stat, seen = self._text(pid, "stat", _STAT_BYTES), self._seen.get(pid)
        if seen is not None and seen.stat == stat and (not seen.io or self._io(pid)[0] == seen.io):
            return seen
        # The name stands in brackets and may hold brackets and spaces itself.
        opens, closes = stat.index(b"("), stat.rindex(b")")
        fields = stat[closes + 2 :].split(None, 23)
        name, parent, started = (
            stat[opens + 1 : closes].decode(errors="replace"),
            int(fields[1]),
            int(fields[19]) / self._ticks,
        )
        before = seen.row if seen is not None else None
        if before is not None and (before.started != started or not before.name.startswith(name)):
            before = None
        io, unread = b"", before.unread if before is not None else ()
        if parent == _KERNEL:
            name = name.partition("/")[0]
        elif before is not None:
            name = before.name
        elif len(name) >= _LONGEST_NAME:
            name = self._whole_name(pid, name)
        if parent != _KERNEL and not unread:
            io, unread = self._io(pid)
        io_bytes = _io_bytes(io) if io else None
        of_children = self._of_children(pid, io_bytes, fields, before) if io_bytes is not None else None
        row = ProcessRow(
            pid,
            started,
            name,
            parent,
            (int(fields[11]) + int(fields[12])) / self._ticks,
            (int(fields[13]) + int(fields[14])) / self._ticks,
            int(fields[21]) * self._page_bytes,
            None if io_bytes is None else io_bytes - (of_children or 0),
            unread,
            int(fields[9]),
            _is_real_time(fields[23:]),
            int(fields[7]) * self._page_bytes,
            of_children,
            int(fields[10]),
            int(fields[8]) * self._page_bytes,
        )
        return _Seen(stat, io, row)

    def _io(self, pid: int) -> tuple[bytes, tuple[str, ...]]:
        try:
            return self._text(pid, "io", _IO_BYTES), ()
        except PermissionError:
            return b"", ("io:denied",)
        except OSError:
            return b"", ("io:error",)

    def _of_children(self, pid: int, io_bytes: int, fields: list[bytes], before: ProcessRow | None) -> int:
        """What of the data of a process was that of children it has waited for: the kernel tells the sum of both."""
        of_children = before.ended_children_io_bytes or 0 if before is not None else 0
        waited_for = int(fields[8]) * self._page_bytes  # no process comes and goes without a page
        if waited_for == (before.ended_children_new_bytes if before is not None else 0):
            return min(of_children, io_bytes)
        if int(fields[17]) == 1:
            with suppress(OSError, ValueError, IndexError):
                own = _io_bytes(self._text(pid, f"task/{pid}/io", _IO_BYTES))
                return max(0, min(io_bytes, io_bytes - own))
        if before is None or before.io_bytes is None:
            return 0
        # Of several threads those that have ended are not told apart: it goes to who used the CPU.
        cpu_s = (int(fields[11]) + int(fields[12])) / self._ticks - (before.cpu_s or 0.0)
        of_children_s = (int(fields[13]) + int(fields[14])) / self._ticks - (before.ended_children_s or 0.0)
        grown = max(0, io_bytes - before.io_bytes - of_children)
        return min(io_bytes, of_children + (grown if of_children_s > cpu_s else 0))

    def _whole_name(self, pid: int, name: str) -> str:
        """The kernel cuts names at 15 characters; the command line may have the rest."""
        try:
            command = self._text(pid, "cmdline", _COMMAND_BYTES)
        except OSError:
            return name
        base = command.partition(b"\0")[0].rpartition(b"/")[2].decode(errors="replace")
        # A program may have written all its arguments into the first: what follows a space is none of its name.
        rest = base.removeprefix(name).split(" ", 1)[0]
        return name + rest if base.startswith(name) else name


def arguments_of(pid: int, folder: str = "/proc") -> tuple[str, ...]:
    """The command line of a process, empty for one that has none; Refused, in a word, where it is not told."""
    try:
        text = _text(f"{folder}/{pid}/cmdline", _COMMAND_BYTES)
    except (FileNotFoundError, ProcessLookupError):
        raise Refused("gone") from None
    except PermissionError:
        raise Refused("denied") from None
    except OSError:
        raise Refused("error") from None
    # A program may have written all of it into its first argument, with blanks between.
    parts = text.removesuffix(b"\0").split(b"\0") if b"\0" in text else text.split(b" ")
    return tuple(each.decode(errors="replace") for each in parts) if text else ()


def _text(path: str, size: int) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def _io_bytes(text: bytes) -> int:
    words = text.split()
    found = dict(zip(words[::2], words[1::2], strict=False))
    return int(found.get(b"read_bytes:", 0)) + int(found.get(b"write_bytes:", 0))


def _is_real_time(rest: list[bytes]) -> bool:
    fields = rest[0].split() if rest else []
    return len(fields) > _POLICY and fields[_POLICY] in _REAL_TIME
