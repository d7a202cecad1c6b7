"""Packages of Debian and its kin, by the log of dpkg."""

from __future__ import annotations

from collections.abc import Iterator

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.changes.sources.log_files import look_at_log
from aios_gui.history.changes.sources.source import LINUX, Source
from aios_gui.system.local_time import LocalTimes

NAME = "dpkg"
_NONE = "<none>"


def parse(lines: Iterator[str], times: LocalTimes, _carry: dict[str, str]) -> Iterator[Change]:
    """``2026-11-27 05:57:13 upgrade libc6:amd64 2.36-9 2.36-10``. What is purged was removed before."""
    for line in lines:
        parts = line.split()
        if len(parts) != 6 or parts[2] not in ("install", "upgrade", "remove"):
            continue
        day, clock, action, package, before, after = parts
        try:
            at_us = times.moment_us(f"{day}T{clock}")
        except ValueError:
            continue
        yield Change(
            at_us * 1000,
            ChangeKind.PACKAGE,
            NAME,
            package,
            # A package of which only the configuration was left is not there.
            None if before == _NONE or action == "install" else before,
            None if after == _NONE or action == "remove" else after,
        )


SOURCE = Source(NAME, LINUX, lambda past: look_at_log(past, "var/log", "dpkg.log", parse))
