"""Makes the C99 complex functions of Wine's ucrtbase.dll forward to wlcplx.dll; for the lab only, never shipped.

Wine 10 exports crealf, cexp, cpow and so on as stubs that abort the program, and numpy 2 and later call them. A
forwarder is a text in the export section, "wlcplx.crealf", that the table of functions points to instead of code. A
DLL that was patched already stays as it is; the original is kept as NAME.orig.
"""

from __future__ import annotations

import argparse
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_BASE = (
    *(
        "cacos",
        "cacosh",
        "casin",
        "casinh",
        "catan",
        "catanh",
        "ccos",
        "ccosh",
        "cexp",
        "clog",
        "clog10",
        "conj",
    ),
    *("cproj", "csin", "csinh", "csqrt", "ctan", "ctanh", "cabs", "carg", "creal", "cimag", "cpow"),
)
NAMES = [name + suffix for name in _BASE for suffix in ("", "f", "l")]
_PE32_PLUS = 0x20B


class Section(NamedTuple):
    """A section of the file: where its header is, where it is loaded, and where it lies; as the header has it."""

    header: int
    virtual_size: int
    address: int
    size: int
    offset: int

    def holds(self, address: int) -> bool:
        """Whether the loaded ``address`` lies in it."""
        return self.address <= address < self.address + max(self.virtual_size, self.size)


class Library:
    """A 64-bit DLL in memory, by its headers and its table of exports."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        head = self.read(0x3C)
        if data[head : head + 4] != b"PE\0\0" or self.read(head + 24, "<H") != _PE32_PLUS:
            raise SystemExit("this is no 64-bit DLL")
        optional = head + 24
        first = optional + self.read(head + 20, "<H")
        places = [first + 40 * number for number in range(self.read(head + 6, "<H"))]
        self.sections = [Section(each, *struct.unpack_from("<IIII", data, each + 8)) for each in places]
        self.directory = optional + 112
        self.exports = self.read(self.directory)
        self.end = self.exports + self.read(self.directory + 4)

    def read(self, offset: int, kind: str = "<I") -> int:
        """The number at ``offset``."""
        found: int = struct.unpack_from(kind, self.data, offset)[0]
        return found

    def write(self, offset: int, value: int) -> None:
        """Put a number of 32 bits at ``offset``."""
        struct.pack_into("<I", self.data, offset, value)

    def section(self, address: int) -> Section:
        """The section that holds the loaded ``address``."""
        return next(each for each in self.sections if each.holds(address))

    def offset(self, address: int) -> int:
        """Where the loaded ``address`` lies in the file."""
        section = self.section(address)
        return section.offset + address - section.address

    def stubs(self) -> Iterator[tuple[str, int]]:
        """The names of the functions to forward, each with the place of its entry."""
        table = self.offset(self.exports)
        functions, names, ordinals = (self.offset(self.read(table + place)) for place in (28, 32, 36))
        for number in range(self.read(table + 24)):
            begin = self.offset(self.read(names + 4 * number))
            name = bytes(self.data[begin : self.data.index(0, begin)]).decode()
            entry = functions + 4 * self.read(ordinals + 2 * number, "<H")
            address = self.read(entry)
            forwards = self.exports <= address < self.end
            if name in NAMES and not forwards and self._is_stub(self.offset(address)):
                yield name, entry

    def _is_stub(self, offset: int) -> bool:
        """Whether the code is: sub rsp,0x28; lea rcx,[rip+x]; lea rdx,[rip+y]; call …unimplemented_stub."""
        code = bytes(self.data[offset : offset + 20])
        return (code[:4], code[4:7], code[11:14], code[18:19]) == (
            b"\x48\x83\xec\x28",
            b"\x48\x8d\x0d",
            b"\x48\x8d\x15",
            b"\xe8",
        )

    def forward(self) -> int:
        """Write the forwarders behind the exports, in the same section; returns how many."""
        section, end, found = self.section(self.exports), self.end, list(self.stubs())
        for name, entry in found:
            text = b"wlcplx." + name.encode() + b"\0"
            if end + len(text) > section.address + section.size:
                raise SystemExit("there is no room left in the export section")
            place = section.offset + end - section.address
            self.data[place : place + len(text)] = text
            self.write(entry, end)
            end += len(text)
        if found:
            self.write(self.directory + 4, end - self.exports)  # a forwarder must lie inside the directory
            self.write(section.header + 8, max(section.virtual_size, end - section.address))
        return len(found)


def patch(file: Path) -> int:
    """Patch the DLL; returns how many functions forward now that did not."""
    library = Library(bytearray(file.read_bytes()))
    count = library.forward()
    if count:
        original = file.with_name(file.name + ".orig")
        if not original.exists():
            shutil.copy2(file, original)
        new = file.with_name(file.name + ".new")
        new.write_bytes(library.data)
        new.replace(file)
    return count


def main() -> None:
    """Patch what is named; with --def also write the file that names the exports of wlcplx.dll."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("dll", type=Path, nargs="*")
    parser.add_argument("--def", dest="definition", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if arguments.definition is not None:
        lines = "".join(f"  {name}=w_{name}\n" for name in NAMES)
        arguments.definition.write_text("LIBRARY wlcplx\nEXPORTS\n" + lines, encoding="ascii")
    for file in arguments.dll:
        print(f"{file}: {patch(file)} functions forwarded")


if __name__ == "__main__":
    main()
