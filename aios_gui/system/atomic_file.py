"""Writes a file whole or not at all, and safely onto the disk."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

_Answer = TypeVar("_Answer")
_REPLACE_TRIES = 20


def write_atomically(target: Path, content: bytes) -> None:
    """Replace ``target``, for this user's eyes alone; a crash leaves the old file or the new one.

    OSError where it cannot be written; nothing of it is left then.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        replace_patiently(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def write_whole(target: Path, write: Callable[[TextIO], _Answer]) -> _Answer:
    """Have ``write`` fill ``target``, which others may read, and replace it at the end; returns its answer.

    OSError where it cannot be written. On any error the target is left as it was.
    """
    # Behind a symbolic link, so that the link survives; a pipe or a device is written to as it is.
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("w", encoding="utf-8", newline="") as stream:
            return write(stream)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            answer = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        replace_patiently(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return answer


def replace_patiently(source: Path, target: Path) -> None:
    """Give ``source`` the name ``target``, in place of what has it; OSError where that cannot be.

    On Windows a virus scanner or an editor holds a file for a moment, and renaming it is then refused: for a second
    it is tried again.
    """
    for attempt in range(_REPLACE_TRIES):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt" or attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(0.05)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` safe on the disk, where the file system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some file systems cannot; the new name is then safe a little later
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_private(path: Path, content: bytes) -> None:
    """Write a small file that only this user may read, whole or not at all; OSError leaves nothing behind."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        replace_patiently(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def make_private(folder: Path) -> None:
    """Create ``folder`` with its parents, readable by this user alone; OSError where that cannot be.

    A folder that exists is left as it is.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
