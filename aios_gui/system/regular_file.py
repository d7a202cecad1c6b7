"""Reads a file of limited size whatever was put in its place: a pipe, a device, a file of the kernel."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, cast


class NotRegular(OSError):
    """There is something else than a file."""


def read_regular(path: Path, most_bytes: int, private: bool = False, from_end: bool = False) -> bytes:
    """At most this many bytes of the file, the first or the last ones.

    NotRegular, at once, for what is no file, and OSError for any other reason.
    ``private`` refuses a file that belongs to another user, or that another user may write, with PermissionError.
    """
    with open(path, "rb", opener=_open_at_once) as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotRegular(f"{path} is not a regular file")
        if private and os.name == "posix" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
            raise PermissionError(f"{path} can be written by another user")
        if from_end:
            stream.seek(max(0, status.st_size - most_bytes))
        content = cast("bytes | None", stream.read(most_bytes))
        # The kernel's log calls itself an empty file, and gives None until it has something to say.
        if content is None or (content and not os.fstat(stream.fileno()).st_size):
            raise NotRegular(f"{path} is a file of the kernel")
    return content


def open_regular(path: Path) -> BinaryIO:
    """The file, to be read; NotRegular, at once, for what is no file, and OSError for any other reason."""
    stream = open(path, "rb", opener=_open_at_once)  # noqa: SIM115 - it is for the caller to close
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise NotRegular(f"{path} is not a regular file")
    return stream


def _open_at_once(path: str, flags: int) -> int:
    """Open a file, but never wait for the other end of a pipe that was put in its place."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
