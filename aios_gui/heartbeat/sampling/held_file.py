"""Reads a file of /proc again and again by a held descriptor, without letting go of the interpreter."""

from __future__ import annotations

import ctypes
import os

# PyDLL keeps the GIL across the call: another thread cannot paint between two reads of a beat. Only for files
# that the kernel answers at once, as those of /proc.
_pread = ctypes.PyDLL(None).pread if os.name == "posix" else None
if _pread is not None:
    _pread.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_long]
    _pread.restype = ctypes.c_ssize_t


class HeldFile:
    """An open file under /proc and the buffer that it is read into."""

    __slots__ = ("_address", "_buffer", "_fd", "_size", "path")

    def __init__(self, path: str, size: int) -> None:
        """Open ``path``; OSError where it cannot be. Reads at most ``size`` bytes from its start."""
        self.path = path
        self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._size = size
        self._buffer = ctypes.create_string_buffer(size)
        self._address = ctypes.addressof(self._buffer)

    def read(self) -> bytes:
        """The file's first bytes as they are now; OSError where the system gives none."""
        count = _pread(self._fd, self._address, self._size, 0)  # type: ignore[misc]
        if count <= 0:
            raise OSError(f"{self.path} could not be read")
        return ctypes.string_at(self._address, count)

    def close(self) -> None:
        """Close the descriptor; again is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
