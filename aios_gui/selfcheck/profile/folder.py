"""A folder for a record that nobody keeps."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_PREFIX = "aios-heartbeat-profile-"
_NAME = re.compile(re.escape(_PREFIX) + r"(\d+)-\w+")


@contextmanager
def passing_folder(data: Path) -> Iterator[Path]:
    """A new private folder, gone on exit; what an earlier process left that was killed goes, too.

    It lies in the folder ``data``, so that it is on the disk of the real record, or else among temporary files.
    OSError where neither can be.
    """
    place = data if os.access(data, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    _sweep(place)
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    for folder in place.glob(_PREFIX + "*"):
        match = _NAME.fullmatch(folder.name)
        if match is not None and not psutil.pid_exists(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)
