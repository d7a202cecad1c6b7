"""Where changes are found: one module each, and one line here, in the order in which they are looked at."""

from __future__ import annotations

from aios_gui.history.changes.sources import (
    apt,
    dpkg,
    drivers,
    kernel,
    macos_installs,
    own,
    pacman,
    power,
    rpm,
    windows_programs,
)
from aios_gui.history.changes.sources.source import Source

SOURCES: tuple[Source, ...] = (
    own.SOURCE,
    kernel.SOURCE,
    power.SOURCE,
    drivers.SOURCE,
    dpkg.SOURCE,
    apt.SOURCE,
    pacman.SOURCE,
    rpm.SOURCE,
    windows_programs.SOURCE,
    macos_installs.SOURCE,
)
