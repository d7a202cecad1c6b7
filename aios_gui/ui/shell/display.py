"""Finds out whether anybody answers on the display, before Qt would end the process over it. Does not import Qt."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_X11 = re.compile(r"(?P<host>[^:]*|\[.*\]):(?P<number>\d+)(\.\d+)?")
_FIRST_PORT = 6000
_PATIENCE_S = 3.0


def silent_display(
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    folder: Path = Path("/tmp/.X11-unix"),  # noqa: S108
) -> str:
    """The name of the display that was asked for and on which nobody answers, else nothing.

    One is enough where both kinds are named, as Qt takes the other then. What cannot be judged is left to Qt.
    """
    wanted = re.split("[:;]", environ.get("QT_QPA_PLATFORM", ""), maxsplit=1)[0]
    if not platform.startswith("linux") or wanted not in ("", "xcb", "wayland"):
        return ""
    asked = {
        "wayland": environ.get("WAYLAND_DISPLAY", ""),
        "xcb": environ.get("DISPLAY", ""),
    }
    named = {kind: name for kind, name in asked.items() if name and wanted in ("", kind)}
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    for kind, name in named.items():
        if _x11_answers(name, folder) if kind == "xcb" else _wayland_answers(name, runtime):
            return ""
    return " ".join(named.values())


def _x11_answers(name: str, folder: Path) -> bool:
    """Whether the X server of that name takes a connection; True where the name is of a kind not known here."""
    found = _X11.fullmatch(name)
    if found is None:
        return True
    host, number = found["host"].strip("[]"), int(found["number"])
    if host in ("", "unix"):
        place = str(folder / f"X{number}")
        return _takes(place) or _takes(f"\0{place}")
    try:
        socket.create_connection((host, _FIRST_PORT + number), _PATIENCE_S).close()
    except OSError:
        return False
    return True


def _wayland_answers(name: str, runtime: str) -> bool:
    """Whether the compositor takes a connection; a name is one in the user's folder for such things."""
    if not runtime and not name.startswith("/"):
        return False
    return _takes(str(Path(runtime) / name))


def _takes(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as attempt:
        attempt.settimeout(_PATIENCE_S)
        try:
            attempt.connect(address)
        except OSError:
            return False
    return True
