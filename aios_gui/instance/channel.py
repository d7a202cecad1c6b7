"""Carries bytes to the instance that beats and back, over the local channel: JSON, never pickle.

`beat` loads no more than this: commands and answers as values, and the listening end, are modules of their own.
"""

from __future__ import annotations

import select
import socket
import struct
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from aios_gui.instance.lock import is_locked, read_instance

if TYPE_CHECKING:
    from aios_gui.system.paths import Paths

_LARGEST_MESSAGE_BYTES = 1 << 20
PATIENCE_S = 5.0
_BETWEEN_CONNECTS_S = 0.01
BROKEN = (OSError, EOFError, ValueError, RecursionError)
"""What a connection gives when the other side breaks off or speaks nonsense."""
FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


class ChannelError(Exception):
    """The running instance did not answer; the message says why."""


class NoResident(ChannelError):
    """No instance is running."""


class CommandRefused(ChannelError):
    """The running instance does not do what it was asked to."""


class AnotherVersion(ChannelError):
    """The running instance answers in another version's words."""


class Connection(Protocol):
    """Carries whole messages: of the standard library on Windows, else a ``SocketConnection``."""

    def poll(self, timeout_s: float, /) -> bool:
        """Whether there is something to read, within this time."""
        ...

    def recv_bytes(self, largest_bytes: int, /) -> bytes:
        """The next message; what ``BROKEN`` has where there is none, or one that is larger."""
        ...

    def send_bytes(self, message: bytes, /) -> None:
        """Send a message."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class SocketConnection:
    """A socket that carries messages, each after its length, as the standard library's connections do.

    Those take 2 MB to load, and other versions of this program speak by them. Half a message holds up the thread that
    waits for the rest of it for a while only.
    """

    def __init__(self, connected: socket.socket) -> None:
        connected.settimeout(PATIENCE_S)
        self._socket = connected

    def poll(self, timeout_s: float) -> bool:
        """As of ``Connection``."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(timeout_s * 1000))

    def recv_bytes(self, largest_bytes: int) -> bytes:
        """As of ``Connection``."""
        (length,) = struct.unpack("!i", self._read(4))
        if not 0 <= length <= largest_bytes:
            raise OSError(f"a message of {length} bytes is not taken")
        return self._read(length)

    def _read(self, length: int) -> bytes:
        parts = []
        while length:
            part = self._socket.recv(length)
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def send_bytes(self, message: bytes) -> None:
        """As of ``Connection``."""
        self._socket.sendall(struct.pack("!i", len(message)) + message)

    def close(self) -> None:
        """As of ``Connection``; again is harmless."""
        self._socket.close()


def receive(connection: Connection, timeout_s: float) -> bytes:
    """The next message; ChannelError where none comes in time."""
    if not connection.poll(timeout_s):
        raise ChannelError("the running instance does not answer")
    return connection.recv_bytes(_LARGEST_MESSAGE_BYTES)


class _PatientConnection:
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


def shake_hands(connection: Connection, key: bytes, timeout_s: float, is_caller: bool) -> None:
    """Have both sides prove that they know the key; ChannelError or what ``BROKEN`` has where one does not."""
    # Loaded by the first call: it costs a service that none asks 2 MB.
    from multiprocessing import AuthenticationError
    from multiprocessing.connection import answer_challenge, deliver_challenge

    patient: Any = _PatientConnection(connection, timeout_s)
    steps = (answer_challenge, deliver_challenge) if is_caller else (deliver_challenge, answer_challenge)
    try:
        for step in steps:
            step(patient, key)
    except (AuthenticationError, AssertionError) as error:  # the handshake asserts, up to 3.11
        raise ConnectionRefusedError(str(error)) from error


def connect(address: str, timeout_s: float) -> Connection:
    """A connection to ``address``; OSError where none is taken in time, as by a process that is stopped."""
    if FAMILY == "AF_PIPE":
        from aios_gui.system.windows import pipe

        return pipe.connect(address, timeout_s)
    caller = socket.socket(socket.AF_UNIX)
    try:
        caller.settimeout(timeout_s)
        _connect_in_time(caller, address, timeout_s)
    except BaseException:
        caller.close()
        raise
    return SocketConnection(caller)


def _connect_in_time(caller: socket.socket, address: str, timeout_s: float) -> None:
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
        connection = connect(info.address, timeout_s)
    except OSError as error:
        raise ChannelError(f"the running instance cannot be reached: {error}") from error
    try:
        shake_hands(connection, key, timeout_s, is_caller=True)
        connection.send_bytes(request)
        return receive(connection, timeout_s)
    except ChannelError:
        raise
    except BROKEN as error:
        raise ChannelError(f"the running instance did not understand: {error}") from error
    finally:
        connection.close()
