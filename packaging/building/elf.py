"""Takes the folders of the machine that built it out of where a shared library looks for others.

A library of Python may name the folder that it was installed in. On another machine there is no such folder, or it
belongs to a user who could put a library there for others to load.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"  # 64 bits, little-endian
_SEGMENTS_AT, _SEGMENT_SIZES_AT = 0x20, 0x36
_LOADED, _DYNAMIC = 1, 2
_END, _STRINGS, _RPATH, _RUNPATH = 0, 5, 15, 29
_ENTRY = struct.Struct("<QQ")
_OWN = "$ORIGIN"


def drop_foreign_paths(file: Path) -> str:
    """Remove the search path of ``file`` where a part of it is not relative to the file itself; returns it, else "".

    Files of another kind are left as they are.
    """
    data = bytearray(file.read_bytes())
    if not data.startswith(_MAGIC):
        return ""
    segments = _segments(data)
    dynamic = next((each for each in segments if each[0] == _DYNAMIC), None)
    if dynamic is None:
        return ""
    _kind, begin, _address, size = dynamic
    entries = [_ENTRY.unpack_from(data, begin + place) for place in range(0, size, _ENTRY.size)]
    strings = next((value for tag, value in entries if tag == _STRINGS), 0)
    dropped: list[str] = []
    kept: list[tuple[int, int]] = []
    for tag, value in entries:
        path = _text(data, _offset(segments, strings) + value) if tag in (_RPATH, _RUNPATH) else _OWN
        if all(part.startswith(_OWN) for part in path.split(":")):
            kept.append((tag, value))
        else:
            dropped.append(path)
    if dropped:
        kept += [(_END, 0)] * len(dropped)
        data[begin : begin + size] = b"".join(_ENTRY.pack(*each) for each in kept)
        file.write_bytes(data)
    return ":".join(dropped)


def _segments(data: bytes | bytearray) -> list[tuple[int, int, int, int]]:
    """Kind, offset in the file, address and size in the file of each."""
    (table,) = struct.unpack_from("<Q", data, _SEGMENTS_AT)
    step, count = struct.unpack_from("<HH", data, _SEGMENT_SIZES_AT)
    found = (struct.unpack_from("<IIQQQQ", data, table + step * index) for index in range(count))
    return [(kind, offset, address, size) for kind, _flags, offset, address, _physical, size in found]


def _offset(segments: list[tuple[int, int, int, int]], address: int) -> int:
    """Where in the file lies what is loaded at ``address``."""
    for kind, offset, begin, size in segments:
        if kind == _LOADED and begin <= address < begin + size:
            return offset + address - begin
    raise ValueError(f"no part of the file is loaded at {address:#x}")


def _text(data: bytes | bytearray, begin: int) -> str:
    return bytes(data[begin : data.index(0, begin)]).decode()
