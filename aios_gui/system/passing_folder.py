"""A private folder for what is needed for a while only, which goes even where its process was killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PID = r"-(\d{1,9})-\w+"


@contextmanager
def passing_folder(kind: str, place: Path | None = None) -> Iterator[Path]:
    """A new private folder, gone on exit; what a process left that was killed goes, too, if it is of this ``kind``.

    It lies in ``place``, or among temporary files where that is None or cannot be written. ``kind`` begins its name.
    OSError where it cannot be made.
    """
    if place is None or not os.access(place, os.W_OK | os.X_OK):
        place = Path(tempfile.gettempdir())
    _sweep(place, kind)
    folder = tempfile.mkdtemp(prefix=f"{kind}-{os.getpid()}-", dir=place)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path, kind: str) -> None:
    import psutil

    for folder in place.glob(f"{kind}-*"):
        match = re.fullmatch(re.escape(kind) + _PID, folder.name)
        if match is not None and not psutil.pid_exists(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)
