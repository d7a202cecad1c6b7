"""What was installed on macOS, by the list that its installer keeps, and the version of the system."""

from __future__ import annotations

import platform
import plistlib
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.parsers.expat import ExpatError

from aios_gui.history.changes.model import Change, ChangeKind, Problem
from aios_gui.history.changes.sources.source import MACOS, Found, Past, Source, look_at_values
from aios_gui.system.regular_file import read_regular

NAME = "macos"
_HISTORY = "Library/Receipts/InstallHistory.plist"
_MOST_BYTES = 32 << 20


def look(past: Past) -> Found:
    """Everything in the list; what is in the record already is not kept twice."""
    found = look_at_values(NAME, past, {ChangeKind.SYSTEM: {"macOS": platform.mac_ver()[0]}})
    try:
        content = read_regular(past.root / _HISTORY, _MOST_BYTES)
    except OSError as error:
        if not isinstance(error, FileNotFoundError):
            found.problem = Problem.DENIED if isinstance(error, PermissionError) else Problem.UNREADABLE
        return found
    seen = (past.state or {}).get("newest_ns", 0)
    try:
        installed = list(parse(content))
    except (ValueError, ExpatError, plistlib.InvalidFileException, RecursionError):
        found.problem = Problem.UNREADABLE
        installed = []
    found.changes += [each for each in installed if each.at_ns > seen]
    found.state["newest_ns"] = max([seen, *(each.at_ns for each in installed)])
    return found


def parse(content: bytes) -> Iterator[Change]:
    """A property list: a list of dictionaries with ``date`` (UTC), ``displayName`` and ``displayVersion``."""
    entries = plistlib.loads(content)
    for entry in entries if isinstance(entries, list) else ():
        at = entry.get("date") if isinstance(entry, dict) else None
        name = entry.get("displayName") if isinstance(entry, dict) else None
        if not isinstance(at, datetime) or not isinstance(name, str) or not 1970 < at.year < 2200:
            continue
        at_ns = int(at.replace(tzinfo=UTC).timestamp()) * 1_000_000_000
        yield Change(
            at_ns, ChangeKind.PROGRAM, NAME, name, None, str(entry.get("displayVersion", "")).strip()
        )


SOURCE = Source(NAME, MACOS, look)
