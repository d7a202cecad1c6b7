"""The kernel's account of stalled time: for how long tasks have waited for a core, the disk or memory so far."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

RESOURCES = ("cpu", "io", "memory")
_BYTES = 256


class StalledTime:
    """Reads ``/proc/pressure/*`` by descriptors that stay open. A kernel that keeps no such account tells nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read below ``folder``; without it the account of the kernel, which no other than Linux keeps."""
        self._folder = folder or (Path("/proc/pressure") if sys.platform == "linux" else None)
        self._open: dict[str, int] | None = None
        self._texts: dict[str, bytes] = {}
        self._totals: dict[str, dict[str, int]] = {}

    def read(self) -> dict[str, int]:
        """The totals so far, ns; those that cannot be had are missing.

        By resource, for how long something has waited for it; ``io_full`` and ``memory_full``, for how long all that
        had work to do waited: not while one program computes, though all others may hang.
        """
        if self._open is None:
            self._open = _opened(self._folder)
        found: dict[str, int] = {}
        for name, descriptor in self._open.items():
            try:
                text = os.pread(descriptor, _BYTES, 0)
                if text != self._texts.get(name):  # of disk and memory it is the same most of the time
                    self._texts[name], self._totals[name] = text, _totals(name, text)
            except (OSError, ValueError, IndexError):
                continue
            found |= self._totals[name]
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


def _totals(name: str, text: bytes) -> dict[str, int]:
    _before, some, *rest = text.split(b"total=", 2)
    found = {name: int(some.split(None, 1)[0]) * 1000}
    if rest and name != "cpu":
        found[f"{name}_full"] = int(rest[0]) * 1000
    return found
