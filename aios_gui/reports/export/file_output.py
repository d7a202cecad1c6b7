"""Writes an export to a file that appears when it is whole, and not before."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO, TypeVar

from aios_gui.heartbeat.model.items import RecordedBeat
from aios_gui.reports.export import Format
from aios_gui.system.atomic_file import replace_patiently

_Answer = TypeVar("_Answer")


def write_file(target: Path, beats: Iterable[RecordedBeat], form: Format) -> int:
    """Write ``beats`` to ``target``; returns how many. As ``write_whole`` otherwise."""
    return write_whole(target, lambda stream: form.write(beats, stream))


def write_whole(target: Path, write: Callable[[TextIO], _Answer]) -> _Answer:
    """Have ``write`` fill ``target``, replacing it at the end; returns its answer. OSError where it cannot be.

    On any error the target is left as it was.
    """
    # Behind a symbolic link, so that the link survives; a pipe or a device is written to as it is.
    target = Path(os.path.realpath(target))
    if target.exists() and not target.is_file() and not target.is_dir():
        with target.open("w", encoding="utf-8", newline="") as stream:
            return write(stream)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            answer = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        replace_patiently(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return answer
