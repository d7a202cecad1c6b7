"""A file as lines, in bounded memory: whatever is in it, and however long a line is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

BLOCK_BYTES = 1 << 20
LONGEST_LINE = 64 << 10
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class TooLong(bytes):
    """Stands for a line that was too long to be one."""

    __slots__ = ()


class Torn(bytes):
    """The last line, which has no end."""

    __slots__ = ()


class Lines:
    """The lines of an open file, as UTF-8, in lists; ``done_bytes`` tells how much of it was read.

    A file that begins as one of UTF-16 is read as that, as what PowerShell redirects is.
    """

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self.done_bytes = 0
        self._stream = stream
        self._size_bytes = size_bytes

    def blocks(self) -> Iterator[list[bytes]]:
        """Lines without their ends. What comes into the file while it is read is left for the next time."""
        rest, skipping = b"", False
        for block in self._decoded():
            *lines, rest = (rest + block).split(b"\n")
            if skipping and lines:
                lines[0], skipping = TooLong(), False
            found: list[bytes] = [line if len(line) <= LONGEST_LINE else TooLong() for line in lines]
            if len(rest) > LONGEST_LINE or skipping:
                rest, skipping = b"", True
            yield found
        if skipping:
            yield [TooLong()]
        elif rest:
            yield [Torn(rest)]

    def _decoded(self) -> Iterator[bytes]:
        first = self._read()
        decoder = None
        for mark, name in _WIDE.items():
            if first.startswith(mark):
                decoder, first = codecs.getincrementaldecoder(name)("replace"), first[len(mark) :]
        block = first.removeprefix(codecs.BOM_UTF8)
        while block:
            yield block if decoder is None else decoder.decode(block).encode("utf-8", "replace")
            block = self._read()

    def _read(self) -> bytes:
        block = self._stream.read(min(BLOCK_BYTES, self._size_bytes - self.done_bytes))
        self.done_bytes += len(block)
        return block
