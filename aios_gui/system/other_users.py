"""Whether another user of this machine could put something else in the place of a file."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def writable_by_others(path: Path) -> Path | None:
    """The file, or the folder above it, that another user may write or owns; None where there is none such.

    Links are looked at and followed. The administrator may write everything and is not meant. What cannot be looked
    at, and Windows, whose rights are lists, tell of nothing.
    """
    if os.name != "posix":
        return None
    spelt = Path(os.path.abspath(path))  # noqa: PTH100 - keeps symbolic links as they are
    chain = (spelt, *spelt.parents, *Path(os.path.realpath(path)).parents, Path(os.path.realpath(path)))
    for each in dict.fromkeys(chain):
        try:
            status = each.stat()
        except OSError:
            continue
        if status.st_uid not in (0, os.getuid()) or _lets_others_write(status):
            return each
    return None


def opens_to_others(folder: Path) -> Path | None:
    """The folder, or one above it, in which another user could put a file; None where there is none such.

    Not one above it as `/tmp`, where each may replace only what is his own; the folder itself may not be such a one.
    """
    found = writable_by_others(folder)
    if found is not None or os.name != "posix":
        return found
    return folder if folder.stat().st_mode & stat.S_IWOTH else None


def _lets_others_write(status: os.stat_result) -> bool:
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return False  # as /tmp: each may replace only what is his own
    if status.st_mode & stat.S_IWOTH:
        return True
    return bool(status.st_mode & stat.S_IWGRP) and _has_other_members(status.st_gid)


def _has_other_members(group: int) -> bool:
    """Many systems give every user a group of his own, and let that write."""
    import grp
    import pwd

    try:
        members = set(grp.getgrgid(group).gr_mem)
    except KeyError:
        members = set()
    everyone = pwd.getpwall()
    members |= {each.pw_name for each in everyone if each.pw_gid == group}
    return bool(members - {each.pw_name for each in everyone if each.pw_uid in (0, os.getuid())})
