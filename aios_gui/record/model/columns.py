"""Columns of whole numbers as a few bytes, and back: byte planes, deflated, checked against damage and malice."""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Generator, Iterable, Sequence
from itertools import accumulate
from math import gcd
from operator import sub
from typing import NamedTuple, TypeVar

VERSION = 1
UNKNOWN = -(1 << 63)
"""Stands in a column for what is not known."""
MOST_VALUES = 400_000
"""In a column: an hour of beats at the shortest interval, lived twice because the clock was set back."""
_MOST_COLUMNS = 64
BLOCK = 2048
DELTA, NULLABLE = 1, 2
"""Of the kind of a block: what it holds are steps; 0 stands in it for what is not known."""
_WIDTH = 8
"""Bytes of a number."""
_HEAD = struct.Struct("<BII")
"""Version, checksum and length of what follows."""
_LONGEST_NUMBER = 10
_STRATEGIES = zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY

T = TypeVar("T")
Steps = Generator[None, None, bytes]
"""Work in steps of a millisecond or so, which returns bytes at its end."""


class PackedError(ValueError):
    """Packed bytes are damaged, or were never packed by this program."""


def finish(steps: Generator[None, None, T]) -> T:
    """Do all that is left of the work."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        done: T = end.value
        return done


def packing(columns: Sequence[Sequence[int]]) -> Steps:
    """Pack columns of the same length, of 64-bit numbers, without loss.

    A block of each column is written as the bytes of its numbers above the least, or of their differences where that
    is shorter: first all lowest bytes, then the next ones. What the numbers have in common as a factor is left out.
    """
    count = len(columns[0])
    if count > MOST_VALUES:
        raise PackedError(f"{count} values are too many")
    body = bytearray()
    _put(body, count)
    _put(body, len(columns))
    for start in range(0, count, BLOCK):
        for column in columns:
            body += _pack(column[start : start + BLOCK])
            yield
    return _HEAD.pack(VERSION, zlib.crc32(body), len(body)) + bytes(body)


def split(packed: bytes) -> list[memoryview]:
    """What was packed several times and put one after the other; PackedError where that is damaged."""
    if not isinstance(packed, bytes):
        raise PackedError("it is not of bytes")
    rest, parts = memoryview(packed), []
    while rest:
        if len(rest) < _HEAD.size:
            raise PackedError("it ends too early")
        end = _HEAD.size + _HEAD.unpack_from(rest)[2]
        parts.append(rest[:end])
        rest = rest[end:]
    return parts


class Block(NamedTuple):
    """A block of a column, packed: ``base`` + ``grain`` times what the planes have is each value, or each step.

    ``start`` is the first value where it holds steps; the first of these says nothing.
    """

    kind: int
    base: int
    grain: int
    start: int
    planes: list[bytes]


class Packed:
    """Packed columns, to be unpacked one by one; PackedError where they are damaged."""

    def __init__(self, packed: bytes | memoryview) -> None:
        self._body = bytes(memoryview(packed)[_HEAD.size :])
        self._at = 0
        head = _HEAD.unpack_from(packed) if len(packed) >= _HEAD.size else None
        if head is None or head[0] != VERSION or head[2] != len(self._body):
            raise PackedError("it is of a form that is not known")
        if zlib.crc32(self._body) != head[1]:
            raise PackedError("its checksum does not fit")
        self.count = self._number(MOST_VALUES)
        """How many values each column has."""
        self.width = self._number(_MOST_COLUMNS)
        """How many columns there are."""
        self._columns: list[list[Block]] = []

    def column(self, number: int) -> array[int]:
        """The values of a column, which numpy can take as they are."""
        values = array("q")
        try:
            for start, block in zip(range(0, self.count, BLOCK), self.blocks(number), strict=True):
                values.extend(_unpack(block, min(BLOCK, self.count - start)))
        except (OverflowError, zlib.error) as error:
            raise PackedError(str(error)) from error
        return values

    def blocks(self, number: int) -> list[Block]:
        """The blocks of a column, each of ``BLOCK`` values, the last one of what is left."""
        return (self._columns or self._find())[number]

    def _find(self) -> list[list[Block]]:
        """Where the blocks of each column are."""
        columns: list[list[Block]] = [[] for _column in range(self.width)]
        try:
            for _start in range(0, self.count, BLOCK):
                for blocks in columns:
                    blocks.append(self._block())
        except IndexError:
            raise PackedError("it ends too early") from None
        if self._at != len(self._body):
            raise PackedError("it is longer than it should be")
        self._columns = columns
        return columns

    def _number(self, most: int) -> int:
        value, self._at = _number(self._body, self._at)
        if value > most:
            raise PackedError("a number in it is not one")
        return value

    def _block(self) -> Block:
        """The next block; IndexError where the body ends before it does."""
        body, at, planes = self._body, self._at + 1, []
        head = body[at - 1]
        if head > _WIDTH << 2 | DELTA | NULLABLE:
            raise PackedError("a block in it is of no kind")
        # Numbers of a byte, as nearly all are, without a call: there are very many blocks.
        base, at = (body[at], at + 1) if body[at] < 0x80 else _number(body, at)
        grain, at = (body[at], at + 1) if body[at] < 0x80 else _number(body, at)
        start, at = (body[at], at + 1) if body[at] < 0x80 else _number(body, at)
        for _plane in range(head >> 2):
            length, at = (body[at], at + 1) if body[at] < 0x80 else _number(body, at)
            planes.append(body[at : at + length])
            at += length
        if at > len(body):
            raise PackedError("it ends too early")
        self._at = at
        return Block(head & 3, _signed(base), grain, _signed(start), planes)


def _number(body: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where the next one begins."""
    try:
        value = body[at]
        if value < 0x80:  # as nearly all are
            return value, at + 1
        value &= 0x7F
        for shift in range(7, 7 * _LONGEST_NUMBER, 7):
            at += 1
            value |= (body[at] & 0x7F) << shift
            if body[at] < 0x80:
                return value, at + 1
    except IndexError:
        pass
    raise PackedError("a number in it is not one")


