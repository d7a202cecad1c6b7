"""Versions of drivers and of the firmware, as Linux tells them below /sys."""

from __future__ import annotations

from pathlib import Path

from aios_gui.history.changes.model import ChangeKind
from aios_gui.history.changes.sources.source import (
    LINUX,
    Found,
    Past,
    Source,
    Values,
    folders_in,
    look_at_values,
    read_text,
)

NAME = "drivers"
_MOST_CPUINFO = 16 << 10


def look(past: Past) -> Found:
    """Drivers that have a version. One that was unloaded is remembered: it comes and goes with its device."""
    return look_at_values(NAME, past, _values(past.root), forgets=False)


def _values(root: Path) -> Values:
    drivers = {
        folder.name: version
        for folder in folders_in(root / "sys/module")
        if (version := read_text(folder / "version"))
    }
    firmware = {
        "BIOS": read_text(root / "sys/class/dmi/id/bios_version"),
        "microcode": _microcode(root),
    }
    return {
        ChangeKind.DRIVER: drivers,
        ChangeKind.FIRMWARE: {name: version for name, version in firmware.items() if version},
    }


def _microcode(root: Path) -> str:
    try:
        with (root / "proc/cpuinfo").open("rb") as stream:
            lines = stream.read(_MOST_CPUINFO).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("microcode")), "")


SOURCE = Source(NAME, LINUX, look)
