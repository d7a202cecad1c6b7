"""What each systemd unit has used, out of cgroups of the second version: also by processes that came and went."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress

from aios_gui.alerts.model.units import Unit

_ROOTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
_MOST, _FOREMOST = 200, 5
"""Of more units than this the rest is not looked at; and this number of them is told of."""
_KINDS = (".service", ".scope")
_BYTES = 16_384


class Units:
    """Reads ``cpu.stat`` and ``io.stat`` of services and scopes, where there are any; nothing raises."""

    def __init__(self, root: str | None = None) -> None:
        self._root = root
        self._before: Mapping[str, tuple[int, int]] = {}

    def grown(self) -> tuple[Unit, ...]:
        """The units that used most since last asked, with who runs in them; none where that is the first time."""
        if self._root is None:
            self._root = next((each for each in _ROOTS if os.path.exists(f"{each}/cgroup.controllers")), "")  # noqa: PTH110
        before, now = self._before, dict(self._read()) if self._root else {}
        self._before = now
        if not before:
            return ()
        grown = [
            (cpu_us - before.get(path, (0, 0))[0], io_bytes - before.get(path, (0, 0))[1], path)
            for path, (cpu_us, io_bytes) in now.items()
            # Where there are too many, one that was not looked at the last time may be old.
            if path in before or len(before) < _MOST
        ]
        most = sorted(grown, reverse=True)[:_FOREMOST]
        return tuple(
            Unit(path.rpartition("/")[2], cpu_us / 1e6, max(0, io_bytes), _pids(path))
            for cpu_us, io_bytes, path in most
            if cpu_us > 0
        )

    def _read(self) -> Iterator[tuple[str, tuple[int, int]]]:
        left, count = [self._root or ""], 0
        while left and count < _MOST:
            folder = left.pop()
            with suppress(OSError):
                for name in _folders(folder):
                    path = f"{folder}/{name}"
                    if not name.endswith(_KINDS) or name.startswith(
                        "user@"
                    ):  # which holds the units of a user
                        left.append(path)
                        continue
                    with suppress(OSError, ValueError, IndexError):
                        yield path, (_cpu_us(path), _io_bytes(path))
                        count += 1


def _pids(path: str) -> frozenset[int]:
    with suppress(OSError, ValueError):
        return frozenset(map(int, _text(f"{path}/cgroup.procs").split()))
    return frozenset()


def _folders(folder: str) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]


def _cpu_us(path: str) -> int:
    return int(_text(f"{path}/cpu.stat").split(None, 2)[1])


def _io_bytes(path: str) -> int:
    """Read and written; 0 where the controller is not there."""
    try:
        words = _text(f"{path}/io.stat").split()
    except OSError:
        return 0
    return sum(int(each.partition(b"=")[2]) for each in words if each.startswith((b"rbytes=", b"wbytes=")))


def _text(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _BYTES)
    finally:
        os.close(descriptor)
