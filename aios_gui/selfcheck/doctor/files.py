"""Checks of the user's files that belong to no feature: folders, free space, log."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from aios_gui.system.paths import Paths
from aios_gui.system.regular_file import NotRegular, read_regular
from aios_gui.text import figures
from aios_gui.text.catalogue import gettext as _
from aios_gui.text.catalogue import ngettext
from aios_gui.text.check import Check, CheckState
from aios_gui.text.plain import plain

FREE_TOO_LITTLE_BYTES, FREE_LITTLE_BYTES = 50 << 20, 500 << 20
_LOG_TAIL_BYTES = 1 << 18
GRAVE = (" ERROR ", " CRITICAL ")
_DAY_S = 86_400


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), folder)


def folders(paths: Paths) -> Check:
    """Whether data, settings and logs can be written, and that no other user can read them."""
    refused = [str(folder) for folder in (paths.data, paths.config, paths.logs) if not _writable(folder)]
    if refused:
        detail = _("cannot be written: {folders}").format(folders=", ".join(refused))
        remedy = _("Make them yours and writable, or name another folder in AIOS_HOME.")
        return Check("folders", CheckState.ERROR, detail, remedy)
    if os.name == "posix" and paths.data.is_dir() and paths.data.stat().st_mode & 0o077:
        detail = _("{folder} can be read by other users of this machine").format(folder=paths.data)
        remedy = _("Keep them out: {command}").format(command=f'chmod 700 "{paths.data}"')
        return Check("folders", CheckState.WARNING, detail, remedy)
    detail = _("data in {data}, settings in {config}, log in {logs}")
    return Check(
        "folders", CheckState.OK, detail.format(data=paths.data, config=paths.config, logs=paths.logs)
    )


def _writable(folder: Path) -> bool:
    there = _existing(folder)
    if there != folder:
        return os.access(there, os.W_OK | os.X_OK)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def disk(paths: Paths) -> Check:
    """Whether there is room for the record to grow."""
    free = shutil.disk_usage(_existing(paths.record_folder)).free
    detail = _("{size} free for the record").format(size=figures.size(free))
    remedy = _("Make room, or lower record.size_limit_mb in the settings.")
    if free < FREE_TOO_LITTLE_BYTES:
        return Check("disk", CheckState.ERROR, detail, remedy)
    if free < FREE_LITTLE_BYTES:
        return Check("disk", CheckState.WARNING, detail, remedy)
    return Check("disk", CheckState.OK, detail)


def log(paths: Paths) -> Check:
    """Whether errors were logged in the last day."""
    try:
        lines = (
            read_regular(paths.log, _LOG_TAIL_BYTES, from_end=True).decode("utf-8", "replace").splitlines()
        )
    except FileNotFoundError:
        return Check("log", CheckState.OK, _("nothing was logged yet"))
    except NotRegular:
        detail = _("{path} is no file; nothing can be logged").format(path=paths.log)
        return Check("log", CheckState.ERROR, detail, _("Move away what lies there."))
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() - _DAY_S))
    grave = [line for line in lines if line[:19] >= since and any(word in line[:40] for word in GRAVE)]
    if not grave:
        return Check("log", CheckState.OK, _("no errors in the last day; {path}").format(path=paths.log))
    count = ngettext(
        "{count} error in the last day, the last one: {line}",
        "{count} errors in the last day, the last one: {line}",
        len(grave),
    )
    remedy = _("Read {path}; report what you cannot explain.").format(path=paths.log)
    return Check("log", CheckState.WARNING, count.format(count=len(grave), line=plain(grave[-1])), remedy)
