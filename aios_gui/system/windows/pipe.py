"""Named pipes of Windows for this user alone: listening, and connecting within a given time.

The standard library's listener leaves the pipe to Windows' own list of rights, by which others may read it, and takes
callers of other machines; its way to connect waits for 20 seconds.
"""

from __future__ import annotations

import ctypes
import time
from importlib import import_module
from multiprocessing import connection
from typing import Any, Protocol

_ERROR_SEM_TIMEOUT, _ERROR_PIPE_BUSY = 121, 231
"""No instance of the pipe was free to take the call; another caller was quicker."""
_PIPE_REJECT_REMOTE_CLIENTS = 0x8
_SECURITY_ANONYMOUS = 0x00100000
"""SECURITY_SQOS_PRESENT with the level anonymous: who listens cannot act in the caller's name."""
_TOKEN_QUERY, _TOKEN_USER = 0x8, 1
_SDDL_REVISION_1 = 1


class PipeListener(Protocol):
    """The end that listens."""

    def accept(self) -> connection.Connection:
        """The next caller; OSError or EOFError where that one was lost."""
        ...

    def close(self) -> None:
        """Listen no more."""
        ...


class _SecurityAttributes(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ulong), ("descriptor", ctypes.c_void_p), ("inherit", ctypes.c_int))


def rights_of(sid: str) -> str:
    """A list of rights, in Windows' own language for them, by which the user ``sid`` may do all, and others nothing.

    P keeps what is inherited out, A allows, GA is everything.
    """
    return f"D:P(A;;GA;;;{sid})"


def user_sid() -> str:
    """The identifier of the user whose process this is; OSError where Windows does not tell."""
    kernel, rights = _library("kernel32"), _library("advapi32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    token, needed = ctypes.c_void_p(), ctypes.c_ulong()
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    _demand(rights.OpenProcessToken(process, _TOKEN_QUERY, ctypes.byref(token)))
    try:
        rights.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(needed))
        held = ctypes.create_string_buffer(needed.value or 1)
        _demand(rights.GetTokenInformation(token, _TOKEN_USER, held, needed, ctypes.byref(needed)))
        text = ctypes.c_wchar_p()
        _demand(
            rights.ConvertSidToStringSidW(ctypes.c_void_p.from_buffer(held), ctypes.byref(text))
        )  # TOKEN_USER begins with a pointer to the identifier
        try:
            return str(text.value)
        finally:
            kernel.LocalFree(text)
    finally:
        kernel.CloseHandle(token)


def listen(address: str) -> PipeListener:
    """Listen at the pipe ``address`` for programs of this user on this machine; OSError where it cannot be had."""
    winapi: Any = import_module("_winapi")
    rights = _library("advapi32")
    descriptor = ctypes.c_void_p()
    _demand(
        rights.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            ctypes.c_wchar_p(rights_of(user_sid())), _SDDL_REVISION_1, ctypes.byref(descriptor), None
        )
    )
    attributes = _SecurityAttributes(ctypes.sizeof(_SecurityAttributes), descriptor, 0)

    class Listener(getattr(connection, "PipeListener")):  # type: ignore[misc] # noqa: B009 - Windows' alone
        def _new_handle(self, first: bool = False) -> int:
            """As the standard library's, with rights, and for this machine alone."""
            made: int = winapi.CreateNamedPipe(
                self._address,
                winapi.PIPE_ACCESS_DUPLEX
                | winapi.FILE_FLAG_OVERLAPPED
                | (winapi.FILE_FLAG_FIRST_PIPE_INSTANCE if first else 0),
                winapi.PIPE_TYPE_MESSAGE | winapi.PIPE_READMODE_MESSAGE | _PIPE_REJECT_REMOTE_CLIENTS,
                winapi.PIPE_UNLIMITED_INSTANCES,
                connection.BUFSIZE,  # type: ignore[attr-defined, unused-ignore]
                connection.BUFSIZE,  # type: ignore[attr-defined, unused-ignore]
                winapi.NMPWAIT_WAIT_FOREVER,
                ctypes.addressof(attributes),
            )
            return made

    listener: PipeListener = Listener(address)
    return listener


def connect(address: str, timeout_s: float) -> connection.Connection:
    """A connection to the pipe ``address``; OSError where there is no such pipe, or none is free in time."""
    winapi: Any = import_module("_winapi")
    deadline_s = time.monotonic() + timeout_s
    while True:
        left_ms = max(
            1, round((deadline_s - time.monotonic()) * 1000)
        )  # 0 would stand for the pipe's own patience
        try:
            winapi.WaitNamedPipe(address, left_ms)
            return _open(winapi, address)
        except OSError as error:
            passing = getattr(error, "winerror", 0) in (_ERROR_SEM_TIMEOUT, _ERROR_PIPE_BUSY)
            if not passing or time.monotonic() >= deadline_s:
                raise


def _open(winapi: Any, address: str) -> connection.Connection:
    access = winapi.GENERIC_READ | winapi.GENERIC_WRITE
    handle: int = winapi.CreateFile(
        address,
        access,
        0,
        winapi.NULL,
        winapi.OPEN_EXISTING,
        winapi.FILE_FLAG_OVERLAPPED | _SECURITY_ANONYMOUS,
        winapi.NULL,
    )
    winapi.SetNamedPipeHandleState(handle, winapi.PIPE_READMODE_MESSAGE, None, None)
    made: connection.Connection = getattr(connection, "PipeConnection")(handle)  # noqa: B009 - Windows' alone
    return made


def _library(name: str) -> Any:
    return ctypes.WinDLL(name, use_last_error=True)  # type: ignore[attr-defined, unused-ignore]


def _demand(went_well: int) -> None:
    """OSError with what Windows says where a call did not go well."""
    if not went_well:
        raise ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined, unused-ignore]
