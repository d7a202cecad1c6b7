"""Opens a file with the program that the system has for its kind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def open_file(file: Path) -> None:
    """Start that program and do not wait for it; OSError where there is none."""
    if sys.platform == "win32":
        os.startfile(file.absolute())
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    # A path from the root is never taken for an option.
    subprocess.Popen(
        [opener, str(file.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
