"""The listening end of the local channel."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from aios_gui.instance.channel import (
    BROKEN,
    FAMILY,
    PATIENCE_S,
    ChannelError,
    Connection,
    SocketConnection,
    connect,
    receive,
    shake_hands,
)
from aios_gui.system.atomic_file import OPEN_FOLDER, write_private
from aios_gui.system.paths import Paths
from aios_gui.system.supervised_thread import SupervisedThread, Supervisor
from aios_gui.system.threads import Thread, begin

log = logging.getLogger(__name__)

Handler = Callable[[bytes], bytes]
"""Answers the bytes of a request, whatever they are; it never raises."""

_LONGEST_SOCKET_PATH = 100
_CALLERS_AT_ONCE = 8
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 2.0
_STOP_S = 2.0


def address_of(paths: Paths) -> str:
    """Where this user's instance listens: a pipe's name, or a socket's path short enough for every system."""
    # A checksum tells folders apart well enough; hashlib would load OpenSSL, 4 MB of it, before anybody calls.
    place = os.fsencode(paths.instance_lock)
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
        raise PermissionError(errno.EACCES, OPEN_FOLDER, str(folder))
    return str(folder / f"{token}.sock")


def _inode(address: str) -> int | None:
    try:
        return Path(address).stat().st_ino
    except OSError:
        return None


class _Listener(Protocol):
    """The end that listens: of a pipe on Windows, else of a socket."""

    def accept(self) -> Connection:
        """The next caller; OSError or EOFError where that one was lost."""
        ...

    def close(self) -> None:
        """Listen no more."""
        ...


class _SocketListener:
    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.bind(address)
            self._socket.listen(_CALLERS_AT_ONCE)
        except OSError:
            self._socket.close()
            raise

    def accept(self) -> Connection:
        return SocketConnection(self._socket.accept()[0])

    def close(self) -> None:
        """Also wakes the thread that waits for callers."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _listener(address: str) -> _Listener:
    if FAMILY == "AF_PIPE":
        from aios_gui.system.windows.pipe import listen

        return listen(address)
    return _SocketListener(address)


class ChannelServer:
    """Answers callers, each on a thread of its own so that one that hangs holds up no other."""

    def __init__(self, paths: Paths, handle: Handler, supervisor: Supervisor | None = None) -> None:
        self._paths = paths
        self._handle = handle
        self._closing = threading.Event()
        self._places = threading.BoundedSemaphore(_CALLERS_AT_ONCE)
        self._listener: _Listener | None = None
        self._thread = SupervisedThread(supervisor or Supervisor(), "channel", self._listen)
        self._key = b""
        self._socket_inode: int | None = None
        self.address = ""

    def start(self) -> None:
        """Listen; OSError where the address cannot be had. A socket left by a crash is taken over."""
        self._key = os.urandom(32)
        write_private(self._paths.channel_key, self._key)
        address = address_of(self._paths)
        if FAMILY == "AF_UNIX":
            Path(address).unlink(missing_ok=True)
        self._listener = _listener(address)
        self.address = address
        if FAMILY == "AF_UNIX":
            Path(address).chmod(0o600)
            self._socket_inode = _inode(address)
        self._thread.start()

    @property
    def can_be_found(self) -> bool:
        """Whether callers find its address and key; not where their folder was removed or replaced."""
        try:
            known = self._listener is not None and self._paths.channel_key.read_bytes() == self._key
        except OSError:
            return False
        return known and self._has_address

    @property
    def _has_address(self) -> bool:
        return FAMILY != "AF_UNIX" or _inode(self.address) == self._socket_inode

    def stop(self) -> None:
        """Stop listening; again is harmless."""
        if self._listener is None:
            return
        self._closing.set()
        is_named = self._has_address
        if is_named:
            # On a thread: where as many call as may wait, calling it as well would wait for ever.
            begin(Thread(target=self._wake, name="channel-wake", daemon=True))
        else:
            self._listener.close()
        self._thread.finish(_STOP_S)
        self._listener.close()
        if is_named and FAMILY == "AF_UNIX":  # else the name is another's
            with suppress(OSError):
                Path(self.address).unlink(missing_ok=True)
        self._listener = None

    def _wake(self) -> None:
        try:
            connect(self.address, _STOP_S).close()
        except OSError:
            log.debug("the channel had no thread to wake")

    def _listen(self) -> None:
        pause_s = 0.0
        while not self._closing.wait(pause_s):
            try:
                connection = self._listener.accept()  # type: ignore[union-attr]
            except (OSError, EOFError) as error:
                if self._closing.is_set():
                    return
                # Without a free descriptor the caller stays, and would be found again at once.
                if not pause_s:
                    log.warning("a caller was lost before it could ask: %s", error)
                pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s or _FIRST_PAUSE_S)
                continue
            pause_s = 0.0
            self._admit(connection)

    def _admit(self, connection: Connection) -> None:
        """Give the caller a thread, unless this end is closing or too many are calling."""
        if self._closing.is_set() or not self._places.acquire(blocking=False):
            connection.close()
            return
        with suppress(MemoryError):
            if begin(Thread(target=self._answer, args=(connection,), name="channel-caller", daemon=True)):
                return
        self._places.release()
        connection.close()

    def _answer(self, connection: Connection) -> None:
        try:
            shake_hands(connection, self._key, PATIENCE_S, is_caller=False)
            connection.send_bytes(self._handle(receive(connection, PATIENCE_S)))
        except (*BROKEN, ChannelError) as error:
            log.warning("a caller was turned away: %s", error)
        except MemoryError:
            log.warning("a caller was turned away, as there is no memory to answer it with")
        finally:
            connection.close()
            self._places.release()
