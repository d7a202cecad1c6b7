"""Reads a log and its rotated files, oldest first, from where the last look ended."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from aios_gui.history.changes.model import Change, Problem
from aios_gui.history.changes.sources.source import MOST_CHANGES, Found, Past
from aios_gui.system.local_time import LocalTimes
from aios_gui.system.regular_file import open_regular

MOST_BYTES = 64 << 20
"""Of one file; of a larger one its end is read."""
_LONGEST_LINE = 1 << 20
_MOST_FILES = 60
_HEAD_BYTES = 256
_BLOCK_BYTES = 1 << 16
_LINES_BETWEEN_LOOKS = 2_000
_OPENERS: dict[str, Callable[[BinaryIO], IO[bytes]]] = {
    "gz": lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw)),
    "xz": lzma.LZMAFile,
    "bz2": bz2.BZ2File,
}
_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)

Parse = Callable[[Iterator[str], LocalTimes, dict[str, str]], Iterator[Change]]
"""Changes in lines, which come in order; what the mapping holds is there again at the next look."""


def look_at_log(past: Past, folder: str, name: str, parse: Parse) -> Found:
    """What is new in the log ``name`` and its rotated files."""
    state = past.state or {}
    logs = LogFiles(past.root / folder, name, past.expired)
    found = Found(is_there=bool(logs.files))
    carry = {str(key): str(value) for key, value in state.get("carry", {}).items()}

    def lines() -> Iterator[str]:
        for line in logs.lines(state.get("place", {})):
            yield line
            # What a line holds is taken in whole before the next one is asked for.
            if len(found.changes) >= MOST_CHANGES:
                return

    found.changes.extend(parse(lines(), LocalTimes(), carry))
    found.state = {"place": logs.place, "carry": carry}
    found.problem = logs.problem
    return found


class LogFiles:
    """A log with its rotated files, plain or packed. Nothing raises: ``problem`` tells what could not be read.

    ``place`` is where reading ended: the file, known by its beginning, and how far. A line without its end is left for
    the next time.
    """

    def __init__(self, folder: Path, name: str, expired: Callable[[], bool] = lambda: False) -> None:
        self.place: dict[str, Any] = {}
        self.problem: Problem | None = None
        self._expired = expired
        self.files = self._find(folder, name)

    def _find(self, folder: Path, name: str) -> list[Path]:
        rotated = re.compile(re.escape(name) + r"(?:[.-](\d{1,14}))?(?:\.(?:gz|xz|bz2))?", re.ASCII)
        found = []
        try:
            for each in os.scandir(folder):
                parts = rotated.fullmatch(each.name)
                if parts is not None:
                    number = parts[1] or ""
                    # Dates count up, the numbers of rotation count down to the log itself.
                    order = (
                        (2, 0) if not number else (0, int(number)) if len(number) > 3 else (1, -int(number))
                    )
                    found.append((order, Path(each.path)))
        except FileNotFoundError:
            return []
        except OSError as error:
            self._note(error)
        return [path for _order, path in sorted(found)[-_MOST_FILES:]]

    def lines(self, place: Mapping[str, Any]) -> Iterator[str]:
        """The lines since ``place``, as text; all there are where that file is gone."""
        self.place = dict(place)
        first, offset = self._find_place(place)
        for path in self.files[first:]:
            yield from self._lines_of(path, offset)
            offset = 0
            if self.problem is Problem.TOOK_TOO_LONG:
                return

    def _find_place(self, place: Mapping[str, Any]) -> tuple[int, int]:
        head, length, offset = place.get("head"), place.get("head_bytes"), place.get("offset")
        if not (
            isinstance(head, str)
            and isinstance(length, int)
            and isinstance(offset, int)
            and 0 < length <= offset
        ):
            return 0, 0
        for number in range(len(self.files) - 1, -1, -1):
            try:
                with _opened(self.files[number]) as stream:
                    if _digest(stream.read(length)) == head:
                        return number, offset
            except _DAMAGED as error:
                self._note(error)
        return 0, 0

    def _lines_of(self, path: Path, offset: int) -> Iterator[str]:
        try:
            with _opened(path) as stream:
                head = stream.read(_HEAD_BYTES)
                start = self._start_of(path, offset)
                stream.seek(start)
                for line, end in self._whole_lines(stream, start, is_cut=start > offset):
                    length = min(_HEAD_BYTES, end, len(head))
                    # Noted before the line is handed on: the reader may stop with it.
                    self.place = {"head": _digest(head[:length]), "head_bytes": length, "offset": end}
                    yield line
        except _DAMAGED as error:
            self._note(error)

    def _start_of(self, path: Path, offset: int) -> int:
        """From where to read: the end of a plain file that is too large; of one that was cut short, its beginning."""
        if path.suffix[1:] in _OPENERS:
            return offset
        size = path.stat().st_size
        if size < offset:
            return 0
        if size - offset > MOST_BYTES:
            self.problem = Problem.TOO_MUCH
            return size - MOST_BYTES
        return offset

    def _whole_lines(self, stream: IO[bytes], start: int, is_cut: bool) -> Iterator[tuple[str, int]]:
        """Each line that has its end, and where that is. One that is too long for any log is left out."""
        position, left, skipping = start, MOST_BYTES, is_cut
        number = 0
        while True:
            raw = stream.readline(_BLOCK_BYTES if skipping else _LONGEST_LINE)
            position += len(raw)
            left -= len(raw)
            ended = raw.endswith(b"\n")
            if not raw or (not ended and len(raw) < _BLOCK_BYTES):
                return
            if ended and not skipping:
                yield raw.decode("utf-8", "replace").rstrip("\r\n"), position
            skipping = not ended
            number += 1
            if left < 0:
                self.problem = Problem.TOO_MUCH
                return
            if number % _LINES_BETWEEN_LOOKS == 0 and self._expired():
                self.problem = Problem.TOOK_TOO_LONG
                return

    def _note(self, error: BaseException) -> None:
        if not isinstance(error, FileNotFoundError):  # rotated away a moment ago
            self.problem = Problem.DENIED if isinstance(error, PermissionError) else Problem.UNREADABLE


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    opener = _OPENERS.get(path.suffix[1:])
    with open_regular(path) as raw:
        if opener is None:
            yield cast("IO[bytes]", raw)
        else:
            with opener(raw) as stream:
                yield stream


def _digest(head: bytes) -> str:
    return blake2b(head, digest_size=8).hexdigest()
