"""Sees to it that no other user may write to the program's folders, as `ssh` does with its files."""

from __future__ import annotations

import errno
import os
import stat
from enum import StrEnum
from pathlib import Path

from aios_gui.system.paths import APP_NAME, Paths

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OWN_NAMES = (APP_NAME, "data", "logs", "log")


class HomeFault(StrEnum):
    """Why a folder cannot be used."""

    FOREIGN = "foreign"
    """It belongs to another user."""
    FOREIGN_TO_ROOT = "foreign_to_root"
    """It belongs to a user, and root runs the program, whose files that user could then not write."""
    SHARED = "shared"
    """Other users may write to it, and it is not the program's to change that."""


class UnsafeHome(Exception):
    """Another user could read or change what the program keeps in ``folder``, which belongs to user ``owner``."""

    def __init__(self, folder: Path, fault: HomeFault, owner: int) -> None:
        super().__init__(f"{folder}: {fault}")
        self.folder, self.fault, self.owner = folder, fault, owner


def secure_home(paths: Paths) -> list[Path]:
    """Check the folders that exist; returns those that other users could write to until now.

    Those are this user's own, and others may write to them no more. UnsafeHome where that cannot be changed, where a
    folder belongs to another user, or where anyone could put another folder in the place of one on the way there; one
    of root's that root alone can write is fine. Windows keeps a profile private
    by itself.
    """
    if os.name == "nt":
        return []
    folders = list(dict.fromkeys((paths.config, paths.data, paths.logs)))
    closed = [each for each in folders if _secure(each)]
    closed = [*(each for each in _above(folders) if _close_to_others(each)), *closed]
    for each in _ways_to(folders):
        _refuse_open(each)
    return closed


def _secure(folder: Path) -> bool:
    """Check a folder of the program; whether it had to be closed to other users."""
    try:
        found = folder.stat()
    except OSError:
        return False  # there is none, or what needs it will say why it cannot be used
    me = os.geteuid()
    if found.st_uid not in (me, 0):
        raise UnsafeHome(folder, HomeFault.FOREIGN_TO_ROOT if me == 0 else HomeFault.FOREIGN, found.st_uid)
    if not found.st_mode & _OTHERS_WRITE:
        return False
    if found.st_uid != me or found.st_mode & stat.S_ISVTX or (me == 0 and not _is_own(folder)):
        raise UnsafeHome(folder, HomeFault.SHARED, found.st_uid)
    try:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS_WRITE)
    except OSError as error:
        if error.errno == errno.EROFS:
            return False  # then no other user can write to it either
        raise UnsafeHome(folder, HomeFault.SHARED, found.st_uid) from error
    if folder.stat().st_mode & _OTHERS_WRITE:  # a file system without modes
        raise UnsafeHome(folder, HomeFault.SHARED, found.st_uid)
    return True


def _is_own(folder: Path) -> bool:
    """Whether it was made for the program, so that root may change its mode: not `/srv`, which was named as home."""
    return (
        folder.name in _OWN_NAMES or _home() in folder.parents or (folder / "data" / "instance.lock").exists()
    )


def _home() -> Path:
    return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none


def _above(folders: list[Path]) -> list[Path]:
    """The folders between the user's home and those of the program."""
    home = _home()
    return list(dict.fromkeys(each for folder in folders for each in folder.parents if home in each.parents))


def _close_to_others(folder: Path) -> bool:
    """Let no stranger rename what is in a folder of this user; the group is left, as it may be the user's own."""
    try:
        found = folder.stat()
        is_open = found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX
        if not is_open or found.st_uid != os.geteuid():
            return False
        folder.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS_WRITE)
    except OSError:
        return False
    return True


def _ways_to(folders: list[Path]) -> list[Path]:
    """All folders above these, also those above where links lead."""
    places = [place for each in folders for place in (each.absolute(), Path(os.path.realpath(each)))]
    return list(dict.fromkeys(above for place in places for above in place.parents))


def _refuse_open(folder: Path) -> None:
    """UnsafeHome where all users may rename what is in a folder; in one as `/tmp` each may rename their own alone."""
    try:
        found = folder.stat()
    except OSError:
        return
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise UnsafeHome(folder, HomeFault.SHARED, found.st_uid)
