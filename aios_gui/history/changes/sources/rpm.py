"""Packages of Fedora, openSUSE and their kin, by the database of rpm, which tells when each was installed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from aios_gui.history.changes.model import Change, ChangeKind, Problem, differences
from aios_gui.history.changes.sources.source import LINUX, Found, Past, Source
from aios_gui.system.tools import find_tool

NAME = "rpm"
_DATABASES = ("var/lib/rpm", "usr/lib/sysimage/rpm")
_FORMAT = r"%{INSTALLTIME}\t%{NAME}.%{ARCH}\t%{EVR}\n"
_LIMIT_S = 60.0
_MOST_PACKAGES = 20_000
_LATEST_S = 2**33


def look(past: Past) -> Found:
    """What rpm lists, if its database was written since the last look."""
    written = _written(past.root)
    tool = find_tool("rpm")
    if not written or tool is None:
        return Found(is_there=False)
    if past.state is not None and past.state.get("written") == written:
        return Found(state=dict(past.state))
    try:
        listed = subprocess.run(
            [tool, "-qa", "--qf", _FORMAT],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return Found(state=dict(past.state or {}), problem=Problem.TOOK_TOO_LONG)
    return compare(listed.splitlines(), past, written)


def compare(lines: Iterable[str], past: Past, written: str) -> Found:
    """What is in the list and was not, or otherwise; what is gone from it went some time since the last look."""
    packages: dict[str, str] = {}
    installed_ns: dict[str, int] = {}
    for at_s, name, version in _parse(lines):
        if len(packages) < _MOST_PACKAGES:
            # A kernel is kept beside the one before.
            packages[name] = f"{packages[name]}, {version}" if name in packages else version
            installed_ns[name] = max(installed_ns.get(name, 0), at_s * 1_000_000_000)
    before = dict((past.state or {}).get("packages", {}))
    changes = [
        Change(installed_ns.get(name, past.now_ns), ChangeKind.PACKAGE, NAME, name, was, now)
        for name, was, now in differences(before, packages)
    ]
    return Found(changes, {"written": written, "packages": packages})


def _parse(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    for line in sorted(lines):
        parts = line.split("\t")
        if (
            len(parts) == 3
            and parts[0].isascii()
            and parts[0].isdigit()
            and 0 < int(parts[0][:12]) < _LATEST_S
        ):
            yield int(parts[0]), parts[1].removesuffix(".(none)")[:200], parts[2][:100]


def _written(root: Path) -> str:
    """When the database was written last, "" where there is none."""
    newest = 0
    for folder in _DATABASES:
        for name in ("rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages"):
            try:
                newest = max(newest, (root / folder / name).stat().st_mtime_ns)
            except OSError:
                continue
    return str(newest) if newest else ""


SOURCE = Source(NAME, LINUX, look)
