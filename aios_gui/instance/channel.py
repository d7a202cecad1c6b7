"""Carries bytes to the instance that beats and back, over the local channel: JSON, never pickle.

`beat` loads no more than this: commands and answers as values, and the listening end, are modules of their own.
"""

from __future__ import annotations

import os
import sys
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from typing import TYPE_CHECKING, Any

from aios_gui.instance.lock import is_locked, read_instance

if TYPE_CHECKING:
    from aios_gui.system.paths import Paths

_LARGEST_MESSAGE_BYTES = 1 << 20
PATIENCE_S = 5.0
_BETWEEN_CONNECTS_S = 0.01
BROKEN = (OSError, EOFError, ValueError, RecursionError, AuthenticationError, AssertionError)
"""What a connection gives when the other side breaks off or speaks nonsense; the handshake asserts, up to 3.11."""
FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


class ChannelError(Exception):
    """The running instance did not answer; the message says why."""


class NoResident(ChannelError):
    """No instance is running."""


class CommandRefused(ChannelError):
    """The running instance does not do what it was asked to."""


class AnotherVersion(ChannelError):
    """The running instance answers in another version's words."""


def receive(connection: Connection, timeout_s: float) -> bytes:
    """The next message; ChannelError where none comes in time."""
    if not connection.poll(timeout_s):
        raise ChannelError("the running instance does not answer")
    return connection.recv_bytes(_LARGEST_MESSAGE_BYTES)


class PatientConnection:
    """A connection whose reads give up in time, for the handshake of the standard library, which would wait."""

    def __init__(self, connection: Connection, timeout_s: float) -> None:
        self.send_bytes = connection.send_bytes
        self._connection = connection
        self._timeout_s = timeout_s

    def recv_bytes(self, largest_bytes: int) -> bytes:
        """The next message; ChannelError where none comes."""
        if not self._connection.poll(self._timeout_s):
            raise ChannelError("the other side does not answer")
        return self._connection.recv_bytes(largest_bytes)


def limit_waits(connection: Connection) -> None:
    """Let a caller that sends or takes half a message hold up its thread for a while only."""
    if FAMILY == "AF_UNIX":
        import socket
        import struct

        wait = struct.pack("ll", round(PATIENCE_S), 0)
        with socket.socket(fileno=os.dup(connection.fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, wait)
            same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, wait)


def _connect(address: str, timeout_s: float) -> Connection:
    """A connection to ``address``; OSError where none is taken in time, as by a process that is stopped."""
    if FAMILY == "AF_PIPE":
        from aios_gui.system.windows.pipe import connect

        return connect(address, timeout_s)
    import socket

    caller = socket.socket(socket.AF_UNIX)
    try:
        caller.settimeout(timeout_s)
        _connect_in_time(caller, address, timeout_s)
        caller.setblocking(True)
        connection: Connection = Connection(caller.detach())
    finally:
        caller.close()
    limit_waits(connection)
    return connection


def _connect_in_time(caller: Any, address: str, timeout_s: float) -> None:
    """Connect; a queue that is full refuses at once, so ask again until the time is over."""
    deadline_s = time.monotonic() + timeout_s
    while True:
        try:
            caller.connect(address)
        except BlockingIOError:
            if time.monotonic() >= deadline_s:
                raise
            time.sleep(_BETWEEN_CONNECTS_S)
        else:
            return


def exchange(paths: Paths, request: bytes, timeout_s: float = 1.0) -> bytes:
    """Send bytes to the running instance; NoResident where none runs, ChannelError where no answer comes in time."""
    info = read_instance(paths)
    if info is None or not is_locked(paths):
        raise NoResident("no instance is running")
    if not info.address:
        raise ChannelError("the running instance could not open its channel")
    try:
        key = paths.channel_key.read_bytes()
        connection = _connect(info.address, timeout_s)
    except OSError as error:
        raise ChannelError(f"the running instance cannot be reached: {error}") from error
    try:
        patient: Any = PatientConnection(connection, timeout_s)
        answer_challenge(patient, key)
        deliver_challenge(patient, key)
        connection.send_bytes(request)
        return receive(connection, timeout_s)
    except ChannelError:
        raise
    except BROKEN as error:
        raise ChannelError(f"the running instance did not understand: {error}") from error
    finally:
        connection.close()
