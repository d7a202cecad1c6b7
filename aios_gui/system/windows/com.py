"""Objects of Windows' shell (COM), called by the places of their methods; no package is needed for it.

An object begins with the address of the table of its methods, of which the first three are the same for all:
QueryInterface, AddRef, Release (Microsoft, "The Component Object Model").
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

_QUERY_INTERFACE, _RELEASE = 0, 2
_IN_PROCESS, _ONE_THREAD = 1, 2  # CLSCTX_INPROC_SERVER, COINIT_APARTMENTTHREADED
# The tables that tests make elsewhere hold ordinary functions.
_METHOD: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)


class ComError(Exception):
    """A method said no; ``result`` is its HRESULT."""

    def __init__(self, result: int) -> None:
        self.result = result & 0xFFFFFFFF
        super().__init__(f"0x{self.result:08X}")


class ComObject:
    """One reference to an object, given back by ``release`` or at the end of a ``with``."""

    def __init__(self, address: int) -> None:
        self.address = address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def call(self, place: int, *arguments: Any) -> None:
        """Call the method at ``place`` of the table with values of ctypes; ComError where it fails."""
        result: int = self._method(place, ctypes.c_int32, arguments)(self.address, *arguments)
        if result < 0:
            raise ComError(result)

    def query(self, interface: str) -> ComObject:
        """The same object by another interface, as a reference of its own; ComError where it has none."""
        found = ctypes.c_void_p()
        self.call(_QUERY_INTERFACE, guid(interface), ctypes.pointer(found))
        return ComObject(found.value or 0)

    def release(self) -> None:
        """Give the reference back; again is harmless."""
        if self.address:
            self._method(_RELEASE, ctypes.c_uint32, ())(self.address)
            self.address = 0

    def _method(self, place: int, result: type, arguments: tuple[Any, ...]) -> Any:
        table = ctypes.c_void_p.from_address(self.address).value or 0
        function = ctypes.c_void_p.from_address(table + place * ctypes.sizeof(ctypes.c_void_p)).value
        return _METHOD(result, ctypes.c_void_p, *map(type, arguments))(function)


Maker = Callable[[str, str], ComObject]
"""Makes an object of a class, known by an interface."""


def guid(text: str) -> Any:
    """The sixteen bytes that a name in hexadecimal stands for, as memory: a GUID."""
    *numbers, clock, node = (bytes.fromhex(part) for part in text.split("-"))
    return (ctypes.c_ubyte * 16).from_buffer_copy(b"".join(number[::-1] for number in numbers) + clock + node)


def create(of_class: str, interface: str) -> ComObject:
    """A new object, on a thread within ``apartment`` or that of Qt's windows; ComError where there is none."""
    found = ctypes.c_void_p()
    result: int = _ole32().CoCreateInstance(
        guid(of_class), None, _IN_PROCESS, guid(interface), ctypes.byref(found)
    )
    if result < 0:
        raise ComError(result)
    return ComObject(found.value or 0)


@contextlib.contextmanager
def apartment() -> Iterator[None]:
    """Let this thread have objects, as long as the ``with`` lasts."""
    entered: int = _ole32().CoInitializeEx(None, _ONE_THREAD)
    try:
        yield
    finally:
        if entered >= 0:
            _ole32().CoUninitialize()


def _ole32() -> Any:
    return ctypes.WinDLL("ole32")  # type: ignore[attr-defined, unused-ignore]
