"""The local channel between the instance that beats and whoever asks it: bytes of JSON, never pickle."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
import zlib
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from aios_gui.services.instance import is_locked, read_instance, write_private
from aios_gui.services.paths import Paths

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], dict[str, Any]]

_LONGEST_SOCKET_PATH = 100
_LARGEST_MESSAGE_BYTES = 1 << 20
_CALLERS_AT_ONCE = 8
_PATIENCE_S = 5.0
_BETWEEN_CONNECTS_S = 0.01
_BROKEN = (OSError, EOFError, ValueError, RecursionError, AuthenticationError, AssertionError)
"""What a connection gives when the other side breaks off or speaks nonsense; the handshake asserts, up to 3.11."""
_FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"


class ChannelError(Exception):
    """The running instance did not answer; the message says why."""


class NoResident(ChannelError):
    """No instance is running."""


def _address(paths: Paths) -> str:
    """Where this user's instance listens: a pipe's name, or a socket's path short enough for every system."""
    # A checksum tells folders apart well enough; hashlib would load OpenSSL, 4 MB of it, before anybody calls.
    place = os.fsencode(paths.data)
    token = f"{zlib.crc32(place):08x}{zlib.adler32(place):08x}"
    if sys.platform == "win32":
        return rf"\\.\pipe\aios-heartbeat-{token}-{os.urandom(8).hex()}"
    path = str(paths.runtime / f"aios-heartbeat-{token}.sock")
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"aios-heartbeat-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise OSError(f"{folder} belongs to somebody else or is open to others: remove it")
    return str(folder / f"{token}.sock")


def _receive(connection: Connection, timeout_s: float) -> bytes:
    if not connection.poll(timeout_s):
        raise ChannelError("the running instance does not answer")
    return connection.recv_bytes(_LARGEST_MESSAGE_BYTES)


class _Patient:
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


def _limit_waits(connection: Connection) -> None:
    """Let a caller that sends or takes half a message hold up its thread for a while only."""
    if _FAMILY == "AF_UNIX":
        import socket
        import struct

        wait = struct.pack("ll", round(_PATIENCE_S), 0)
        with socket.socket(fileno=os.dup(connection.fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, wait)
            same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, wait)


def _connect(address: str, timeout_s: float) -> Connection:
    """A connection to ``address``; OSError where none is taken in time, as by a process that is stopped."""
    if _FAMILY == "AF_PIPE":
        return Client(address, _FAMILY)
    import socket

    caller = socket.socket(socket.AF_UNIX)
    try:
        caller.settimeout(timeout_s)
        _connect_in_time(caller, address, timeout_s)
        caller.setblocking(True)
        connection: Connection = Connection(caller.detach())
    finally:
        caller.close()
    _limit_waits(connection)
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


class ChannelServer:
    """Answers callers, each on a thread of its own so that one that hangs holds up nobody."""

    def __init__(self, paths: Paths, handle: Handler) -> None:
        self._paths = paths
        self._handle = handle
        self._closing = False
        self._places = threading.BoundedSemaphore(_CALLERS_AT_ONCE)
        self._listener: Listener | None = None
        self._thread = threading.Thread(target=self._listen, name="channel", daemon=True)
        self.address = ""

    def start(self) -> None:
        """Listen; OSError where the address cannot be had. A socket left by a crash is taken over."""
        self._key = os.urandom(32)
        write_private(self._paths.channel_key, self._key)
        self.address = _address(self._paths)
        if _FAMILY == "AF_UNIX":
            Path(self.address).unlink(missing_ok=True)
        self._listener = Listener(self.address, _FAMILY, backlog=_CALLERS_AT_ONCE)
        if _FAMILY == "AF_UNIX":
            Path(self.address).chmod(0o600)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; again is harmless."""
        if self._listener is None:
            return
        self._closing = True
        try:
            Client(self.address, _FAMILY).close()
        except OSError:
            log.debug("the channel had nobody to wake")
        self._thread.join(2.0)
        try:
            self._listener.close()
        except OSError:
            # The folder may have been deleted, and the socket with it; the record still is to be closed.
            log.debug("the channel's socket was gone already")
        self._listener = None

    def _listen(self) -> None:
        while not self._closing:
            try:
                connection = self._listener.accept()  # type: ignore[union-attr]
            except (OSError, EOFError):
                if self._closing:
                    return
                log.exception("a caller was lost before it could ask")
                continue
            self._admit(connection)

    def _admit(self, connection: Connection) -> None:
        """Give the caller a thread, unless this end is closing or too many are calling."""
        if self._closing or not self._places.acquire(blocking=False):
            connection.close()
            return
        threading.Thread(target=self._answer, args=(connection,), name="channel-caller", daemon=True).start()

    def _answer(self, connection: Connection) -> None:
        try:
            _limit_waits(connection)
            patient: Any = _Patient(connection, _PATIENCE_S)
            deliver_challenge(patient, self._key)
            answer_challenge(patient, self._key)
            request = json.loads(_receive(connection, _PATIENCE_S))
            connection.send_bytes(json.dumps(self._safely(request)).encode())
        except (*_BROKEN, ChannelError) as error:
            log.warning("a caller was turned away: %s", error)
        finally:
            connection.close()
            self._places.release()

    def _safely(self, request: Any) -> dict[str, Any]:
        if not isinstance(request, dict):
            return {"error": "a request is one JSON object"}
        try:
            return self._handle(request)
        except Exception as error:
            log.exception("the request %r failed", request.get("op"))
            return {"error": f"{type(error).__name__}: {error}"}


def ask(paths: Paths, request: dict[str, Any], timeout_s: float = 1.0) -> dict[str, Any]:
    """Ask the running instance; NoResident where none runs, ChannelError where it does not answer in time."""
    info = read_instance(paths)
    if info is None or not is_locked(paths):
        raise NoResident("no instance is running")
    try:
        key = paths.channel_key.read_bytes()
        connection = _connect(info.address, timeout_s)
    except OSError as error:
        raise ChannelError(f"the running instance cannot be reached: {error}") from error
    try:
        patient: Any = _Patient(connection, timeout_s)
        answer_challenge(patient, key)
        deliver_challenge(patient, key)
        connection.send_bytes(json.dumps(request).encode())
        answer: Any = json.loads(_receive(connection, timeout_s))
    except ChannelError:
        raise
    except _BROKEN as error:
        raise ChannelError(f"the running instance did not understand: {error}") from error
    finally:
        connection.close()
    if not isinstance(answer, dict) or "error" in answer:
        raise ChannelError(str(answer.get("error") if isinstance(answer, dict) else answer))
    return answer