def _unpack(block: Block, count: int) -> Iterable[int]:
    numbers = bytearray(_WIDTH * count)
    fill(numbers, 0, block, count)
    above = _words(numbers)
    kind, base, grain, start, _planes = block
    if kind & NULLABLE:
        return [base + grain * each if each else UNKNOWN for each in above]
    values = [base + grain * each for each in above] if grain != 1 else [base + each for each in above]
    if kind & DELTA:
        return accumulate(values[1:], initial=start)
    return values


def fill(numbers: bytearray, at: int, block: Block, count: int) -> None:
    """Put what a block has above its base at a place of zeros, eight bytes a number, the lowest first.

    PackedError or zlib.error where it is damaged.
    """
    end = at + _WIDTH * count
    for place, plane in enumerate(block.planes, at):
        numbers[place:end:_WIDTH] = plane if len(plane) == count else _inflate(plane, count)


def _inflate(plane: bytes, count: int) -> bytes:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    # One more than there should be, so that there is never much of what is too much.
    found = inflate.decompress(plane, count + 1)
    if len(found) != count or not inflate.eof or inflate.unused_data:
        raise PackedError("a column in it has another length")
    return found


def _pack(values: Sequence[int]) -> bytes:
    """A block: the shorter one of plain and by differences."""
    if UNKNOWN in values:
        known = [each for each in values if each != UNKNOWN]
        base, grain = _common(known) if known else (0, 1)
        base -= grain  # 0 is for what is unknown
        return _block(
            NULLABLE, base, grain, 0, [0 if each == UNKNOWN else (each - base) // grain for each in values]
        )
    best = _above(0, 0, values)
    steps = list(map(sub, values[1:], values))
    if steps and max(steps) - min(steps) < 1 << 64:
        best = min(best, _above(DELTA, values[0], [steps[0], *steps]), key=len)
    return best


def _above(kind: int, start: int, values: Sequence[int]) -> bytes:
    base, grain = _common(values)
    above = [each - base for each in values] if grain == 1 else [(each - base) // grain for each in values]
    return _block(kind, base, grain, start, above)


def _common(values: Sequence[int]) -> tuple[int, int]:
    """The least value, and the factor that all have in common above it."""
    base = min(values)
    return base, gcd(*(each - base for each in values)) or 1


def _block(kind: int, base: int, grain: int, start: int, above: list[int]) -> bytes:
    packed = bytearray()
    width = (max(above).bit_length() + 7) // 8
    for each in (width << 2 | kind, _unsigned(base), grain, _unsigned(start)):
        _put(packed, each)
    numbers = _bytes(array("Q", above))
    for place in range(width):
        plain = numbers[place::_WIDTH]
        plane = min((_deflate(plain, each) for each in _STRATEGIES), key=len)
        if len(plane) >= len(plain):
            plane = plain  # known by its length
        _put(packed, len(plane))
        packed += plane
    return bytes(packed)


def _deflate(plane: bytes, strategy: int) -> bytes:
    # No more memory than the plane needs: to clear it takes longer than to deflate a short one.
    bits = min(max(len(plane).bit_length(), 9), zlib.MAX_WBITS)
    deflate = zlib.compressobj(6, zlib.DEFLATED, -bits, max(1, bits - 6), strategy)
    return deflate.compress(plane) + deflate.flush()


def _bytes(words: array[int]) -> bytes:
    if sys.byteorder == "big":
        words.byteswap()
    return words.tobytes()


def _words(numbers: bytearray) -> array[int]:
    words = array("Q")
    words.frombytes(numbers)
    if sys.byteorder == "big":
        words.byteswap()
    return words


def _put(packed: bytearray, value: int) -> None:
    """A number of any length, seven bits a byte, the lowest first."""
    while value > 0x7F:
        packed.append(value & 0x7F | 0x80)
        value >>= 7
    packed.append(value)


def _unsigned(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _signed(value: int) -> int:
    return value >> 1 if not value & 1 else -(value + 1 >> 1)
