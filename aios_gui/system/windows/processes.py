"""All processes by one question to Windows, as its own task manager asks."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SYSTEM_PROCESS_INFORMATION, _TOO_SHORT = 5, 0xC0000004
_FIRST_BYTES, _MORE_BYTES, _TRIES = 1 << 18, 1 << 16, 5
_PER_S = 10_000_000
_FROM_1601_S = 11_644_473_600


class _Name(ctypes.Structure):
    _fields_ = (("bytes", ctypes.c_uint16), ("most_bytes", ctypes.c_uint16), ("text", ctypes.c_void_p))


class Entry(ctypes.Structure):
    """SYSTEM_PROCESS_INFORMATION without its threads, as Windows has had it since 7."""

    _fields_ = (
        ("next_offset", ctypes.c_uint32),
        ("threads", ctypes.c_uint32),
        ("private_working_set", ctypes.c_int64),
        ("hard_faults", ctypes.c_uint32),
        ("most_threads", ctypes.c_uint32),
        ("cycles", ctypes.c_uint64),
        ("created", ctypes.c_int64),
        ("user", ctypes.c_int64),
        ("kernel", ctypes.c_int64),
        ("name", _Name),
        ("priority", ctypes.c_int32),
        ("pid", ctypes.c_void_p),
        ("parent", ctypes.c_void_p),
        ("handles", ctypes.c_uint32),
        ("session", ctypes.c_uint32),
        ("key", ctypes.c_void_p),
        ("sizes", ctypes.c_size_t * 2),
        ("faults", ctypes.c_uint32),
        ("peak_working_set", ctypes.c_size_t),
        ("working_set", ctypes.c_size_t),
        ("quotas", ctypes.c_size_t * 4),
        ("paged", ctypes.c_size_t * 3),
        ("operations", ctypes.c_int64 * 3),
        ("read_bytes", ctypes.c_int64),
        ("written_bytes", ctypes.c_int64),
        ("other_bytes", ctypes.c_int64),
    )


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """One process; ``started_s`` is since the Unix epoch, ``read_and_written_bytes`` since it started."""

    pid: int
    parent: int
    name: str
    started_s: float
    cpu_s: float
    memory_bytes: int
    read_and_written_bytes: int
    hard_faults: int


def running_processes() -> list[RunningProcess]:
    """All processes but the idle one; OSError where Windows does not tell."""
    ask = ctypes.WinDLL("ntdll").NtQuerySystemInformation  # type: ignore[attr-defined,unused-ignore]
    ask.restype = ctypes.c_uint32
    size, status = _FIRST_BYTES, _TOO_SHORT
    for _try in range(_TRIES):
        buffer, wanted = ctypes.create_string_buffer(size), ctypes.c_uint32()
        status = ask(_SYSTEM_PROCESS_INFORMATION, buffer, size, ctypes.byref(wanted))
        if not status:
            return list(entries_of(buffer))
        if status != _TOO_SHORT:
            break
        size = wanted.value + _MORE_BYTES
    raise OSError(f"NtQuerySystemInformation: status {status:#x}")


def entries_of(buffer: Any) -> Iterator[RunningProcess]:
    """What stands in a buffer that Windows has filled."""
    offset = 0
    while True:
        entry = Entry.from_buffer(buffer, offset)
        if entry.pid:
            yield RunningProcess(
                entry.pid,
                entry.parent or 0,
                _text(entry.name),
                entry.created / _PER_S - _FROM_1601_S,
                (entry.user + entry.kernel) / _PER_S,
                entry.working_set,
                entry.read_bytes + entry.written_bytes,
                entry.hard_faults,
            )
        if not entry.next_offset:
            return
        offset += entry.next_offset


def _text(name: _Name) -> str:
    if not name.text or not name.bytes:
        return ""
    return ctypes.string_at(name.text, name.bytes).decode("utf-16-le", "replace")
