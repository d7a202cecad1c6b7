"""Where something comes from that leaves this machine: program, machine, and when, with the zone of the clock."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

from aios_gui import __version__

_LONGEST_HOST = 40


def host() -> str:
    """The name of this machine, as it calls itself."""
    return socket.gethostname()


def origin(wall_ns: int, until_ns: int | None = None) -> str:
    """As ``AIOS Heartbeat 0.1.0 · host · 2025-03-12 14:03:07 UTC+01:00``; with ``until_ns``, from when to when."""
    times = [
        datetime.fromtimestamp(each / 1e9, UTC).astimezone()
        for each in (wall_ns, until_ns)
        if each is not None
    ]
    written = [f"{each:%Y-%m-%d %H:%M:%S}" for each in times]
    return f"AIOS Heartbeat {__version__} · {host()} · {' to '.join(written)} {_zone(times[-1])}"


def file_name(suffix: str, what: str = "") -> str:
    """What to call a file that leaves this machine, as ``aios-heartbeat host what 2025-03-12 14.03.html``."""
    plain_host = "".join(each if each.isalnum() or each in "-_." else "-" for each in host())[:_LONGEST_HOST]
    parts = ("aios-heartbeat", plain_host, what, f"{datetime.now().astimezone():%Y-%m-%d %H.%M}")
    return " ".join(part for part in parts if part) + suffix


def _zone(at: datetime) -> str:
    offset = f"{at:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"
