"""Who ran, packed: the samples of an hour as columns, with each name once.

Figures are kept to 6 significant bits: within 1.6 %. Packing what was unpacked gives the same again. What is unpacked
may come from anywhere: it is ValueError, in words, where it does not fit, and what it may take is bounded.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from aios_gui.history.who_ran.model import Ran, WhoRan, by_cpu
from aios_gui.record.model.columns import UNKNOWN, Packed, PackedError, finish, packing

TICK_NS = 100_000_000
"""Times are whole ones of these."""
MOST_SAMPLES, MOST_ROWS = 2_000, 40_000
"""More than an hour has: it is thinned out before it is packed."""
MOST_TEXT_BYTES, MOST_TEXTS_BYTES = 1_000, 1 << 20
_CPU_UNIT, _MEMORY_UNIT, _IO_UNIT = 0.1, 65_536, 1024
_BITS = 6
_HIGHEST = 1 << 50
_LENGTH_BYTES = 4
_TEXTS, _TIMES, _PROGRAMS, _ROWS = range(4)


def pack(samples: Sequence[WhoRan]) -> bytes:
    """The samples, in their order; every other one where they are too many."""
    rows = sum(len(each.programs) for each in samples)
    if len(samples) > MOST_SAMPLES or rows > MOST_ROWS:
        return pack(samples[::2])
    texts: dict[str, int] = {}
    places: dict[tuple[int, ...], list[tuple[int, Ran]]] = {}
    for place, sample in enumerate(samples):
        for ran in sample.programs:
            named = (ran.name, ran.parent, ran.unit, ran.command_line)
            identity = (*(texts.setdefault(each, len(texts)) for each in named), ran.pid)
            places.setdefault(identity, []).append((place, ran))
    joined = _joined(texts)
    if len(joined) > MOST_TEXTS_BYTES and len(samples) > 1:
        return pack(samples[::2])
    times = [(each.wall_ns // TICK_NS, round(each.seconds * 1e9 / TICK_NS)) for each in samples]
    programs = [(*identity, len(found)) for identity, found in places.items()]
    figures = [
        (
            place,
            ran.count,
            _code(ran.cpu_percent, _CPU_UNIT),
            _code(ran.memory_bytes, _MEMORY_UNIT),
            _code(ran.io_bytes_per_s, _IO_UNIT),
        )
        for found in places.values()
        for place, ran in found
    ]
    return _put_together(joined, _columns(times, 2), _columns(programs, 6), _columns(figures, 5))


def unpack(packed: bytes) -> list[WhoRan]:
    """The samples that were packed; ValueError, in words, where these are none."""
    texts, times, programs, figures = _opened(packed)
    ran: list[list[Ran]] = [[] for _time in times]
    row = iter(figures)
    for name, parent, unit, line, pid, count in programs:
        _check_names((name, parent, unit, line), texts)
        for place, processes, cpu, memory, io in islice(row, count):
            if not 0 <= place < len(ran):
                raise PackedError("a sample is missing")
            ran[place].append(
                Ran(
                    texts[name],
                    pid,
                    texts[parent],
                    texts[unit],
                    processes,
                    _figure(cpu, _CPU_UNIT),
                    None if memory == UNKNOWN else _number(memory) * _MEMORY_UNIT,
                    _figure(io, _IO_UNIT),
                    texts[line],
                )
            )
    return [_sample(at, length, found) for (at, length), found in zip(times, ran, strict=True)]


def with_texts(packed: bytes, instead: Callable[[str, int], str]) -> tuple[bytes, int]:
    """What was packed with other texts in it, and how many samples that are; ValueError, in words, where it is none.

    ``instead`` is given each text and how often it is told.
    """
    texts, times, programs, _figures = _opened(packed)
    told = [0] * len(texts)
    for *named, _pid, count in programs:
        _check_names(named, texts)
        for place in named:
            told[place] += count
    new = list(map(instead, texts, told))
    return packed if new == texts else _put_together(_joined(new), *_parts(packed)[1:]), len(times)


def unpack_cpu(
    packed: bytes,
) -> tuple[list[tuple[int, float]], list[tuple[str, list[tuple[int, float, int]]]]]:
    """Of what was packed only when each sample ended (ns) and over which time (s), and by program what it did.

    That is the place of a sample, the CPU in percent of a core and the memory in bytes, 0 where they are not known. It
    takes a third of the time.
    """
    texts, times, programs, rows = _opened(packed)
    row, percents = iter(rows), {UNKNOWN: 0.0}
    found = []
    for name, *_more, count in programs:
        if not 0 <= name < len(texts):
            raise PackedError("a name is missing")
        did = []
        for place, _processes, cpu, memory, _io in islice(row, count):
            if not 0 <= place < len(times):
                raise PackedError("a sample is missing")
            if cpu not in percents:
                percents[cpu] = _figure(cpu, _CPU_UNIT) or 0.0
            did.append((place, percents[cpu], 0 if memory == UNKNOWN else _number(memory) * _MEMORY_UNIT))
        found.append((texts[name], did))
    return [(at * TICK_NS, length * TICK_NS / 1e9) for at, length in times], found


def _check_names(places: Sequence[int], texts: Sequence[str]) -> None:
    if min(places) < 0 or max(places) >= len(texts):
        raise PackedError("a name is missing")


_Row = tuple[int, ...]


def _opened(packed: bytes) -> tuple[list[str], list[_Row], list[_Row], list[_Row]]:
    """Names, samples, programs and the figures of the programs, which come one after the other."""
    parts = _parts(packed)
    texts = _inflated(parts[_TEXTS]).decode().split("\0")
    times = list(_rows(parts[_TIMES], 2, MOST_SAMPLES))
    programs = list(_rows(parts[_PROGRAMS], 6, MOST_ROWS))
    figures = list(_rows(parts[_ROWS], 5, MOST_ROWS))
    if sum(each[-1] for each in programs) != len(figures) or any(each[-1] < 0 for each in programs):
        raise PackedError("its parts do not fit each other")
    return texts, times, programs, figures


def _sample(at: int, length: int, found: list[Ran]) -> WhoRan:
    if not 0 <= at < (1 << 63) // TICK_NS or not 0 <= length < 1 << 40:
        raise PackedError("a time is out of reach")
    return WhoRan(at * TICK_NS, length * TICK_NS / 1e9, tuple(by_cpu(found)))


# Figures as codes that lie closer together the smaller they are


def _code(figure: float | None, unit: float) -> int:
    if figure is None:
        return UNKNOWN
    number = min(max(0, round(figure / unit)), _HIGHEST)
    shift = max(0, number.bit_length() - _BITS)
    if shift:
        number += 1 << (shift - 1)
        shift = number.bit_length() - _BITS
    return (shift << (_BITS - 1)) + (number >> shift)


def _number(code: int) -> int:
    if not 0 <= code < 64 << (_BITS - 1):
        raise PackedError("a figure is out of reach")
    shift = max(0, (code >> (_BITS - 1)) - 1)
    return (code - (shift << (_BITS - 1))) << shift


def _figure(code: int, unit: float) -> float | None:
    return None if code == UNKNOWN else round(_number(code) * unit, 1)


# Parts


def _cut(text: str) -> bytes:
    raw = text.replace("\0", " ").encode("utf-8", "replace")
    return raw if len(raw) <= MOST_TEXT_BYTES else raw[:MOST_TEXT_BYTES].decode(errors="ignore").encode()


def _joined(texts: Iterable[str]) -> bytes:
    return b"\0".join(map(_cut, texts))


def _put_together(joined: bytes, *columns: bytes) -> bytes:
    parts = zlib.compress(joined), *columns
    return b"".join(len(each).to_bytes(_LENGTH_BYTES, "little") + each for each in parts)


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> bytes:
    return finish(packing(list(zip(*rows, strict=True)) or [()] * width))


def _rows(packed: bytes, width: int, most: int) -> Iterable[tuple[int, ...]]:
    found = Packed(packed)
    if found.width != width or found.count > most:
        raise PackedError("it has another form")
    return zip(*(found.column(place) for place in range(width)), strict=True)


def _parts(packed: bytes) -> list[bytes]:
    found, at = [], 0
    for _part in range(4):
        length = int.from_bytes(packed[at : at + _LENGTH_BYTES], "little")
        found.append(packed[at + _LENGTH_BYTES : at + _LENGTH_BYTES + length])
        at += _LENGTH_BYTES + length
    if at != len(packed):
        raise PackedError("it is cut off, or too long")
    return found


def _inflated(packed: bytes) -> bytes:
    inflate = zlib.decompressobj()
    try:
        raw = inflate.decompress(packed, MOST_TEXTS_BYTES)
    except zlib.error as error:
        raise PackedError(f"its names cannot be unpacked: {error}") from error
    if not inflate.eof or inflate.unused_data:
        raise PackedError("its names are cut off, or too long")
    return raw
