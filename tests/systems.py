"""What some tests ask of the system, with the reason why they are left out where it cannot do it."""

from __future__ import annotations

import ctypes
import sys
import zoneinfo

import pytest

WINDOWS = sys.platform == "win32"
WINE = WINDOWS and hasattr(ctypes.windll.ntdll, "wine_get_version")  # type: ignore[attr-defined, unused-ignore]

removes_open_files = pytest.mark.skipif(WINDOWS, reason="Windows removes no file that is open")
follows_links = pytest.mark.skipif(
    WINDOWS,
    reason="links need a right of their own on Windows, and Wine makes some that it does not read back",
)
limits_paths = pytest.mark.skipif(
    WINDOWS, reason="Windows takes paths of 32,767 characters, where that is switched on"
)
has_modes = pytest.mark.skipif(WINDOWS, reason="Windows has lists of rights in place of modes")
knows_zones = pytest.mark.skipif(
    not zoneinfo.available_timezones(), reason="no time zones are installed here"
)
has_a_shell = pytest.mark.skipif(WINDOWS, reason="Windows has no sh")
has_signals = pytest.mark.skipif(WINDOWS, reason="Windows sends no such signals")
loads_while_it_asks = pytest.mark.skipif(
    WINE,
    reason="Wine's loader deadlocks where a thread loads Qt and one asks for network counters, if output is a file",
)
counts_private_memory = pytest.mark.skipif(
    WINE, reason="Wine does not tell which pages are a process's own (QueryWorkingSetEx)"
)
