"""Tells whether a program lies where it will still be at the next log-in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

from aios_gui.autostart.model.setup import Place

_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/private/var/folders", "/var/folders")  # noqa: S108
_TRANSLOCATED = "AppTranslocation"
"""Where macOS runs a program from that was downloaded and never moved."""
_REMOVABLE = ("/media", "/run/media", "/mnt", "/Volumes")
_TEMPORARY_VARIABLES = ("TMPDIR", "TEMP", "TMP")
_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_DISC = 2, 4, 5


def drive_type(path: str) -> int:
    """What Windows says of the drive of ``path``; 0 elsewhere."""
    if sys.platform != "win32":
        return 0
    import ctypes

    found: int = ctypes.windll.kernel32.GetDriveTypeW(PurePath(path).anchor)
    return found


def place_of(
    program: str,
    environ: Mapping[str, str] = os.environ,
    home: Path | None = None,
    drive: Callable[[str], int] = drive_type,
) -> Place:
    """Where ``program`` lies, links followed or not."""
    home = home or Path.home()
    temporary = [*_TEMPORARY, *(environ[name] for name in _TEMPORARY_VARIABLES if environ.get(name))]
    paths = {os.path.normcase(program), os.path.normcase(os.path.realpath(program))}
    if any(_is_within(path, folder) for path in paths for folder in temporary) or _TRANSLOCATED in program:
        return Place.TEMPORARY
    if any(_is_within(path, folder) for path in paths for folder in _REMOVABLE):
        return Place.REMOVABLE
    if drive(program) in (_DRIVE_REMOVABLE, _DRIVE_REMOTE, _DRIVE_DISC):
        return Place.REMOVABLE
    if any(_is_within(path, str(home / "Downloads")) for path in paths):
        return Place.DOWNLOADS
    return Place.USUAL


def _is_within(path: str, folder: str) -> bool:
    return PurePath(path).is_relative_to(os.path.normcase(folder))
