"""Finds the system's own tools, as `systemctl`: only where the system keeps them, never by the user's PATH."""

from __future__ import annotations

import os

# The last two are where NixOS and Guix keep the tools of the running system: they have nothing in the others, and
# root alone writes there. What a user installed is left out on purpose, as every program of that user can write it.
_FOLDERS = (
    "/usr/bin",
    "/bin",
    "/usr/sbin",
    "/sbin",
    "/run/current-system/sw/bin",
    "/run/current-system/profile/bin",
)


def find_tool(name: str, folders: tuple[str, ...] = _FOLDERS) -> str | None:
    """The path of the system's tool ``name``; None where there is none. A path is left as it is."""
    if os.path.dirname(name):  # noqa: PTH120 - a bare name is no path
        return name
    for folder in folders:
        path = f"{folder}/{name}"
        if os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113 - no Path where a string does
            return path
    return None


def system_text() -> str:
    """The system in words, as "Linux-6.1.0-x86_64-with-glibc2.36".

    As the standard library has it, which runs `uname` by the user's PATH for it.
    """
    import platform

    if os.name == "nt":
        return platform.platform()
    found = os.uname()
    parts = [found.sysname, found.release, found.machine]
    if found.sysname == "Darwin":
        parts[:2] = ["macOS", platform.mac_ver()[0] or found.release]
    library = "".join(platform.libc_ver()) if found.sysname == "Linux" else ""
    return "-".join((*parts, "with", library) if library else parts)
