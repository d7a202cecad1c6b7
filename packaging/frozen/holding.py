"""Keeps the program's own modules within reach while it runs, whatever an upgrade puts in their place.

Modules are read from the file of the program when they are first asked for. A package that is upgraded lays another
file there, in which other things are found at the same places.
"""

import importlib
import os
import sys
from typing import Any


def hold_modules() -> None:
    """Let whatever is imported from now on come from the file that this process was started from."""
    if sys.platform.startswith(
        "linux"
    ):  # elsewhere the file is in use, or belongs to a folder that goes as a whole
        hold(importlib.import_module("pyimod02_importers").pyz_archive)  # the boot loader's own


def hold(archive: Any) -> None:
    """Let ``archive`` read from its file as it is now, also once another one has its name."""
    handle = os.open(archive._filename, os.O_RDONLY | os.O_CLOEXEC)
    archive._filename = f"/proc/self/fd/{handle}"
