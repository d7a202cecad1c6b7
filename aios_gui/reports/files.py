"""Writes the files of reports and exports: whole or not at all, and never so much that the disk is full."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from aios_gui.system.atomic_file import remove_leftovers, write_whole_bytes

_Answer = TypeVar("_Answer")
KEPT_FREE_BYTES = 64 << 20
"""So much of the disk is left to others, first of all to the record; of a small one a twentieth."""
_KEPT_FREE_PART = 20
_LOOKED_EVERY_BYTES = 4 << 20
_ABANDONED_S = 3600.0


class NoRoom(OSError):
    """The disk has too little room for the file; ``needed_bytes`` are those that are missing from what is free, too."""

    def __init__(self, target: Path, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        self.needed_bytes, self.free_bytes = needed_bytes, free_bytes


def write_file(target: Path, write: Callable[[BinaryIO], _Answer], expected_bytes: int = 0) -> _Answer:
    """Have ``write`` fill a new file beside ``target``, and give it that name at the end; returns its answer.

    NoRoom where the disk has not ``expected_bytes``, or gets too full meanwhile; OSError where it cannot be written.
    On any error, and on KeyboardInterrupt, the target is as it was. The mode of a file of this user stays, a new one is
    for this user alone.
    """
    if target.exists() and not target.is_file():
        return write_whole_bytes(target, write)  # a pipe or a device has no room to run out of
    file = Path(os.path.realpath(target))  # not resolve(), which fails on a ring of links
    remove_leftovers(file.parent, _ABANDONED_S)
    _check_room(file, expected_bytes)
    return write_whole_bytes(target, lambda stream: write(cast(BinaryIO, _Watched(stream, file))))


def _check_room(target: Path, more_bytes: int) -> None:
    disk = shutil.disk_usage(target.parent)
    needed_bytes = more_bytes + min(KEPT_FREE_BYTES, disk.total // _KEPT_FREE_PART)
    if disk.free < needed_bytes:
        raise NoRoom(target, needed_bytes, disk.free)


class _Watched(io.BufferedIOBase):
    """Passes on what is written, and looks now and then whether the disk gets too full."""

    def __init__(self, stream: BinaryIO, target: Path) -> None:
        super().__init__()
        self._stream, self._target = stream, target
        self._unlooked_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._unlooked_bytes += len(content)
        if self._unlooked_bytes >= _LOOKED_EVERY_BYTES:
            self._unlooked_bytes = 0
            _check_room(self._target, 0)
        return self._stream.write(content)

    def flush(self) -> None:
        if not self._stream.closed:
            self._stream.flush()

    def tell(self) -> int:
        return self._stream.tell()
