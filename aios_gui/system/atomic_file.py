"""Writes a file whole or not at all, and makes folders: safe from other users of the machine and from a crash."""

from __future__ import annotations

import contextlib
import errno
import io
import itertools
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

_Answer = TypeVar("_Answer")
_REPLACE_TRIES = 20
_MOST_LINKS = 40
_AT_ONCE_BYTES = 1 << 20
_LEFT_BEHIND_S = 60.0
_PRIVATE = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

TEMPORARY = re.compile(r"\.aios-heartbeat-[0-9a-f]{16}\.tmp")
"""The name of a file that was being written when the program was killed."""
FOREIGN = "it was made by another user, who could read or misdirect what is written there"
"""The reason of the ``OSError`` where another user's link or pipe stands in the place of a file."""
OPEN_FOLDER = "it belongs to another user or is open to others; remove it"
"""The reason where that is so of a folder that the program needs for itself."""


def write_atomically(target: Path, content: bytes) -> None:
    """Replace ``target``, for this user's eyes alone; a crash leaves the old file or the new one.

    OSError where it cannot be written; nothing of it is left then.
    """
    _replace(target, _PRIVATE, lambda stream: stream.write(content), is_safe=True)
    sync_folder(target.parent)


def write_new(target: Path, content: BinaryIO) -> None:
    """Make a file that the user named, for this user's eyes alone; FileExistsError where anything has that name.

    OSError where it cannot be written; nothing of it is left then.
    """
    os.close(os.open(target, _NEW, _PRIVATE))
    try:
        _replace(target, _PRIVATE, lambda stream: _copy(content, stream), is_safe=True)
        sync_folder(target.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    # Not by shutil, which takes half a megabyte of whatever writes files.
    while some := source.read(_AT_ONCE_BYTES):
        target.write(some)


def write_private(path: Path, content: bytes) -> None:
    """The same without waiting for the disk: after a crash of the whole machine the file may be empty."""
    _replace(path, _PRIVATE, lambda stream: stream.write(content), is_safe=False)


def write_whole(target: Path, write: Callable[[TextIO], _Answer]) -> _Answer:
    """As ``write_whole_bytes``, with a text of UTF-8 whose ends of lines are left alone."""

    def fill(raw: BinaryIO) -> _Answer:
        with text_over(raw) as text:
            return write(text)

    return write_whole_bytes(target, fill)


@contextlib.contextmanager
def text_over(raw: BinaryIO) -> Iterator[TextIO]:
    """Write text of UTF-8 onto a stream of bytes, which stays open; ends of lines are left alone."""
    text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()


def write_whole_bytes(target: Path, write: Callable[[BinaryIO], _Answer]) -> _Answer:
    """Have ``write`` fill the file that the user named and replace it at the end; returns its answer.

    A file of this user keeps its mode, a new one is for this user's eyes alone. It is written behind a link, so that
    the link survives, and a pipe or a device as it is; PermissionError where another user made such a link or pipe.
    OSError where it cannot be written. On any error the target is left as it was.
    """
    target = _behind_own_links(target)
    status = _status(target)
    if status is not None and not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        _refuse_foreign(status, target)
        with target.open("wb") as stream:
            return write(stream)
    is_own = status is not None and (os.name == "nt" or status.st_uid == os.geteuid())
    mode = stat.S_IMODE(status.st_mode) & 0o777 if status is not None and is_own else _PRIVATE
    return _replace(target, mode, write, is_safe=True)


def _replace(target: Path, mode: int, fill: Callable[[BinaryIO], _Answer], is_safe: bool) -> _Answer:
    """Write a new file beside ``target``, under a name that none can foresee, and give it the name."""
    temporary = target.with_name(f".aios-heartbeat-{os.urandom(8).hex()}.tmp")
    try:
        # In here: it may be cancelled as soon as there is a file.
        descriptor = os.open(temporary, _NEW, _PRIVATE)
        with os.fdopen(descriptor, "wb") as stream:
            answer = fill(stream)
            stream.flush()
            if mode != _PRIVATE and os.name != "nt":
                os.fchmod(descriptor, mode)
            if is_safe:
                os.fsync(descriptor)
        replace_patiently(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return answer


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _behind_own_links(target: Path) -> Path:
    """Where ``target`` leads, by links of this user and of the system; PermissionError for one of another user."""
    if os.name == "nt":
        return Path(os.path.realpath(target))
    # Not `realpath`: in a shared folder anyone can put a link in the place of the file or of a folder above it.
    target = target.absolute()
    here, rest = Path(target.anchor), list(reversed(target.parts[1:]))
    followed = 0
    while rest:
        part = rest.pop()
        if part == "..":
            here = here.parent
            continue
        step = here / part
        try:
            status = step.lstat()
        except FileNotFoundError:
            here = step
            continue
        if not stat.S_ISLNK(status.st_mode):
            here = step
            continue
        _refuse_foreign(status, step)
        followed += 1
        if followed > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(step))
        link = step.readlink()
        if step.parts[1] == "proc" and not rest and step.exists() and not step.is_file():
            return step  # an open pipe that Linux shows as a link, as behind /dev/stdout
        here = Path(link.anchor) if link.is_absolute() else here
        rest += reversed(link.parts[1:] if link.is_absolute() else link.parts)
    return here


def _refuse_foreign(status: os.stat_result, path: Path) -> None:
    if os.name != "nt" and status.st_uid not in (0, os.geteuid()):
        raise PermissionError(errno.EACCES, FOREIGN, str(path))


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


def remove_leftovers(folder: Path, older_s: float = _LEFT_BEHIND_S) -> None:
    """Remove what a killed program was writing in ``folder``; what is not ``older_s`` may be in the making."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not TEMPORARY.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):
                if abs(time.time() - entry.stat(follow_symlinks=False).st_mtime) > older_s:
                    (folder / entry.name).unlink()


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


def make_private(folder: Path) -> None:
    """Create ``folder`` with those above it, each for this user alone, whatever the umask.

    A folder that exists is left as it is. Where one cannot be made none of them is left: OSError, or ValueError
    for a name that is none.
    """
    missing = list(itertools.takewhile(lambda each: not each.is_dir(), (folder, *folder.parents)))
    made: list[Path] = []
    try:
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
            made.append(each)
    except (OSError, ValueError):
        for each in reversed(made):
            with contextlib.suppress(OSError):  # something lies in it already
                each.rmdir()
        raise


def keep_to_user(path: Path) -> None:
    """Make sure that the file is there, and that no other user may read or write it; OSError where it cannot be.

    What SQLite keeps beside a record has the mode of the record.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE)
    try:
        if os.name == "posix" and os.fstat(descriptor).st_mode & 0o077:
            with contextlib.suppress(OSError):  # a disk whose file system has no modes
                os.fchmod(descriptor, _PRIVATE)
    finally:
        os.close(descriptor)
