"""The small files that a mechanism keeps: written whole, for this user alone, and read as text or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

from aios_gui.autostart.model.autostart import AutostartError
from aios_gui.system.atomic_file import make_private, write_private
from aios_gui.text.catalogue import gettext as _

LARGEST_BYTES = 100_000


def write_text(path: Path, text: str) -> None:
    """Replace the file, whole or not at all, its folder made where there is none; AutostartError."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """The same for bytes."""
    try:
        make_private(path.parent)
        write_private(path, content)
    except OSError as error:
        raise refused(path, error) from error


def read_bytes(path: Path) -> bytes:
    """What the file holds; AutostartError for anything but a file of a sensible size."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AutostartError(_("{path} is no file").format(path=path))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise refused(path, error) from error
    if len(content) > LARGEST_BYTES:
        raise AutostartError(_("{path} is too large for what it should be").format(path=path))
    return content


def read_text(path: Path) -> str:
    """The same as text."""
    try:
        return read_bytes(path).decode()
    except UnicodeDecodeError as error:
        raise AutostartError(_("{path} is not UTF-8 text").format(path=path)) from error


def remove(path: Path) -> None:
    """Remove the file where there is one; AutostartError."""
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:
        return  # a file where the folder would be: nothing is registered
    except OSError as error:
        raise refused(path, error) from error


def refused(path: Path, error: OSError) -> AutostartError:
    """What the system said of a file."""
    return AutostartError(f"{path}: {error.strerror or error}")
