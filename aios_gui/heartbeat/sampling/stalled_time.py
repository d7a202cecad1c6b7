"""The kernel's account of stalled time: for how long tasks have waited for a core, the disk or memory so far."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

RESOURCES = ("cpu", "io", "memory")
_LINES = {"cpu": b"some", "io": b"full", "memory": b"full"}
"""Of a core one may be short while others run; for the others it counts when all that had work to do waited."""
_BYTES = 256


class StalledTime:
    """Reads ``/proc/pressure/*`` by descriptors that stay open. A kernel that keeps no such account tells nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read below ``folder``; without it the account of the kernel, which no other than Linux keeps."""
        self._folder = folder or (Path("/proc/pressure") if sys.platform == "linux" else None)
        self._open: dict[str, int] | None = None

    def read(self) -> dict[str, int]:
        """The totals so far by resource, ns; those that cannot be had are missing."""
        if self._open is None:
            self._open = _opened(self._folder)
        found = {}
        for name, descriptor in self._open.items():
            try:
                found[name] = _total_us(os.pread(descriptor, _BYTES, 0), _LINES[name]) * 1000
            except (OSError, ValueError, IndexError):
                continue
        return found

    def close(self) -> None:
        """Close the descriptors; again is harmless."""
        for descriptor in (self._open or {}).values():
            os.close(descriptor)
        self._open = {}


def _opened(folder: Path | None) -> dict[str, int]:
    found: dict[str, int] = {}
    if folder is None:
        return found
    for name in RESOURCES:
        with suppress(OSError):
            found[name] = os.open(folder / name, os.O_RDONLY | os.O_CLOEXEC)
    return found


def _total_us(text: bytes, kind: bytes) -> int:
    """The total of the line of that kind, or of the first where there is none: as of memory in older kernels."""
    lines = text.splitlines()
    line = next((each for each in lines if each.startswith(kind)), lines[0])
    return int(line.rsplit(b"total=", 1)[1])
