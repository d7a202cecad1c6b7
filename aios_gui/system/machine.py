"""What tells of the machine and of this process: psutil, or what gives the same for less."""

from __future__ import annotations

import sys
from typing import Any


def machine() -> Any:
    """An object with the functions of psutil that this program uses of the machine and of itself."""
    if sys.platform == "linux":
        from aios_gui.system.linux.machine import LinuxMachine

        return LinuxMachine()
    import psutil

    return psutil
