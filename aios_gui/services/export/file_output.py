"""Writes an export to a file that appears when it is whole, and not before."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from aios_gui.core.record import RecordedBeat
from aios_gui.services.export import Format


def write_file(target: Path, beats: Iterable[RecordedBeat], form: Format) -> int:
    """Write ``beats`` to ``target``, replacing it at the end; returns how many. OSError where it cannot be.

    On any error the target is left as it was.
    """
    # Behind a symbolic link, so that the link survives; a pipe or a device is written to as it is.
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("w", encoding="utf-8", newline="") as stream:
            return form.write(beats, stream)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            count = form.write(beats, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return count
