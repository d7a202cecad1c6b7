"""Sets a damaged record aside under a dated name, so that a new one can begin."""

from __future__ import annotations

import logging
import re
import sqlite3
import time
from pathlib import Path

from aios_gui.record.store.errors import is_damage
from aios_gui.system.atomic_file import replace_patiently

log = logging.getLogger(__name__)
_SUFFIXES = ("", "-wal", "-shm")
SET_ASIDE = re.compile(r"heartbeat\.damaged-\d{8}-\d{6}(-\d+)?\.sqlite3")
"""What a record is called that was set aside."""


def find_damage(connection: sqlite3.Connection) -> str:
    """What is wrong with an open record, "" where nothing is. Reads the whole file; sqlite3.Error where it cannot."""
    try:
        verdict = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if verdict == "ok" else verdict


def set_aside(path: Path, wall_s: float | None = None) -> Path:
    """Rename the record and the files that belong to it; returns the new path. OSError where that fails."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(wall_s))
    target = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}")
    for suffix in _SUFFIXES:
        source = path.with_name(path.name + suffix)
        if source.exists():
            replace_patiently(source, target.with_name(target.name + suffix))
    log.error("the record %s cannot be used and was set aside as %s", path, target)
    return target
