"""Opens a file with the program that the system has for its kind."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

from aios_gui.system.tools import find_tool


def open_file(file: Path, find: Callable[[str], str | None] = find_tool) -> None:
    """Start that program and do not wait for it; OSError where there is none."""
    if sys.platform == "win32":
        os.startfile(file.absolute())
        return
    name = "open" if sys.platform == "darwin" else "xdg-open"
    opener = find(name)
    if opener is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    quiet = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDWR, 0),
        *((os.POSIX_SPAWN_DUP2, 0, each) for each in (1, 2)),
    ]
    # A path from the root is never taken for an option.
    os.posix_spawn(opener, [opener, str(file.absolute())], os.environ, file_actions=quiet, setpgroup=0)
