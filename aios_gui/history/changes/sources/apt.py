"""Packages of Debian and its kin, by the history of apt: only where there is no log of dpkg, which knows them all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aios_gui.history.changes.model import Change, ChangeKind
from aios_gui.history.changes.sources import dpkg
from aios_gui.history.changes.sources.log_files import look_at_log
from aios_gui.history.changes.sources.source import LINUX, Source
from aios_gui.system.local_time import LocalTimes

NAME = "apt"
_PACKAGE = re.compile(r"([^\s,()]+) \(([^()]*)\)")
_ACTIONS = ("Install", "Reinstall", "Upgrade", "Downgrade", "Remove", "Purge")


def parse(lines: Iterator[str], times: LocalTimes, carry: dict[str, str]) -> Iterator[Change]:
    """A paragraph a run: ``Start-Date: 2026-11-20  06:12:01``, then ``Upgrade: libc6:amd64 (2.36-9, 2.36-10), …``."""
    for line in lines:
        field, _colon, value = line.partition(": ")
        if field == "Start-Date":
            carry["start"] = "T".join(value.split())[:40]
        elif field in _ACTIONS:
            try:
                at_us = times.moment_us(carry.get("start", ""))
            except ValueError:
                continue
            yield from _changes(field, value, at_us * 1000)


def _changes(action: str, value: str, at_ns: int) -> Iterator[Change]:
    for package, inside in _PACKAGE.findall(value):
        versions = [
            each.strip() for each in inside.split(",") if each.strip() and each.strip() != "automatic"
        ]
        first, last = (versions[0], versions[-1]) if versions else ("", "")
        before = None if action == "Install" else first
        after = None if action in ("Remove", "Purge") else last
        yield Change(at_ns, ChangeKind.PACKAGE, NAME, package, before, after)


SOURCE = Source(
    NAME, LINUX, lambda past: look_at_log(past, "var/log/apt", "history.log", parse), in_for=dpkg.NAME
)
