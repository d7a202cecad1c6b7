"""Where a shared library looks for others: folders of the machine that built it go, those beside it stay."""

import struct
from pathlib import Path

import pytest
from building.elf import drop_foreign_paths

NEEDED, STRINGS, RPATH, RUNPATH, END = 1, 5, 15, 29, 0
BASE = 0x10000


def library(file: Path, path: str, tag: int = RUNPATH) -> list[tuple[int, int]]:
    """A file with the least that a loader reads; returns its entries."""
    strings = b"\0libc.so.6\0" + path.encode() + b"\0"
    begin = 64 + 2 * 56
    entries = [(NEEDED, 1), (tag, 11), (STRINGS, BASE + begin + 5 * 16), (END, 0), (END, 0)]
    table = b"".join(struct.pack("<QQ", *each) for each in entries)
    whole = begin + len(table) + len(strings)
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    loaded = struct.pack("<IIQQQQQQ", 1, 4, 0, BASE, BASE, whole, whole, 4096)
    dynamic = struct.pack("<IIQQQQQQ", 2, 4, begin, BASE + begin, BASE + begin, len(table), len(table), 8)
    file.write_bytes(head + loaded + dynamic + table + strings)
    return entries


def entries_of(file: Path) -> list[tuple[int, int]]:
    begin = 64 + 2 * 56
    return [struct.unpack_from("<QQ", file.read_bytes(), begin + 16 * index) for index in range(5)]


@pytest.mark.parametrize("tag", [RPATH, RUNPATH])
@pytest.mark.parametrize("path", ["/home/someone/python/lib", "$ORIGIN/../lib:/opt/lib", "$ORIGIN:", "lib"])
def test_a_folder_of_the_machine_goes(path: str, tag: int, tmp_path: Path) -> None:
    file = tmp_path / "libodd.so"
    before = library(file, path, tag)
    size = file.stat().st_size
    assert drop_foreign_paths(file) == path
    assert entries_of(file) == [before[0], before[2], (END, 0), (END, 0), (END, 0)]
    assert file.stat().st_size == size
    assert drop_foreign_paths(file) == ""


@pytest.mark.parametrize("path", ["$ORIGIN", "$ORIGIN/../lib:$ORIGIN"])
def test_what_lies_beside_it_stays(path: str, tmp_path: Path) -> None:
    file = tmp_path / "libodd.so"
    library(file, path)
    before = file.read_bytes()
    assert drop_foreign_paths(file) == ""
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF\x01\x01 of 32 bits"])
def test_other_files_are_left_alone(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "other.so"
    file.write_bytes(content)
    assert drop_foreign_paths(file) == ""
    assert file.read_bytes() == content
