"""Connecting to a named pipe of Windows within a given time; the standard library's own way waits for 20 seconds."""

from __future__ import annotations

import time
from importlib import import_module
from multiprocessing import connection
from typing import Any

_ERROR_SEM_TIMEOUT, _ERROR_PIPE_BUSY = 121, 231
"""No instance of the pipe was free to take the call; another caller was quicker."""


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
        winapi.FILE_FLAG_OVERLAPPED,
        winapi.NULL,
    )
    winapi.SetNamedPipeHandleState(handle, winapi.PIPE_READMODE_MESSAGE, None, None)
    made: connection.Connection = getattr(connection, "PipeConnection")(handle)  # noqa: B009 - Windows' alone
    return made
