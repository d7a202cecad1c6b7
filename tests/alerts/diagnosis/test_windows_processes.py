"""The process table of Windows: its bytes read as they lie, and the real ones where there are any."""

import ctypes
import os
import sys
import time
from typing import Any

import pytest

from aios_gui.alerts.diagnosis.psutil_processes import PsutilProcesses
from aios_gui.alerts.diagnosis.windows_processes import WindowsProcesses
from aios_gui.system.windows.processes import Entry, RunningProcess, entries_of

FAR_NS = 2**62


def test_the_layout_is_that_of_64_bit_windows() -> None:
    at = {
        name: getattr(Entry, name).offset
        for name in ("created", "name", "pid", "faults", "working_set", "read_bytes")
    }
    assert at == {"created": 32, "name": 56, "pid": 80, "faults": 128, "working_set": 144, "read_bytes": 232}
    assert ctypes.sizeof(Entry) == 256


def filled(*found: tuple[int, str]) -> tuple[Any, list[Any]]:
    """A buffer as Windows fills it, each entry with room for threads after it, and what its names lie in."""
    step = ctypes.sizeof(Entry) + 80
    buffer, names = ctypes.create_string_buffer(step * len(found)), []
    for number, (pid, name) in enumerate(found):
        entry = Entry.from_buffer(buffer, step * number)
        entry.next_offset = step if number < len(found) - 1 else 0
        entry.pid, entry.parent = pid, 4
        entry.created = 116_444_736_000_000_000 + 5 * 10**7
        entry.user, entry.kernel = 10**7, 2 * 10**7
        entry.working_set, entry.read_bytes, entry.written_bytes, entry.hard_faults = 4096, 7, 8, 9
        text = name.encode("utf-16-le")
        names.append(ctypes.create_string_buffer(text))
        entry.name.bytes, entry.name.text = len(text), ctypes.addressof(names[-1]) if text else None
    return buffer, names


def test_every_process_but_the_idle_one_is_read() -> None:
    buffer, names = filled((0, ""), (4, "System"), (4711, "心跳.exe"), (4712, ""))
    assert names
    found = list(entries_of(buffer))
    assert found[1] == RunningProcess(4711, 4, "心跳.exe", 5.0, 3.0, 4096, 15, 9)
    assert [each.name for each in found] == ["System", "心跳.exe", ""]
    table = WindowsProcesses(lambda: found, lambda: 7).table(FAR_NS)
    assert (table.at_ns, table.complete, table.rows[4711].cpu_s, table.rows[4711].io_bytes) == (
        7,
        True,
        3.0,
        15,
    )
    assert table.rows[4712].name == "?"
    assert table.clock_s == pytest.approx(time.time(), abs=60)


@pytest.mark.skipif(sys.platform != "win32", reason="asks Windows")
def test_it_tells_the_same_as_psutil() -> None:
    own, theirs = (each.table(FAR_NS).rows[os.getpid()] for each in (WindowsProcesses(), PsutilProcesses()))
    assert (own.pid, own.name, own.parent) == (theirs.pid, theirs.name, theirs.parent)
    assert own.cpu_s == pytest.approx(theirs.cpu_s, abs=2.0)
    assert own.started == pytest.approx(theirs.started, abs=1.0)
