"""Packages of Arch Linux and its kin, by the log of pacman."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.changes.sources.log_files import look_at_log
from aios_gui.history.changes.sources.source import LINUX, Source
from aios_gui.system.local_time import LocalTimes

NAME = "pacman"
_LINE = re.compile(
    r"\[([0-9T:+ -]{16,32})\] (?:\[ALPM\] )?(installed|upgraded|downgraded|reinstalled|removed) (\S+) \((.*)\)"
)


def parse(lines: Iterator[str], times: LocalTimes, _carry: dict[str, str]) -> Iterator[Change]:
    """``[2026-11-20T06:12:01+0000] [ALPM] upgraded linux (6.1-1 -> 6.2-1)``; before 2019 without seconds and offset."""
    for line in lines:
        parts = _LINE.fullmatch(line)
        if parts is None:
            continue
        stamp, action, package, versions = parts.groups()
        try:
            at_us = times.moment_us(stamp.replace(" ", "T"))
        except ValueError:
            continue
        first, _arrow, last = versions.partition(" -> ")
        before = None if action == "installed" else first
        after = None if action == "removed" else last or first
        yield Change(at_us * 1000, ChangeKind.PACKAGE, NAME, package, before, after)


SOURCE = Source(NAME, LINUX, lambda past: look_at_log(past, "var/log", "pacman.log", parse))
