"""The systemd unit that a process runs in, out of its cgroup; only Linux has these."""

from __future__ import annotations

import os
import re

_BYTES = 4096
_ESCAPED = re.compile(rb"\\x([0-9a-fA-F]{2})")


def unit_of(pid: int, folder: str = "/proc") -> str:
    """The innermost service or scope of a process, as ``app-firefox-4021.scope``; "" where that is not told."""
    try:
        descriptor = os.open(f"{folder}/{pid}/cgroup", os.O_RDONLY)
        try:
            raw = os.read(descriptor, _BYTES)
        finally:
            os.close(descriptor)
    except OSError:
        return ""
    # The line of the second version, which is the only one that has no number and no controller.
    path = next((line[3:] for line in raw.splitlines() if line.startswith(b"0::")), b"")
    for part in reversed(path.split(b"/")):
        if part.endswith((b".service", b".scope")):
            return _ESCAPED.sub(lambda each: bytes((int(each[1], 16),)), part).decode(errors="replace")
    return ""
