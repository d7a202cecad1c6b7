"""A copy of a record as an older version left it, kept until all that is old in it has become pages."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

log = logging.getLogger(__name__)
PAGES_SINCE = 7
"""The version from which on a record has pages."""
_NAME = re.compile(r".+\.version-\d+")
_SPARE_BYTES = 64 << 20


def formers_of(path: Path) -> list[Path]:
    """The copies beside a record."""
    return sorted(each for each in path.parent.glob(f"{path.name}.version-*") if _NAME.fullmatch(each.name))


def keep_former(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the open record of an older version to beside it, before it is changed.

    Where there is no room for that, or it fails, the record is used without: hours become pages one by one, each in one
    transaction and after its page was unpacked and compared, so that the copy is there only for what was not foreseen.
    """
    target = path.with_name(f"{path.name}.version-{version}")
    if not 0 < version < PAGES_SINCE or target.exists():
        return
    import shutil  # which no record of today needs, and takes half a megabyte

    part = target.with_name(target.name + ".part")
    try:
        if shutil.disk_usage(path.parent).free < 2 * path.stat().st_size + _SPARE_BYTES:
            log.warning(
                "there is no room for a copy of the record of version %d: it is changed in place", version
            )
            return
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        log.warning("the record of version %d could not be copied: %s", version, error)
        part.unlink(missing_ok=True)
        return
    log.info("the record of version %d is kept as %s until all of it is sealed", version, target)


def remove_formers(path: Path) -> None:
    """Remove the copies beside a record, all of which is sealed."""
    for each in formers_of(path):
        try:
            each.unlink()
        except OSError as error:
            log.warning("%s could not be removed: %s", each, error)
        else:
            log.info("all of the record is sealed, so that %s was removed", each)
