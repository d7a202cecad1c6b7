"""Histograms of times with two significant digits, in the V2 form that HdrHistogram's readers of all languages read."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Self

_PLAIN, _COMPRESSED = 0x1C849303, 0x1C849304
_LEAST_BYTES = 0x10
"""Of a cookie: how few bytes a count may take."""
_COOKIE = ~0xF0
_HEAD = struct.Struct(">iiiiqqd")
_OUTER = struct.Struct(">ii")
_DIGITS = 2
LOWEST_NS = 16
HIGHEST_NS = 10 * 86_400_000_000_000
"""Ten days; what is longer counts as this."""
SHARE_GRAIN = 1e-6
"""A share such as 0.07 is a little more than it says: by less than this of a rank."""
_UNIT_BITS = LOWEST_NS.bit_length() - 1
_HALF_BITS = 7
"""128 counts for each doubling, as two digits need."""
_HALF = 1 << _HALF_BITS
_MASK = (2 * _HALF - 1) << _UNIT_BITS
_BUCKET_OF = _UNIT_BITS + _HALF_BITS + 1


def index_of(value_ns: int) -> int:
    """Which count a time belongs to."""
    bucket = (value_ns | _MASK).bit_length() - _BUCKET_OF
    return (bucket << _HALF_BITS) + (value_ns >> (bucket + _UNIT_BITS))


def highest_of(index: int) -> int:
    """The longest time that belongs to a count, ns."""
    bucket = max(0, (index >> _HALF_BITS) - 1)
    return ((index - (bucket << _HALF_BITS) + 1) << (bucket + _UNIT_BITS)) - 1


def middle_of(index: int) -> int:
    """The middle of the times that belong to a count, ns."""
    bucket = max(0, (index >> _HALF_BITS) - 1)
    return ((index - (bucket << _HALF_BITS)) << (bucket + _UNIT_BITS)) + (1 << (bucket + _UNIT_BITS - 1))


SUB_BUCKETS = 2 * _HALF
BUCKETS = HIGHEST_NS.bit_length() - (_UNIT_BITS + _HALF_BITS)
"""As HdrHistogram calls the doublings, and the counts of the first of them."""
MOST_COUNTS = index_of(HIGHEST_NS) + 1
_MOST_BYTES = 10 * MOST_COUNTS
"""Of the plain form."""


class HistogramError(ValueError):
    """Bytes that are no histogram of this program."""


class Histogram:
    """How many times of each length there were. Shorter than 4 µs to 16 ns, above that to 0.8 % at worst."""

    def __init__(self, counts: Mapping[int, int] | None = None) -> None:
        self.counts: Counter[int] = Counter(counts or {})
        """By the number of the count, those that are not 0."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and self.counts == other.counts

    __hash__ = None  # type: ignore[assignment]

    @property
    def total(self) -> int:
        """How many there are."""
        return self.counts.total()

    def add(self, values_ns: Iterable[int]) -> None:
        """Count times."""
        self.counts.update([index_of(min(max(each, 0), HIGHEST_NS)) for each in values_ns])

    def merge(self, other: Histogram) -> None:
        """Count what another one has counted."""
        self.counts.update(other.counts)

    def at(self, share: float) -> int:
        """The time that at least a share of all of them, from 0 to 1, do not exceed; ns, 0 where there are none."""
        rank = max(1, ceil(share * self.total - SHARE_GRAIN))
        for index in sorted(self.counts):
            rank -= self.counts[index]
            if rank <= 0:
                return highest_of(index)
        return 0

    def below(self, limit_ns: int) -> int:
        """How many are shorter than a limit, to the grain of the counts."""
        return sum(count for index, count in self.counts.items() if highest_of(index) < limit_ns)

    def encode(self) -> bytes:
        """The compressed V2 form."""
        counts, body, next_index = self.counts, bytearray(), 0
        for index in sorted(counts):
            if index > next_index:
                _put(body, next_index - index)
            _put(body, counts[index])
            next_index = index + 1
        cookie = _PLAIN | _LEAST_BYTES
        plain = _HEAD.pack(cookie, len(body), 0, _DIGITS, LOWEST_NS, HIGHEST_NS, 1.0) + body
        packed = zlib.compress(plain, 6)
        return _OUTER.pack(_COMPRESSED | _LEAST_BYTES, len(packed)) + packed

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """What was encoded; HistogramError where it is damaged, or of another resolution."""
        counts: dict[int, int] = {}
        index = 0
        for value in _numbers(body_of(encoded)):
            if value < 0:
                index -= value
            elif value:
                counts[index] = value
                index += 1
            else:
                index += 1
            if index > MOST_COUNTS:
                raise HistogramError("it has too many counts")
        return cls(counts)


def body_of(encoded: bytes) -> bytes:
    """The counts of an encoded histogram as they are written: signed numbers in seven bits a byte. HistogramError."""
    try:
        cookie, length = _OUTER.unpack_from(encoded)
        inflate = zlib.decompressobj()
        plain = inflate.decompress(encoded[_OUTER.size :], _HEAD.size + _MOST_BYTES)
        head = _HEAD.unpack_from(plain)
    except (struct.error, zlib.error) as error:
        raise HistogramError(str(error)) from error
    body = plain[_HEAD.size :]
    if cookie & _COOKIE != _COMPRESSED or length != len(encoded) - _OUTER.size or not inflate.eof:
        raise HistogramError("it is no histogram")
    if (
        head[0] & _COOKIE != _PLAIN
        or head[1] != len(body)
        or head[2:] != (0, _DIGITS, LOWEST_NS, HIGHEST_NS, 1.0)
    ):
        raise HistogramError("it is of another resolution")
    return body


def _put(body: bytearray, value: int) -> None:
    """A signed number in seven bits a byte, at most nine bytes, as the V2 form has it."""
    rest = value << 1 if value >= 0 else (-value << 1) - 1
    for _byte in range(8):
        if rest < 0x80:
            body.append(rest)
            return
        body.append(rest & 0x7F | 0x80)
        rest >>= 7
    body.append(rest & 0xFF)


def _numbers(body: bytes) -> Iterable[int]:
    value = shift = 0
    for byte in body:
        if shift == 56:
            value |= byte << 56
        else:
            value |= (byte & 0x7F) << shift
            if byte & 0x80:
                shift += 7
                continue
        yield value >> 1 if not value & 1 else -(value + 1 >> 1)
        value = shift = 0
    if shift:
        raise HistogramError("it ends too early")
