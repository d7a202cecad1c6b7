"""Kernel, its command line, and when the machine was started."""

from __future__ import annotations

import platform
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.changes.sources.source import Found, Past, Source, Values, look_at_values, read_text
from aios_gui.system.regular_file import read_regular

NAME = "kernel"
SAME_BOOT_NS = 120_000_000_000
_SECRET = re.compile("pass|secret|token|credential|key", re.IGNORECASE)
# As glibc lays it out on every machine of today: type, then after process and line, id, user, host, and the time.
_BOOTS = struct.Struct("<hxxi32s4s32s256s4xiii36x")
_BOOT_TIME = 2
_MOST_BYTES = 8 << 20


def look(past: Past) -> Found:
    """Kernel and options by their values; starts by the moment of the last one, at the first look also earlier ones."""
    found = look_at_values(NAME, past, _values(past.root))
    release = platform.release()
    at_ns, boot_id = _boot_ns(), read_text(past.root / "proc/sys/kernel/random/boot_id")
    before = (past.state or {}).get("boot")
    if past.state is None:
        found.changes += [each for each in _earlier(past.root) if each.at_ns < at_ns - SAME_BOOT_NS]
    if not at_ns or _is_same(before, at_ns, boot_id):
        found.state["boot"] = before
    else:
        found.changes.append(Change(at_ns, ChangeKind.BOOT, NAME, "", None, release))
        found.state["boot"] = {"id": boot_id, "at_ns": at_ns}
    return found


def _values(root: Path) -> Values:
    # The letters alone: a kernel's release has none that are not.
    values: Values = {ChangeKind.KERNEL: {"": platform.release()}}
    line = read_text(root / "proc/cmdline", 64 << 10)
    if line:
        values[ChangeKind.BOOT_OPTION] = options(line)
    return values


def options(line: str) -> dict[str, str]:
    """The options of a command line by name; the value of one that may be a secret is left out.

    What the boot loader adds, as the file of the kernel, is none.
    """
    found: dict[str, str] = {}
    for option in line.split():
        name, _sign, value = option.partition("=")
        if name in ("BOOT_IMAGE", "initrd"):
            continue
        value = "…" if _SECRET.search(name) else value
        found[name] = f"{found[name]} {value}" if name in found else value
    return found


def _boot_ns() -> int:
    import psutil

    try:
        return int(psutil.boot_time()) * 1_000_000_000
    except (OSError, RuntimeError, psutil.Error):
        return 0


def _is_same(before: Any, at_ns: int, boot_id: str) -> bool:
    """Where the system has no number for a start, its moment may move a little with the clock."""
    if not isinstance(before, dict):
        return False
    if boot_id:
        return bool(before.get("id") == boot_id)
    before_ns = before.get("at_ns")
    return isinstance(before_ns, int) and abs(before_ns - at_ns) < SAME_BOOT_NS


def _earlier(root: Path) -> Iterator[Change]:
    try:
        content = read_regular(root / "var/log/wtmp", _MOST_BYTES)
    except OSError:
        return
    yield from boots(content)


def boots(content: bytes) -> Iterator[Change]:
    """The starts that are noted in the content of ``wtmp``, each with the release of the kernel."""
    whole = len(content) - len(content) % _BOOTS.size
    for kind, _pid, _line, _id, user, host, _session, seconds, _us in _BOOTS.iter_unpack(content[:whole]):
        if kind == _BOOT_TIME and seconds > 0 and user.startswith(b"reboot"):
            release = host.partition(b"\0")[0].decode("ascii", "replace")
            yield Change(seconds * 1_000_000_000, ChangeKind.BOOT, NAME, "", None, release)


SOURCE = Source(NAME, (), look)
